//! The protocol of uv's `pip_compileall.py`.

use std::fs;

use crate::process::{Folder, Worker, flags};

const UV: &[&str] = &["worker", "--protocol", "uv"];

/// A worker that has greeted.
fn start(folder: &Folder) -> Worker {
    let worker = Worker::start(folder.root(), UV, &[]);
    assert_eq!(worker.answer(), "Ready");
    worker
}

#[test]
fn each_path_is_compiled_and_echoed() {
    let folder = Folder::new(&[("a.py", "a = 1\n"), ("b.py", "def b(): pass\n")]);
    let mut worker = start(&folder);
    for name in ["a", "b"] {
        assert_eq!(folder.cached(name), None);
        worker.say(format!("{name}.py"));
        assert_eq!(worker.answer(), format!("{name}.py"));
        assert_eq!(folder.cached(name).as_ref(), Some(&folder.compiled(name)), "it is there with the echo");
    }
    worker.finish_silently();
}

#[test]
fn it_stands_in_for_the_interpreter_that_uv_starts() {
    let folder = Folder::new(&[("a.py", "a = 1\n"), ("pip_compileall.py", "raise SystemExit\n")]);
    let script = folder.path("pip_compileall.py");
    let mut worker =
        Worker::start(folder.root(), &[script.to_str().expect("UTF-8")], &[("PYTHONUNBUFFERED", "1")]);
    assert_eq!(worker.answer(), "Ready");
    let path = folder.path("a.py").display().to_string();
    worker.say(&path);
    assert_eq!(worker.answer(), path);
    assert!(folder.cached("a").is_some());
}

#[test]
fn what_cannot_be_compiled_is_echoed_and_nothing_is_said() {
    let files = [
        ("bad.py", "x = (\n"),
        ("nul.py", "x\0"),
        ("warns.py", "x = '\\d'\n"),
        ("text.txt", "x"),
        ("a.py", "a = 1\n"),
    ];
    let folder = Folder::new(&files);
    fs::create_dir(folder.path("folder.py")).expect("a folder");
    fs::create_dir(folder.path("__pycache__")).expect("a folder");
    // A `.pyc` that is no regular file is refused.
    std::os::unix::fs::symlink("elsewhere", folder.path("__pycache__/nul.cpython-314.pyc")).expect("a link");
    let mut worker = start(&folder);
    for name in ["bad.py", "nul.py", "warns.py", "text.txt", "missing.py", "folder.py", "a\0.py", "a.py"] {
        worker.say(name);
        assert_eq!(worker.answer(), name);
    }
    worker.finish_silently();
    assert!(
        folder.cached("bad").is_none() && folder.cached("warns").is_some() && folder.cached("a").is_some()
    );
}

#[test]
fn paths_are_stripped_and_blank_lines_passed_over() {
    let folder = Folder::new(&[("a b.py", "a = 1\n")]);
    let mut worker = start(&folder);
    worker.say("\n  \t\r\n \u{3000}a b.py \r");
    assert_eq!(worker.answer(), "a b.py");
    assert!(folder.cached("a b").is_some());
    worker.finish_silently();
}

#[test]
fn the_last_path_needs_no_newline() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut worker = Worker::start(folder.root(), UV, &[]);
    worker.say_raw(b"a.py");
    let (answers, _, status) = worker.finish();
    assert_eq!(answers, ["Ready", "a.py"]);
    assert!(status.success() && folder.cached("a").is_some());
}

#[test]
fn the_mode_comes_from_the_environment() {
    for (variables, wanted) in [
        (&[][..], 0),
        (&[("PYC_INVALIDATION_MODE", "TIMESTAMP")], 0),
        (&[("PYC_INVALIDATION_MODE", "CHECKED_HASH")], 3),
        (&[("PYC_INVALIDATION_MODE", "UNCHECKED_HASH")], 1),
        (&[("SOURCE_DATE_EPOCH", "0")], 3),
        (&[("SOURCE_DATE_EPOCH", "0"), ("PYC_INVALIDATION_MODE", "TIMESTAMP")], 0),
    ] {
        let folder = Folder::new(&[("a.py", "a = 1\n")]);
        // What is up to date by its time is in the way of no hash.
        let kept = folder.compiled("a");
        folder.cache("a", &kept);
        let mut worker = Worker::start(folder.root(), UV, variables);
        worker.say("a.py");
        let (answers, _, status) = worker.finish();
        assert_eq!(answers, ["Ready", "a.py"]);
        assert!(status.success());
        assert_eq!(flags(&folder.cached("a").expect("a .pyc")), wanted, "{variables:?}");
    }
}

#[test]
fn a_mode_that_does_not_exist_ends_the_worker_after_its_greeting() {
    for mode in ["timestamp", ""] {
        let folder = Folder::new(&[]);
        let worker = Worker::start(folder.root(), UV, &[("PYC_INVALIDATION_MODE", mode)]);
        let (answers, errors, status) = worker.finish();
        assert_eq!(answers, ["Ready"]);
        assert_eq!(status.code(), Some(1));
        // The text of uv's script with CPython 3.14, trailing space and all.
        let valid = r#""TIMESTAMP", "CHECKED_HASH", "UNCHECKED_HASH""#;
        assert_eq!(
            errors,
            format!("Invalid value for PYC_INVALIDATION_MODE \"{mode}\", valid are {valid}: \n")
        );
    }
}

#[test]
fn an_up_to_date_file_is_left_alone() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut marked = folder.compiled("a");
    marked.push(b'!');
    folder.cache("a", &marked);
    let mut worker = start(&folder);
    worker.say("a.py");
    assert_eq!(worker.answer(), "a.py");
    worker.finish_silently();
    assert_eq!(folder.cached("a"), Some(marked));
}

#[test]
fn when_nobody_reads_the_echo_the_worker_ends() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut worker = Worker::start_deaf(folder.root(), UV);
    // The write that finds the pipe closed may be the second.
    let _ = worker.try_say("a.py").and_then(|()| worker.try_say("a.py"));
    let (_, errors, status) = worker.finish();
    assert_eq!((errors.as_str(), status.code()), ("", Some(1)));
}

#[test]
fn what_is_staged_is_compiled_as_if_it_lay_where_it_will() {
    let folder = Folder::new(&[("a.py", "raise SystemExit\n"), ("pip_compileall.py", "")]);
    fs::create_dir(folder.path("staged")).expect("a folder");
    fs::write(folder.path("staged/m.py"), "def f(): pass\n").expect("a file");
    let (script, staged) = (folder.path("pip_compileall.py"), folder.path("staged"));
    let path = |path: &std::path::Path| path.to_str().expect("UTF-8").to_owned();
    let (script, source) = (path(&script), path(&folder.path("staged/m.py")));
    let pyc = folder.path("staged/__pycache__/m.cpython-314.pyc");
    let compile = |arguments: &[&str], env: &[(&str, &str)]| {
        let mut worker = Worker::start(folder.root(), arguments, env);
        worker.say(&source);
        let (answers, errors, status) = worker.finish();
        assert_eq!((answers, errors.as_str()), (vec!["Ready".to_owned(), source.clone()], ""));
        assert!(status.success());
        fs::read(&pyc).expect("a .pyc")
    };
    let plain = compile(&[&script], &[]);
    // What is up to date has the wrong path, and is made anew.
    let moved = compile(&[&script, &path(&staged), "/final//x/../lib/"], &[]);
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has(&plain, &source) && !has(&moved, &source));
    assert!(has(&moved, "/final/lib/m.py"));
    assert!(has(&compile(&[UV, &[&path(folder.root()), "lib"]].concat(), &[]), "lib/staged/m.py"));
}

#[test]
fn what_is_not_staged_ends_the_worker() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let source = folder.path("a.py").to_str().expect("UTF-8").to_owned();
    for (arguments, path, why) in [
        (&["/elsewhere", "/final"][..], source.as_str(), "bytecode source is outside the staged directory"),
        (&["/elsewhere", "/final"], "a.py", "no path specified"),
        (&["/elsewhere"], &source, "two folders were expected, not 1"),
    ] {
        let mut worker = Worker::start(folder.root(), &[UV, arguments].concat(), &[]);
        let _ = worker.try_say(path);
        let (answers, errors, status) = worker.finish();
        assert_eq!(answers, ["Ready"]);
        assert_eq!((errors, status.code()), (format!("ValueError: {why}\n"), Some(1)));
        assert!(folder.cached("a").is_none());
    }
}

/// A worker lives as long as the build: it does not keep what one large file took.
#[test]
#[cfg(target_os = "linux")]
fn memory_of_a_large_file_is_given_back() {
    let large: String = (0..200_000).map(|i| format!("a{i} = b{i} + {i}\n")).collect();
    let folder = Folder::new(&[("large.py", &large)]);
    let mut worker = start(&folder);
    worker.say("large.py");
    assert_eq!(worker.answer(), "large.py");
    assert!(folder.cached("large").is_some());
    let (now, peak) = worker.memory();
    assert!(peak > 200_000 && now < 100_000, "{now} KiB of {peak} KiB");
}
