//! Constants as text: `None`, `42`, `1.5`, `complex(0.0, 1.0)`, `"text\u{e9}"`, `b"\xff"`, `(1, 2)`,
//! `frozenset(1, 2)`, `slice(None, 2, None)`, `unit3`.
//!
//! NaNs are written `nan:` and their bits in hexadecimal.

use std::fmt::Write;

use num_bigint::BigInt;
use pycode::{Object, ObjectId, Pool, PyStr, repr_float};

use super::cursor::Cursor;
use crate::{UnitConst, UnitId};

/// How deep containers may nest: deeper ones come from no source.
const MAX_DEPTH: usize = 200;

/// A constant as text.
pub fn print_const(constant: UnitConst, pool: &Pool) -> String {
    let mut out = String::new();
    match constant {
        UnitConst::Unit(UnitId(number)) => write!(out, "unit{number}").expect("a String takes any text"),
        UnitConst::Object(id) => print_object(id, pool, &mut out),
    }
    out
}

/// The constant that a text stands for, merged in the pool.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_const(text: &str, pool: &mut Pool) -> Result<UnitConst, String> {
    let mut cursor = Cursor::new(text);
    let constant = if cursor.eat("unit") {
        UnitConst::Unit(UnitId(cursor.number()?))
    } else {
        UnitConst::Object(parse_object(&mut cursor, pool, MAX_DEPTH)?)
    };
    cursor.expect_end()?;
    Ok(constant)
}

fn print_object(id: ObjectId, pool: &Pool, out: &mut String) {
    match pool.get(id) {
        Object::None => out.push_str("None"),
        Object::Bool(true) => out.push_str("True"),
        Object::Bool(false) => out.push_str("False"),
        Object::Ellipsis => out.push_str("Ellipsis"),
        Object::Int(value) => out.push_str(&value.to_string()),
        Object::BigInt(value) => out.push_str(&value.to_string()),
        Object::Float(value) => print_float(value, out),
        Object::Complex { real, imag } => {
            out.push_str("complex(");
            print_float(real, out);
            out.push_str(", ");
            print_float(imag, out);
            out.push(')');
        }
        Object::Str { text, .. } => print_str(pool.strings().get(text), out),
        Object::Bytes(bytes) => print_bytes(bytes, out),
        Object::Tuple(members) => print_members("(", members, pool, out),
        Object::FrozenSet(members) => print_members("frozenset(", members, pool, out),
        Object::Slice(parts) => print_members("slice(", parts, pool, out),
        // These are no constants of a unit that is not assembled yet.
        Object::StopIteration => out.push_str("<StopIteration>"),
        Object::List(_) | Object::Set(_) | Object::Dict(_) => out.push_str("<container>"),
        Object::Code(_) => out.push_str("<code>"),
    }
}

fn print_members(open: &str, members: &[ObjectId], pool: &Pool, out: &mut String) {
    out.push_str(open);
    for (index, &member) in members.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        print_object(member, pool, out);
    }
    out.push(')');
}

/// As Python shows it, but the exponent without sign and zeros in front.
fn print_float(value: f64, out: &mut String) {
    if value.is_nan() {
        return write!(out, "nan:{:016x}", value.to_bits()).expect("a String takes any text");
    }
    let mut text = String::new();
    repr_float(value, &mut text);
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let exponent: i32 = exponent.parse().expect("the exponent is a number");
            write!(out, "{digits}e{exponent}").expect("a String takes any text");
        }
        None => out.push_str(&text),
    }
}

/// A string in double quotes; all but printable ASCII is escaped.
pub(super) fn print_str(text: PyStr<'_>, out: &mut String) {
    out.push('"');
    for code_point in text.code_points() {
        match char::from_u32(code_point) {
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            Some(c @ ' '..='~') => out.push(c),
            _ => out.push_str(&format!("\\u{{{code_point:x}}}")),
        }
    }
    out.push('"');
}

fn print_bytes(bytes: &[u8], out: &mut String) {
    out.push_str("b\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
}

fn parse_object(cursor: &mut Cursor<'_>, pool: &mut Pool, depth: usize) -> Result<ObjectId, String> {
    if depth == 0 {
        return Err(format!("containers nest deeper than {MAX_DEPTH}"));
    }
    if cursor.starts_with("\"") {
        let text = cursor.string()?;
        let text = PyStr::try_from_wtf8(&text).ok_or("a string that is not WTF-8")?;
        let text = pool.strings_mut().intern_pystr(text);
        return Ok(pool.merge_str(text));
    }
    if cursor.starts_with("b\"") {
        cursor.eat("b");
        return Ok(pool.merge(Object::Bytes(&cursor.bytes()?)));
    }
    if cursor.starts_with("(") {
        let members = parse_members(cursor, pool, depth)?;
        return Ok(pool.merge(Object::Tuple(&members)));
    }
    let word = cursor.word();
    parse_word(word, cursor, pool, depth)
}

/// What begins with a word.
fn parse_word(
    word: &str,
    cursor: &mut Cursor<'_>,
    pool: &mut Pool,
    depth: usize,
) -> Result<ObjectId, String> {
    let object = match word {
        "None" => Object::None,
        "True" => Object::Bool(true),
        "False" => Object::Bool(false),
        "Ellipsis" => Object::Ellipsis,
        "frozenset" => {
            let members = parse_members(cursor, pool, depth)?;
            return Ok(pool.merge(Object::FrozenSet(&members)));
        }
        "slice" => {
            let parts = parse_members(cursor, pool, depth)?;
            let parts = parts.as_slice().try_into().map_err(|_| "a slice has three parts".to_owned())?;
            return Ok(pool.merge(Object::Slice(parts)));
        }
        "complex" => {
            cursor.expect("(")?;
            let real = parse_float(cursor)?;
            cursor.expect(",")?;
            let imag = parse_float(cursor)?;
            cursor.expect(")")?;
            Object::Complex { real, imag }
        }
        "nan" => Object::Float(parse_nan(cursor)?),
        _ => return parse_number(word, pool),
    };
    Ok(pool.merge(object))
}

fn parse_members(cursor: &mut Cursor<'_>, pool: &mut Pool, depth: usize) -> Result<Vec<ObjectId>, String> {
    cursor.expect("(")?;
    let mut members = Vec::new();
    while !cursor.eat(")") {
        if !members.is_empty() {
            cursor.expect(",")?;
        }
        members.push(parse_object(cursor, pool, depth - 1)?);
    }
    Ok(members)
}

fn parse_number(word: &str, pool: &mut Pool) -> Result<ObjectId, String> {
    let is_float = word.contains(['.', 'e', 'E']) || word.ends_with("inf");
    let parsed = match is_float {
        true => word.parse().ok().map(|value| pool.merge(Object::Float(value))),
        false => word.parse().ok().map(|value: BigInt| pool.merge_int(&value)),
    };
    parsed.ok_or_else(|| format!("{word:?} is no constant"))
}

fn parse_float(cursor: &mut Cursor<'_>) -> Result<f64, String> {
    let word = cursor.word();
    if word == "nan" {
        return parse_nan(cursor);
    }
    word.parse().map_err(|_| format!("{word:?} is no float"))
}

/// The bits behind `nan`.
fn parse_nan(cursor: &mut Cursor<'_>) -> Result<f64, String> {
    cursor.expect(":")?;
    let word = cursor.word();
    let value = u64::from_str_radix(word, 16).ok().map(f64::from_bits);
    value.filter(|value| value.is_nan()).ok_or_else(|| format!("{word:?} are not the bits of a NaN"))
}
