//! Prints syntax trees, as `ast.dump(ast.parse(...), include_attributes=True)` does.
//!
//! `cargo run -p pyparser --example dump -- FILE [eval|single|func_type|type_comments]` prints one tree. With `-`
//! for the file, paths are read from the standard input, and each answer is preceded by its length in bytes.

use std::io::{self, BufRead, Write};

use pyast::{Arena, DumpOptions, dump};
use pycode::Interner;
use pyparser::{Mode, ParseOptions, parse};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let path = args.next().unwrap_or_else(|| "-".into());
    let mut options = ParseOptions { recursion_limit: 3000, ..ParseOptions::default() };
    for arg in args {
        match Mode::from_name(&arg) {
            Some(mode) => options.mode = mode,
            None => options.type_comments = true,
        }
    }
    let mut out = io::stdout().lock();
    if path != "-" {
        return writeln!(out, "{}", answer(&path, &options)?);
    }
    for path in io::stdin().lock().lines() {
        let text = answer(&path?, &options)?;
        writeln!(out, "{}", text.len())?;
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    Ok(())
}

/// The tree of a file with its warnings, or the error.
fn answer(path: &str, options: &ParseOptions) -> io::Result<String> {
    let (arena, mut strings) = (Arena::new(), Interner::new());
    let parsed = match parse(&std::fs::read(path)?, &arena, &mut strings, options) {
        Ok(parsed) => parsed,
        Err(error) => return Ok(format!("{error:?}")),
    };
    let options = DumpOptions { include_attributes: true, ..DumpOptions::default() };
    let mut text = dump(parsed.module, &strings, &options);
    for warning in &parsed.warnings {
        text += &format!("\n{}: {:?}: {}", warning.location.lineno, warning.kind, warning.message);
    }
    Ok(text)
}
