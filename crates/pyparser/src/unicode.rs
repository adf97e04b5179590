//! Classes of characters, with the Unicode version of CPython.

use crate::generated::unicode::{PRINTABLE, XID_CONTINUE, XID_START};

/// Whether an identifier can begin with the character.
pub(crate) fn is_xid_start(c: char) -> bool {
    contains(XID_START, c)
}

/// Whether an identifier can go on with the character.
pub(crate) fn is_xid_continue(c: char) -> bool {
    contains(XID_CONTINUE, c)
}

/// `str.isprintable()`
pub(crate) fn is_printable(c: char) -> bool {
    contains(PRINTABLE, c)
}

fn contains(ranges: &[(u32, u32)], c: char) -> bool {
    let c = u32::from(c);
    let after = ranges.partition_point(|&(first, _)| first <= c);
    after > 0 && c <= ranges[after - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_some_characters() {
        assert!(is_xid_start('é') && is_xid_start('ℼ') && !is_xid_start('·') && is_xid_continue('·'));
        assert!(!is_xid_start('€') && is_printable('€') && !is_printable('\u{a0}'));
    }
}
