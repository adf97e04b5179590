//! Which byte can be part of what: one table look-up for each token, or each byte of an f-string's text.

use pytoken::TokenKind;

/// What a token is that begins with a byte.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// A name, a keyword or a prefix of a string.
    Name,
    Digit,
    Quote,
    Newline,
    /// `#`
    Comment,
    Backslash,
    /// The end of the source.
    End,
    /// Space, tab or form feed.
    Blank,
    Open(TokenKind),
    /// With the byte that opens it.
    Close(TokenKind, u8),
    /// An operator that never has a second byte.
    Single(TokenKind),
    /// Any other operator, or a byte that begins nothing.
    Operator,
}

static STARTS: [Start; 256] = {
    let mut table = [Start::Operator; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = Start::classify(byte as u8);
        byte += 1;
    }
    table
};

impl Start {
    #[inline]
    pub(super) fn of(byte: u8) -> Start {
        STARTS[byte as usize]
    }

    const fn classify(byte: u8) -> Start {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Start::Name,
            b'0'..=b'9' => Start::Digit,
            b'"' | b'\'' => Start::Quote,
            b'\n' => Start::Newline,
            b'#' => Start::Comment,
            b'\\' => Start::Backslash,
            0 => Start::End,
            b' ' | b'\t' | 0x0C => Start::Blank,
            b'(' => Start::Open(TokenKind::Lpar),
            b'[' => Start::Open(TokenKind::Lsqb),
            b'{' => Start::Open(TokenKind::Lbrace),
            b')' => Start::Close(TokenKind::Rpar, b'('),
            b']' => Start::Close(TokenKind::Rsqb, b'['),
            b'}' => Start::Close(TokenKind::Rbrace, b'{'),
            b',' => Start::Single(TokenKind::Comma),
            b'~' => Start::Single(TokenKind::Tilde),
            b';' => Start::Single(TokenKind::Semi),
            _ => Start::Operator,
        }
    }
}

/// A letter, a digit or an underscore.
const WORD: u8 = 1;
/// Part of a character beyond ASCII, which may be part of a name.
const NON_ASCII: u8 = 2;
/// What ends the fast scan of the text of an f-string: a quote, a backslash, a newline, a brace, the end.
const FSTRING_STOP: u8 = 4;

static CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = class(byte as u8);
        byte += 1;
    }
    table
};

const fn class(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => WORD,
        0x80..=0xFF => NON_ASCII,
        b'"' | b'\'' | b'\\' | b'\n' | b'{' | b'}' | 0 => FSTRING_STOP,
        _ => 0,
    }
}

#[inline]
fn has(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// An ASCII letter, digit or underscore.
#[inline]
pub(super) fn is_word(byte: u8) -> bool {
    has(byte, WORD)
}

/// `is_potential_identifier_char`
#[inline]
pub(super) fn is_name_char(byte: u8) -> bool {
    has(byte, WORD | NON_ASCII)
}

/// Whether the scan of an f-string's text must look closer at this byte.
#[inline]
pub(super) fn stops_fstring(byte: u8) -> bool {
    has(byte, FSTRING_STOP)
}
