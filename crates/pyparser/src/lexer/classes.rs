//! Which byte can be part of what: one table look-up for each token, or each byte of an f-string's text.

use pytoken::TokenKind as T;

/// What a token is that begins with a byte.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// A name, a keyword or a prefix of a string.
    Name,
    Digit,
    Quote,
    Open,
    Close,
    /// An operator that nothing makes longer, or only `=`.
    Simple,
    /// The same, unless it begins a format specification.
    Colon,
    /// An operator, part of an ellipsis, or the first byte of a number.
    Dot,
    /// Any other operator, or a byte that begins nothing.
    Operator,
    // From here on, what is no token by itself.
    Newline,
    /// `#`
    Comment,
    Backslash,
    /// The end of the source.
    End,
    /// Space, tab or form feed.
    Blank,
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

    /// Whether a token begins here, so that a line is not blank.
    #[inline]
    pub(super) fn is_token(self) -> bool {
        (self as u8) < Start::Newline as u8
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
            b'(' | b'[' | b'{' => Start::Open,
            b')' | b']' | b'}' => Start::Close,
            b',' | b'~' | b';' | b'=' | b'!' | b'+' | b'%' | b'@' | b'&' | b'|' | b'^' => Start::Simple,
            b':' => Start::Colon,
            b'.' => Start::Dot,
            _ => Start::Operator,
        }
    }
}

/// By the first byte: the operator before another byte than `=` and before `=`, each with its length.
static OPERATORS: [[(T, u8); 2]; 256] = {
    let mut table = [[(T::Op, 1); 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = operators(byte as u8);
        byte += 1;
    }
    table
};

const fn operators(byte: u8) -> [(T, u8); 2] {
    let (alone, with_equal) = match byte {
        b'=' => (T::Equal, T::Eqequal),
        b'!' => (T::Exclamation, T::Notequal),
        b':' => (T::Colon, T::Colonequal),
        b'+' => (T::Plus, T::Plusequal),
        b'-' => (T::Minus, T::Minequal),
        b'%' => (T::Percent, T::Percentequal),
        b'@' => (T::At, T::Atequal),
        b'&' => (T::Amper, T::Amperequal),
        b'|' => (T::Vbar, T::Vbarequal),
        b'^' => (T::Circumflex, T::Circumflexequal),
        _ => return [(single_operator(byte), 1); 2],
    };
    [(alone, 1), (with_equal, 2)]
}

const fn single_operator(byte: u8) -> T {
    match byte {
        b'(' => T::Lpar,
        b')' => T::Rpar,
        b'[' => T::Lsqb,
        b']' => T::Rsqb,
        b'{' => T::Lbrace,
        b'}' => T::Rbrace,
        b',' => T::Comma,
        b'~' => T::Tilde,
        b';' => T::Semi,
        b'.' => T::Dot,
        _ => T::Op,
    }
}

/// The operator that is this byte alone.
#[inline]
pub(super) fn operator_of(byte: u8) -> T {
    OPERATORS[byte as usize][0].0
}

/// The operator that is this byte, or this byte and `=` if that follows and is part of it, and its length.
#[inline]
pub(super) fn operator_before(byte: u8, second: u8) -> (T, usize) {
    let (kind, length) = OPERATORS[byte as usize][usize::from(second == b'=')];
    (kind, length as usize)
}

/// A letter, a digit or an underscore.
const WORD: u8 = 1;
/// Part of a character beyond ASCII, which may be part of a name.
const NON_ASCII: u8 = 2;
/// What ends the fast scan of the text of an f-string: a quote, a backslash, a newline, a brace, the end.
const FSTRING_STOP: u8 = 4;

/// What can end a name and make it something else: the prefix of a string.
const QUOTE: u8 = 8;

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
        b'"' | b'\'' => QUOTE | FSTRING_STOP,
        b'\\' | b'\n' | b'{' | b'}' | 0 => FSTRING_STOP,
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

/// Whether what stands before this byte need not be an ASCII name, although it is made of letters, digits and
/// underscores.
#[inline]
pub(super) fn makes_name_doubtful(byte: u8) -> bool {
    has(byte, QUOTE | NON_ASCII)
}

/// Whether the scan of an f-string's text must look closer at this byte.
#[inline]
pub(super) fn stops_fstring(byte: u8) -> bool {
    has(byte, FSTRING_STOP)
}
