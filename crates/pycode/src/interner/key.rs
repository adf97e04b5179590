//! What stands for a text when it is searched, and where the search begins.
//!
//! Both depend on a [`Seed`], which is the same at first, so that the tables of known strings can be made by the compiler.
//! Texts that are made to collide get another one, which nobody can know.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Texts of at most this length are their own key.
pub(super) const SHORT: usize = 16;

/// Whether a text is its own key. One that ends in NUL is not: its key would be that of the text without it.
#[inline]
pub(super) const fn is_short(text: &[u8]) -> bool {
    text.len() <= SHORT && !matches!(text, [.., 0])
}

/// Two words that stand for a text: its bytes if it is [short](is_short) (little-endian, zeros behind them), so that it
/// need not be compared, and else a hash of them, and their number with [`LONG`], and [`NOT_ASCII`] if they are not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) head: u64,
    pub(super) tail: u64,
}

/// What makes the hashes of one table others than those of another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed(u64, u64);

impl Seed {
    /// That of every table at first.
    pub(super) const FIRST: Seed = Seed(0x9E37_79B9_7F4A_7C15, 0xD1B5_4A32_D192_ED03);

    /// One that nobody knows.
    pub(super) fn random() -> Seed {
        let random = RandomState::new();
        Seed(random.hash_one(0), random.hash_one(1))
    }
}

/// The end of no short text: it is not WTF-8.
const LONG: u64 = 0xFF << 56;

/// Of a text that is not short: it is not ASCII.
const NOT_ASCII: u64 = 1 << 55;

/// The highest bit of each byte.
const HIGH: u64 = (u64::MAX / 0xFF) << 7;

impl Key {
    #[inline]
    pub(super) const fn of(text: &[u8], seed: Seed) -> Key {
        if !is_short(text) {
            return Key::of_long(text, seed);
        }
        let head = match text.len() {
            0 => 0,
            1 => text[0] as u64,
            len @ 2..4 => two(text, 0) | two(text, len - 2) << (8 * (len - 2)),
            len @ 4..8 => four(text, 0) | four(text, len - 4) << (8 * (len - 4)),
            len => {
                let last = eight(text, len - 8);
                // In two steps, since all bits have to go when there are no others.
                let half = 4 * (SHORT - len);
                return Key { head: eight(text, 0), tail: last >> half >> half };
            }
        };
        Key { head, tail: 0 }
    }

    /// A hash of a text that is not short, sixteen bytes at a time.
    #[inline]
    const fn of_long(text: &[u8], seed: Seed) -> Key {
        let Some(last) = text.last_chunk() else {
            return Key { head: 0, tail: Key::long_tail(text.len(), text.is_ascii()) };
        };
        let last = u64::from_le_bytes(*last);
        let (mut hash, mut all) = (text.len() as u64 ^ seed.0, last);
        let mut rest = text;
        while rest.len() > 16
            && let Some((first, others)) = rest.split_first_chunk()
            && let Some((second, others)) = others.split_first_chunk()
        {
            let (first, second) = (u64::from_le_bytes(*first), u64::from_le_bytes(*second));
            all |= first | second;
            hash = mix(first ^ hash, second);
            rest = others;
        }
        let first = match rest.first_chunk() {
            Some(first) => u64::from_le_bytes(*first),
            None => last,
        };
        Key { head: mix(first ^ hash, last), tail: Key::long_tail(text.len(), (all | first) & HIGH == 0) }
    }

    #[inline]
    const fn long_tail(len: usize, is_ascii: bool) -> u64 {
        LONG | if is_ascii { 0 } else { NOT_ASCII } | len as u64
    }

    /// Whether it is the bytes of the text.
    #[inline]
    const fn is_text(self) -> bool {
        self.tail < LONG
    }

    #[inline]
    pub(super) const fn is_ascii(self) -> bool {
        if self.is_text() { (self.head | self.tail) & HIGH == 0 } else { self.tail & NOT_ASCII == 0 }
    }

    /// Where the search for it begins.
    #[inline]
    pub(super) const fn first_slot(self, seed: Seed, mask: usize) -> usize {
        fold(self.head ^ seed.0, self.tail ^ seed.1) as usize & mask
    }
}

// The bytes at a position as a little-endian number; they must be there.

#[inline]
const fn two(text: &[u8], at: usize) -> u64 {
    text[at] as u64 | (text[at + 1] as u64) << 8
}

#[inline]
const fn four(text: &[u8], at: usize) -> u64 {
    match text.split_at(at).1.first_chunk() {
        Some(bytes) => u32::from_le_bytes(*bytes) as u64,
        None => 0,
    }
}

#[inline]
pub(super) const fn eight(text: &[u8], at: usize) -> u64 {
    match text.split_at(at).1.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => 0,
    }
}

/// Two words as one.
#[inline]
const fn mix(a: u64, b: u64) -> u64 {
    fold(a ^ Seed::FIRST.0, b ^ Seed::FIRST.1)
}

/// Both halves of a product, so that each bit of the factors counts.
#[inline]
const fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}
