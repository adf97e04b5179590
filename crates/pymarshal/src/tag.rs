//! The byte that begins every object.

/// Set in the byte when the object gets a number, by which it can be referred to later.
pub(crate) const FLAG_REF: u8 = 0x80;

/// What follows; the discriminant is the byte without [`FLAG_REF`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Tag {
    /// No object: ends a dict.
    Null = b'0',
    None = b'N',
    False = b'F',
    True = b'T',
    StopIteration = b'S',
    Ellipsis = b'.',
    /// 32 bits.
    Int = b'i',
    /// 64 bits; read but no longer written.
    Int64 = b'I',
    /// A signed number of 15-bit digits, then the digits.
    Long = b'l',
    /// Text with its length in a byte; versions 0 and 1.
    Float = b'f',
    BinaryFloat = b'g',
    Complex = b'x',
    BinaryComplex = b'y',
    /// A bytes object.
    Bytes = b's',
    /// UTF-8 with surrogates, like [`Tag::Interned`]; all others of strings are latin-1.
    Unicode = b'u',
    Interned = b't',
    Ascii = b'a',
    AsciiInterned = b'A',
    /// The length is one byte.
    ShortAscii = b'z',
    ShortAsciiInterned = b'Z',
    Tuple = b'(',
    /// The number of members is one byte.
    SmallTuple = b')',
    List = b'[',
    Dict = b'{',
    Set = b'<',
    FrozenSet = b'>',
    Slice = b':',
    Code = b'c',
    /// The number of an object that came before.
    Ref = b'r',
}

impl Tag {
    /// That of ASCII text of at most 255 characters.
    pub(crate) fn short_ascii(interned: bool) -> Tag {
        if interned { Tag::ShortAsciiInterned } else { Tag::ShortAscii }
    }

    /// The tag of a byte without its flag; `None` for bytes that begin nothing.
    pub(crate) fn from_byte(byte: u8) -> Option<Tag> {
        ALL.into_iter().find(|&tag| tag as u8 == byte)
    }
}

const ALL: [Tag; 29] = [
    Tag::Ref,
    Tag::ShortAsciiInterned,
    Tag::ShortAscii,
    Tag::Bytes,
    Tag::SmallTuple,
    Tag::Code,
    Tag::None,
    Tag::Int,
    Tag::True,
    Tag::False,
    Tag::Ascii,
    Tag::AsciiInterned,
    Tag::Unicode,
    Tag::Interned,
    Tag::BinaryFloat,
    Tag::Long,
    Tag::FrozenSet,
    Tag::Slice,
    Tag::Tuple,
    Tag::Ellipsis,
    Tag::BinaryComplex,
    Tag::Null,
    Tag::List,
    Tag::Dict,
    Tag::Set,
    Tag::StopIteration,
    Tag::Int64,
    Tag::Float,
    Tag::Complex,
];
