//! Bazel's JSON worker protocol.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::process::{Folder, Worker, flags};

const SERVE: &[&str] = &["worker", "--protocol", "bazel", "--persistent_worker"];

fn request(id: i64, arguments: &[&str]) -> String {
    json!({ "requestId": id, "arguments": arguments }).to_string()
}

fn one_file(id: i64, stem: &str) -> String {
    let (source, target) = (format!("{stem}.py"), format!("{stem}.pyc"));
    request(
        id,
        &["--src", &source, "--src_name", &source, "--pyc", &target, "--invalidation_mode", "CHECKED_HASH"],
    )
}

fn answer(worker: &Worker) -> Value {
    serde_json::from_str(&worker.answer()).expect("an answer is JSON")
}

/// Answers by the id of the request; each id is answered once.
fn answers(worker: &Worker, count: usize) -> BTreeMap<i64, Value> {
    let by_id = |answer: Value| (answer["requestId"].as_i64().expect("an id"), answer);
    let answers: BTreeMap<i64, Value> = (0..count).map(|_| by_id(answer(worker))).collect();
    assert_eq!(answers.len(), count, "an id was answered twice: {answers:?}");
    answers
}

#[test]
fn a_request_is_done_before_it_is_answered() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    worker.say(one_file(0, "a"));
    assert_eq!(answer(&worker), json!({ "exitCode": 0, "requestId": 0 }));
    let pyc = fs::read(folder.path("a.pyc")).expect("it is there");
    assert_eq!(flags(&pyc), 3);
    assert_eq!(pyc[16..], folder.compiled("a")[16..]);
    let (rest, errors, status) = worker.finish();
    assert!(rest.is_empty() && errors.is_empty() && status.success(), "{rest:?} {errors} {status}");
}

#[test]
fn all_arguments_of_the_precompiler_are_understood() {
    let folder = Folder::new(&[("a.py", "assert a\n"), ("b.py", "'b'\n")]);
    fs::write(folder.path("more"), "--pyc\nout/b.pyc\n--optimize=2\n@deeper\n").expect("a file");
    fs::write(folder.path("deeper"), "--python_version\n3.14\n").expect("a file");
    let mut worker = Worker::start(
        folder.root(),
        &[SERVE, &["--worker_impl", "serial", "--log_level=INFO"]].concat(),
        &[],
    );
    let arguments = ["--src=a.py", "--src_name", "pkg/a b.py", "--pyc", "out/a.pyc"];
    let more = ["--src", "b.py", "--src_name", "-b.py", "--invalidation_mode", "unchecked_hash", "@more"];
    worker.say(request(3, &[&arguments[..], &more].concat()));
    // A value that looks like an option is none, as for argparse, unless it is bound to its option.
    assert_eq!(answer(&worker)["exitCode"], json!(2));
    let more = more.map(|word| if word == "-b.py" { "b.py" } else { word });
    worker.say(request(4, &[&arguments[..], &more].concat()));
    assert_eq!(answer(&worker), json!({ "exitCode": 0, "requestId": 4 }));
    let (a, b) = (
        fs::read(folder.path("out/a.pyc")).expect("a.pyc"),
        fs::read(folder.path("out/b.pyc")).expect("b.pyc"),
    );
    assert_eq!([flags(&a), flags(&b)], [1, 1]);
    let holds = |pyc: &[u8], text: &str| pyc.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds(&a, "pkg/a b.py") && !holds(&a, "AssertionError"));
}

#[test]
fn many_requests_at_once_are_each_answered() {
    const COUNT: i64 = 200;
    let folder = Folder::new(&[("bad.py", "x = (\n")]);
    for id in 1..=COUNT {
        fs::write(folder.path(format!("m{id}.py")), format!("x = {id}\n")).expect("a file");
    }
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    for id in 1..=COUNT {
        worker.say(if id % 10 == 0 { one_file(id, "bad") } else { one_file(id, &format!("m{id}")) });
    }
    for (id, answer) in answers(&worker, COUNT as usize) {
        assert_eq!(answer["exitCode"], json!(i32::from(id % 10 == 0)), "{answer}");
        assert_eq!(folder.path(format!("m{id}.pyc")).exists(), id % 10 != 0);
    }
}

#[test]
fn requests_without_an_id_are_taken_in_turn() {
    let folder = Folder::new(&[]);
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    for number in 0..40 {
        worker.say(request(0, &[&format!("--bogus{number}")]));
    }
    for number in 0..40 {
        let answer = answer(&worker);
        assert!(
            answer["output"].as_str().is_some_and(|text| text.contains(&format!("--bogus{number}'"))),
            "{answer}"
        );
    }
}

#[test]
fn a_bad_request_is_answered_and_the_worker_goes_on() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    for (line, id, exit_code) in [
        (r#"{"requestId": 1, "argum"#, 0, 3),
        ("[1]", 0, 3),
        ("\u{fffd}\0", 0, 3),
        (r#"{"requestId": 2, "arguments": "--src"}"#, 2, 3),
        (r#"{"requestId": {}, "arguments": []}"#, 0, 3),
        (r#"{"requestId": 3}"#, 3, 2),
        (r#"{"requestId": 4, "arguments": ["--bogus"]}"#, 4, 2),
        (r#"{"requestId": 5, "arguments": ["--src", "a.py"]}"#, 5, 2),
        (r#"{"requestId": 6, "arguments": ["@missing"]}"#, 6, 2),
        (
            r#"{"requestId": 7, "arguments": ["--src", "a.py", "--src_name", "a", "--pyc", "a.pyc", "--optimize", "x"]}"#,
            7,
            2,
        ),
        (
            r#"{"requestId": 8, "arguments": ["--src", "a.py", "--src_name", "a", "--pyc", "a.pyc", "--invalidation_mode", "x"]}"#,
            8,
            2,
        ),
        (
            r#"{"requestId": 9, "arguments": ["--src", "a.py", "--src_name", "a", "--pyc", "a.pyc", "--python_version", "3.12"]}"#,
            9,
            2,
        ),
        (
            r#"{"requestId": 10, "arguments": ["--src", "none.py", "--src_name", "a", "--pyc", "a.pyc"]}"#,
            10,
            1,
        ),
        (
            r#"{"requestId": 11, "arguments": ["--src", "a.py", "--src_name", "a", "--pyc", "a.py/a.pyc"]}"#,
            11,
            1,
        ),
        (
            r#"{"requestId": 13, "arguments": ["--src", "a\u0000.py", "--src_name", "a", "--pyc", "a.pyc"]}"#,
            13,
            1,
        ),
        (r#"{"requestId": 14, "arguments": ["\ud800"]}"#, 0, 3),
        (r#"{"requestId": 1e400}"#, 0, 3),
        (r#"{"requestId": 15} {"requestId": 16}"#, 0, 3),
        (r#"{"requestId": 17, "cancel": "yes"}"#, 17, 3),
        (r#"{"requestId": 18, "sandboxDir": 1}"#, 18, 3),
        (
            r#"{"requestId": 12, "arguments": ["--src", "a.py", "--src_name", "a", "--pyc", "a.pyc", "--optimize", "9"]}"#,
            12,
            1,
        ),
    ] {
        worker.say(line);
        let answer = answer(&worker);
        assert_eq!(
            (&answer["requestId"], &answer["exitCode"]),
            (&json!(id), &json!(exit_code)),
            "{line}: {answer}"
        );
        assert!(answer["output"].as_str().is_some_and(|text| text.ends_with('\n')), "{answer}");
    }
    fs::write(folder.path("loop"), "@loop\n@loop\n").expect("a file");
    worker.say(request(20, &["@loop"]));
    assert_eq!(answer(&worker)["exitCode"], json!(2));
    assert!(!folder.path("a.pyc").exists());
    worker.say(format!("\n\r\n  \n{}", one_file(21, "a")));
    assert_eq!(answer(&worker), json!({ "exitCode": 0, "requestId": 21 }));
    assert!(worker.finish().2.success());
}

#[test]
fn what_the_user_is_to_see_is_in_the_answer() {
    let folder = Folder::new(&[("bad.py", "x = (\n"), ("w.py", "'\\d'\n")]);
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    worker.say(one_file(1, "bad"));
    let text = "  File \"bad.py\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never closed\n";
    assert_eq!(answer(&worker), json!({ "exitCode": 1, "requestId": 1, "output": text }));
    worker.say(one_file(2, "w"));
    let warned = answer(&worker);
    assert_eq!(warned["exitCode"], json!(0));
    assert!(
        warned["output"].as_str().is_some_and(|text| text.starts_with("w.py:1: SyntaxWarning: ")),
        "{warned}"
    );
    let mut loud: Value = serde_json::from_str(&one_file(3, "w")).expect("JSON");
    loud["verbosity"] = json!(10);
    worker.say(loud.to_string());
    assert_eq!(answer(&worker)["exitCode"], json!(0));
    let (_, log, _) = worker.finish();
    assert!(log.starts_with("request 3: ") && log.lines().count() == 1, "{log}");
}

#[test]
fn paths_are_relative_to_the_sandbox() {
    let folder = Folder::new(&[]);
    fs::create_dir_all(folder.path("box/1")).expect("a folder");
    fs::write(folder.path("box/1/a.py"), "a = 1\n").expect("a file");
    fs::write(folder.path("box/1/flags"), "--src\na.py\n--src_name\na.py\n--pyc\na.pyc\n").expect("a file");
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    worker.say(json!({ "requestId": 1, "arguments": ["@flags"], "sandboxDir": "box/1" }).to_string());
    assert_eq!(answer(&worker), json!({ "exitCode": 0, "requestId": 1 }));
    assert!(folder.path("box/1/a.pyc").exists() && !folder.path("a.pyc").exists());
}

#[test]
fn a_cancelled_request_is_answered_once_and_stops() {
    const FILES: usize = 3000;
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let targets: Vec<String> = (0..FILES).map(|number| format!("{number}.pyc")).collect();
    let arguments: Vec<&str> =
        targets.iter().flat_map(|target| ["--src", "a.py", "--src_name", "a.py", "--pyc", target]).collect();
    for id in [7, 0] {
        let mut worker = Worker::start(folder.root(), SERVE, &[]);
        worker.say(request(id, &arguments));
        worker.say(json!({ "requestId": id, "cancel": true }).to_string());
        assert_eq!(answer(&worker), json!({ "exitCode": 0, "requestId": id, "wasCancelled": true }));
        let written = || targets.iter().filter(|target| folder.path(target).exists()).count();
        let after_answer = written();
        assert!(after_answer < FILES);
        // Neither a second time nor what is done nor what never was.
        for other in [id, id + 1] {
            worker.say(json!({ "requestId": other, "cancel": true }).to_string());
        }
        worker.say(one_file(id, "a"));
        assert_eq!(answer(&worker), json!({ "exitCode": 0, "requestId": id }));
        let (rest, _, status) = worker.finish();
        assert!(rest.is_empty() && status.success(), "{rest:?} {status}");
        assert_eq!(written(), after_answer, "after its answer no file is touched");
        targets.iter().for_each(|target| drop(fs::remove_file(folder.path(target))));
    }
}

#[test]
fn an_id_that_is_in_use_is_refused() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let many = ["--src", "a.py", "--src_name", "a.py", "--pyc", "a.pyc"].repeat(3000);
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    worker.say(request(1, &many));
    worker.say(one_file(1, "a"));
    let mut codes: Vec<_> = (0..2).map(|_| answer(&worker)["exitCode"].as_i64()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(3)]);
}

#[test]
fn at_the_end_of_input_everything_is_finished_and_answered() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut worker = Worker::start(folder.root(), SERVE, &[]);
    for id in 1..=30 {
        worker.say(one_file(id, "a"));
    }
    worker.say_raw(one_file(31, "a").as_bytes());
    let (rest, _, status) = worker.finish();
    assert_eq!((rest.len(), status.code()), (31, Some(0)));
}

#[test]
fn when_nobody_reads_the_answers_the_worker_ends() {
    let folder = Folder::new(&[("a.py", "a = 1\n")]);
    let mut worker = Worker::start_deaf(folder.root(), SERVE);
    worker.say(one_file(1, "a"));
    let (_, errors, status) = worker.finish();
    assert_eq!((errors.as_str(), status.code()), ("", Some(1)));
    assert!(folder.path("a.pyc").exists());
}

#[test]
fn without_the_flag_it_is_one_action() {
    let folder = Folder::new(&[("a.py", "a = 1\n"), ("bad.py", "x = (\n")]);
    fs::write(folder.path("flags"), "--src\na.py\n--src_name\na.py\n--pyc\na.pyc\n").expect("a file");
    let run = |arguments: &[&str]| {
        let (out, errors, status) = Worker::start(folder.root(), arguments, &[]).finish();
        assert!(out.is_empty(), "{out:?}");
        (errors, status.code())
    };
    assert_eq!(run(&["worker", "--protocol", "bazel", "@flags"]), (String::new(), Some(0)));
    assert!(folder.path("a.pyc").exists());
    // By the name of rules_python's script, as with an interpreter.
    let bad = ["--src", "bad.py", "--src_name", "bad.py", "--pyc", "bad.pyc"];
    let (errors, code) = run(&[&["tools/precompiler.py"], &bad[..]].concat());
    assert!(errors.ends_with("SyntaxError: '(' was never closed\n"), "{errors}");
    assert_eq!(code, Some(1));
    let (errors, code) = run(&["worker", "--protocol", "bazel", "--src", "a.py"]);
    assert_eq!((errors.lines().count(), code), (1, Some(2)), "{errors}");
}
