//! What is tokenized: text, decoded line by line, and the name of its encoding (`tokenize.detect_encoding`).

use std::borrow::Cow;

use super::scanner::Scanner;
use super::{TokenizeError, Tokens};
use crate::source::codecs::{self, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR};
use crate::source::cookie;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Decoded source text.
#[derive(Clone, Debug)]
pub struct TokenSource<'s> {
    /// The name that the `ENCODING` token has; none for text.
    encoding: Option<String>,
    /// Empty, or with a newline at the end.
    text: Cow<'s, str>,
    reads: Reads,
}

/// How CPython reads the text: line by line of the bytes. What a codec makes of such a line may have more newlines, or
/// none.
#[derive(Clone, Default, Debug)]
pub(super) struct Reads {
    /// Where each read ends; none if it does with each newline of the text.
    pub(super) ends: Option<Vec<ReadEnd>>,
    /// Whether the newline at the end of the text is made up.
    pub(super) made_up_newline: bool,
    /// What comes after the last read.
    pub(super) error: Option<TokenizeError>,
}

/// The end of a read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadEnd {
    pub(super) position: usize,
    /// The newline before it is made up.
    pub(super) made_up_newline: bool,
}

impl<'s> TokenSource<'s> {
    /// Decodes the bytes of a source file. `filename` appears in messages.
    ///
    /// As Python does it: the first two lines must be in the encoding that they declare; what does not fit it
    /// further on is replaced.
    ///
    /// # Errors
    /// When the encoding is unknown, or is not that of the first two lines.
    pub fn from_bytes(bytes: &'s [u8], filename: Option<&str>) -> Result<Self, TokenizeError> {
        let encoding = Encoding::detect(bytes, filename)?;
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        if encoding.name == cookie::UTF_8 {
            return Ok(TokenSource::new(Some(encoding.name), String::from_utf8_lossy(bytes)));
        }
        let (text, reads) = decode_lines(&encoding.name, bytes);
        Ok(TokenSource { encoding: Some(encoding.name), text: Cow::Owned(text), reads })
    }

    /// Takes text that needs no decoding; there will be no token for its encoding.
    pub fn from_text(text: &'s str) -> Self {
        TokenSource::new(None, Cow::Borrowed(text))
    }

    /// Takes what stands on the standard input. Python reads it as UTF-8, in which any other byte is a lone surrogate
    /// (`surrogateescape`), and its tokenizer gives up at the line that has one.
    pub fn from_standard_input(bytes: &'s [u8]) -> Self {
        let Err(error) = std::str::from_utf8(bytes) else {
            return TokenSource::new(None, String::from_utf8_lossy(bytes));
        };
        let lines = bytes[..error.valid_up_to()].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let error = Some(TokenizeError::of_surrogates(first_line(&bytes[lines..])));
        let text = String::from_utf8_lossy(&bytes[..lines]);
        TokenSource { encoding: None, text, reads: Reads { error, ..Reads::default() } }
    }

    fn new(encoding: Option<String>, mut text: Cow<'s, str>) -> Self {
        let made_up_newline = !text.is_empty() && !text.ends_with('\n');
        if made_up_newline {
            text.to_mut().push('\n');
        }
        TokenSource { encoding, text, reads: Reads { made_up_newline, ..Reads::default() } }
    }

    /// The tokens.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens::new(self.encoding.as_deref(), Scanner::new(&self.text, &self.reads))
    }
}

/// `detect_encoding`, as far as it can fail.
struct Encoding<'f> {
    name: String,
    has_mark: bool,
    filename: Option<&'f str>,
}

impl<'f> Encoding<'f> {
    fn detect(bytes: &[u8], filename: Option<&'f str>) -> Result<Self, TokenizeError> {
        let has_mark = bytes.starts_with(BYTE_ORDER_MARK);
        let mut encoding = Encoding { name: cookie::UTF_8.to_owned(), has_mark, filename };
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let first = first_line(bytes);
        if encoding.take_cookie(first)? || !is_blank(first) {
            encoding.check(first)?;
            return Ok(encoding);
        }
        let second = first_line(&bytes[first.len()..]);
        encoding.take_cookie(second)?;
        encoding.check(&bytes[..first.len() + second.len()])?;
        Ok(encoding)
    }

    /// Takes the encoding that a line declares. False: it declares none.
    fn take_cookie(&mut self, line: &[u8]) -> Result<bool, TokenizeError> {
        let Some(name) = cookie::coding_spec(line) else { return Ok(false) };
        let name = cookie::normal_name(name);
        if !codecs::is_known(&name) {
            let of = self.filename.map_or_else(String::new, |name| format!(" for {}", repr(name)));
            return Err(TokenizeError::Encoding(format!("unknown encoding{of}: {name}")));
        }
        if self.has_mark && name != cookie::UTF_8 {
            let of = self.filename.map_or_else(String::new, |name| format!(" for {}", repr(name)));
            return Err(TokenizeError::Encoding(format!("encoding problem{of}: utf-8")));
        }
        self.name = name;
        Ok(true)
    }

    /// Whether the lines are in that encoding.
    fn check(&self, lines: &[u8]) -> Result<(), TokenizeError> {
        if lines.contains(&0) {
            let message = "source code cannot contain null bytes";
            return Err(TokenizeError::Encoding(message.to_owned()));
        }
        match codecs::decode(&self.name, lines) {
            Err(error) if error.class == UNICODE_DECODE_ERROR => {
                let of = self.filename.map_or_else(String::new, |name| format!(" for {}", repr(name)));
                Err(TokenizeError::Encoding(format!("invalid or missing encoding declaration{of}")))
            }
            // Lone surrogates are text until the line is read.
            Err(error) if error.class != UNICODE_ENCODE_ERROR => {
                Err(TokenizeError::of_codec(&self.name, error))
            }
            _ => Ok(()),
        }
    }
}

fn repr(text: &str) -> String {
    let mut out = String::new();
    pycode::repr_str(text.into(), &mut out);
    out
}

/// The first line, with its newline.
fn first_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|&b| b == b'\n').map_or(bytes.len(), |at| at + 1);
    &bytes[..end]
}

/// `blank_re`: the line holds at most a comment.
fn is_blank(line: &[u8]) -> bool {
    let first = line.iter().find(|b| !matches!(b, b' ' | b'\t' | 0x0C));
    matches!(first, None | Some(b'#' | b'\r' | b'\n'))
}

/// Decodes each line on its own, with replacements, and sees to it that each ends with a newline. One that is decoded to
/// nothing ends the source (`tok_underflow_readline`).
fn decode_lines(name: &str, bytes: &[u8]) -> (String, Reads) {
    let mut text = String::with_capacity(bytes.len() + 1);
    let (mut ends, mut error) = (Vec::new(), None);
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        match codecs::decode_replacing(name, line) {
            Ok(line) if line.is_empty() => break,
            Ok(line) => text.push_str(&line),
            Err(found) => {
                error = Some(TokenizeError::of_codec(name, found));
                break;
            }
        }
        let made_up_newline = !text.ends_with('\n');
        if made_up_newline {
            text.push('\n');
        }
        ends.push(ReadEnd { position: text.len(), made_up_newline });
    }
    (text, Reads { ends: Some(ends), made_up_newline: false, error })
}
