//! `--show`: the first difference of one file, as text.

use anyhow::{Result, bail};

use super::{Row, classify, code, ours};
use crate::corpus::SourceFile;
use crate::oracle::{Answer, Oracle};

/// How many lines to print around a difference.
const CONTEXT: usize = 8;

/// Prints the first difference of each row for the one file there is.
pub(crate) fn run(oracle: &Oracle, files: &[SourceFile], rows: &[Row]) -> Result<()> {
    let [file] = files else { bail!("--show takes one file, not {}", files.len()) };
    for &row in rows {
        let theirs = oracle.ask(&ours::request(row, &file.path))?;
        println!("== {}", row.name());
        let ours = match (row, &theirs) {
            (Row::Assembler(level), Answer::Ok(theirs)) => ours::assembled(&file.path, level, theirs),
            _ => ours::answer(row, &file.path, oracle),
        };
        show_row(row, ours, theirs);
    }
    Ok(())
}

fn show_row(row: Row, ours: Result<Vec<u8>, String>, theirs: Answer) {
    match (ours, theirs) {
        (Ok(ours), Answer::Ok(theirs)) if ours == theirs => println!("equal"),
        (Ok(ours), Answer::Ok(theirs)) => show_difference(row, &ours, &theirs),
        (Err(message), Answer::Ok(_)) => println!("we fail: {message}"),
        (Ok(_), Answer::Refused(message)) => println!("CPython refuses it: {message}"),
        (Err(ours), Answer::Refused(theirs)) => {
            println!("both refuse it\nours:    {ours}\nCPython: {theirs}")
        }
        (_, Answer::Crashed) => println!("CPython crashes"),
    }
}

fn show_difference(row: Row, ours: &[u8], theirs: &[u8]) {
    match row {
        Row::Code(_) | Row::Pyc(_) | Row::Marshal(_) => show_code(ours, theirs),
        Row::Ast | Row::Preprocessed(_) => show_lines(&break_tree(ours), &break_tree(theirs)),
        Row::Tokens
        | Row::Future
        | Row::Symtable
        | Row::Codegen(_)
        | Row::FlowGraph(_)
        | Row::Assembler(_)
        | Row::Dis
        | Row::Text(_) => show_lines(&String::from_utf8_lossy(ours), &String::from_utf8_lossy(theirs)),
    }
    println!(
        "class: {}",
        classify::class(row, ours, theirs).unwrap_or_else(|| "equal for this row".to_owned())
    );
}

fn show_code(ours: &[u8], theirs: &[u8]) {
    match code::first_difference(ours, theirs) {
        Ok(Some(d)) => {
            println!("{}: {}\nours:    {}\nCPython: {}", d.qualname, d.field, d.ours, d.theirs);
        }
        Ok(None) => {
            let at = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
            println!("the fields are equal; the bytes differ from offset {at}");
        }
        Err(message) => println!("{message}"),
    }
}

/// A dump with each node on a line of its own.
fn break_tree(dump: &[u8]) -> String {
    let text = String::from_utf8_lossy(dump);
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' | '[' => {
                depth += 1;
                out.push(c);
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', depth.min(40)));
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Prints what stands around the first line that differs.
fn show_lines(ours: &str, theirs: &str) {
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), theirs.lines().collect());
    let same = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let start = same.saturating_sub(CONTEXT);
    ours[start..same].iter().for_each(|line| println!("  {line}"));
    ours[same..].iter().take(CONTEXT).for_each(|line| println!("- {line}"));
    theirs[same..].iter().take(CONTEXT).for_each(|line| println!("+ {line}"));
    println!("(- ours, + CPython's, from line {})", same + 1);
}
