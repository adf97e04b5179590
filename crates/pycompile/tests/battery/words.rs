//! Words of the case notation: how any byte is written in a line of text.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// The bytes that a word stands for.
///
/// `\n`, `\t`, `\r`, `\f`, `\\`; `\s` is a space, `\e` nothing (for an empty word), `\xff` a
/// byte; `{a*250}` is 250 times the letter a, `{root}` is the folder that the case runs in.
pub(crate) fn unescape(word: &str, root: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => rest = escape(rest, &mut out),
            '{' => match rest.split_once('}').and_then(|(inside, _)| braces(inside, root)) {
                Some(meant) => {
                    out.extend_from_slice(&meant);
                    rest = &rest[rest.find('}').map_or(0, |at| at + 1)..];
                }
                None => out.push(b'{'),
            },
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out
}

fn escape<'t>(rest: &'t str, out: &mut Vec<u8>) -> &'t str {
    let letter = rest.bytes().next().expect("a letter after the backslash");
    let byte = match letter {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'f' => b'\x0c',
        b's' => b' ',
        b'\\' => letter,
        b'e' => return &rest[1..],
        b'x' => {
            out.push(u8::from_str_radix(&rest[1..3], 16).expect("two hexadecimal digits"));
            return &rest[3..];
        }
        _ => panic!("no escape \\{}", letter as char),
    };
    out.push(byte);
    &rest[1..]
}

/// What stands between braces, if it is one of the two forms.
fn braces(inside: &str, root: &str) -> Option<Vec<u8>> {
    if inside == "root" {
        return Some(root.as_bytes().to_vec());
    }
    let (text, count) = inside.rsplit_once('*')?;
    Some(unescape(text, root).repeat(count.parse().ok()?))
}

/// [`unescape`], as what the system takes.
pub(crate) fn os(word: &str, root: &str) -> OsString {
    OsString::from_vec(unescape(word, root))
}

/// Bytes as text of one line, any byte of which can be told.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}
