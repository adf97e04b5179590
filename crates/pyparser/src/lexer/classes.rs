//! Which byte can be part of what: one table look-up for each byte of the source.

/// A letter, a digit or an underscore.
const WORD: u8 = 1;
/// Part of a character beyond ASCII, which may be part of a name.
const NON_ASCII: u8 = 2;
/// What ends the fast scan of a string: a quote, a backslash, a newline, the end of the source.
const STRING_STOP: u8 = 4;
/// A blank: space, tab, form feed.
const BLANK: u8 = 8;
/// What ends the fast scan of the text of an f-string: as `STRING_STOP`, or a brace.
const FSTRING_STOP: u8 = 16;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = class(byte as u8);
        byte += 1;
    }
    table
}

const fn class(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => WORD,
        0x80..=0xFF => NON_ASCII,
        b'"' | b'\'' | b'\\' | b'\n' | 0 => STRING_STOP | FSTRING_STOP,
        b'{' | b'}' => FSTRING_STOP,
        b' ' | b'\t' | 0x0C => BLANK,
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

/// Space, tab or form feed.
#[inline]
pub(super) fn is_blank(byte: u8) -> bool {
    has(byte, BLANK)
}

/// Whether the scan of a string must look closer at this byte.
#[inline]
pub(super) fn stops_string(byte: u8) -> bool {
    has(byte, STRING_STOP)
}

/// Whether the scan of an f-string's text must look closer at this byte.
#[inline]
pub(super) fn stops_fstring(byte: u8) -> bool {
    has(byte, FSTRING_STOP)
}
