//! What a decoder writes to: text, and the decision about bytes that mean nothing.
//!
//! Counterpart of `_PyUnicodeWriter` together with the error handlers `strict` and `replace`
//! (`unicode_decode_call_errorhandler_writer`).

use std::ops::Range;

use pycode::{PyStr, push_code_point};

use super::{DecodeError, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR};

/// What happens to bytes that mean nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Errors {
    /// They are an error.
    Strict,
    /// A U+FFFD stands for them.
    Replace,
}

/// Text in the making.
pub(super) struct Output<'b> {
    /// All that is decoded: errors tell bytes of it.
    pub(super) bytes: &'b [u8],
    pub(super) errors: Errors,
    /// What the codec warns of.
    pub(super) warning: Option<String>,
    /// WTF-8: some codecs make lone surrogates.
    text: Vec<u8>,
}

impl<'b> Output<'b> {
    pub(super) fn new(bytes: &'b [u8], errors: Errors) -> Self {
        Output { bytes, errors, warning: None, text: Vec::with_capacity(bytes.len() + bytes.len() / 2) }
    }

    /// Appends a character or a surrogate.
    pub(super) fn push(&mut self, code_point: u32) {
        push_code_point(&mut self.text, code_point);
    }

    /// Appends UTF-8.
    pub(super) fn push_text(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    /// Bytes in that range mean nothing. If that is no error, decoding goes on after them.
    pub(super) fn cannot_decode(
        &mut self,
        encoding: &str,
        range: Range<usize>,
        reason: &str,
    ) -> Result<(), DecodeError> {
        match self.errors {
            Errors::Strict => Err(cannot_decode(encoding, self.bytes, range, reason)),
            Errors::Replace => {
                self.push(u32::from(char::REPLACEMENT_CHARACTER));
                Ok(())
            }
        }
    }

    /// The text, surrogates included.
    pub(super) fn text(&self) -> PyStr<'_> {
        PyStr::from_wtf8(&self.text)
    }

    /// The text as UTF-8, which has no lone surrogates (`PyUnicode_AsUTF8String`).
    pub(super) fn into_text(self) -> Result<String, DecodeError> {
        String::from_utf8(self.text).map_err(|error| {
            let text = error.into_bytes();
            DecodeError::new(UNICODE_ENCODE_ERROR, surrogates_not_allowed(PyStr::from_wtf8(&text)))
        })
    }
}

/// What a `UnicodeDecodeError` says.
pub(super) fn cannot_decode(encoding: &str, bytes: &[u8], range: Range<usize>, reason: &str) -> DecodeError {
    let Range { start, end } = range.clone();
    let message = match bytes.get(start) {
        Some(byte) if end == start + 1 => {
            format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
        }
        _ => {
            let last = end as isize - 1;
            format!("'{encoding}' codec can't decode bytes in position {start}-{last}: {reason}")
        }
    };
    DecodeError { fault: Some((range, reason.to_owned())), ..DecodeError::new(UNICODE_DECODE_ERROR, message) }
}

/// What the `UnicodeEncodeError` about the first run of lone surrogates says.
pub(crate) fn surrogates_not_allowed(text: PyStr<'_>) -> String {
    let is_surrogate = |code_point: &u32| (0xD800..0xE000).contains(code_point);
    let position = text.code_points().take_while(|code_point| !is_surrogate(code_point)).count();
    let run: Vec<u32> = text.code_points().skip(position).take_while(is_surrogate).collect();
    let what = match run[..] {
        [surrogate] => format!("character '\\u{surrogate:04x}' in position {position}"),
        _ => format!("characters in position {position}-{}", position + run.len() - 1),
    };
    format!("'utf-8' codec can't encode {what}: surrogates not allowed")
}
