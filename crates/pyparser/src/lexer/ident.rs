//! Names, keywords, and the prefixes of strings.

use std::hint::select_unpredictable;

use pycode::Interner;
use pytoken::{TokenKind, kind_of_head};

use super::classes::is_name_char;
use super::scan::{chunk, find_end_of_word, first_bytes, first_in, not_word};
use super::token::NO_HEAD;
use super::{Lexer, TokenFlags};
use crate::unicode::{is_xid_continue, is_xid_start};

/// The letters of a string prefix that were seen.
#[derive(Clone, Copy, Default)]
struct Prefix {
    b: bool,
    r: bool,
    u: bool,
    f: bool,
    t: bool,
}

impl Prefix {
    /// The prefix with that text; `None` when it is none: a letter too many or twice.
    fn parse(text: &[u8]) -> Option<Prefix> {
        let mut prefix = Prefix::default();
        for letter in text {
            let seen = match letter.to_ascii_lowercase() {
                b'b' => &mut prefix.b,
                b'r' => &mut prefix.r,
                b'u' => &mut prefix.u,
                b'f' => &mut prefix.f,
                b't' => &mut prefix.t,
                _ => return None,
            };
            if std::mem::replace(seen, true) {
                return None;
            }
        }
        Some(prefix)
    }

    /// Two letters that do not go together, in the order in which CPython checks them.
    fn conflict(self) -> Option<(char, char)> {
        [
            (self.u && self.b, ('u', 'b')),
            (self.u && self.r, ('u', 'r')),
            (self.u && self.f, ('u', 'f')),
            (self.u && self.t, ('u', 't')),
            (self.b && self.f, ('b', 'f')),
            (self.b && self.t, ('b', 't')),
            (self.f && self.t, ('f', 't')),
        ]
        .into_iter()
        .find_map(|(both, pair)| both.then_some(pair))
    }
}

impl Lexer<'_> {
    /// A name or keyword of at most seven ASCII letters, digits and underscores; `word` is the source from `start` on.
    #[inline(always)]
    pub(super) fn short_name(&mut self, word: u64, start: usize, length: usize) {
        let head = first_bytes(word, length);
        (self.token.head, self.token.tail) = (head, 0);
        self.take(kind_of_head(head), start, length);
    }

    /// A name or keyword that begins with the eight letters, digits and underscores of `head`.
    #[inline(never)]
    pub(super) fn long_name(&mut self, head: u64, start: usize) {
        let behind = chunk(self.source, start + 8);
        let length = first_in(not_word(behind));
        if length == 8 {
            return self.longer_name(head, behind, start);
        }
        if (behind >> (8 * length)) as u8 >= 0x80 {
            return self.non_ascii_name(start, start + 8 + length);
        }
        let kind = select_unpredictable(length == 0, kind_of_head(head), TokenKind::Name);
        (self.token.head, self.token.tail) = (head, first_bytes(behind, length));
        self.take(kind, start, 8 + length);
    }

    /// A name of at least sixteen letters, digits and underscores.
    #[inline(never)]
    fn longer_name(&mut self, head: u64, tail: u64, start: usize) {
        let end = find_end_of_word(self.source, start + 16);
        if self.byte(end) >= 0x80 {
            return self.non_ascii_name(start, end);
        }
        let tail = select_unpredictable(end - start == 16, tail, Interner::NO_TAIL);
        (self.token.head, self.token.tail) = (head, tail);
        self.take(TokenKind::Name, start, end - start);
    }

    /// What begins with letters, digits and underscores before a quote or something that is not ASCII: a string, or a
    /// name.
    #[inline(never)]
    pub(super) fn prefixed_string_or_name(&mut self, word: u64, start: usize, length: usize) {
        let end = start + length;
        if self.byte(end) >= 0x80 {
            return self.non_ascii_name(start, end);
        }
        if !self.prefixed_string(start, end) {
            self.short_name(word, start, length);
        }
    }

    /// The string whose prefix goes from `start` to the quote at `quote`. Gives whether it is a prefix.
    fn prefixed_string(&mut self, start: usize, quote: usize) -> bool {
        let Some(prefix) = Prefix::parse(&self.source[start..quote]) else { return false };
        if let Some((first, second)) = prefix.conflict() {
            self.pos = quote + 1;
            self.incompatible_prefixes(first, second, start);
            self.error_token();
            return true;
        }
        self.pos = quote;
        let flags = TokenFlags::NONE.with_if(TokenFlags::RAW, prefix.r);
        if prefix.f || prefix.t {
            self.fstring_start(start, flags, prefix.t);
        } else {
            let flags = flags
                .with_if(TokenFlags::BYTES, prefix.b)
                .with_if(TokenFlags::UNICODE, self.source[start] == b'u');
            self.string(start, flags);
        }
        true
    }

    /// A name with characters beyond ASCII, of which the bytes before `end` are ASCII.
    #[cold]
    fn non_ascii_name(&mut self, start: usize, mut end: usize) {
        while is_name_char(self.byte(end)) {
            end += 1;
        }
        let name = std::str::from_utf8(&self.source[start..end]).expect("the source is UTF-8");
        let wrong = name.char_indices().find(|&(at, c)| match at {
            0 => !is_xid_start(c),
            _ => !is_xid_continue(c),
        });
        if let Some((at, c)) = wrong {
            self.pos = start + at + c.len_utf8();
            self.invalid_character(c);
            return self.error_token();
        }
        self.pos = end;
        (self.token.head, self.token.tail) = (NO_HEAD, Interner::NO_TAIL);
        self.emit_with(TokenKind::Name, TokenFlags::NON_ASCII, start, end);
    }
}
