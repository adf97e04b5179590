//! The texts of CPython 3.14.10 for `data/module.py`, which `py_compile` compiled to `module.pyc`:
//! `dis.dis(code)`, the same with `show_positions=True, show_offsets=True` and with
//! `show_caches=True, adaptive=True`, and `dis.code_info` of all code objects. Made with
//! `PYTHONHASHSEED=0`, without the addresses of code objects.

use pretty_assertions::assert_eq;
use pycode::{ObjectId, Pool};
use pydis::{DisOptions, Instructions, code_info, disassemble_to_string};

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
    fn collect(pool: &Pool, id: ObjectId, out: &mut Vec<String>) {
        let code = pool.code(id).expect("a code object");
        out.push(code_info(pool, code));
        for &constant in pool.tuple(code.consts).expect("a tuple") {
            if pool.code(constant).is_some() {
                collect(pool, constant, out);
            }
        }
    }
    let (pool, code) = module();
    let mut infos = Vec::new();
    collect(&pool, code, &mut infos);
    assert_eq!(without_addresses(&infos.join("\n\n")) + "\n", include_str!("data/module.info.txt"));
}

#[test]
fn depth_limits_nesting() {
    let text = shown(&DisOptions { depth: Some(0), ..DisOptions::default() });
    assert!(include_str!("data/module.dis.txt").starts_with(&text));
    assert!(!text.contains("Disassembly"));
}

#[test]
fn instructions_know_where_they_are() {
    let (pool, code) = module();
    let all: Vec<_> = Instructions::new(&pool, pool.code(code).expect("a code object")).collect();
    assert!(all.windows(2).all(|pair| pair[0].offset < pair[1].offset));
    assert!(all[0].starts_line && all[0].line_number == Some(0));
    assert_eq!(all[1].positions, pycode::Location::new(1, 1, 0, 46));
}
