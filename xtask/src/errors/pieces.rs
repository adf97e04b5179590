//! Real programs cut into pieces of about the size of a function.
//!
//! A whole file is mostly far from the change that makes it wrong; pieces let a million programs through in the time
//! of some ten thousand files.

use std::ops::Range;

use pyparser::{Lexer, TokenKind};

/// A source up to this size stays whole, and so does a statement. In bytes.
const WHOLE: usize = 3000;
/// Statements are put together up to this size. In bytes.
const TOGETHER: usize = 900;

/// A logical line.
struct Line {
    /// Where its first physical line begins, in bytes.
    start: usize,
    /// How many blocks it is in.
    level: usize,
    /// The statement on the next line belongs to it.
    is_decorator: bool,
}

/// Cuts a source, which is UTF-8, into pieces that are programs of their own.
pub(super) fn cut(source: &[u8]) -> Vec<Vec<u8>> {
    if source.len() <= WHOLE {
        return vec![source.to_vec()];
    }
    let lines = lines(source);
    let mut pieces = Vec::new();
    cut_block(source, &lines, 0..lines.len(), &mut pieces);
    pieces
}

fn lines(source: &[u8]) -> Vec<Line> {
    let mut lexer = Lexer::new(source, false);
    let (mut lines, mut level, mut at_start) = (Vec::new(), 0, true);
    loop {
        let token = lexer.next_token();
        match token.kind {
            TokenKind::Endmarker | TokenKind::Errortoken => return lines,
            TokenKind::Newline => at_start = true,
            TokenKind::Indent => level += 1,
            TokenKind::Dedent => level -= 1,
            kind if at_start => {
                at_start = false;
                let before = &source[..token.range().start];
                let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1);
                lines.push(Line { start, level, is_decorator: kind == TokenKind::At });
            }
            _ => {}
        }
    }
}

/// Cuts the statements in a range of lines, which are all in the same block or below it.
fn cut_block(source: &[u8], lines: &[Line], range: Range<usize>, pieces: &mut Vec<Vec<u8>>) {
    let text = |range: &Range<usize>| {
        let end = lines.get(range.end).map_or(source.len(), |line| line.start);
        &source[lines[range.start].start..end]
    };
    let mut together: Option<Range<usize>> = None;
    for statement in statements(lines, range) {
        if text(&statement).len() > WHOLE && statement.len() > 1 {
            pieces.extend(together.take().map(|range| program(lines, &range, text(&range))));
            // Its first line of a deeper level begins the body; decorators and the header are left out.
            let level = lines[statement.start].level;
            let body = statement.clone().find(|&line| lines[line].level > level);
            if let Some(body) = body {
                let end = (body..statement.end).find(|&line| lines[line].level == level);
                cut_block(source, lines, body..end.unwrap_or(statement.end), pieces);
            }
            continue;
        }
        let start = together.as_ref().map_or(statement.start, |range| range.start);
        let range = start..statement.end;
        together = Some(range.clone()).filter(|range| text(range).len() <= TOGETHER);
        if together.is_none() {
            pieces.push(program(lines, &range, text(&range)));
        }
    }
    pieces.extend(together.map(|range| program(lines, &range, text(&range))));
}

/// The statements of a block, each with its decorators and all that is below it.
fn statements(lines: &[Line], range: Range<usize>) -> Vec<Range<usize>> {
    let level = lines.get(range.start).map_or(0, |line| line.level);
    let begins = |&at: &usize| {
        let is_decorated = at > range.start && lines[at - 1].is_decorator;
        lines[at].level == level && !is_decorated
    };
    let starts: Vec<usize> = range.clone().filter(begins).collect();
    let ends = starts.iter().skip(1).copied().chain([range.end]);
    starts.iter().zip(ends).map(|(&start, end)| start..end).collect()
}

/// A piece as a program: what is indented needs a block to be in.
fn program(lines: &[Line], range: &Range<usize>, text: &[u8]) -> Vec<u8> {
    let header: &[u8] = if lines[range.start].level > 0 { b"if x:\n" } else { b"" };
    [header, text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_sources_stay_whole() {
        assert_eq!(cut(b"x = 1\n"), [b"x = 1\n"]);
    }

    #[test]
    fn large_classes_are_cut_into_methods() {
        let method =
            |name: &str| format!("    @d\n    def {name}(self):\n        x = '{}'\n", "a".repeat(1000));
        let source = format!("class C:\n{}{}{}y = 1\n", method("f"), method("g"), method("h"));
        let expected: Vec<String> = ["f", "g", "h"].map(|name| format!("if x:\n{}", method(name))).into();
        let pieces: Vec<String> =
            cut(source.as_bytes()).into_iter().map(|piece| String::from_utf8(piece).expect("text")).collect();
        assert_eq!(pieces[..3], expected);
        assert_eq!(pieces[3], "y = 1\n");
    }
}
