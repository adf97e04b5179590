//! `-i`: a file that lists paths, one a line.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::cli::{Streams, paths};

/// Why there is no list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoList {
    System,
    /// The exception that CPython's program ends with.
    NotUtf8(String),
}

/// The paths that a list names; that of `-` is standard input.
pub(super) fn paths(list: &OsStr) -> Result<Vec<OsString>, NoList> {
    let mut text = Vec::new();
    if list == "-" {
        io::stdin().lock().read_to_end(&mut text).map_err(|_| NoList::System)?;
    } else {
        text = fs::read(list).map_err(|_| NoList::System)?;
        check_utf_8(&text).map_err(NoList::NotUtf8)?;
    }
    Ok(paths::lines(&text).map(|line| OsString::from_vec(line.trim_ascii().to_vec())).collect())
}

impl NoList {
    /// What the program says of it; gives its status.
    pub(super) fn tell(&self, list: &OsStr, quiet: u8, streams: &mut Streams<'_>) -> io::Result<u8> {
        match self {
            NoList::System if quiet < 2 => {
                streams.out.write_all(&[b"Error reading file list ", list.as_bytes(), b"\n"].concat())?;
            }
            NoList::System => {}
            NoList::NotUtf8(text) => writeln!(streams.err, "{text}")?,
        }
        Ok(1)
    }
}

/// How many bytes Python's text files read at a time (`TextIOWrapper._CHUNK_SIZE`).
const CHUNK: usize = 8192;

/// Whether a file is UTF-8. Python decodes chunk after chunk, each with what the one before leaves undecoded at its end:
/// its error counts positions from there.
fn check_utf_8(text: &[u8]) -> Result<(), String> {
    let mut start = 0;
    for chunk_end in (CHUNK..text.len() + CHUNK).step_by(CHUNK) {
        let chunk = &text[start..chunk_end.min(text.len())];
        start += match std::str::from_utf8(chunk) {
            Ok(_) => chunk.len(),
            Err(error) => match error.error_len() {
                None => error.valid_up_to(),
                Some(len) => {
                    let at = error.valid_up_to();
                    let wrong = if is_start_byte(chunk[at]) { "continuation" } else { "start" };
                    return Err(cannot_decode(chunk, at, len, &format!("invalid {wrong} byte")));
                }
            },
        };
    }
    match &text[start..] {
        [] => Ok(()),
        undecoded => Err(cannot_decode(undecoded, 0, undecoded.len(), "unexpected end of data")),
    }
}

/// `UnicodeDecodeError`, as the codec words it, about some bytes of a chunk.
fn cannot_decode(chunk: &[u8], at: usize, len: usize, why: &str) -> String {
    let what = match len {
        1 => format!("byte 0x{:02x} in position {at}", chunk[at]),
        _ => format!("bytes in position {at}-{}", at + len - 1),
    };
    format!("UnicodeDecodeError: 'utf-8' codec can't decode {what}: {why}")
}

fn is_start_byte(byte: u8) -> bool {
    matches!(byte, 0xC2..=0xF4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `python -m compileall -i` says of such files.
    #[test]
    fn errors_are_those_of_python() {
        let many = |count, end: &[u8]| [&vec![b'a'; count], end].concat();
        for (text, what) in [
            (b"a\n\xff".to_vec(), "byte 0xff in position 2: invalid start byte"),
            (b"a\n\xe2\x82\n".to_vec(), "bytes in position 2-3: invalid continuation byte"),
            (b"a\xc3(".to_vec(), "byte 0xc3 in position 1: invalid continuation byte"),
            (b"a\n\xe2\x82".to_vec(), "bytes in position 0-1: unexpected end of data"),
            (many(10_000, b"\xff\n"), "byte 0xff in position 1808: invalid start byte"),
            (many(8191, b"\xe2\x82\n"), "bytes in position 0-1: invalid continuation byte"),
            (many(8191, b"\xe2"), "byte 0xe2 in position 0: unexpected end of data"),
            (many(8191, b"\xe2\x82\xac\xff"), "byte 0xff in position 3: invalid start byte"),
        ] {
            let error = format!("UnicodeDecodeError: 'utf-8' codec can't decode {what}");
            assert_eq!(check_utf_8(&text), Err(error));
        }
        assert_eq!(check_utf_8(&many(8191, "€".as_bytes())), Ok(()));
        assert_eq!(check_utf_8(b""), Ok(()));
    }
}
