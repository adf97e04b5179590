//! Strings by id: the text of every name and string constant of one compilation, each held once.
//!
//! The lexer interns a name when it first sees it; after that every stage compares, hashes and
//! stores a [`StrId`]. An id says *which text*, not *which object*: whether two equal strings are
//! one Python object is the business of [`Pool`](crate::Pool).

mod key;
pub mod known;
mod start;

use std::{fmt, mem};

use crate::PyStr;
use crate::generated::interned::INTERNED_AT_START;
use key::{Key, SHORT, Seed, is_short};
use start::WELL_KNOWN;

/// An interned string. Equal ids mean equal text, within one [`Interner`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StrId(u32);

impl StrId {
    /// The position in the interner, dense from 0: an index for side tables.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for StrId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "str{}", self.0)
    }
}

/// The strings of one compilation.
///
/// ```
/// use pycode::{Interner, known};
/// let mut strings = Interner::new();
/// let spam = strings.intern("spam");
/// assert_eq!(strings.intern("spam"), spam);
/// assert_eq!(strings.get(spam), "spam");
/// assert_eq!(strings.intern("__class__"), known::CLASS);
/// ```
#[derive(Clone)]
pub struct Interner {
    /// All texts, one after the other.
    bytes: Vec<u8>,
    /// By `StrId`.
    entries: Vec<Entry>,
    /// Open addressing, linear probing; a slot holds an id plus one, 0 is free. The length is a power of two and at
    /// least twice the number of strings.
    table: Vec<u32>,
    /// The memory of the table before the last one.
    spare: Vec<u32>,
    seed: Seed,
}

/// What is known of a text.
#[derive(Clone, Copy)]
struct Entry {
    key: Key,
    /// Where it ends in the bytes of all texts; it begins where the one before it ends.
    end: u32,
    traits: Traits,
}

/// What is asked of strings so often that nobody should look at their text for it.
#[derive(Clone, Copy)]
struct Traits(u8);

impl Traits {
    /// The source has an identifier of this text.
    const IDENTIFIER: u8 = 1;
    /// It begins with two underscores.
    const UNDERSCORED: u8 = 2;
    /// All characters are ASCII.
    const ASCII: u8 = 4;

    #[inline]
    const fn of(key: Key, text: &[u8]) -> Traits {
        let underscored = if matches!(text.first_chunk(), Some(b"__")) { Traits::UNDERSCORED } else { 0 };
        Traits(underscored | if key.is_ascii() { Traits::ASCII } else { 0 })
    }
}

/// How far from where its search begins no string is by chance.
const FAR: usize = 256;

/// How long a text is on average, or a bit more: most are names, but docstrings are long.
const USUAL_LENGTH: usize = 40;

impl Interner {
    /// How long the texts are at most that [`short_text`](Self::short_text) gives.
    pub const SHORT_TEXT: usize = 32;

    /// What stands for the bytes behind the first eight of an identifier that has more than sixteen.
    pub const NO_TAIL: u64 = u64::MAX;

    /// An interner that holds only the [well-known strings](known).
    pub fn new() -> Self {
        let mut strings = Interner {
            bytes: Vec::new(),
            entries: Vec::new(),
            table: Vec::new(),
            spare: Vec::new(),
            seed: Seed::FIRST,
        };
        strings.restart();
        strings
    }

    /// Forgets all but the [well-known strings](known), and keeps the memory.
    pub fn restart(&mut self) {
        copy_to(&mut self.bytes, &WELL_KNOWN.bytes);
        copy_to(&mut self.entries, &WELL_KNOWN.entries);
        copy_to(&mut self.table, &WELL_KNOWN.table);
        self.seed = Seed::FIRST;
    }

    /// The id of a text; equal texts have equal ids.
    ///
    /// # Panics
    /// When the texts exceed 4 GiB together.
    pub fn intern(&mut self, text: &str) -> StrId {
        self.intern_bytes(text.as_bytes())
    }

    /// [`intern`](Self::intern) for an identifier of the source, or a dotted name of an import.
    ///
    /// CPython's parser puts those in its table of interned strings before it compiles anything, which
    /// makes a difference when a literal has the same text: [`Pool::new_code`](crate::Pool::new_code).
    #[inline]
    pub fn intern_identifier<'t>(&mut self, text: impl Into<PyStr<'t>>) -> StrId {
        let id = self.intern_pystr(text.into());
        self.note_identifier(id);
        id
    }

    /// The same for a lexer that has the bytes at hand, if they are at most sixteen, as two little-endian numbers: `head`
    /// and, for those behind the first eight, `tail`. For longer identifiers `tail` is [`NO_TAIL`](Self::NO_TAIL).
    ///
    /// # Panics
    /// In builds with debug assertions, when the numbers are not those of the text; in others the id then stands for
    /// another text.
    #[inline]
    pub fn intern_word(&mut self, head: u64, tail: u64, text: PyStr<'_>) -> StrId {
        let text = text.as_bytes();
        let key = if text.len() <= SHORT { Key { head, tail } } else { Key::of(text, self.seed) };
        debug_assert!(key == Key::of(text, self.seed), "the numbers are those of the text");
        let id = self.intern_with_key(key, text);
        self.note_identifier(id);
        id
    }

    #[inline]
    fn note_identifier(&mut self, id: StrId) {
        self.entries[id.index()].traits.0 |= Traits::IDENTIFIER;
    }

    /// The id of an identifier that was interned before, if one look at the table tells: a short cut to what
    /// [`intern_word`](Self::intern_word) gives.
    #[inline]
    pub fn find_word(&mut self, head: u64, tail: u64) -> Option<StrId> {
        let key = Key { head, tail };
        let id = StrId(self.table[key.first_slot(self.seed, self.table.len() - 1)].checked_sub(1)?);
        let entry = &mut self.entries[id.index()];
        if entry.key != key {
            return None;
        }
        entry.traits.0 |= Traits::IDENTIFIER;
        Some(id)
    }

    /// Makes room for that many more strings.
    pub fn reserve(&mut self, additional: usize) {
        self.bytes.reserve(additional * USUAL_LENGTH);
        self.entries.reserve(additional);
        // Twice as many as needed: then nearly every search ends where it begins.
        let slots = (self.entries.len() + additional) * 4;
        if slots > self.table.len() {
            self.grow(slots.next_power_of_two());
        }
    }

    /// Whether CPython has interned a string of this text when it begins to compile the file: an
    /// identifier of the source, or one that a fresh process interned on its way to compiling.
    pub fn is_interned_at_start(&self, id: StrId) -> bool {
        let known =
            || INTERNED_AT_START.binary_search_by(|text| text.as_bytes().cmp(self.get(id).as_bytes()));
        self.entries[id.index()].traits.0 & Traits::IDENTIFIER != 0 || known().is_ok()
    }

    /// Whether a text begins with two underscores, as all names do that are private in a class.
    #[inline]
    pub fn is_underscored(&self, id: StrId) -> bool {
        self.entries[id.index()].traits.0 & Traits::UNDERSCORED != 0
    }

    /// Whether all characters of a text are ASCII.
    #[inline]
    pub fn is_ascii(&self, id: StrId) -> bool {
        self.entries[id.index()].traits.0 & Traits::ASCII != 0
    }

    /// [`intern`](Self::intern) for a string that may hold lone surrogates.
    pub fn intern_pystr(&mut self, text: PyStr<'_>) -> StrId {
        self.intern_bytes(text.as_bytes())
    }

    fn intern_bytes(&mut self, text: &[u8]) -> StrId {
        self.intern_with_key(Key::of(text, self.seed), text)
    }

    fn intern_with_key(&mut self, key: Key, text: &[u8]) -> StrId {
        let slot = self.find(key, text);
        match self.table[slot] {
            0 => self.insert(slot, key, text),
            found => StrId(found - 1),
        }
    }

    /// The slot of a text, or the free one where it belongs.
    #[inline]
    fn find(&self, key: Key, text: &[u8]) -> usize {
        let mask = self.table.len() - 1;
        let mut at = key.first_slot(self.seed, mask);
        loop {
            match self.table[at].checked_sub(1) {
                Some(id) if self.entries[id as usize].key != key || !self.holds(StrId(id), text) => {}
                _ => return at,
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether an id with the key of a text is that of the text.
    #[inline]
    fn holds(&self, id: StrId, text: &[u8]) -> bool {
        is_short(text) || self.get(id).as_bytes() == text
    }

    #[inline(never)]
    fn insert(&mut self, slot: usize, key: Key, text: &[u8]) -> StrId {
        let mask = self.table.len() - 1;
        if slot.wrapping_sub(key.first_slot(self.seed, mask)) & mask > FAR && !self.is_reseeded() {
            self.reseed();
            return self.intern_bytes(text);
        }
        self.append(key, text);
        let end = u32::try_from(self.bytes.len()).expect("interned strings exceed 4 GiB");
        let id = StrId(self.entries.len() as u32);
        self.entries.push(Entry { key, end, traits: Traits::of(key, text) });
        self.table[slot] = id.0 + 1;
        if self.entries.len() * 2 > self.table.len() {
            self.grow(self.table.len() * 2);
        }
        id
    }

    /// Appends a text to `bytes`.
    #[inline]
    fn append(&mut self, key: Key, text: &[u8]) {
        if !is_short(text) {
            return self.bytes.extend_from_slice(text);
        }
        // All of the key, since a copy whose length is known needs no branches.
        let end = self.bytes.len() + text.len();
        self.bytes.extend_from_slice([key.head.to_le_bytes(), key.tail.to_le_bytes()].as_flattened());
        self.bytes.truncate(end);
    }

    /// The id of a text that is already here.
    pub fn lookup(&self, text: &str) -> Option<StrId> {
        let text = text.as_bytes();
        let slot = self.find(Key::of(text, self.seed), text);
        self.table[slot].checked_sub(1).map(StrId)
    }

    /// The text of an id that this interner gave out.
    ///
    /// # Panics
    /// May panic when the id is another interner's.
    pub fn get(&self, id: StrId) -> PyStr<'_> {
        PyStr::from_wtf8_unchecked(&self.bytes[self.start(id)..self.entries[id.index()].end as usize])
    }

    /// A text as the beginning of a piece of fixed length, and its own length: what follows it in the piece has no
    /// meaning. `None` if the text is longer than the piece, or too new for anything to follow it.
    ///
    /// For who copies many short texts, whose lengths are hard to predict.
    ///
    /// ```
    /// use pycode::{Interner, known};
    /// let strings = Interner::new();
    /// let (piece, len) = strings.short_text(known::SELF).unwrap();
    /// assert_eq!(piece[..len], *b"self");
    /// ```
    #[inline]
    pub fn short_text(&self, id: StrId) -> Option<(&[u8; Interner::SHORT_TEXT], usize)> {
        let start = self.start(id);
        let len = self.entries[id.index()].end as usize - start;
        let piece = self.bytes.get(start..)?.first_chunk()?;
        (len <= Interner::SHORT_TEXT).then_some((piece, len))
    }

    #[inline]
    fn start(&self, id: StrId) -> usize {
        match id.index() {
            0 => 0,
            i => self.entries[i - 1].end as usize,
        }
    }

    /// How many bytes all texts have together.
    pub fn total_len(&self) -> usize {
        self.bytes.len()
    }

    /// How many strings there are; ids are below it.
    #[allow(clippy::len_without_is_empty, reason = "the well-known strings are always there")]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// All strings with their ids, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (StrId, PyStr<'_>)> {
        let mut start = 0;
        self.entries.iter().zip(0..).map(move |(entry, id)| {
            let text = &self.bytes[start..entry.end as usize];
            start = entry.end as usize;
            (StrId(id), PyStr::from_wtf8_unchecked(text))
        })
    }

    fn is_reseeded(&self) -> bool {
        self.seed != Seed::FIRST
    }

    /// Places all strings anew, where nobody can have foreseen: so many in a row are made to collide.
    #[cold]
    fn reseed(&mut self) {
        self.seed = Seed::random();
        for number in 0..self.entries.len() {
            let text = &self.bytes[self.start(StrId(number as u32))..self.entries[number].end as usize];
            self.entries[number].key = Key::of(text, self.seed);
        }
        self.grow(self.table.len());
    }

    /// Moves to a table of that many slots, a power of two.
    #[cold]
    fn grow(&mut self, slots: usize) {
        let mask = slots - 1;
        let mut table = mem::take(&mut self.spare);
        table.clear();
        table.resize(slots, 0);
        for (entry, number) in self.entries.iter().zip(1..) {
            let mut at = entry.key.first_slot(self.seed, mask);
            while table[at] != 0 {
                at = (at + 1) & mask;
            }
            table[at] = number;
        }
        self.spare = mem::replace(&mut self.table, table);
    }
}

/// Gives a list other contents.
fn copy_to<T: Copy>(list: &mut Vec<T>, contents: &[T]) {
    list.clear();
    list.extend_from_slice(contents);
}

impl Default for Interner {
    fn default() -> Self {
        Interner::new()
    }
}

impl fmt::Debug for Interner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interner").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::key::eight;
    use super::*;

    #[test]
    fn ids_survive_growth() {
        let mut strings = Interner::new();
        let ids: Vec<StrId> = (0..5000).map(|i| strings.intern(&format!("name{i}"))).collect();
        for (i, &id) in ids.iter().enumerate() {
            assert_eq!(strings.get(id), format!("name{i}").as_str());
            assert_eq!(strings.lookup(&format!("name{i}")), Some(id));
        }
        assert_eq!(strings.lookup("absent"), None);
    }

    #[test]
    fn a_restarted_interner_is_like_a_new_one() {
        let mut strings = Interner::new();
        for file in 0..3 {
            let ids: Vec<StrId> = (0..900).map(|i| strings.intern(&format!("name{i} of {file}"))).collect();
            assert_eq!(ids[0].index(), known::TEXTS.len());
            assert_eq!(strings.lookup(&format!("name7 of {file}")), Some(ids[7]));
            strings.restart();
            assert_eq!((strings.len(), strings.lookup("name7 of 0")), (known::TEXTS.len(), None));
            assert_eq!(strings.lookup("__class__"), Some(known::CLASS));
        }
    }

    #[test]
    fn texts_of_all_lengths_stay_apart() {
        let mut strings = Interner::new();
        let text = "\0abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\0\0";
        let parts = || (0..text.len()).flat_map(|from| (from..=text.len()).map(move |to| &text[from..to]));
        let ids: Vec<StrId> = parts().map(|part| strings.intern(part)).collect();
        for (part, id) in parts().zip(ids) {
            assert_eq!(strings.get(id), part);
            assert_eq!(strings.lookup(part), Some(id));
        }
    }

    #[test]
    fn what_is_ascii_is_known() {
        let mut strings = Interner::new();
        for len in 0..40 {
            for end in ["", "\0"] {
                let plain = "x".repeat(len) + end;
                let id = strings.intern(&plain);
                assert!(strings.is_ascii(id), "{plain:?}");
                for at in 0..len {
                    let mut text = plain.clone();
                    text.replace_range(at..=at, "é");
                    let id = strings.intern(&text);
                    assert!(!strings.is_ascii(id), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn nul_at_the_end_counts() {
        let mut strings = Interner::new();
        let texts = ["", "\0", "\0\0", "a", "a\0", "a_name_of_fifteen", "a_name_fifteen\0", "a_name_fifteen"];
        let ids = texts.map(|text| strings.intern(text));
        for (text, id) in texts.into_iter().zip(ids) {
            assert_eq!(strings.get(id), text);
            assert_eq!(strings.intern(text), id);
        }
    }

    /// The search for each of these names would begin at the same slot.
    #[test]
    fn names_made_to_collide_do_not() {
        let mut strings = Interner::new();
        let mut names = Vec::new();
        for number in 0_u64.. {
            let name = format!("n{number}");
            if Key::of(name.as_bytes(), Seed::FIRST).first_slot(Seed::FIRST, 1023) == 0 {
                names.push(name);
            }
            if names.len() == 400 {
                break;
            }
        }
        let ids: Vec<StrId> = names.iter().map(|name| strings.intern(name)).collect();
        assert!(strings.is_reseeded());
        let again: Vec<StrId> = names.iter().map(|name| strings.intern(name)).collect();
        assert_eq!(ids, again);
        let known = strings.iter().take(known::TEXTS.len()).map(|(_, text)| text);
        assert!(known.eq(known::TEXTS.iter().map(|&text| PyStr::from(text))));
    }

    #[test]
    fn a_word_at_hand_is_its_text() {
        let mut strings = Interner::new();
        for text in ["x", "spam_and", "spam_and_eggs", "spam_and_eggs_16"] {
            let mut bytes = [0; 16];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            let [head, tail] = [0, 8].map(|at| eight(&bytes, at));
            assert_eq!(strings.find_word(head, tail), None, "{text}");
            let id = strings.intern_word(head, tail, text.into());
            assert_eq!(strings.intern(text), id);
            // One look at the table may not tell.
            assert!(strings.find_word(head, tail).is_none_or(|found| found == id));
        }
        let (head, long) = (u64::from_le_bytes(*b"spam_and"), "spam_and_eggs_and_spam");
        let id = strings.intern_word(head, Interner::NO_TAIL, long.into());
        assert_eq!((strings.find_word(head, Interner::NO_TAIL), strings.intern(long)), (None, id));
    }

    #[test]
    fn identifiers_and_static_strings_are_interned_at_start() {
        let mut strings = Interner::new();
        let literal = strings.intern("a_literal");
        assert!(!strings.is_interned_at_start(literal));
        assert_eq!(strings.intern_identifier("a_literal"), literal);
        assert!(strings.is_interned_at_start(literal));
        let spam = strings.intern("spam");
        assert!(strings.is_interned_at_start(spam));
    }

    #[test]
    fn private_names_begin_with_two_underscores() {
        let mut strings = Interner::new();
        for (text, expected) in
            [("__spam", true), ("__", true), ("_spam", false), ("spam__", false), ("", false)]
        {
            let id = strings.intern(text);
            assert_eq!(strings.is_underscored(id), expected, "{text}");
        }
        assert!(strings.is_underscored(known::CLASS));
    }

    #[test]
    fn well_known_strings_have_their_ids() {
        let strings = Interner::new();
        assert_eq!(strings.get(known::EMPTY), "");
        assert_eq!(strings.get(known::LOCALS), "<locals>");
        assert_eq!(strings.len(), known::TEXTS.len());
    }
}
