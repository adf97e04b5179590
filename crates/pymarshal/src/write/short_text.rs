//! Texts of a few bytes, most of them names, written without a branch on how long they are, which is hard to predict.

use pycode::Interner;

/// As many bytes as a short text may have.
type Piece = [u8; Interner::SHORT_TEXT];

/// Appends a tag, the length and the first `len` bytes.
#[inline]
pub(super) fn append(out: &mut Vec<u8>, tag: u8, piece: &Piece, len: usize) {
    const HEAD: usize = 2;
    let mut record = [0; HEAD + Interner::SHORT_TEXT];
    record[0] = tag;
    record[1] = len as u8;
    record[HEAD..].copy_from_slice(piece);
    let end = out.len() + HEAD + len;
    out.extend_from_slice(&record);
    out.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_text_is_not_written() {
        let piece = std::array::from_fn(|i| i as u8);
        let mut out = vec![7];
        append(&mut out, 0xDA, &piece, 3);
        assert_eq!(out, [7, 0xDA, 3, 0, 1, 2]);
        append(&mut out, 0x5A, &piece, 0);
        assert_eq!(out, [7, 0xDA, 3, 0, 1, 2, 0x5A, 0]);
    }
}
