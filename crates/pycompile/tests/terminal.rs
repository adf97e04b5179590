//! What a person at a terminal sees: colours, streams in the order of what happens, and the closing line.

use std::fs::{self, File};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Which streams lead to the terminal. The others are thrown away.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Both,
    Stdout,
    Stderr,
}

/// What the terminal shows of a run, with `\n` for what ends a line there.
fn screen(folder: &Path, args: &[&str], shown: Shown, variables: &[(&str, &str)]) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("it is ours");
    let name = ptsname(&terminal, Vec::new()).expect("it has a name").into_string().expect("in ASCII");
    let end = || -> Stdio {
        let end = File::options().read(true).write(true).open(&name).expect("the other end");
        OwnedFd::from(end).into()
    };
    let to = |stream| if shown == Shown::Both || shown == stream { end() } else { Stdio::null() };
    let mut child = Command::new(env!("CARGO_BIN_EXE_pycompile"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("TERM", "xterm")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(to(Shown::Stdout))
        .stderr(to(Shown::Stderr))
        .spawn()
        .expect("the program starts");
    let mut bytes = Vec::new();
    // When the last end is closed, reading is an error instead of the end.
    let _ = File::from(terminal).read_to_end(&mut bytes);
    child.wait().expect("the program ends");
    String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
}

fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [("a.py", "a = 1\n"), ("b.py", "b = '\\d'\nb = (1,\n"), ("c.py", "c = '\\d'\n")] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

const WARNING: &str = "1: SyntaxWarning: \"\\d\" is an invalid escape sequence. Such sequences will not work in \
                       the future. Did you mean \"\\\\d\"? A raw string is also an option.\n";

#[test]
fn both_streams_come_in_the_order_of_what_happens() {
    let shown = screen(tree().path(), &["compileall", "."], Shown::Both, &[("NO_COLOR", "1")]);
    let (before, closing) = shown.split_once("3 files: ").expect("a closing line");
    // As `python3.14 -m compileall .` shows it.
    let expected = format!(
        "Listing '.'...\nCompiling './a.py'...\nCompiling './b.py'...\n./b.py:{WARNING}  b = '\\d'\n\
         ***   File \"./b.py\", line 2\n    b = (1,\n        ^\nSyntaxError: '(' was never closed\n\n\
         Compiling './c.py'...\n./c.py:{WARNING}  c = '\\d'\n"
    );
    assert_eq!(before, expected);
    assert!(closing.starts_with("2 written, 1 failed in ") && closing.ends_with(" MB/s)\n"), "{closing}");
}

#[test]
fn colours_are_for_terminals_that_have_them() {
    let root = tree();
    let colored = |args: &[&str], shown, variables: &[(&str, &str)]| {
        screen(root.path(), args, shown, variables).contains("\x1b[")
    };
    for (args, shown) in [
        (&["compileall", "-f", "."][..], Shown::Stdout),
        (&["compileall", "-f", "-q", "--summary", "."], Shown::Stderr),
        (&["verify", "."], Shown::Stdout),
    ] {
        assert!(colored(args, shown, &[]), "{args:?}");
        assert!(!colored(args, shown, &[("NO_COLOR", "1")]), "{args:?}");
        assert!(!colored(args, shown, &[("TERM", "dumb")]), "{args:?}");
        assert!(!colored(&[args, &["--json"]].concat(), shown, &[]), "{args:?}");
    }
    let plain = Command::new(env!("CARGO_BIN_EXE_pycompile"))
        .args(["compileall", "-f", "--summary", "."])
        .current_dir(root.path())
        .env("TERM", "xterm")
        .output()
        .expect("the program runs");
    assert!(![plain.stdout, plain.stderr].concat().contains(&0x1b));
}

#[test]
fn the_closing_line_is_for_who_waits_for_it() {
    let root = tree();
    let closing = |args: &[&str], shown| screen(root.path(), args, shown, &[]).contains(" files/s, ");
    assert!(closing(&["compileall", "."], Shown::Stderr));
    assert!(!closing(&["compileall", "."], Shown::Stdout));
    assert!(!closing(&["compileall", "-q", "."], Shown::Both));
    assert!(closing(&["compileall", "-q", "--summary", "."], Shown::Both));
    assert!(!closing(&["compileall", "--json", "."], Shown::Both));
}

#[test]
fn a_short_run_has_no_bar() {
    let shown = screen(tree().path(), &["compileall", "-qq", "."], Shown::Both, &[]);
    assert_eq!(shown.matches("SyntaxWarning").count(), 2);
    assert!(!shown.contains("\x1b["), "{shown}");
}
