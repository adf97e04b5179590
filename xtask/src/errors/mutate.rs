//! Programs made wrong at random, one small change each.

use pyparser::{Lexer, TokenKind};

use crate::random::Random;

/// Tokens to put in.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ";",
    "=",
    "==",
    ":=",
    "->",
    ".",
    "...",
    "@",
    "*",
    "**",
    "/",
    "+",
    "-",
    "~",
    "!",
    "!=",
    "<>",
    "|",
    "not",
    "if",
    "else",
    "elif",
    "for",
    "in",
    "is",
    "and",
    "or",
    "lambda",
    "yield",
    "await",
    "async",
    "return",
    "import",
    "from",
    "as",
    "class",
    "def",
    "del",
    "pass",
    "raise",
    "try",
    "except",
    "finally",
    "while",
    "with",
    "global",
    "nonlocal",
    "assert",
    "break",
    "continue",
    "None",
    "True",
    "False",
    "match",
    "case",
    "type",
    "_",
    "print",
    "exec",
    "x",
    "1",
    "1.5",
    "2j",
    "'s'",
    "b'b'",
    "f'{x}'",
    "t'{x}'",
    "f'{x!r:>{y}}'",
    "+=",
    "\n",
    "\n    ",
    "\n  ",
    "\\",
    "\\\n",
    "#",
    "\t",
    "is 1",
    "1 is",
    "'s'()",
    "(1, 2)[x]",
    "assert (x, 1)",
    "'\\d'",
    "b'\\8'",
    "f'\\d{x}\\{y}'",
    "'\\777'",
    "1if",
    "0x1for",
    "nonlocal x",
    "global x",
    "__debug__",
    "*x",
    "**x",
    "x=1",
    "yield from",
    "async for",
    "else:",
    "finally:",
    "except*",
    "from __future__ import",
    "# coding: latin-1\n",
];

/// Characters to put in.
const CHARACTERS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", ":", ",", ";", "=", ".", "'", "\"", "\\", " ", "\n", "\t", "a", "f", "0",
    "_", "#", "$", "?", "!", "`", "@", "*", "-", "e", "x", "j", "é", "λ", "€", "\u{a0}", "\u{200b}", "😀",
    "'''", "\"\"\"", "\u{c}", "\r", "\\d", "\\N{", "\u{feff}", "%", "<", ">", "0x", "1_", "J", "\0",
];

/// A source with one random change.
pub(crate) fn mutate(source: &[u8], random: &mut Random) -> Vec<u8> {
    // The lexer takes text only.
    let tokens = if std::str::from_utf8(source).is_ok() { tokens(source) } else { Vec::new() };
    if tokens.len() < 4 || random.below(3) == 0 {
        return mutate_character(source, random);
    }
    mutate_token(source, &tokens, random)
}

/// The ranges of all tokens that have text.
fn tokens(source: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut lexer = Lexer::new(source, false);
    let mut ranges = Vec::new();
    loop {
        let token = lexer.next_token();
        if matches!(token.kind, TokenKind::Endmarker | TokenKind::Errortoken) {
            return ranges;
        }
        if !token.range().is_empty() {
            ranges.push(token.range());
        }
    }
}

fn mutate_token(source: &[u8], tokens: &[std::ops::Range<usize>], random: &mut Random) -> Vec<u8> {
    let at = random.below(tokens.len() - 1);
    let (token, next) = (tokens[at].clone(), tokens[at + 1].clone());
    let other = match random.below(2) {
        0 => random.pick(TOKENS).as_bytes(),
        _ => &source[tokens[random.below(tokens.len())].clone()],
    };
    match random.below(6) {
        0 => splice(source, token, b""),
        1 => splice(source, token.clone(), &[&source[token.clone()], b" ", &source[token]].concat()),
        2 if token.end <= next.start => {
            let between = &source[token.end..next.start];
            let swapped = [&source[next.clone()], between, &source[token.clone()]].concat();
            splice(source, token.start..next.end, &swapped)
        }
        3 => splice(source, token, other),
        _ => splice(source, token.start..token.start, &[other, b" "].concat()),
    }
}

fn mutate_character(source: &[u8], random: &mut Random) -> Vec<u8> {
    let starts: Vec<usize> = (0..source.len()).filter(|&at| source[at] & 0xC0 != 0x80).collect();
    if starts.len() < 3 {
        return splice(source, 0..0, random.pick(CHARACTERS).as_bytes());
    }
    let at = random.below(starts.len() - 2);
    let (start, middle, end) = (starts[at], starts[at + 1], starts[at + 2]);
    match random.below(5) {
        0 => splice(source, start..middle, b""),
        1 => splice(source, start..start, &source[start..middle]),
        2 => splice(source, start..end, &[&source[middle..end], &source[start..middle]].concat()),
        3 => splice(source, start..middle, random.pick(CHARACTERS).as_bytes()),
        _ => splice(source, start..start, random.pick(CHARACTERS).as_bytes()),
    }
}

fn splice(source: &[u8], range: std::ops::Range<usize>, text: &[u8]) -> Vec<u8> {
    [&source[..range.start], text, &source[range.end..]].concat()
}
