//! `--show`: the first difference of one file, as text.

use anyhow::{Result, bail};

use super::{Row, classify, code, ours};
use crate::corpus::SourceFile;
use crate::oracle::{Answer, Oracle, Request};

/// Prints the first difference of each row for the one file there is.
pub(crate) fn run(oracle: &Oracle, files: &[SourceFile], rows: &[Row]) -> Result<()> {
    let [file] = files else { bail!("--show takes one file, not {}", files.len()) };
    for &row in rows {
        let theirs = oracle.ask(&Request { item: row.item(), path: file.path.clone() })?;
        println!("== {}", row.name());
        show_row(row, ours::answer(row, &file.path, oracle), theirs);
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
    show_code(ours, theirs);
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
