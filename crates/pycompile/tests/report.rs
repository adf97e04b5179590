//! What machines are told: each field of `--json`, and the closing line of `--summary`.

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn write(folder: &Path, name: &str, text: &str) {
    support::write(&folder.join(name), text.as_bytes(), 1_700_000_000);
}

fn program(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pycompile"));
    command.args(args).current_dir(folder).env_clear().output().expect("the program runs")
}

/// The lines of a report; how long each thing took is checked to be a number, and taken out.
fn report(folder: &Path, args: &[&str]) -> (Vec<Value>, Option<i32>) {
    let output = program(folder, args);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let mut lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a value a line")).collect();
    for line in &mut lines {
        let fields = line.as_object_mut().expect("an object");
        let fields = if fields.contains_key("summary") {
            fields["summary"].as_object_mut().expect("an object")
        } else {
            fields
        };
        if let Some(seconds) = fields.remove("seconds") {
            assert!(seconds.as_f64().is_some_and(|seconds| (0.0..60.0).contains(&seconds)), "{seconds}");
        }
    }
    (lines, output.status.code())
}

fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "a.py", "a = 1\n");
    write(folder.path(), "b.py", "b = (1,\n");
    write(folder.path(), "c.py", "c = 1\nc = '\\d'\n");
    write(folder.path(), "d.py", "d = 1\n");
    fs::create_dir(folder.path().join("__pycache__")).expect("a folder");
    symlink("elsewhere", folder.path().join("__pycache__/d.cpython-314.pyc")).expect("a link");
    folder
}

const WARNING: &str = "\"\\d\" is an invalid escape sequence. Such sequences will not work in the future. \
                       Did you mean \"\\\\d\"? A raw string is also an option.";

#[test]
fn compileall_tells_of_each_file_and_of_the_whole() {
    let folder = tree();
    let size = |name: &str| {
        fs::metadata(folder.path().join(format!("__pycache__/{name}.pyc"))).expect("it is there").len()
    };
    let (lines, status) = report(folder.path(), &["compileall", "--json", "."]);
    assert_eq!(status, Some(1));
    let (a, c) = (size("a.cpython-314"), size("c.cpython-314"));
    let refused = "__pycache__/d.cpython-314.pyc is a symlink and will be changed into a regular file if import \
                   writes a byte-compiled file to it";
    let expected = [
        json!({"file": "./a.py", "result": "written", "bytes": a, "diagnostics": []}),
        json!({"file": "./b.py", "result": "failed", "bytes": 0, "diagnostics": [
            {"severity": "error", "kind": "SyntaxError", "message": "'(' was never closed",
             "line": 1, "column": 5, "end_line": 1}]}),
        json!({"file": "./c.py", "result": "written", "bytes": c, "diagnostics": [
            {"severity": "warning", "kind": "SyntaxWarning", "message": WARNING, "line": 2}]}),
        json!({"file": "./d.py", "result": "failed", "bytes": 0, "diagnostics": [
            {"severity": "error", "kind": "FileExistsError", "message": format!("./{refused}")}]}),
        json!({"summary": {"files": 4, "written": 2, "checked": 0, "up_to_date": 0, "failed": 2,
            "source_bytes": 6 + 8 + 15, "bytes_written": a + c}}),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn compileall_tells_results_apart() {
    let folder = tree();
    let results = |args: &[&str]| {
        let (lines, _) = report(folder.path(), &[&["compileall", "--json"], args].concat());
        let results = lines.iter().map(|line| line["result"].as_str().unwrap_or_default().to_owned());
        (results.collect::<Vec<_>>().join(" "), lines.last().expect("a summary")["summary"].clone())
    };
    let (told, summary) = results(&["--check", "a.py", "b.py", "c.py"]);
    assert_eq!(told.trim_end(), "checked failed checked");
    assert_eq!((&summary["checked"], &summary["bytes_written"]), (&json!(2), &json!(0)));
    assert_eq!(results(&["a.py", "c.py"]).0.trim_end(), "written written");
    let (told, summary) = results(&["a.py", "b.py", "c.py"]);
    assert_eq!(told.trim_end(), "up-to-date failed up-to-date");
    assert_eq!((&summary["up_to_date"], &summary["files"]), (&json!(2), &json!(3)));
    // All levels of a file are one line.
    let (told, summary) = results(&["-f", "-o", "0", "-o", "2", "a.py"]);
    assert_eq!(told.trim_end(), "written");
    let levels = ["", ".opt-2"].map(|suffix| {
        fs::read(folder.path().join(format!("__pycache__/a.cpython-314{suffix}.pyc"))).expect("a .pyc").len()
    });
    assert_eq!(summary["bytes_written"], json!(levels[0] + levels[1]));
}

#[test]
fn names_that_are_not_utf8_and_errors_that_are_not_of_syntax_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let name = std::ffi::OsStr::from_bytes(b"odd\xff\n.py");
    fs::write(folder.path().join(name), "if x:\nx\n").expect("a file");
    let (lines, _) = report(folder.path(), &["compileall", "--json", "."]);
    let expected = json!({"file": "./odd\\udcff\n.py", "result": "failed", "bytes": 0, "diagnostics": [
        {"severity": "error", "kind": "IndentationError", "line": 2, "column": 1, "end_line": 2, "end_column": 2,
         "message": "expected an indented block after 'if' statement on line 1"}]});
    assert_eq!(lines[0], expected);
}

#[test]
fn the_closing_line_has_counts_and_rates() {
    let folder = tree();
    let closing = |args: &[&str]| {
        let output = program(folder.path(), &[&["compileall", "-q", "--summary"], args].concat());
        let text = String::from_utf8(output.stderr).expect("UTF-8");
        let line = text.lines().last().expect("a closing line");
        let (counts, rates) = line.split_once(" in ").expect("counts, then rates");
        let words: Vec<&str> = rates.split(' ').collect();
        let [seconds, "s", files, "files/s,", megabytes, "MB/s)"] = words[..] else { panic!("{rates}") };
        let numbers = [seconds, files.trim_start_matches('('), megabytes];
        assert!(numbers.iter().all(|number| number.parse::<f64>().is_ok()), "{rates}");
        counts.to_owned()
    };
    assert_eq!(closing(&["."]), "4 files: 2 written, 2 failed");
    assert_eq!(closing(&["."]), "4 files: 2 up to date, 2 failed");
    assert_eq!(closing(&["--check", "a.py"]), "1 file: 1 checked");
    assert_eq!(closing(&["nothing"]), "0 files");
}

#[test]
fn verify_tells_of_each_file_and_of_the_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    for name in ["a", "b", "c", "d", "e"] {
        write(root, &format!("{name}.py"), "x = 1\n");
    }
    assert!(program(root, &["compileall", "-q", "-o", "1", "."]).status.success());
    write(root, "b.py", "x = 2\n");
    write(root, "c.py", "x = 1  # longer\n");
    fs::remove_file(root.join("d.py")).expect("it was there");
    write(root, "__pycache__/e.cpython-314.opt-1.pyc", "no bytecode");
    let (lines, status) = report(root, &["verify", "--json", ".", "missing"]);
    assert_eq!(status, Some(1));
    let file = |name: &str| format!("./__pycache__/{name}.cpython-314.opt-1.pyc");
    let row = |op: &str, arg: &str| json!({"pyc": op, "source": arg, "differs": op != arg});
    let same = |text: &str| row(text, text);
    let load = |value: u8| format!("   1       LOAD_SMALL_INT           {value}");
    let rows = [
        same("   0       RESUME                   0"),
        row(&load(1), &load(2)),
        same("   1       STORE_NAME               0 (x)"),
        same("   1       LOAD_CONST               1 (None)"),
        same("   1       RETURN_VALUE"),
    ];
    let expected = [
        json!({"file": "missing", "result": "error", "reason": "[Errno 2] No such file or directory"}),
        json!({"file": file("a"), "result": "ok", "source": "./a.py", "level": 1, "filename": "./a.py",
            "identical": true}),
        json!({"file": file("b"), "result": "different", "source": "./b.py",
            "reason": "<module>, line 1: the instruction at offset 2",
            "difference": {"code": "<module>", "line": 1, "rows": rows}}),
        json!({"file": file("c"), "result": "stale", "source": "./c.py",
            "reason": "its source had 6 bytes, and has 16"}),
        json!({"file": file("d"), "result": "no-source", "source": "./d.py", "reason": "there is no ./d.py"}),
        json!({"file": file("e"), "result": "not-pyc", "source": "./e.py",
            "reason": "bad magic number: [6e, 6f, 20, 62]"}),
        json!({"summary": {"files": 6, "ok": 1, "stale": 1, "different": 1, "no_source": 1, "not_pyc": 1,
            "error": 1}}),
    ];
    assert_eq!(lines, expected);
}
