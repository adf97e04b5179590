//! Code units as text.

use std::fmt::Write;

use pycode::{CodeFlags, Object, Pool, PyStr, StrId};

use super::cursor::Cursor;
use super::sequence::{assemble_sequence, parse_instruction, print_instructions};
use super::value::{parse_const, print_const, print_str};
use super::{TextError, on_line, significant_lines};
use crate::{CodeUnit, Instruction, UnitId, UnitMetadata};

/// A unit as text that [`parse_units`] reads back.
pub fn print_unit(id: UnitId, unit: &CodeUnit, pool: &Pool) -> String {
    let mut out = String::new();
    write_unit(id, unit, pool, &mut out).expect("a String takes any text");
    out
}

fn write_unit(id: UnitId, unit: &CodeUnit, pool: &Pool, out: &mut String) -> std::fmt::Result {
    let CodeUnit { metadata, sequence, consts } = unit;
    write!(out, "unit{} ", id.0)?;
    print_str(pool.strings().get(metadata.name), out);
    out.push(' ');
    print_str(pool.text(metadata.qualname).unwrap_or(PyStr::from("")), out);
    let UnitMetadata { argcount, posonlyargcount, kwonlyargcount, firstlineno, flags, .. } = metadata;
    writeln!(out, "\nargs {argcount} {posonlyargcount} {kwonlyargcount}")?;
    writeln!(out, "firstlineno {firstlineno}\nflags {:#x}", flags.0)?;
    for (key, names) in name_lists(metadata) {
        write_names(key, names, pool, out);
    }
    if metadata.own_locals {
        out.push_str("own_locals\n");
    }
    for &constant in consts {
        writeln!(out, "const {}", print_const(constant, pool))?;
    }
    out.push_str("code {\n");
    print_instructions(sequence.instructions(), out)?;
    out.push_str("}\n");
    if let Some(annotations) = sequence.annotations() {
        out.push_str("annotations {\n");
        print_instructions(annotations.instructions(), out)?;
        out.push_str("}\n");
    }
    Ok(())
}

fn name_lists(metadata: &UnitMetadata) -> [(&'static str, &Vec<StrId>); 5] {
    let UnitMetadata { names, varnames, cellvars, freevars, fasthidden, .. } = metadata;
    [
        ("names", names),
        ("varnames", varnames),
        ("cellvars", cellvars),
        ("freevars", freevars),
        ("fasthidden", fasthidden),
    ]
}

fn write_names(key: &str, names: &[StrId], pool: &Pool, out: &mut String) {
    if names.is_empty() {
        return;
    }
    out.push_str(key);
    for &name in names {
        out.push(' ');
        print_str(pool.strings().get(name), out);
    }
    out.push('\n');
}

/// Reads units; their strings and constants go into the pool, the constants merged.
///
/// # Errors
/// The first line that is not of the form.
pub fn parse_units(text: &str, pool: &mut Pool) -> Result<Vec<CodeUnit>, TextError> {
    let mut units = Vec::new();
    let mut current: Option<Parts> = None;
    for (number, line) in significant_lines(text) {
        if line.starts_with("unit") {
            finish(&mut current, number, &mut units)?;
            current = Some(on_line(number, Parts::begin(line, pool))?);
            continue;
        }
        let parts = current.as_mut().ok_or("text before the first unit".to_owned());
        on_line(number, parts.and_then(|parts| parts.add(line, pool)))?;
    }
    finish(&mut current, text.lines().count(), &mut units)?;
    Ok(units)
}

fn finish(current: &mut Option<Parts>, line: usize, units: &mut Vec<CodeUnit>) -> Result<(), TextError> {
    if let Some(parts) = current.take() {
        units.push(on_line(line, parts.finish())?);
    }
    Ok(())
}

/// A unit that is being read.
struct Parts {
    unit: CodeUnit,
    instructions: Vec<Instruction>,
    annotations: Option<Vec<Instruction>>,
    section: Section,
}

/// Which braces are open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    None,
    Code,
    Annotations,
}

impl Parts {
    fn begin(line: &str, pool: &mut Pool) -> Result<Parts, String> {
        let mut cursor = Cursor::new(line);
        cursor.word();
        let name = parse_name(&mut cursor, pool)?;
        let text = parse_name(&mut cursor, pool)?;
        cursor.expect_end()?;
        let qualname = pool.add(Object::Str { text, interned: false });
        let metadata = UnitMetadata::new(name, qualname, 1);
        let unit = CodeUnit { metadata, sequence: Default::default(), consts: Vec::new() };
        Ok(Parts { unit, instructions: Vec::new(), annotations: None, section: Section::None })
    }

    fn add(&mut self, line: &str, pool: &mut Pool) -> Result<(), String> {
        match (line, self.section) {
            ("}", Section::None) => return Err("nothing to close".to_owned()),
            ("}", _) => self.section = Section::None,
            (_, Section::Code) => self.instructions.push(parse_instruction(line)?),
            (_, Section::Annotations) => {
                self.annotations.get_or_insert_default().push(parse_instruction(line)?);
            }
            ("code {", Section::None) => self.section = Section::Code,
            ("annotations {", Section::None) => {
                self.annotations = Some(Vec::new());
                self.section = Section::Annotations;
            }
            (_, Section::None) => return self.add_fact(line, pool),
        }
        Ok(())
    }

    fn add_fact(&mut self, line: &str, pool: &mut Pool) -> Result<(), String> {
        if let Some(text) = line.strip_prefix("const ") {
            self.unit.consts.push(parse_const(text, pool)?);
            return Ok(());
        }
        let mut cursor = Cursor::new(line);
        let metadata = &mut self.unit.metadata;
        match cursor.word() {
            "args" => {
                metadata.argcount = cursor.number()?;
                metadata.posonlyargcount = cursor.number()?;
                metadata.kwonlyargcount = cursor.number()?;
            }
            "firstlineno" => metadata.firstlineno = cursor.number()?,
            "flags" => metadata.flags = CodeFlags(cursor.number()?),
            "names" => metadata.names = parse_names(&mut cursor, pool)?,
            "varnames" => metadata.varnames = parse_names(&mut cursor, pool)?,
            "cellvars" => metadata.cellvars = parse_names(&mut cursor, pool)?,
            "freevars" => metadata.freevars = parse_names(&mut cursor, pool)?,
            "fasthidden" => metadata.fasthidden = parse_names(&mut cursor, pool)?,
            "own_locals" => metadata.own_locals = true,
            key => return Err(format!("{key:?} is no part of a unit")),
        }
        cursor.expect_end()
    }

    fn finish(mut self) -> Result<CodeUnit, String> {
        if self.section != Section::None {
            return Err("a brace is not closed".to_owned());
        }
        self.unit.sequence = assemble_sequence(self.instructions, self.annotations)?;
        Ok(self.unit)
    }
}

fn parse_name(cursor: &mut Cursor<'_>, pool: &mut Pool) -> Result<StrId, String> {
    let text = cursor.string()?;
    let text = PyStr::try_from_wtf8(&text).ok_or("a name that is not WTF-8")?;
    Ok(pool.strings_mut().intern_pystr(text))
}

fn parse_names(cursor: &mut Cursor<'_>, pool: &mut Pool) -> Result<Vec<StrId>, String> {
    let mut names = Vec::new();
    while !cursor.is_at_end() {
        names.push(parse_name(cursor, pool)?);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"unit1 "f" "A.f"
args 1 0 2
firstlineno 3
flags 0x8000003
names "print"
varnames "self" "b\u{e9}"
cellvars "x"
own_locals
const "it's \"quoted\" \\ \u{d800}\u{1f600}"
const -123456789012345678901234567890
const (1, 2.5, -inf, complex(0.0, -0.0), b"a\x00\"", None, True, Ellipsis, ())
const frozenset(1, "a")
const slice(None, 2, nan:7ff8000000000001)
const unit0
code {
0: RESUME 0 @3:0-3:0
1: LOAD_CONST 0 @none
2: RETURN_VALUE @none
}
annotations {
0: NOP @none
}
"#;

    #[test]
    fn units_read_back() {
        let mut pool = Pool::new();
        let units = parse_units(TEXT, &mut pool).expect("well-formed");
        assert_eq!(print_unit(UnitId(1), &units[0], &pool), TEXT);
        let twice = format!("{TEXT}\n# again\n{TEXT}");
        assert_eq!(parse_units(&twice, &mut pool).map(|units| units.len()), Ok(2));
    }

    #[test]
    fn mistakes_are_named() {
        let head = "unit0 \"f\" \"f\"\n";
        for (text, message) in [
            ("args 1", "line 1: text before the first unit".to_owned()),
            (&format!("{head}spam"), "line 2: \"spam\" is no part of a unit".to_owned()),
            (&format!("{head}code {{\nNOP"), "line 3: a brace is not closed".to_owned()),
            (&format!("{head}const (1"), "line 2: expected \",\" before \"\"".to_owned()),
            (&format!("{head}const 12z"), "line 2: \"12z\" is no constant".to_owned()),
        ] {
            assert_eq!(parse_units(text, &mut Pool::new()).expect_err(text).to_string(), message);
        }
    }
}
