//! The messages: `WorkRequest` and `WorkResponse` of Bazel's `worker_protocol.proto`, in protobuf's JSON form.
//!
//! A field that is missing or null has its default; one that is not known is passed over.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::worker::input::Line;

/// What Bazel sends.
pub(super) enum Message {
    Work(Request),
    Cancel { id: i64 },
}

/// A request for work.
pub(super) struct Request {
    /// 0 where requests are sent one at a time.
    pub(super) id: i64,
    pub(super) arguments: Vec<OsString>,
    /// What the paths are relative to, if not to the current directory.
    pub(super) sandbox: Option<String>,
    pub(super) verbosity: i64,
}

/// A line that is no request, with as much of an id as it has.
pub(super) struct Malformed {
    pub(super) id: i64,
    pub(super) text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WorkRequest {
    arguments: Option<Vec<String>>,
    cancel: Option<bool>,
    verbosity: Option<i64>,
    sandbox_dir: Option<String>,
}

/// A message of a line; nothing on a blank one.
pub(super) fn parse(line: Line) -> Result<Option<Message>, Malformed> {
    let malformed = |id, why: String| Malformed { id, text: format!("malformed request: {why}\n") };
    let Line::Text(line) = line else { return Err(malformed(0, "too long".to_owned())) };
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let value: Value = serde_json::from_slice(&line).map_err(|error| malformed(0, error.to_string()))?;
    if !value.is_object() {
        return Err(malformed(0, "not an object".to_owned()));
    }
    let id = id(value.get("requestId")).ok_or_else(|| malformed(0, "requestId is no number".to_owned()))?;
    let request: WorkRequest =
        serde_json::from_value(value).map_err(|error| malformed(id, error.to_string()))?;
    if request.cancel == Some(true) {
        return Ok(Some(Message::Cancel { id }));
    }
    Ok(Some(Message::Work(Request {
        id,
        arguments: request.arguments.unwrap_or_default().into_iter().map(OsString::from).collect(),
        sandbox: request.sandbox_dir.filter(|dir| !dir.is_empty()),
        verbosity: request.verbosity.unwrap_or(0),
    })))
}

/// Protobuf takes a number in quotes too.
fn id(value: Option<&Value>) -> Option<i64> {
    match value {
        None | Some(Value::Null) => Some(0),
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.parse().ok(),
        Some(_) => None,
    }
}

/// `WorkResponse`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    exit_code: i32,
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    request_id: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    was_cancelled: bool,
}

impl Answer {
    /// What is shown to the user is `output`: warnings and errors.
    pub(super) fn new(request_id: i64, exit_code: i32, output: String) -> Self {
        Answer { exit_code, output, request_id, was_cancelled: false }
    }

    pub(super) fn cancelled(request_id: i64) -> Self {
        Answer { exit_code: 0, output: String::new(), request_id, was_cancelled: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Option<Message>, Malformed> {
        parse(Line::Text(text.as_bytes().to_vec()))
    }

    #[test]
    fn missing_fields_have_defaults_and_unknown_ones_are_passed_over() {
        let Ok(Some(Message::Work(request))) =
            parsed(r#"{"arguments":["--src","a"],"inputs":[{"path":"a","digest":"x"}],"new":1}"#)
        else {
            panic!("a request")
        };
        assert_eq!((request.id, request.verbosity, request.sandbox), (0, 0, None));
        assert_eq!(request.arguments, ["--src", "a"]);
    }

    #[test]
    fn a_cancellation_needs_an_id_alone() {
        assert!(matches!(parsed(r#"{"requestId":"7","cancel":true}"#), Ok(Some(Message::Cancel { id: 7 }))));
        assert!(matches!(parsed(" \r"), Ok(None)));
    }

    #[test]
    fn what_is_malformed_keeps_its_id() {
        let id = |text: &str| parsed(text).err().map(|malformed| malformed.id);
        assert_eq!(id(r#"{"requestId":9,"arguments":"no list"}"#), Some(9));
        assert_eq!(id("{"), Some(0));
        assert_eq!(id("[]"), Some(0));
        assert_eq!(id(r#"{"requestId":[]}"#), Some(0));
    }
}
