//! The opcode tables, for `pyopcode`.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use super::rust::camel;
use super::{Output, load_json};

#[derive(Deserialize)]
struct Opcodes {
    have_argument: u8,
    min_instrumented: u8,
    cache_format: serde_json::Map<String, Value>,
    opcodes: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    number: u16,
    flags: Vec<String>,
    caches: u8,
    popped: String,
    pushed: String,
    specializes: Option<String>,
    pseudo_targets: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Operands {
    binary_ops: Vec<(String, String)>,
    compare_ops: Vec<String>,
    intrinsics_1: Vec<String>,
    intrinsics_2: Vec<String>,
    special_methods: Vec<String>,
    common_constants: Vec<String>,
}

const FLAGS: [&str; 16] = [
    "ARG",
    "CONST",
    "NAME",
    "JUMP",
    "FREE",
    "LOCAL",
    "EVAL_BREAK",
    "DEOPT",
    "ERROR",
    "ESCAPES",
    "EXIT",
    "PURE",
    "PASSTHROUGH",
    "OPARG_AND_1",
    "ERROR_NO_POP",
    "NO_SAVE_IP",
];

pub(crate) fn emit(out: &mut Output) -> Result<()> {
    let table: Opcodes = load_json("opcodes.json")?;
    let (specialized, base): (Vec<&Row>, Vec<&Row>) =
        table.opcodes.iter().partition(|row| row.specializes.is_some());
    let mut body = String::from("use crate::OpcodeFlags;\n\n");
    emit_enum(&base, &mut body)?;
    emit_names(&base, &mut body)?;
    emit_stack(&base, &mut body)?;
    emit_tables(&table, &base, &specialized, &mut body)?;
    let doc = "Opcodes with their names, flags, inline caches and stack effects.";
    out.add("crates/pyopcode/src/generated/opcode.rs", "opcodes.json", doc, &body)?;
    emit_operands(out)
}

fn emit_enum(rows: &[&Row], body: &mut String) -> Result<()> {
    *body += "/// An instruction of CPython's virtual machine, or a pseudo-instruction of its compiler (256 and\n\
              /// up). The discriminant is the number. Specialized forms, which only a running interpreter\n\
              /// makes, are in [`SPECIALIZED`].\n\
              #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]\n#[repr(u16)]\npub enum Opcode {\n";
    for row in rows {
        writeln!(body, "/// `{}`\n{} = {},", row.name, camel(&row.name), row.number)?;
    }
    *body += "}\n\n";
    Ok(())
}

fn emit_names(rows: &[&Row], body: &mut String) -> Result<()> {
    *body += "impl Opcode {\n/// All opcodes, by number.\npub const ALL: &[Opcode] = &[";
    for row in rows {
        write!(body, "Opcode::{},", camel(&row.name))?;
    }
    *body += "];\n\n/// The opcode of a number, unless that is unknown or a specialized form.\npub const fn from_number(number: u16) -> Option<Opcode> {\nSome(match number {\n";
    for row in rows {
        writeln!(body, "{} => Opcode::{},", row.number, camel(&row.name))?;
    }
    *body += "_ => return None,\n})\n}\n\n/// The name in CPython's `opcode` module.\npub const fn name(self) -> &'static str {\nmatch self {\n";
    for row in rows {
        writeln!(body, "Opcode::{} => {:?},", camel(&row.name), row.name)?;
    }
    *body += "}\n}\n\n/// The opcode of a name.\npub fn from_name(name: &str) -> Option<Opcode> {\nSome(match name {\n";
    for row in rows {
        writeln!(body, "{:?} => Opcode::{},", row.name, camel(&row.name))?;
    }
    *body += "_ => return None,\n})\n}\n}\n\n";
    Ok(())
}

fn emit_stack(rows: &[&Row], body: &mut String) -> Result<()> {
    *body += "impl Opcode {\n";
    for (what, expression) in [("popped", (|r| &r.popped) as fn(&Row) -> &String), ("pushed", |r| &r.pushed)]
    {
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in rows {
            groups.entry(expression(row)).or_default().push(&row.name);
        }
        writeln!(
            body,
            "/// How many stack entries it {} (`_PyOpcode_num_{what}`), not jumping.\n\
             #[allow(clippy::identity_op, reason = \"as the table states it\")]\n\
             pub const fn {what}(self, oparg: i32) -> i32 {{\nmatch self {{",
            if what == "popped" { "takes" } else { "leaves" }
        )?;
        for (expression, names) in groups {
            let names: Vec<String> = names.iter().map(|n| format!("Opcode::{}", camel(n))).collect();
            writeln!(body, "{} => {},", names.join(" | "), expression.replace("oparg*2", "oparg * 2"))?;
        }
        *body += "}\n}\n\n";
    }
    *body += "}\n\n";
    Ok(())
}

fn emit_tables(table: &Opcodes, base: &[&Row], specialized: &[&Row], body: &mut String) -> Result<()> {
    let size = base.iter().map(|row| row.number).max().context("no opcodes")? + 1;
    let by_number: BTreeMap<u16, &Row> = base.iter().map(|row| (row.number, *row)).collect();
    writeln!(body, "/// Flags by number.\npub(crate) static FLAGS: [OpcodeFlags; {size}] = [")?;
    for number in 0..size {
        let flags = by_number.get(&number).map_or(0, |row| flag_bits(row));
        writeln!(body, "OpcodeFlags({flags:#x}),")?;
    }
    writeln!(
        body,
        "];\n\n/// Inline cache code units by number.\npub(crate) static CACHES: [u8; {size}] = ["
    )?;
    for number in 0..size {
        write!(body, "{},", by_number.get(&number).map_or(0, |row| row.caches))?;
    }
    *body += "];\n\n/// Specialized forms: number, name, what it specializes.\npub const SPECIALIZED: &[(u8, &str, Opcode)] = &[\n";
    for row in specialized {
        let general = row.specializes.as_ref().context("a specialized form")?;
        writeln!(body, "({}, {:?}, Opcode::{}),", row.number, row.name, camel(general))?;
    }
    *body += "];\n\n/// For each pseudo-instruction the real ones that may stand for it.\npub const PSEUDO_TARGETS: &[(Opcode, &[Opcode])] = &[\n";
    for row in base.iter().filter(|row| row.pseudo_targets.is_some()) {
        let targets: Vec<String> =
            row.pseudo_targets.iter().flatten().map(|t| format!("Opcode::{}", camel(t))).collect();
        writeln!(body, "(Opcode::{}, &[{}]),", camel(&row.name), targets.join(", "))?;
    }
    *body += "];\n\n/// The fields of inline caches, with their size in code units, in order.\npub const CACHE_FORMAT: &[(Opcode, &[(&str, u8)])] = &[\n";
    for (name, format) in &table.cache_format {
        if let Some(row) = base.iter().find(|row| row.name == *name) {
            writeln!(body, "(Opcode::{}, &{:?}),", camel(&row.name), cache_fields(format))?;
        }
    }
    *body += "];\n\n";
    writeln!(
        body,
        "/// Opcodes above it use their argument.\npub const HAVE_ARGUMENT: u8 = {};",
        table.have_argument
    )?;
    writeln!(
        body,
        "/// Opcodes from here on are instrumented.\npub const MIN_INSTRUMENTED: u8 = {};",
        table.min_instrumented
    )?;
    Ok(())
}

/// Name and size of each field, in the order of the table, which is their order in memory.
fn cache_fields(format: &Value) -> Vec<(&str, u64)> {
    let fields = format.as_object().into_iter().flatten();
    fields.map(|(name, size)| (name.as_str(), size.as_u64().unwrap_or(0))).collect()
}

fn flag_bits(row: &Row) -> u32 {
    FLAGS.iter().enumerate().filter(|(_, f)| row.flags.iter().any(|g| g == *f)).map(|(i, _)| 1 << i).sum()
}

fn emit_operands(out: &mut Output) -> Result<()> {
    let operands: Operands = load_json("operands.json")?;
    let mut body = String::new();
    let binary: Vec<(String, &str)> = operands
        .binary_ops
        .iter()
        .map(|(name, text)| (camel(name.trim_start_matches("NB_")), text.as_str()))
        .collect();
    emit_operand_enum(&mut body, "BinaryOp", "The argument of `BINARY_OP`.", &binary)?;
    let intrinsic = |names: &[String], prefix: &str| -> Vec<(String, String)> {
        names
            .iter()
            .map(|n| {
                (
                    camel(
                        n.trim_start_matches(prefix)
                            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '_'),
                    ),
                    n.clone(),
                )
            })
            .collect()
    };
    let one = intrinsic(&operands.intrinsics_1, "INTRINSIC_");
    let two = intrinsic(&operands.intrinsics_2, "INTRINSIC_");
    emit_operand_enum(&mut body, "Intrinsic1", "The argument of `CALL_INTRINSIC_1`.", &one)?;
    emit_operand_enum(&mut body, "Intrinsic2", "The argument of `CALL_INTRINSIC_2`.", &two)?;
    let special: Vec<(String, &str)> =
        operands.special_methods.iter().map(|n| (camel(n.trim_matches('_')), n.as_str())).collect();
    emit_operand_enum(&mut body, "SpecialMethod", "The argument of `LOAD_SPECIAL`.", &special)?;
    let common: Vec<(String, &str)> =
        operands.common_constants.iter().map(|n| (common_name(n), n.as_str())).collect();
    emit_operand_enum(&mut body, "CommonConstant", "The argument of `LOAD_COMMON_CONSTANT`.", &common)?;
    writeln!(
        body,
        "/// The comparisons, by the upper bits of the argument of `COMPARE_OP`.\n\
         pub const COMPARE_OPS: &[&str] = &{:?};",
        operands.compare_ops
    )?;
    let doc = "Arguments that are themselves codes.";
    out.add("crates/pyopcode/src/generated/operands.rs", "operands.json", doc, &body)
}

fn common_name(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or(String::new(), |c| c.to_ascii_uppercase().to_string() + chars.as_str())
}

fn emit_operand_enum<S: AsRef<str>>(
    body: &mut String,
    name: &str,
    doc: &str,
    variants: &[(String, S)],
) -> Result<()> {
    writeln!(
        body,
        "/// {doc}\n#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]\n#[repr(u8)]\npub enum {name} {{"
    )?;
    for (number, (variant, text)) in variants.iter().enumerate() {
        writeln!(body, "/// `{}`\n{variant} = {number},", text.as_ref())?;
    }
    writeln!(body, "}}\n\nimpl {name} {{\n/// All of them, by number.\npub const ALL: &[{name}] = &[")?;
    for (variant, _) in variants {
        write!(body, "{name}::{variant},")?;
    }
    *body += "];\n\n/// How CPython writes it in a disassembly.\npub const fn text(self) -> &'static str {\nmatch self {\n";
    for (variant, text) in variants {
        writeln!(body, "{name}::{variant} => {:?},", text.as_ref())?;
    }
    writeln!(
        body,
        "}}\n}}\n\n/// The one of a number.\npub fn from_number(number: u32) -> Option<{name}> {{\n\
         {name}::ALL.get(number as usize).copied()\n}}\n}}\n"
    )?;
    Ok(())
}
