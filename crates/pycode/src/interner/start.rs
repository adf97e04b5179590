//! The tables of an interner that holds only the [well-known strings](known).
//!
//! Made by the compiler, so that an interner for a small file costs little.

use super::key::{Key, Seed};
use super::{Entry, Traits, known};

/// As in an interner.
pub(super) struct WellKnown {
    pub(super) bytes: [u8; WELL_KNOWN_BYTES],
    pub(super) entries: [Entry; known::TEXTS.len()],
    pub(super) table: [u32; INITIAL_SLOTS],
}

const INITIAL_SLOTS: usize = 256;

const WELL_KNOWN_BYTES: usize = {
    let (mut total, mut i) = (0, 0);
    while i < known::TEXTS.len() {
        total += known::TEXTS[i].len();
        i += 1;
    }
    total
};

pub(super) static WELL_KNOWN: WellKnown = {
    let mut all = WellKnown {
        bytes: [0; WELL_KNOWN_BYTES],
        entries: [Entry { key: Key { head: 0, tail: 0 }, end: 0, traits: Traits(0) }; known::TEXTS.len()],
        table: [0; INITIAL_SLOTS],
    };
    let (mut end, mut i) = (0, 0);
    while i < known::TEXTS.len() {
        let text = known::TEXTS[i].as_bytes();
        all.bytes.split_at_mut(end).1.split_at_mut(text.len()).0.copy_from_slice(text);
        end += text.len();
        let key = Key::of(text, Seed::FIRST);
        let mut at = key.first_slot(Seed::FIRST, INITIAL_SLOTS - 1);
        while all.table[at] != 0 {
            at = (at + 1) & (INITIAL_SLOTS - 1);
        }
        all.entries[i] = Entry { key, end: end as u32, traits: Traits::of(key, text) };
        all.table[at] = i as u32 + 1;
        i += 1;
    }
    all
};
