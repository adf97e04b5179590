//! The texts of CPython 3.14.10 for `data/module.py`, which `py_compile` compiled to `module.pyc`:
//! `dis.dis(code)`, the same with `show_positions=True, show_offsets=True` and with
//! `show_caches=True, adaptive=True`; `dis.code_info` of all code objects; and for every instruction of
//! `dis.Bytecode` its `str()` and all its attributes, in which functions (the arguments of `CONVERT_VALUE`) stand by
//! their names. Made with `PYTHONHASHSEED=0`, without the addresses of code objects.

use pretty_assertions::assert_eq;
use pycode::{Location, ObjectId, Pool, PyStr, repr, repr_str};
use pydis::{ArgValue, DisOptions, Instruction, Instructions, code_info, disassemble_to_string};

fn module() -> (Pool, ObjectId) {
    let mut pool = Pool::new();
    let (_, loaded) = pymarshal::pyc::read(include_bytes!("data/module.pyc"), &mut pool).expect("valid");
    (pool, loaded.root)
}

/// Code objects have other addresses in every process.
fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(" at 0x") {
        let (before, after) = rest.split_at(at + " at 0x".len());
        out.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out + rest
}

fn shown(options: &DisOptions) -> String {
    let (pool, code) = module();
    without_addresses(&disassemble_to_string(&pool, code, options).expect("a small module"))
}

#[test]
fn lines() {
    assert_eq!(shown(&DisOptions::default()), include_str!("data/module.dis.txt"));
}

#[test]
fn positions_and_offsets() {
    let options = DisOptions { show_positions: true, show_offsets: true, ..DisOptions::default() };
    assert_eq!(shown(&options), include_str!("data/module.positions.dis.txt"));
}

#[test]
fn caches() {
    let options = DisOptions { show_caches: true, adaptive: true, ..DisOptions::default() };
    assert_eq!(shown(&options), include_str!("data/module.caches.dis.txt"));
}

#[test]
fn details() {
    let (pool, root) = module();
    let infos: Vec<String> = pool.code_objects(root).map(|(_, code)| code_info(&pool, code)).collect();
    assert_eq!(without_addresses(&infos.join("\n\n")) + "\n", include_str!("data/module.info.txt"));
}

#[test]
fn depth_limits_nesting() {
    let text = shown(&DisOptions { depth: Some(0), ..DisOptions::default() });
    assert!(include_str!("data/module.dis.txt").starts_with(&text));
    assert!(!text.contains("Disassembly"));
}

/// `str` of an attribute that may be `None`.
fn or_none<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| value.to_string())
}

fn python_bool(value: bool) -> String {
    if value { "True" } else { "False" }.to_owned()
}

fn argval(pool: &Pool, value: ArgValue) -> String {
    let quoted = |text: PyStr<'_>| {
        let mut out = String::new();
        repr_str(text, &mut out);
        out
    };
    let name = |id| quoted(pool.text(id).expect("a name is a string"));
    match value {
        ArgValue::None => "None".to_owned(),
        ArgValue::Number(number) | ArgValue::Target(number) => number.to_string(),
        ArgValue::Constant(id) => repr(pool, id).expect("a small constant"),
        ArgValue::Name(id) => name(id),
        ArgValue::Names(first, second) => format!("({}, {})", name(first), name(second)),
        ArgValue::Text(text) => quoted(PyStr::from(text)),
        ArgValue::Unknown => "<unknown>".to_owned(),
    }
}

fn row(pool: &Pool, i: &Instruction) -> String {
    let Location { lineno, end_lineno, col_offset, end_col_offset } = i.positions;
    let positions = [lineno, end_lineno, col_offset, end_col_offset].map(|n| or_none((n >= 0).then_some(n)));
    let hex = |data: &[u8]| data.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let caches: Vec<String> =
        i.cache_info.iter().map(|c| format!("('{}', {}, '{}')", c.name, c.size, hex(&c.data))).collect();
    [
        i.opname.to_string(),
        i.opcode.to_string(),
        i.base_opname().into_owned(),
        or_none(i.base_opcode().map(|op| op.number())),
        or_none(i.arg),
        argval(pool, i.argval),
        i.argrepr.clone(),
        i.offset.to_string(),
        i.start_offset.to_string(),
        i.cache_offset().to_string(),
        i.end_offset().to_string(),
        python_bool(i.starts_line),
        or_none(i.line_number),
        python_bool(i.is_jump_target()),
        or_none(i.label),
        or_none(i.jump_target()),
        format!("({})", positions.join(", ")),
        format!("[{}]", caches.join(", ")),
    ]
    .join("\t")
}

#[test]
fn every_attribute_of_every_instruction() {
    let (pool, root) = module();
    let mut rows = Vec::new();
    for (_, code) in pool.code_objects(root) {
        rows.extend(Instructions::new(&pool, code).map(|i| without_addresses(&row(&pool, &i))));
    }
    assert_eq!(rows.join("\n") + "\n", include_str!("data/module.instructions.tsv"));
}

#[test]
fn every_instruction_by_itself() {
    let (pool, root) = module();
    let mut lines = String::new();
    for (_, code) in pool.code_objects(root) {
        for instruction in Instructions::new(&pool, code) {
            lines += &format!("{instruction}\n");
        }
    }
    assert_eq!(without_addresses(&lines), include_str!("data/module.str.txt"));
}
