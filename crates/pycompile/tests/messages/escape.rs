//! Sources that do not stand on lines: bytes that are no text, no newline at the end, much of the same.
//!
//! `\n`, `\r`, `\t`, `\\` and `\xHH` as in Python; `\{200*(}` is `(` 200 times.

/// The bytes of a source with escapes.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        rest = after_escape(escape, &mut out);
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// Adds what an escape stands for; gives what comes after.
fn after_escape<'t>(escape: &'t str, out: &mut Vec<u8>) -> &'t str {
    let kind = escape.bytes().next().expect("something follows a backslash");
    let rest = &escape[1..];
    match kind {
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'\\' => out.push(b'\\'),
        b'x' => {
            out.push(u8::from_str_radix(&rest[..2], 16).expect("two hexadecimal digits"));
            return &rest[2..];
        }
        b'{' => {
            let (repeated, rest) = rest.split_once('}').expect("a closing brace");
            let (count, what) = repeated.split_once('*').expect("a count");
            out.extend(bytes(what).repeat(count.parse().expect("a count")));
            return rest;
        }
        other => panic!("unknown escape {:?}", char::from(other)),
    }
    rest
}
