//! `pycompile cfg`: what it shows, and that it reads back.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use pycompile::{Compiler, Options};
use pyflowgraph::{Cfg, pass_names};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden");

fn program(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pycompile"));
    command
        .arg("cfg")
        .args(args)
        .current_dir(Path::new(GOLDEN).join("def_add_one"))
        .env_remove("PYTHONOPTIMIZE");
    command.output().expect("the program runs")
}

/// The graphs by the names of their scopes.
fn graphs(args: &[&str]) -> Vec<(String, Cfg)> {
    let output = program(args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let parts = text.split("# ").skip(1).map(|part| part.split_once('\n').expect("a line for the name"));
    parts.map(|(name, graph)| (name.to_owned(), graph.parse().expect("it reads back"))).collect()
}

#[test]
fn a_pass_is_shown_for_each_scope_or_for_one() {
    let all = graphs(&["input.py"]);
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["<module>, line 1", "add_one, line 1"]);
    assert!(all[1].1.to_string().contains("LOAD_FAST_BORROW 0 @2:11-2:12\n"));
    let built = graphs(&["input.py", "--function", "add_one", "--after", "build"]);
    assert!(built.len() == 1 && built[0].1.to_string().contains("LOAD_FAST 0 @2:11-2:12\n"));
    let changes = program(&["input.py", "-f", "add_one", "--changes", "--after", "optimize_load_const"]);
    let changes = String::from_utf8_lossy(&changes.stdout).into_owned();
    assert!(
        changes.ends_with("-   LOAD_CONST 0 @2:15-2:16\n+   LOAD_SMALL_INT 1 @2:15-2:16\n\n"),
        "{changes}"
    );
}

#[test]
fn a_picture_has_a_graph_for_each_scope() {
    let text = String::from_utf8(program(&["input.py", "--dot"]).stdout).expect("UTF-8");
    assert_eq!(text.matches("digraph \"").count(), 2);
    assert!(text.contains("digraph \"add_one\" {\n"));
}

#[test]
fn mistakes_are_told() {
    for (args, status, text) in [
        (
            &["input.py", "-f", "sub_one"][..],
            1,
            "pycompile: there is no 'sub_one'; there are: <module>, add_one\n",
        ),
        (&["input.py", "-f", ""], 1, "pycompile: there is no ''; there are: <module>, add_one\n"),
        (&["missing.py"], 1, "FileNotFoundError: [Errno 2] No such file or directory: 'missing.py'\n"),
        (&["O0.pyc"], 1, "SyntaxError: "),
        (&["input.py", "--after", "dinner"], 2, "error: invalid value 'dinner' for '--after <PASS>'\n"),
    ] {
        let output = program(args);
        let shown = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{shown}");
        assert!(shown.contains(text), "{shown}");
    }
    let names = String::from_utf8(program(&["--passes"]).stdout).expect("UTF-8");
    assert!(names.lines().eq(pass_names()));
}

#[test]
fn every_graph_of_the_golden_files_reads_back() {
    let mut count = 0;
    for entry in fs::read_dir(GOLDEN).expect("golden files") {
        let Ok(source) = fs::read(entry.expect("readable").path().join("input.py")) else { continue };
        let wanted = |pass: &str| matches!(pass, "build" | "push_cold_blocks_to_end" | "optimize_load_fast");
        let units = Compiler::new().trace(&source, "a.py".into(), &Options::default(), &wanted);
        for (pass, graph) in units.expect("golden files compile").iter().flat_map(|unit| &unit.graphs) {
            let text = graph.to_string();
            let again: Cfg = text.parse().unwrap_or_else(|error| panic!("{pass}: {error}\n{text}"));
            assert_eq!(again.to_string(), text);
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}
