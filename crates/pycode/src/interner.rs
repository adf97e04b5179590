//! Strings by id: the text of every name and string constant of one compilation, each held once.
//!
//! The lexer interns a name when it first sees it; after that every stage compares, hashes and
//! stores a [`StrId`]. An id says *which text*, not *which object*: whether two equal strings are
//! one Python object is the business of [`Pool`](crate::Pool).

use std::fmt;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::PyStr;
use crate::generated::interned::INTERNED_AT_START;

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

/// Strings that the stages refer to by a constant id; every interner starts with them.
macro_rules! well_known {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Ids of the strings that the compiler itself mentions: [`known::CLASS`] is `__class__`.
        pub mod known {
            use super::StrId;

            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "names of constants")]
            enum Index { $($name),* }

            $(
                #[doc = concat!("`", $text, "`")]
                pub const $name: StrId = StrId(Index::$name as u32);
            )*

            /// The texts, in the order of their ids.
            pub(super) const TEXTS: &[&str] = &[$($text),*];
        }
    };
}

well_known! {
    EMPTY = "",
    MODULE = "<module>",
    LAMBDA = "<lambda>",
    GENEXPR = "<genexpr>",
    LISTCOMP = "<listcomp>",
    SETCOMP = "<setcomp>",
    DICTCOMP = "<dictcomp>",
    DOT_ZERO = ".0",
    DOT_DEFAULTS = ".defaults",
    DOT_KWDEFAULTS = ".kwdefaults",
    DOT_TYPE_PARAMS = ".type_params",
    DOT_GENERIC_BASE = ".generic_base",
    DOT_FORMAT = ".format",
    ANNOTATE = "__annotate__",
    ANNOTATE_FUNC = "__annotate_func__",
    ANNOTATIONS = "__annotations__",
    CONDITIONAL_ANNOTATIONS = "__conditional_annotations__",
    CLASS = "__class__",
    CLASSCELL = "__classcell__",
    CLASSDICT = "__classdict__",
    CLASSDICTCELL = "__classdictcell__",
    STATIC_ATTRIBUTES = "__static_attributes__",
    FIRSTLINENO = "__firstlineno__",
    TYPE_PARAMS = "__type_params__",
    DUNDER_MODULE = "__module__",
    QUALNAME = "__qualname__",
    NAME = "__name__",
    DOC = "__doc__",
    DEBUG = "__debug__",
    BUILD_CLASS = "__build_class__",
    FUTURE = "__future__",
    SUPER = "super",
    SELF = "self",
    TYPE = "type",
    PRINT = "print",
    TUPLE = "tuple",
    ALL = "all",
    ANY = "any",
    ASSERTION_ERROR = "AssertionError",
    NOT_IMPLEMENTED_ERROR = "NotImplementedError",
    STAR = "*",
    UNDERSCORE = "_",
    ITER = "__iter__",
    FORMAT = "format",
    VALUE = "value",
    LOCALS = "<locals>",
    JOIN = "join",
    RETURN = "return",
    TOP = "top",
    SCOPE_LAMBDA = "lambda",
    SCOPE_GENEXPR = "genexpr",
    SCOPE_LISTCOMP = "listcomp",
    SCOPE_SETCOMP = "setcomp",
    SCOPE_DICTCOMP = "dictcomp",
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
    /// Where each text ends in `bytes`, with its hash, which growing and probing use.
    entries: Vec<Entry>,
    /// Open addressing, linear probing; a slot holds an index into `entries` plus one, 0 is free.
    /// The length is a power of two and at least twice the number of entries.
    table: Vec<u32>,
    /// By `StrId`: whether the source has an identifier of this text.
    identifiers: Vec<bool>,
}

#[derive(Clone, Copy)]
struct Entry {
    end: u32,
    hash: u32,
}

impl Interner {
    /// An interner that holds only the [well-known strings](known).
    pub fn new() -> Self {
        let mut interner =
            Interner { bytes: Vec::new(), entries: Vec::new(), table: vec![0; 256], identifiers: Vec::new() };
        for text in known::TEXTS {
            interner.intern(text);
        }
        interner
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
        self.identifiers[id.index()] = true;
        id
    }

    /// Whether CPython has interned a string of this text when it begins to compile the file: an
    /// identifier of the source, or one that a fresh process interned on its way to compiling.
    pub fn is_interned_at_start(&self, id: StrId) -> bool {
        let known =
            || INTERNED_AT_START.binary_search_by(|text| text.as_bytes().cmp(self.get(id).as_bytes()));
        self.identifiers[id.index()] || known().is_ok()
    }

    /// [`intern`](Self::intern) for a string that may hold lone surrogates.
    pub fn intern_pystr(&mut self, text: PyStr<'_>) -> StrId {
        self.intern_bytes(text.as_bytes())
    }

    fn intern_bytes(&mut self, text: &[u8]) -> StrId {
        let hash = hash_bytes(text);
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.table[slot] {
                0 => break,
                found => {
                    let id = StrId(found - 1);
                    if self.entries[id.index()].hash == hash && self.get(id).as_bytes() == text {
                        return id;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        self.bytes.extend_from_slice(text);
        let end = u32::try_from(self.bytes.len()).expect("interned strings exceed 4 GiB");
        let id = StrId(self.entries.len() as u32);
        self.entries.push(Entry { end, hash });
        self.identifiers.push(false);
        self.table[slot] = id.0 + 1;
        if self.entries.len() * 2 > self.table.len() {
            self.grow();
        }
        id
    }

    /// The id of a text that is already here.
    pub fn lookup(&self, text: &str) -> Option<StrId> {
        let hash = hash_bytes(text.as_bytes());
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
        while self.table[slot] != 0 {
            let id = StrId(self.table[slot] - 1);
            if self.entries[id.index()].hash == hash && self.get(id) == text {
                return Some(id);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    /// The text of an id that this interner gave out.
    pub fn get(&self, id: StrId) -> PyStr<'_> {
        let start = match id.index() {
            0 => 0,
            i => self.entries[i - 1].end as usize,
        };
        PyStr::from_wtf8_unchecked(&self.bytes[start..self.entries[id.index()].end as usize])
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

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![0; mask + 1];
        for (index, entry) in self.entries.iter().enumerate() {
            let mut slot = entry.hash as usize & mask;
            while table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            table[slot] = index as u32 + 1;
        }
        self.table = table;
    }
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

fn hash_bytes(text: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

#[cfg(test)]
mod tests {
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
    fn well_known_strings_have_their_ids() {
        let strings = Interner::new();
        assert_eq!(strings.get(known::EMPTY), "");
        assert_eq!(strings.get(known::LOCALS), "<locals>");
        assert_eq!(strings.len(), known::TEXTS.len());
    }
}
