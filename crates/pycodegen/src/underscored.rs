//! Which names begin with two underscores, and so may be private: asked for every name in a class.

use pycode::{Interner, StrId};

/// A bit for each string.
pub(crate) struct Underscored {
    bits: Vec<u64>,
}

impl Underscored {
    /// Looks at all strings once.
    pub(crate) fn of(strings: &Interner) -> Self {
        let mut bits = vec![u64::MAX; strings.len() / 64 + 1];
        for (id, text) in strings.iter() {
            let public = !text.as_bytes().starts_with(b"__");
            bits[id.index() / 64] ^= u64::from(public) << (id.index() % 64);
        }
        Underscored { bits }
    }

    /// Whether a string begins with two underscores; true as well for one that came later.
    #[inline]
    pub(crate) fn contains(&self, id: StrId) -> bool {
        let word = self.bits.get(id.index() / 64).copied().unwrap_or(u64::MAX);
        word >> (id.index() % 64) & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_come_later_may_be_private() {
        let mut strings = Interner::new();
        let (private, public) = (strings.intern("__spam"), strings.intern("_spam"));
        let underscored = Underscored::of(&strings);
        assert!(underscored.contains(private));
        assert!(!underscored.contains(public));
        for i in 0..200 {
            assert!(underscored.contains(strings.intern(&format!("__later{i}"))));
        }
    }
}
