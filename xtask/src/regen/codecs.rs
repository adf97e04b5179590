//! Encodings of source files, for `pyparser`.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use serde::Deserialize;

use super::{Output, load_json};

#[derive(Deserialize)]
struct Codecs {
    names: BTreeMap<String, String>,
    not_text: Vec<String>,
    single_byte: BTreeMap<String, SingleByte>,
    checksums: Vec<(String, String, u32)>,
}

#[derive(Deserialize)]
struct SingleByte {
    table: String,
    error: Option<(String, String)>,
}

#[derive(Deserialize)]
struct MultiByte {
    single: String,
    base: Option<(String, String)>,
    rows: Vec<(String, u32, String)>,
    pairs: Vec<(String, String)>,
    four_byte_ranges: Vec<(u32, u32, u32)>,
}

#[derive(Deserialize)]
struct Nameprep {
    mapped: Vec<(u32, String)>,
    prohibited: Vec<(u32, u32)>,
    right_to_left: Vec<(u32, u32)>,
    left_to_right: Vec<(u32, u32)>,
    unassigned: Vec<(u32, u32)>,
    corrected: Vec<(u32, String)>,
}

pub(crate) fn emit(out: &mut Output) -> Result<()> {
    let codecs: Codecs = load_json("codecs.json")?;
    let mut body = String::from("use crate::source::codecs::single_byte::SingleByte;\n\n");
    names(&codecs, &mut body)?;
    single_byte(&codecs, &mut body)?;
    checksums(&codecs, &mut body)?;
    let doc = "Names of encodings, and encodings of one byte a character.";
    out.add("crates/pyparser/src/generated/codecs.rs", "codecs.json", doc, &body)?;

    let tables: BTreeMap<String, MultiByte> = load_json("multi_byte_codecs.json")?;
    let body = multi_byte(&tables)?;
    let doc = "Encodings of several bytes a character.";
    out.add("crates/pyparser/src/generated/multi_byte.rs", "multi_byte_codecs.json", doc, &body)?;

    let body = nameprep(&load_json("nameprep.json")?)?;
    let doc = "Characters as internationalized domain names have them: the state of Unicode 3.2.";
    out.add("crates/pyparser/src/generated/nameprep.rs", "nameprep.json", doc, &body)
}

fn nameprep(facts: &Nameprep) -> Result<String> {
    let mut body = String::new();
    let texts = [
        ("MAPPED", "What a character becomes, if it is not itself, sorted.", &facts.mapped),
        ("CORRECTED", "Decompositions that Unicode 3.2 has otherwise, sorted.", &facts.corrected),
    ];
    for (name, doc, entries) in texts {
        writeln!(body, "/// {doc}\n#[rustfmt::skip]\npub(crate) const {name}: &[(u32, &str)] = &[")?;
        for line in entries.chunks(6) {
            let line: Vec<String> = line.iter().map(|(from, to)| format!("({from:#x}, {to:?})")).collect();
            writeln!(body, "    {},", line.join(", "))?;
        }
        body += "];\n\n";
    }
    let ranges = [
        ("PROHIBITED", "Characters that no name has.", &facts.prohibited),
        ("RIGHT_TO_LEFT", "Characters of scripts that are written from right to left.", &facts.right_to_left),
        ("LEFT_TO_RIGHT", "Characters of scripts that are written from left to right.", &facts.left_to_right),
        ("UNASSIGNED", "Code points that were no characters then, and do not decompose.", &facts.unassigned),
    ];
    for (name, doc, entries) in ranges {
        writeln!(body, "/// {doc} First and last of each range, sorted.\n#[rustfmt::skip]")?;
        writeln!(body, "pub(crate) const {name}: &[(u32, u32)] = &[")?;
        for line in entries.chunks(8) {
            let line: Vec<String> =
                line.iter().map(|(first, last)| format!("({first:#x}, {last:#x})")).collect();
            writeln!(body, "    {},", line.join(", "))?;
        }
        body += "];\n\n";
    }
    Ok(body.trim_end().to_owned() + "\n")
}

fn names(codecs: &Codecs, body: &mut String) -> Result<()> {
    *body += "/// From the normalized name to the codec, sorted.\n#[rustfmt::skip]\n\
              pub(crate) const NAMES: &[(&str, &str)] = &[\n";
    for (name, codec) in &codecs.names {
        writeln!(body, "    ({name:?}, {codec:?}),")?;
    }
    *body += "];\n\n";
    writeln!(
        body,
        "/// Codecs that do not make text.\npub(crate) const NOT_TEXT: &[&str] = &{:?};\n",
        codecs.not_text
    )?;
    Ok(())
}

fn single_byte(codecs: &Codecs, body: &mut String) -> Result<()> {
    *body += "/// Codecs of one byte a character, sorted by name.\n#[rustfmt::skip]\n\
              pub(crate) const SINGLE_BYTE: &[(&str, SingleByte)] = &[\n";
    for (name, codec) in &codecs.single_byte {
        let (encoding, reason) = codec.error.clone().unwrap_or_default();
        writeln!(body, "    ({name:?}, SingleByte {{ encoding: {encoding:?}, reason: {reason:?}, table: &[")?;
        table(&codec.table, body)?;
        *body += "    ] }),\n";
    }
    *body += "];\n";
    Ok(())
}

/// The upper half of a table whose lower half is ASCII, or all of it, as code units.
fn table(characters: &str, body: &mut String) -> Result<()> {
    let units: Vec<u32> = characters.chars().map(u32::from).collect();
    let ascii = units.iter().take(128).copied().eq(0..128);
    for line in units[if ascii { 128 } else { 0 }..].chunks(16) {
        let line: Vec<String> = line.iter().map(|unit| format!("{unit:#x}")).collect();
        writeln!(body, "        {},", line.join(", "))?;
    }
    Ok(())
}

fn checksums(codecs: &Codecs, body: &mut String) -> Result<()> {
    *body += "\n/// Codec, bytes to begin a line with, CRC-32 of what any two bytes mean after them, in UTF-8.\n\
              #[cfg(test)]\n#[rustfmt::skip]\npub(crate) const CHECKSUMS: &[(&str, &str, u32)] = &[\n";
    for (name, designation, checksum) in &codecs.checksums {
        writeln!(body, "    ({name:?}, {designation:?}, {checksum:#010x}),")?;
    }
    *body += "];\n";
    Ok(())
}

fn multi_byte(tables: &BTreeMap<String, MultiByte>) -> Result<String> {
    let mut body = String::from("use crate::source::codecs::table::{Base, MultiByte, Row};\n\n");
    body += "/// Codecs of several bytes a character, sorted by name.\n#[rustfmt::skip]\n\
             pub(crate) const MULTI_BYTE: &[(&str, &MultiByte)] = &[\n";
    for name in tables.keys() {
        writeln!(body, "    ({name:?}, &{}),", name.to_uppercase())?;
    }
    body += "];\n";
    for (name, codec) in tables {
        one_multi_byte(name, codec, &mut body)?;
    }
    Ok(body)
}

fn one_multi_byte(name: &str, codec: &MultiByte, body: &mut String) -> Result<()> {
    let constant = name.to_uppercase();
    let base = match &codec.base {
        None => "Base::Nothing".to_owned(),
        Some((how, base)) if how == "same" => format!("Base::Codec(&{})", base.to_uppercase()),
        Some((_, base)) => format!("Base::Euc(&{})", base.to_uppercase()),
    };
    writeln!(
        body,
        "\n/// `{name}`\n#[rustfmt::skip]\npub(crate) static {constant}: MultiByte = MultiByte {{\n    single: &["
    )?;
    table(&codec.single, body)?;
    writeln!(body, "    ],\n    base: {base},\n    rows: &[")?;
    for (lead, first, characters) in &codec.rows {
        writeln!(body, "        Row {{ lead: 0x{lead}, first: {first:#x}, characters: {characters:?} }},")?;
    }
    *body += "    ],\n    pairs: &[\n";
    for (bytes, text) in &codec.pairs {
        writeln!(body, "        (0x{bytes}, {text:?}),")?;
    }
    *body += "    ],\n    four_byte_ranges: &[\n";
    for line in codec.four_byte_ranges.chunks(6) {
        let line: Vec<String> = line.iter().map(|(i, c, n)| format!("({i}, {c:#x}, {n})")).collect();
        writeln!(body, "        {},", line.join(", "))?;
    }
    *body += "    ],\n};\n";
    Ok(())
}
