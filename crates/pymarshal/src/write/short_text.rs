//! Texts of a few bytes, most of them names, written without a branch on how long they are, which is hard to predict.

use pycode::Interner;

/// As many bytes as a short text may have.
type Piece = [u8; Interner::SHORT_TEXT];

/// By length: the bits that the bytes of the text have unless they are ASCII.
static MASKS: [Piece; Interner::SHORT_TEXT + 1] = {
    let mut masks = [[0; Interner::SHORT_TEXT]; Interner::SHORT_TEXT + 1];
    let mut len = 0;
    while len < masks.len() {
        let mut i = 0;
        while i < len {
            masks[len][i] = 0x80;
            i += 1;
        }
        len += 1;
    }
    masks
};

/// Whether the first `len` bytes are ASCII.
#[inline]
pub(super) fn is_ascii(piece: &Piece, len: usize) -> bool {
    piece.iter().zip(&MASKS[len]).fold(0, |all, (byte, mask)| all | byte & mask) == 0
}

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
    fn only_the_bytes_of_the_text_count() {
        for len in 0..=Interner::SHORT_TEXT {
            for other in 0..Interner::SHORT_TEXT {
                let mut piece = [b'x'; Interner::SHORT_TEXT];
                piece[other] = 0xC3;
                assert_eq!(is_ascii(&piece, len), other >= len, "{len} {other}");
            }
        }
    }

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
