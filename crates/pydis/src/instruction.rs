//! The instructions of a code object, one by one.

use std::borrow::Cow;
use std::vec;

use pycode::{CodeObject, ExceptionEntry, Location, Pool};
use pyopcode::{CACHE_FORMAT, Opcode};

use crate::labels::Labels;
use crate::opcode_info;
use crate::operand::{ArgValue, Operands};
use crate::quicken::quicken;
use crate::unpack::{Unpack, Unpacked};

/// An instruction with all that `dis.Instruction` knows of it. Offsets are in bytes.
#[derive(Clone, PartialEq, Debug)]
pub struct Instruction {
    /// The name; `<N>` if there is no such opcode.
    pub opname: Cow<'static, str>,
    /// The opcode byte.
    pub opcode: u8,
    /// The argument, if the opcode uses one; negative only if it overflows.
    pub arg: Option<i64>,
    /// What the argument stands for.
    pub argval: ArgValue,
    /// The text of that; empty if the number says it all.
    pub argrepr: String,
    /// Where the instruction is.
    pub offset: u32,
    /// Where its `EXTENDED_ARG`s begin.
    pub start_offset: u32,
    /// Whether a source line begins here.
    pub starts_line: bool,
    /// The line, 1-based, if it has one.
    pub line_number: Option<i32>,
    /// The number of the label here, if something jumps here or a handler's range begins or ends.
    pub label: Option<u32>,
    /// The location; -1 in any field stands for `None`.
    pub positions: Location,
    /// The fields of the inline cache; empty if it has none.
    pub cache_info: Vec<CacheEntry>,
}

/// A field of an inline cache.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CacheEntry {
    /// Its name.
    pub name: &'static str,
    /// Its size in code units.
    pub size: u8,
    /// Its bytes; fewer than the size says where the bytecode is cut off.
    pub data: Box<[u8]>,
}

impl CacheEntry {
    /// The value, little-endian.
    pub fn value(&self) -> u64 {
        self.data.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
    }
}

impl Instruction {
    /// The general form of a specialized instruction, else the opcode itself; `None` if unknown.
    pub fn base_opcode(&self) -> Option<Opcode> {
        opcode_info::base(self.opcode)
    }

    /// The name of that; `<N>` if there is no such opcode.
    pub fn base_opname(&self) -> Cow<'static, str> {
        self.base_opcode().map_or_else(|| self.opname.clone(), |op| op.name().into())
    }

    /// Whether there is a [label](Self::label) here.
    pub fn is_jump_target(&self) -> bool {
        self.label.is_some()
    }

    /// Where the inline cache begins, behind the instruction itself.
    pub fn cache_offset(&self) -> u32 {
        self.offset + 2
    }

    /// Where the next instruction begins, behind the inline cache.
    pub fn end_offset(&self) -> u32 {
        self.cache_offset() + 2 * self.base_opcode().map_or(0, Opcode::caches) as u32
    }

    /// Where a jump leads; `None` if it is none.
    pub fn jump_target(&self) -> Option<i64> {
        opcode_info::jump_target(self.base_opcode()?, self.arg?, self.offset)
    }
}

/// The instructions of a code object in order; inline caches belong to the instruction before.
///
/// ```
/// use pycode::Pool;
/// use pydis::Instructions;
/// let mut pool = Pool::new();
/// let code = pydis::bare_code(&mut pool, &[128, 0, 94, 7, 35, 0]);
/// let names: Vec<_> = Instructions::new(&pool, pool.code(code).unwrap()).map(|i| i.opname).collect();
/// assert_eq!(names, ["RESUME", "LOAD_SMALL_INT", "RETURN_VALUE"]);
/// ```
pub struct Instructions<'a> {
    code: Cow<'a, [u8]>,
    unpacked: vec::IntoIter<Unpacked>,
    operands: Operands<'a>,
    handlers: Vec<ExceptionEntry>,
    positions: Box<dyn Iterator<Item = Location> + 'a>,
    /// How many code units `positions` has given.
    units: usize,
    line_starts: vec::IntoIter<(u32, Option<i32>)>,
    line: Option<i32>,
}

impl<'a> Instructions<'a> {
    /// The instructions as they are in the code object.
    pub fn new(pool: &'a Pool, code: &'a CodeObject) -> Self {
        Instructions::with_caches(pool, code, false)
    }

    /// The instructions; with `adaptive` their caches are as in a running interpreter that has not
    /// come by yet.
    pub fn with_caches(pool: &'a Pool, code: &'a CodeObject, adaptive: bool) -> Self {
        Instructions::make(pool, code, adaptive, true)
    }

    /// The instructions without the texts of constants, which may be long.
    pub(crate) fn without_constants(pool: &'a Pool, code: &'a CodeObject, adaptive: bool) -> Self {
        Instructions::make(pool, code, adaptive, false)
    }

    fn make(pool: &'a Pool, code: &'a CodeObject, adaptive: bool, shows_constants: bool) -> Self {
        let bytecode = pool.bytes(code.code).unwrap_or_default();
        let handlers: Vec<ExceptionEntry> = code.exception_table(pool).collect();
        let labels = Labels::new(code, pool, &handlers);
        let line_starts: Vec<_> =
            code.line_table(pool).lines().map(|range| (range.start, range.line)).collect();
        Instructions {
            code: if adaptive { quicken(bytecode).into() } else { bytecode.into() },
            unpacked: Unpack::new(bytecode).collect::<Vec<_>>().into_iter(),
            operands: Operands::new(code, pool, labels, shows_constants),
            handlers,
            positions: Box::new(code.line_table(pool).positions()),
            units: 0,
            line_starts: line_starts.into_iter(),
            line: None,
        }
    }

    /// Goes on with the first instruction at or behind an offset, without looking at those before.
    pub fn skip_to(&mut self, offset: u32) {
        let skipped = self.unpacked.as_slice().iter().take_while(|unpacked| unpacked.offset < offset).count();
        self.unpacked.by_ref().take(skipped).for_each(drop);
        while let Some(&(start, line)) = self.line_starts.as_slice().first()
            && start < offset
        {
            self.line = line;
            self.line_starts.next();
        }
    }

    /// How many labels there are; they are numbered from 1.
    pub fn label_count(&self) -> usize {
        self.operands.labels().len()
    }

    /// The number of the label at an offset.
    pub fn label_at(&self, offset: u32) -> Option<u32> {
        self.operands.labels().at(i64::from(offset))
    }

    /// The exception handlers, whose offsets all have labels.
    pub fn handlers(&self) -> &[ExceptionEntry] {
        &self.handlers
    }

    /// Whether a line begins at `offset`; sets the current line.
    fn start_line(&mut self, offset: u32) -> bool {
        while let Some(&(start, line)) = self.line_starts.as_slice().first() {
            if start > offset {
                return false;
            }
            self.line_starts.next();
            if start == offset {
                self.line = line;
                return true;
            }
        }
        false
    }

    /// The location of the code unit at `offset`.
    fn position(&mut self, offset: u32) -> Location {
        let unit = offset as usize / 2;
        let skipped = unit - self.units;
        self.units = unit + 1;
        self.positions.nth(skipped).unwrap_or(Location::NONE)
    }

    fn cache_info(&self, op: Option<Opcode>, offset: u32) -> Vec<CacheEntry> {
        let Some(op) = op.filter(|op| op.caches() > 0) else {
            return Vec::new();
        };
        let format = CACHE_FORMAT.iter().find(|&&(with_cache, _)| with_cache == op);
        let mut rest = self.code.get(offset as usize + 2..).unwrap_or_default();
        let fields = format.map_or(&[][..], |&(_, fields)| fields);
        let mut entries = Vec::with_capacity(fields.len());
        for &(name, size) in fields {
            let (data, after) = rest.split_at(rest.len().min(2 * usize::from(size)));
            entries.push(CacheEntry { name, size, data: data.into() });
            rest = after;
        }
        entries
    }
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        let Unpacked { offset, start_offset, opcode, base, arg } = self.unpacked.next()?;
        let starts_line = self.start_line(offset);
        let (argval, argrepr) = match (base, arg) {
            (Some(op), Some(arg)) => self.operands.resolve(op, arg, offset),
            _ => (ArgValue::None, String::new()),
        };
        Some(Instruction {
            opname: opcode_info::name(opcode),
            opcode,
            arg,
            argval,
            argrepr,
            offset,
            start_offset,
            starts_line,
            line_number: self.line,
            label: self.label_at(offset),
            positions: self.position(offset),
            cache_info: self.cache_info(base, offset),
        })
    }
}
