//! Every number of threads does what one does: the same output on both streams, the same status, the same tree.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use pretty_assertions::assert_eq;

/// Files by path, with their modes.
type Files = BTreeMap<String, (u32, Vec<u8>)>;

/// How many ordinary sources a tree has.
const FILES: usize = 30;

/// What a run has done.
#[derive(PartialEq, Eq, Debug)]
struct Outcome {
    status: Option<i32>,
    out: String,
    err: String,
    files: Files,
}

/// Sources of all kinds, those that take long beside those that do not.
fn write_tree(root: &Path) {
    for number in 0..FILES {
        let text = match number % 10 {
            3 => format!("x{number} = (1,\n"),
            5 => format!("x{number} = '\\d'\nif x is 1: pass\n"),
            7 => "if x:\npass\n".to_owned(),
            _ => long_source(number),
        };
        write(root, &format!("package{}/sub{}/m{number}.py", number % 3, number % 4), &text);
    }
    write(root, "package0/nul.py", "x\0");
    write(root, "package1/latin.py", "# coding: latin-1\nx = '\\d'\n");
    symlink("m4.py", root.join("package1/sub0/link.py")).expect("a link");
    symlink("nowhere", root.join("package1/sub0/dangling.py")).expect("a link");
    symlink("../package0", root.join("package2/folder")).expect("a link");
    // To the folder that is also reached by its own name.
    symlink("package1", root.join("alias")).expect("a link");
    fs::create_dir_all(root.join("package2/cache")).expect("a folder");
    write(root, "list.txt", "package1/sub1/m1.py\npackage1\nmissing\npackage1/sub1/m1.py\n");
}

/// The less, the later: whoever begins first is done last.
fn long_source(number: usize) -> String {
    let mut text = String::new();
    for function in 0..2 * (FILES - number) {
        let _ = writeln!(text, "def f{function}(x): return [y + {function} for y in x if y]");
    }
    text
}

fn write(root: &Path, path: &str, text: &str) {
    support::write(&root.join(path), text.as_bytes(), 1_700_000_000);
}

/// Runs commands one after the other in a fresh tree; the outcome is that of the last.
fn run(commands: &[&[&str]], threads: &str, variable: Option<(&str, &str)>) -> Outcome {
    let root = tempfile::tempdir().expect("a temporary folder");
    // Its name is in no output: every path is relative. That of the prefix is short.
    let tree = root.path().join("t");
    write_tree(&tree);
    let mut last = None;
    for words in commands {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pycompile"));
        command.args(*words).args(["-j", threads]).current_dir(&tree).env_clear().envs(variable);
        last = Some(command.output().expect("the program runs"));
    }
    let output = last.expect("a command");
    let named = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let name = root.path().file_name().expect("a name").to_string_lossy().into_owned();
        without_times(&text.replace(&name, "ROOT"))
    };
    let mut files = Files::new();
    collect(&tree, &tree, &mut files);
    if variable.is_some() {
        files = files.into_iter().map(|(path, file)| (named(path.into_bytes()), file)).collect();
    }
    Outcome { status: output.status.code(), out: named(output.stdout), err: named(output.stderr), files }
}

/// Reports with 0 for how long something took.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split("\"seconds\":").enumerate() {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-'));
        out.push_str(if at == 0 { part } else { "\"seconds\":0" });
        out.push_str(if at == 0 { "" } else { rest });
    }
    out
}

fn collect(folder: &Path, root: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        let metadata = fs::symlink_metadata(&path).expect("it is there");
        if metadata.is_dir() {
            collect(&path, root, files);
        } else if metadata.is_file() {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            let mode = metadata.permissions().mode();
            files.insert(name, (mode, fs::read(&path).expect("readable")));
        }
    }
}

fn same_for_every_number(commands: &[&[&str]], variable: Option<(&str, &str)>) -> Outcome {
    let one = run(commands, "1", variable);
    for threads in ["2", "3", "8", "0"] {
        assert_eq!(run(commands, threads, variable), one, "{commands:?} with {threads} threads");
    }
    one
}

#[test]
fn a_tree_comes_out_the_same() {
    let all = same_for_every_number(&[&["compileall", "."]], None);
    assert_eq!(all.status, Some(1));
    assert_eq!((all.out.matches("Compiling ").count(), all.out.matches("*** ").count()), (33, 7));
    assert_eq!(all.err.matches("SyntaxWarning").count(), 7);
    for words in [&["-q"][..], &["-qq"], &["-b"], &["-o", "0", "-o", "2", "--hardlink-dupes"], &["--json"]] {
        let command = [&["compileall", "."], words].concat();
        same_for_every_number(&[&command], None);
    }
    same_for_every_number(&[&["compileall", "."], &["compileall", "."]], None);
    same_for_every_number(&[&["compileall", "-x", "sub[12]", "--check", "."]], None);
    same_for_every_number(&[&["-W", "error", "-m", "compileall", "-q", "."]], None);
}

#[test]
fn what_is_met_again_is_up_to_date() {
    let paths = ["package1", "package1/sub1", "alias/sub1/m1.py", "package1/sub1/m1.py", ".", "alias"];
    let outcome = same_for_every_number(&[&[&["compileall"], &paths[..]].concat()], None);
    assert_eq!(outcome.out.matches("m1.py'...").count(), 1, "{}", outcome.out);
    let outcome = same_for_every_number(&[&["compileall", "-i", "list.txt", "package1/sub1/m1.py"]], None);
    assert_eq!(outcome.out.matches("m1.py'...").count(), 1, "{}", outcome.out);
    // What the first writes is a file when the turn of the second comes.
    let pyc = "package1/sub1/__pycache__/m1.cpython-314.pyc";
    let outcome = same_for_every_number(&[&["compileall", "package1/sub1/m1.py", pyc]], None);
    assert_eq!(outcome.out, "Compiling 'package1/sub1/m1.py'...\n");
}

#[test]
fn folders_that_a_run_makes_are_listed_when_their_turn_comes() {
    let prefix = Some(("PYTHONPYCACHEPREFIX", "package2/cache"));
    let outcome = same_for_every_number(&[&["compileall", "."]], prefix);
    let first = outcome.out.find("Listing './package2/cache/").expect("what was written before");
    assert!(first < outcome.out.find("'./package2/sub0/").expect("what comes later"), "{}", outcome.out);
}

#[test]
fn verify_tells_the_same() {
    let compile = &["compileall", "-q", "."][..];
    let outcome = same_for_every_number(&[compile, &["verify", "--verbose", "."]], None);
    assert_eq!((outcome.status, outcome.out.matches(": ok\n").count()), (Some(0), 26), "{}", outcome.out);
    same_for_every_number(&[compile, &["verify", "--json", "."]], None);
}
