//! Each command shows a program that nests as deep as CPython's parser lets it.
//!
//! CPython 3.14.10's answers are megabytes of indentation; what is held is how long they are.

use std::io::{self, Write};
use std::process::{Command, Stdio};

/// What a command prints about the program on standard input.
fn shown(command: &str, program: &str) -> io::Result<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pycompile"))
        .args([command, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().expect("a pipe").write_all(program.as_bytes())?;
    Ok(String::from_utf8_lossy(&child.wait_with_output()?.stdout).into_owned())
}

#[test]
fn lambdas_in_lambdas() -> io::Result<()> {
    let program = format!("x = {}a\n", "lambda a: ".repeat(800));
    assert_eq!(shown("ast", &program)?.len(), 3_923_334);
    assert_eq!(shown("symtable", &program)?.len(), AROUND_FILE_NAME + "<stdin>".len());
    assert_eq!(shown("dis", &program)?.lines().count(), 4_806);
    Ok(())
}

/// The first line of a listing of scopes has the name of the file.
const AROUND_FILE_NAME: usize = 2_624_073 - "x.py".len();
