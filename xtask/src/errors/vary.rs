//! The same source in another mode, with other flags, for an older version of Python.

use pycode::PyStr;
use pycompile::compile_flags::{
    ALLOW_INCOMPLETE_INPUT, ALLOW_TOP_LEVEL_AWAIT, DONT_IMPLY_DEDENT, ONLY_AST, TYPE_COMMENTS,
};

use super::oracle::Call;
use crate::random::Random;

/// A call with other arguments than its source. What is no module is mostly a single line of it.
pub(super) fn vary(call: Call, random: &mut Random) -> Call {
    let mode = random.pick(&["exec", "exec", "eval", "single", "single", "func_type"]).to_owned();
    let mut flags = if mode == "func_type" { ONLY_AST } else { 0 };
    for flag in [ALLOW_INCOMPLETE_INPUT, ALLOW_TOP_LEVEL_AWAIT, DONT_IMPLY_DEDENT, ONLY_AST, TYPE_COMMENTS] {
        flags |= if random.one_in(3) { flag } else { 0 };
    }
    // Only `ast.parse` heeds a version.
    let is_old = flags & ONLY_AST != 0 && random.one_in(2);
    let feature_version = if is_old { 4 + random.below(11) as i32 } else { -1 };
    let source = if mode == "exec" || random.one_in(3) { call.source } else { line(&call.source, random) };
    // A change may have cut a character in two: then there is no text.
    let is_text = random.one_in(2) && PyStr::try_from_wtf8(&source).is_some();
    Call { mode, flags, feature_version, is_text, source }
}

/// A line of a source, most times without its newline, or all from there on.
fn line(source: &[u8], random: &mut Random) -> Vec<u8> {
    let lines: Vec<&[u8]> = source.split_inclusive(|&byte| byte == b'\n').collect();
    let at = random.below(lines.len());
    let end = if random.one_in(2) { lines.len() } else { at + 1 };
    let text = lines.get(at..end).unwrap_or_default().concat();
    let text = if random.one_in(2) { text.trim_ascii() } else { &text };
    let text = if random.one_in(2) { text.trim_ascii_end() } else { text };
    text.to_vec()
}
