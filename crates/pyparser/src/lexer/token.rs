//! What the lexer hands out: one token at a time.

use pycode::Location;
use pytoken::TokenKind;

/// A token: what it is, where its text lies, where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is. `Errortoken` means that the lexer has an error to tell.
    pub kind: TokenKind,
    /// What the scan saw on the way, so that nobody has to look again.
    pub flags: TokenFlags,
    /// Where its text begins, in bytes of the decoded source.
    pub start: u32,
    /// Where its text ends, exclusive.
    pub end: u32,
    /// Line and column of the start. `INDENT`, `DEDENT` and `ENDMARKER` have column -1, as in CPython.
    pub begin: Position,
    /// Line and column of the end.
    pub finish: Position,
    /// See [`head_of`]: that of a `NAME` of at most eight ASCII characters, or the first eight of a longer one;
    /// [`NO_HEAD`] for a name with other characters. What it is for other tokens is not said.
    pub(crate) head: u64,
    /// The same of the second eight characters of a `NAME`; [`NO_TAIL`](pycode::Interner::NO_TAIL) if there are more.
    pub(crate) tail: u64,
}

/// The head of no text: these bytes are not UTF-8.
pub(super) const NO_HEAD: u64 = u64::MAX;

/// A word of at most eight bytes as a little-endian number.
#[inline]
pub(crate) const fn head_of(word: &str) -> u64 {
    let (mut head, mut at) = (0, word.len());
    while at > 0 {
        at -= 1;
        head = head << 8 | word.as_bytes()[at] as u64;
    }
    head
}

impl Token {
    /// What stands before the first token.
    pub(crate) const NOTHING: Token = Token {
        kind: TokenKind::Endmarker,
        flags: TokenFlags::NONE,
        start: 0,
        end: 0,
        begin: Position::new(1, -1),
        finish: Position::new(1, -1),
        head: 0,
        tail: 0,
    };

    /// The range of its text.
    #[inline]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Lines and columns.
    #[inline]
    pub fn location(&self) -> Location {
        self.begin.to(self.finish)
    }
}

/// A line, from 1, and a column in UTF-8 bytes.
///
/// One word, since it is written by the lexer and read by the parser at once: a processor forwards a
/// store to a load of the same width only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position(u64);

impl Position {
    /// A position.
    #[inline]
    pub const fn new(line: i32, column: i32) -> Self {
        Position(line as u32 as u64 | (column as u32 as u64) << 32)
    }

    /// The line, from 1.
    #[inline]
    pub const fn line(self) -> i32 {
        self.0 as u32 as i32
    }

    /// The column, from 0; -1 if there is none.
    #[inline]
    pub const fn column(self) -> i32 {
        (self.0 >> 32) as u32 as i32
    }

    /// The place that many bytes further on, on the same line.
    #[inline]
    pub(crate) const fn plus(self, bytes: usize) -> Position {
        Position(self.0 + ((bytes as u64) << 32))
    }

    /// From here to `end`.
    #[inline]
    pub const fn to(self, end: Position) -> Location {
        Location::new(self.line(), end.line(), self.column(), end.column())
    }
}

/// A line of the source: its number, from 1, and where it begins.
///
/// One word, to which a place in the source, in bytes, need only be added for its [`Position`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Line(u64);

impl Line {
    #[inline]
    pub(super) const fn new(number: i32, start: usize) -> Self {
        Line((number as u32 as u64).wrapping_sub((start as u64) << 32))
    }

    #[inline]
    pub(super) const fn number(self) -> i32 {
        self.0 as u32 as i32
    }

    /// In bytes of the source.
    #[inline]
    pub(super) const fn start(self) -> usize {
        ((self.0 >> 32) as u32).wrapping_neg() as usize
    }

    /// The line after this one, which begins at `start`.
    #[inline]
    pub(super) const fn next(self, start: usize) -> Self {
        Line::new(self.number() + 1, start)
    }

    /// The line and column of a place on the line.
    #[inline]
    pub(super) const fn position_of(self, at: usize) -> Position {
        Position(self.0.wrapping_add((at as u64) << 32))
    }
}

/// Properties of a token's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenFlags(u8);

impl TokenFlags {
    /// Nothing of note.
    pub const NONE: TokenFlags = TokenFlags(0);
    /// `STRING`, `FSTRING_START`, ...: the prefix has an `r`.
    pub const RAW: TokenFlags = TokenFlags(1);
    /// `STRING`: the prefix has a `b`.
    pub const BYTES: TokenFlags = TokenFlags(2);
    /// `STRING`: the first letter is `u`, in lower case (which the AST records).
    pub const UNICODE: TokenFlags = TokenFlags(4);
    /// `STRING`, `FSTRING_MIDDLE`, ...: there is a backslash.
    pub const BACKSLASH: TokenFlags = TokenFlags(8);
    /// `STRING`: three quotes.
    pub const TRIPLE: TokenFlags = TokenFlags(16);
    /// `NAME`: there are characters beyond ASCII, so that the name must be normalised.
    pub const NON_ASCII: TokenFlags = TokenFlags(32);
    /// `NUMBER`: decimal digits only, at most 18 of them.
    pub const SMALL: TokenFlags = TokenFlags(64);

    /// Whether all flags of `other` are set.
    #[inline]
    pub const fn contains(self, other: TokenFlags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    #[inline]
    pub const fn with(self, other: TokenFlags) -> TokenFlags {
        TokenFlags(self.0 | other.0)
    }

    /// The flags, plus those of `other` when `on`.
    #[must_use]
    #[inline]
    pub(crate) const fn with_if(self, other: TokenFlags, on: bool) -> TokenFlags {
        if on { self.with(other) } else { self }
    }
}
