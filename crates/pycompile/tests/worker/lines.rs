//! The protocol of mamba's `compile_pyc.py`.

use std::fs;

use crate::process::{Folder, Worker};

const LINES: &[&str] = &["worker", "--protocol", "lines"];

fn start(folder: &Folder) -> Worker {
    Worker::start(folder.root(), LINES, &[])
}

#[test]
fn a_list_is_compiled_and_nothing_said() {
    let names: Vec<String> = (0..50).map(|number| format!("m{number}")).collect();
    let folder = Folder::new(&[]);
    for name in &names {
        fs::write(folder.path(format!("{name}.py")), format!("name = {name:?}\n")).expect("a file");
    }
    let mut worker = start(&folder);
    names.iter().for_each(|name| worker.say(format!("{name}.py")));
    worker.finish_silently();
    for name in &names {
        assert_eq!(folder.cached(name), Some(folder.compiled(name)), "{name}");
    }
}

#[test]
fn errors_come_in_the_order_of_the_list_for_each_number_of_threads() {
    let slow = "x = [\n".to_owned() + &"    1,\n".repeat(20_000) + "]]\n";
    let folder =
        Folder::new(&[("slow.py", &slow), ("bad.py", "x = (\n"), ("a.py", "a = 1\n"), ("w.py", "'\\d'\n")]);
    let text = |threads: &str| {
        let mut worker = Worker::start(folder.root(), LINES, &[("MAMBA_EXTRACT_THREADS", threads)]);
        for name in ["slow.py", "bad.py", "w.py", "missing.py", "bad.py", "a.py"] {
            worker.say(name);
        }
        let (answers, errors, status) = worker.finish();
        assert_eq!(status.code(), Some(1));
        assert!(errors.starts_with("w.py:1: SyntaxWarning: "), "{errors}");
        fs::remove_dir_all(folder.path("__pycache__")).expect("it is there");
        answers.join("\n")
    };
    let one = text("1");
    let bad = "*** Error compiling 'bad.py'...\n  File \"bad.py\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never closed\n";
    assert!(one.starts_with("*** Error compiling 'slow.py'...\n"), "{one}");
    assert_eq!(one.matches(bad).count(), 2, "{one}");
    assert_eq!(one, text("4"));
    assert_eq!(one, text("-1"));
}

#[test]
fn an_empty_line_ends_the_list() {
    let folder = Folder::new(&[("a.py", "a = 1\n"), ("b.py", "b = 1\n")]);
    let mut worker = start(&folder);
    worker.say("a.py\n\nb.py");
    let (_, _, status) = worker.finish();
    assert!(status.success());
    assert!(folder.cached("a").is_some() && folder.cached("b").is_none());
}

#[test]
fn paths_that_are_none_are_passed_over_and_arguments_refused() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut worker = start(&folder);
    worker.say(b"missing.py\na\0.py\n\xFF\n/\na.py/\na.py/b.py\n--help\na.py");
    worker.finish_silently();
    assert!(folder.cached("a").is_some());
    let worker = Worker::start(folder.root(), &[LINES, &["a.py"]].concat(), &[]);
    let (_, errors, status) = worker.finish();
    assert_eq!(errors, "pycompile: paths come on standard input, not as arguments: 'a.py'\n");
    assert_eq!(status.code(), Some(2));
}

#[test]
fn warnings_are_those_of_the_interpreter_that_it_stands_in_for() {
    let folder = Folder::new(&[("w.py", "'\\d'\n")]);
    // `-i -` is what mamba starts an interpreter with that has no script for it.
    let mut worker = Worker::start(folder.root(), &["-Wi", "-m", "compileall", "-q", "-l", "-i", "-"], &[]);
    worker.say("w.py");
    worker.finish_silently();
    assert!(folder.cached("w").is_some());
}

#[test]
fn when_nobody_reads_the_errors_the_worker_ends() {
    let folder = Folder::new(&[("bad.py", "x = (\n")]);
    let mut worker = Worker::start_deaf(folder.root(), LINES);
    worker.say("bad.py");
    let (_, errors, status) = worker.finish();
    assert_eq!((errors.as_str(), status.code()), ("", Some(1)));
}
