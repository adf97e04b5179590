//! The command line as people meet it: completions and manual pages that know every command, and bear a reader that
//! stops early; what is said to who takes the program for an interpreter.

use std::process::{Command, Stdio};

fn program(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_pycompile")).args(args).output().expect("the program runs");
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn commands() -> Vec<String> {
    let help = program(&["--help"]);
    let (_, rest) = help.split_once("Commands:\n").expect("a list of commands");
    let names = rest.lines().map_while(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|&name| name != "help").map(str::to_owned).collect()
}

#[test]
fn every_shell_and_the_manual_know_every_command() {
    let commands = commands();
    assert!(commands.len() >= 11, "{commands:?}");
    let pages = ["bash", "elvish", "fish", "powershell", "zsh"].map(|shell| program(&["completions", shell]));
    let manual = program(&["man"]);
    for name in &commands {
        assert!(pages.iter().all(|page| page.contains(name.as_str())), "{name}");
        assert!(manual.contains(&format!("pycompile\\-{name}(1)")), "{name}");
        assert!(program(&["man", name]).contains(".SH SYNOPSIS"), "{name}");
        assert!(program(&[name, "-h"]).contains(&format!("Usage: pycompile {name}")), "{name}");
    }
    assert!(program(&["man", "verify"]).contains(".SH NOTES\n.nf\nEach file is one of:"));
}

#[test]
fn the_version_names_the_reference() {
    let version = program(&["--version"]);
    assert!(version.contains("(exact for CPython 3.14.10, magic number 3627)"), "{version}");
    assert_eq!(program(&["-V"]), version);
}

#[test]
fn who_would_run_a_program_is_told_what_there_is() {
    let complaint = |args: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_pycompile")).args(args).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    for args in [&["x.py"][..], &["-c", "print(1)"], &["-m", "http.server"], &["-m"]] {
        let complaint = complaint(args);
        assert!(complaint.contains("tip: Python is compiled here, and not run"), "{args:?}: {complaint}");
    }
    let misspelt = complaint(&["compilall"]);
    assert!(misspelt.contains("tip: a similar subcommand exists: 'compileall'"), "{misspelt}");
}

#[test]
fn a_reader_that_stops_early_is_no_bug() {
    for args in [&["completions", "zsh"][..], &["man"], &["dis", "src/lib.rs"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pycompile"));
        let mut child = command
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{args:?}");
    }
}
