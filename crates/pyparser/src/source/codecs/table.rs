//! Tables of characters of two and three bytes.
//!
//! Most sets of characters extend another (GB 18030 does GBK, and that GB 2312), so a table has only what differs from
//! the one that it extends. The facts are CPython's (`Modules/cjkcodecs/mappings_*.h`), found by running its codecs.

use super::output::Output;

/// A codec without shift states.
pub(crate) struct MultiByte {
    /// The characters of single bytes, [`BEGINS`] or [`ILLEGAL`]; or of those from 128 on, and the others are ASCII.
    pub(crate) single: &'static [u16],
    /// Where a sequence is looked up that the rows leave out.
    pub(crate) base: Base,
    /// What two bytes mean, or three if the first is 0x8F in EUC-JP; sorted.
    pub(crate) rows: &'static [Row],
    /// The sequences that mean two characters, as big-endian numbers; sorted.
    pub(crate) pairs: &'static [(u32, &'static str)],
    /// GB 18030: runs of four-byte sequences, as index of the first sequence, first code point, length.
    pub(crate) four_byte_ranges: &'static [(u32, u32, u32)],
}

/// The characters that begin with the same byte or bytes.
pub(crate) struct Row {
    /// All bytes but the last, big-endian.
    pub(crate) lead: u16,
    /// The last byte of the first character.
    pub(crate) first: u8,
    /// The characters from there on, [`AS_IN_BASE`], [`NOTHING`], [`NOT_YET`] or [`PAIR`].
    pub(crate) characters: &'static str,
}

/// The codec that another one extends.
pub(crate) enum Base {
    Nothing,
    /// The same sequences mean the same.
    Codec(&'static MultiByte),
    /// A variant of EUC-JP, whose rows and cells stand in the order of Shift_JIS here.
    Euc(&'static MultiByte),
}

/// A single byte that begins a longer sequence.
pub(super) const BEGINS: u16 = 0xFFFE;
/// A single byte that means nothing, whatever follows.
pub(super) const ILLEGAL: u16 = 0xFFFF;

const AS_IN_BASE: char = ' ';
const NOTHING: char = '\0';
const NOT_YET: char = '\u{1}';
const PAIR: char = '\u{FFFF}';

/// What a sequence means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lookup {
    /// Characters, which were appended to the text.
    Found,
    Nothing,
    /// Nothing in this edition of a standard: CPython blames all bytes, not the first alone.
    NotYet,
}

/// A codec's table, unpacked row by row as they are needed.
pub(super) struct Table {
    codec: &'static MultiByte,
    unpacked: Vec<Vec<char>>,
    base: Option<Box<Table>>,
}

impl Table {
    pub(super) fn new(codec: &'static MultiByte) -> Self {
        let base = match codec.base {
            Base::Nothing => None,
            Base::Codec(base) | Base::Euc(base) => Some(Box::new(Table::new(base))),
        };
        Table { codec, unpacked: vec![Vec::new(); codec.rows.len()], base }
    }

    /// Appends what the sequence means.
    pub(super) fn decode(&mut self, lead: u16, last: u8, out: &mut Output<'_>) -> Lookup {
        match self.character(lead, last) {
            AS_IN_BASE => self.decode_in_base(lead, last, out),
            NOTHING => Lookup::Nothing,
            NOT_YET => Lookup::NotYet,
            PAIR => self.decode_pair(lead, last, out),
            character => {
                out.push(u32::from(character));
                Lookup::Found
            }
        }
    }

    fn decode_pair(&self, lead: u16, last: u8, out: &mut Output<'_>) -> Lookup {
        let sequence = u32::from(lead) << 8 | u32::from(last);
        match self.codec.pairs.binary_search_by_key(&sequence, |&(sequence, _)| sequence) {
            Ok(at) => {
                out.push_text(self.codec.pairs[at].1.as_bytes());
                Lookup::Found
            }
            Err(_) => Lookup::Nothing,
        }
    }

    /// Whether the codec that this one extends in the end has characters that begin like that.
    pub(super) fn extends_row(&self, lead: u16) -> bool {
        let mut base = self.base.as_deref();
        while let Some(next) = base.and_then(|base| base.base.as_deref()) {
            base = Some(next);
        }
        base.is_some_and(|base| base.row(lead).is_some())
    }

    fn character(&mut self, lead: u16, last: u8) -> char {
        let Some(at) = self.row(lead) else { return AS_IN_BASE };
        let row = &self.codec.rows[at];
        let characters = &mut self.unpacked[at];
        if characters.is_empty() {
            characters.extend(row.characters.chars());
        }
        let cell = last.checked_sub(row.first).map(usize::from);
        cell.and_then(|cell| characters.get(cell).copied()).unwrap_or(AS_IN_BASE)
    }

    fn row(&self, lead: u16) -> Option<usize> {
        self.codec.rows.binary_search_by_key(&lead, |row| row.lead).ok()
    }

    fn decode_in_base(&mut self, lead: u16, last: u8, out: &mut Output<'_>) -> Lookup {
        let place = match self.codec.base {
            Base::Nothing => None,
            Base::Codec(_) => Some((lead, last)),
            Base::Euc(_) => place_in_euc(lead, last),
        };
        match (place, &mut self.base) {
            (Some((lead, last)), Some(base)) => base.decode(lead, last, out),
            _ => Lookup::Nothing,
        }
    }
}

/// Where EUC-JP has what Shift_JIS has there: two of its rows follow each first byte. What comes after the 94 rows of the
/// first plane are those of the second plane that JIS X 0212 has not, in an order of their own.
fn place_in_euc(lead: u16, last: u8) -> Option<(u16, u8)> {
    if !matches!(last, 0x40..=0x7E | 0x80..=0xFC) {
        return None;
    }
    let row = 2 * lead.checked_sub(if lead < 0xE0 { 0x81 } else { 0xC1 })?;
    let cell = last - if last < 0x80 { 0x40 } else { 0x41 };
    let (row, cell) = if cell < 94 { (row, cell) } else { (row + 1, cell - 94) };
    let lead = match row {
        0..94 => 0xA1 + row,
        95 | 99..103 => 0x8F80 + row - 55,
        94..103 => 0x8F80 + row - 61,
        103.. => 0x8F80 + row + 7,
    };
    Some((lead, 0xA1 + cell))
}
