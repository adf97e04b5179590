//! A running interpreter: what it says about calls, and which texts it holds.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::call::Call;

/// What an interpreter replies.
pub(crate) struct Replies {
    /// For each text, whether the interpreter has it.
    pub(crate) holds: Vec<bool>,
    /// For each call, the answer in words.
    pub(crate) answers: Vec<String>,
}

/// Asks all at once.
pub(crate) fn ask(python: &Path, texts: &[&str], calls: &[Call]) -> Replies {
    let mut child = Command::new(python)
        .args(["-I", "-c", include_str!("oracle.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the interpreter runs");
    let mut requests = child.stdin.take().expect("piped");
    // The interpreter reads all before it answers.
    requests.write_all(&batch(texts, calls)).expect("the interpreter reads");
    drop(requests);
    let mut replies = String::new();
    child
        .stdout
        .take()
        .expect("piped")
        .read_to_string(&mut replies)
        .expect("the interpreter answers in UTF-8");
    assert!(child.wait().expect("the interpreter ends").success(), "the interpreter failed");
    let mut replies = replies.split_inclusive('\0').map(|reply| reply.trim_end_matches('\0'));
    let holds = texts.iter().map(|_| replies.next().expect("a reply for each text") == "yes").collect();
    let answers = calls.iter().map(|_| replies.next().expect("a reply for each call").to_owned()).collect();
    Replies { holds, answers }
}

fn batch(texts: &[&str], calls: &[Call]) -> Vec<u8> {
    let mut batch = Vec::new();
    for text in texts {
        batch.extend(format!("text {}\n{text}", text.len()).into_bytes());
    }
    for call in calls {
        let (text, errors) = (u8::from(call.is_text), u8::from(call.warnings_are_errors));
        let feature = call.feature_version.map_or(-1, i32::from);
        let (mode, flags, length) = (&call.mode, call.flags(), call.source.len());
        batch.extend(format!("{mode} {flags} {feature} {text} {errors} {length}\n").into_bytes());
        batch.extend_from_slice(&call.source);
    }
    batch
}
