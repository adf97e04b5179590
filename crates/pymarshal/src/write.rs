//! From objects to bytes (`w_object` and its kin in `Python/marshal.c`).

mod set_order;
mod short_text;

use std::slice;

use num_bigint::{BigInt, Sign};
use pycode::{CodeObject, Object, ObjectId, Pool, StrId, version::MARSHAL_VERSION};

use crate::refs::{Census, Mark, Marks, take_census};
use crate::tag::{FLAG_REF, Tag};
use crate::{DumpError, MAX_DEPTH, Refs, float_text};
use set_order::SetOrders;

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct DumpOptions<'a> {
    /// The version of the format, 0 to 5: 1 has binary floats, 3 references, 4 short forms of ASCII
    /// strings and tuples, 5 slices. Greater ones are like 5.
    pub version: u8,
    /// Which objects are flagged, from version 3 on.
    pub refs: Refs<'a>,
}

impl Default for DumpOptions<'_> {
    /// What `py_compile` uses.
    fn default() -> Self {
        DumpOptions { version: MARSHAL_VERSION, refs: Refs::Held }
    }
}

/// Writes an object with all that it refers to.
///
/// # Errors
/// When the format has no place for it: see [`DumpError`].
///
/// # Panics
/// When `root` is not of this pool.
pub fn dumps(pool: &Pool, root: ObjectId, options: &DumpOptions<'_>) -> Result<Vec<u8>, DumpError> {
    dump_behind(&[], pool, root, options)
}

/// [`dumps`] with something in front.
pub(crate) fn dump_behind(
    head: &[u8],
    pool: &Pool,
    root: ObjectId,
    options: &DumpOptions<'_>,
) -> Result<Vec<u8>, DumpError> {
    let Census { mut marks, sets, size } = take_census(pool, root, !matches!(options.refs, Refs::Temporary));
    let mut counted = true;
    if let Refs::AsLoaded(flags) = options.refs {
        marks = Marks::flagged(pool.len(), flags);
        counted = false;
    }
    let plan = Plan { pool, version: options.version, counted };
    let mut numbers = Numbers::new(marks);
    let orders = SetOrders::new(&plan, &sets, &mut numbers)?;
    let mut out = Vec::with_capacity(head.len() + size);
    out.extend_from_slice(head);
    let mut writer = Writer::new(&plan, &mut numbers, out);
    writer.write(root, &orders)?;
    Ok(writer.out)
}

const MAX_LEN: usize = i32::MAX as usize;

/// Up to which length references are written without asking whether the limit is reached.
const REFERENCES_END: usize = MAX_LEN - 16;

/// How many containers are usually open at once, at most.
const USUAL_DEPTH: usize = 16;

/// How many objects of a code object stand between its bytecode and its first line.
const FIELDS_BEFORE_LINE: usize = 7;

/// What stays the same during one [`dumps`].
struct Plan<'a> {
    pool: &'a Pool,
    version: u8,
    /// Whether references were counted. Then interned strings are flagged, and each code object has a bytecode object of
    /// its own, made while writing, whatever the pool shares.
    counted: bool,
}

/// The numbers by which objects can be referred to.
struct Numbers {
    marks: Marks,
    /// The objects that have a number, for [`clear`](Self::clear).
    numbered: Vec<ObjectId>,
    /// Whether that list is kept.
    is_tentative: bool,
    next: u32,
}

impl Numbers {
    fn new(marks: Marks) -> Self {
        Numbers { marks, numbered: Vec::new(), is_tentative: false, next: 0 }
    }

    /// Forgets all numbers; takes time only for those that were given.
    fn clear(&mut self) {
        for id in self.numbered.drain(..) {
            self.marks.set(id, Mark::FLAGGED);
        }
        self.next = 0;
    }

    /// Gives an object the next number.
    #[inline]
    fn give(&mut self, id: ObjectId) {
        self.marks.set(id, Mark::numbered(self.next));
        self.next += 1;
        if self.is_tentative {
            self.numbered.push(id);
        }
    }
}

struct Writer<'a> {
    plan: &'a Plan<'a>,
    out: Vec<u8>,
    /// How long `out` must not become.
    limit: usize,
    numbers: &'a mut Numbers,
    /// The containers that are being written, outermost first.
    stack: Vec<Frame<'a>>,
}

/// A container with what is still to be written of it.
enum Frame<'a> {
    Members(slice::Iter<'a, ObjectId>),
    Dict { items: slice::Iter<'a, (ObjectId, ObjectId)>, value: Option<ObjectId>, ended: bool },
    Code { code: &'a CodeObject, next: usize },
}

/// What a frame wants next.
enum Step<'a> {
    Object(ObjectId),
    /// The fields of a code object from the one with an index on.
    Fields(&'a CodeObject, usize),
    Null,
    Done,
}

impl<'a> Writer<'a> {
    /// Writes to the end of `out`.
    fn new(plan: &'a Plan<'a>, numbers: &'a mut Numbers, out: Vec<u8>) -> Self {
        Writer { plan, limit: out.len() + MAX_LEN, out, numbers, stack: Vec::with_capacity(USUAL_DEPTH) }
    }

    fn write(&mut self, root: ObjectId, orders: &'a SetOrders) -> Result<(), DumpError> {
        self.object(root, orders)?;
        while let Some(frame) = self.stack.last_mut() {
            match frame.step(&mut self.out, &self.numbers.marks) {
                Step::Object(id) => self.object(id, orders)?,
                Step::Fields(code, next) => self.fields(code, next, orders)?,
                Step::Null => {
                    self.check_limits()?;
                    self.out.push(Tag::Null as u8);
                }
                Step::Done => drop(self.stack.pop()),
            }
        }
        Ok(())
    }

    #[inline]
    fn check_limits(&self) -> Result<(), DumpError> {
        if self.stack.len() < MAX_DEPTH && self.out.len() < self.limit {
            Ok(())
        } else {
            Err(self.exceeded())
        }
    }

    #[cold]
    fn exceeded(&self) -> DumpError {
        if self.stack.len() >= MAX_DEPTH { DumpError::TooDeep } else { DumpError::TooLarge }
    }

    /// Writes a leaf, or begins a container and leaves its contents to the stack.
    fn object(&mut self, id: ObjectId, orders: &'a SetOrders) -> Result<(), DumpError> {
        self.check_limits()?;
        let mark = self.numbers.marks.get(id);
        match mark.number() {
            Some(number) => write_reference(&mut self.out, number),
            None => self.new_object(id, mark, orders)?,
        }
        Ok(())
    }

    /// Writes a reference to an object that has been written; says whether it has. Most are, and need no further look.
    #[inline]
    fn refer_to(&mut self, id: ObjectId) -> bool {
        refer_to(id, &mut self.out, &self.numbers.marks)
    }

    /// The flag to write an object with, which gets a number if it has the flag.
    #[inline]
    fn flag(&mut self, id: ObjectId, mark: Mark) -> u8 {
        if !mark.is_flagged() || self.plan.version < 3 {
            return 0;
        }
        self.numbers.give(id);
        FLAG_REF
    }

    /// `co_code`, which a code object makes anew for marshal and keeps: flagged, never referred to.
    fn bytecode(&mut self, id: ObjectId) -> Result<(), DumpError> {
        self.check_limits()?;
        if !self.plan.counted {
            return self.shared_bytecode(id);
        }
        let flag = if self.plan.version < 3 { 0 } else { FLAG_REF };
        self.numbers.next += 1;
        let bytes = self.plan.pool.bytes(id).expect("co_code is a bytes object");
        self.bytes(Tag::Bytes, bytes, flag)
    }

    fn shared_bytecode(&mut self, id: ObjectId) -> Result<(), DumpError> {
        let mark = self.numbers.marks.get(id);
        if let Some(number) = mark.number() {
            write_reference(&mut self.out, number);
            return Ok(());
        }
        let flag = self.flag(id, mark);
        let bytes = self.plan.pool.bytes(id).expect("co_code is a bytes object");
        self.bytes(Tag::Bytes, bytes, flag)
    }

    /// Writes an object that has no number: one look at what it is, since that is hard to predict.
    fn new_object(&mut self, id: ObjectId, mark: Mark, orders: &'a SetOrders) -> Result<(), DumpError> {
        let object = self.plan.pool.get(id);
        match object {
            Object::None => self.singleton(Tag::None),
            Object::Bool(value) => self.singleton(if value { Tag::True } else { Tag::False }),
            Object::Ellipsis => self.singleton(Tag::Ellipsis),
            Object::StopIteration => self.singleton(Tag::StopIteration),
            Object::Str { text, interned } => self.new_string(id, mark, text, interned),
            Object::Bytes(bytes) => {
                let flag = self.flag(id, mark);
                self.bytes(Tag::Bytes, bytes, flag)
            }
            Object::Tuple(members) => {
                let flag = self.flag(id, mark);
                self.tuple_head(members.len(), flag)?;
                if self.plan.pool.is_name_tuple(id) && self.stack.len() + 1 < MAX_DEPTH {
                    return self.names(members);
                }
                self.begin_members(members)
            }
            Object::Code(code) => {
                let flag = self.flag(id, mark);
                self.code(code, flag)
            }
            Object::Int(value) => {
                let flag = self.flag(id, mark);
                self.int(value, flag)
            }
            Object::BigInt(_)
            | Object::Float(_)
            | Object::Complex { .. }
            | Object::List(_)
            | Object::FrozenSet(_)
            | Object::Set(_)
            | Object::Dict(_)
            | Object::Slice(_) => {
                let flag = self.flag(id, mark);
                self.rare_object(id, object, flag, orders)
            }
        }
    }

    fn singleton(&mut self, tag: Tag) -> Result<(), DumpError> {
        self.out.push(tag as u8);
        Ok(())
    }

    #[inline(never)]
    fn rare_object(
        &mut self,
        id: ObjectId,
        object: Object<'a>,
        flag: u8,
        orders: &'a SetOrders,
    ) -> Result<(), DumpError> {
        match object {
            Object::BigInt(value) => self.big_int(value, flag),
            Object::Float(value) => {
                self.float_tag(Tag::BinaryFloat, Tag::Float, flag);
                self.float(value);
                Ok(())
            }
            Object::Complex { real, imag } => {
                self.float_tag(Tag::BinaryComplex, Tag::Complex, flag);
                self.float(real);
                self.float(imag);
                Ok(())
            }
            Object::List(members) => self.members(Tag::List, members, flag),
            Object::FrozenSet(_) => self.members(Tag::FrozenSet, orders.get(id), flag),
            Object::Set(_) => self.members(Tag::Set, orders.get(id), flag),
            Object::Dict(items) => {
                self.tag(Tag::Dict, flag);
                self.stack.push(Frame::Dict { items: items.iter(), value: None, ended: false });
                Ok(())
            }
            Object::Slice(parts) => self.slice(parts, flag),
            _ => unreachable!("written by `new_object`"),
        }
    }

    fn tag(&mut self, tag: Tag, flag: u8) {
        self.out.push(tag as u8 | flag);
    }

    /// The tag of what has a size, and that (`W_SIZE`).
    fn head(&mut self, tag: Tag, size: usize, flag: u8) -> Result<(), DumpError> {
        let size = i32::try_from(size).map_err(|_| DumpError::Unmarshallable)?;
        let [a, b, c, d] = size.to_le_bytes();
        self.out.extend_from_slice(&[tag as u8 | flag, a, b, c, d]);
        Ok(())
    }

    fn int(&mut self, value: i64, flag: u8) -> Result<(), DumpError> {
        match i32::try_from(value) {
            Ok(small) => {
                self.tag(Tag::Int, flag);
                self.out.extend_from_slice(&small.to_le_bytes());
                Ok(())
            }
            Err(_) => self.big_int(&BigInt::from(value), flag),
        }
    }

    /// Digits of 15 bits, least significant first; their number has the sign of the int.
    fn big_int(&mut self, value: &BigInt, flag: u8) -> Result<(), DumpError> {
        self.tag(Tag::Long, flag);
        let bits = value.bits();
        let count = i32::try_from(bits.div_ceil(15)).map_err(|_| DumpError::Unmarshallable)?;
        let signed = if value.sign() == Sign::Minus { -count } else { count };
        self.out.extend_from_slice(&signed.to_le_bytes());
        let (mut pending, mut held) = (0u64, 0u32);
        let mut left = count;
        for digit in value.iter_u32_digits() {
            pending |= u64::from(digit) << held;
            held += 32;
            while held >= 15 && left > 0 {
                self.out.extend_from_slice(&((pending & 0x7FFF) as u16).to_le_bytes());
                pending >>= 15;
                held -= 15;
                left -= 1;
            }
        }
        if left > 0 {
            self.out.extend_from_slice(&(pending as u16).to_le_bytes());
        }
        Ok(())
    }

    fn float_tag(&mut self, binary: Tag, text: Tag, flag: u8) {
        self.tag(if self.plan.version > 1 { binary } else { text }, flag);
    }

    fn float(&mut self, value: f64) {
        if self.plan.version > 1 {
            self.out.extend_from_slice(&value.to_le_bytes());
        } else {
            let text = float_text::format(value);
            self.out.push(text.len() as u8);
            self.out.extend_from_slice(text.as_bytes());
        }
    }

    fn bytes(&mut self, tag: Tag, bytes: &[u8], flag: u8) -> Result<(), DumpError> {
        self.head(tag, bytes.len(), flag)?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    #[inline]
    fn new_string(&mut self, id: ObjectId, mark: Mark, text: StrId, interned: bool) -> Result<(), DumpError> {
        let mark = if interned && self.plan.counted { Mark::FLAGGED } else { mark };
        let flag = self.flag(id, mark);
        self.string(text, interned, flag)
    }

    fn string(&mut self, text: StrId, interned: bool, flag: u8) -> Result<(), DumpError> {
        let strings = self.plan.pool.strings();
        if self.plan.version >= 4
            && strings.is_ascii(text)
            && let Some((piece, len)) = strings.short_text(text)
        {
            short_text::append(&mut self.out, Tag::short_ascii(interned) as u8 | flag, piece, len);
            return Ok(());
        }
        self.long_string(text, interned, flag)
    }

    #[inline(never)]
    fn long_string(&mut self, id: StrId, interned: bool, flag: u8) -> Result<(), DumpError> {
        let strings = self.plan.pool.strings();
        let text = strings.get(id);
        if self.plan.version >= 4 && strings.is_ascii(id) {
            return self.ascii(text.as_bytes(), interned, flag);
        }
        let tag = if self.plan.version >= 3 && interned { Tag::Interned } else { Tag::Unicode };
        self.bytes(tag, text.as_bytes(), flag)
    }

    fn ascii(&mut self, text: &[u8], interned: bool, flag: u8) -> Result<(), DumpError> {
        let Ok(len) = u8::try_from(text.len()) else {
            return self.bytes(if interned { Tag::AsciiInterned } else { Tag::Ascii }, text, flag);
        };
        self.out.extend_from_slice(&[Tag::short_ascii(interned) as u8 | flag, len]);
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn tuple_head(&mut self, len: usize, flag: u8) -> Result<(), DumpError> {
        match u8::try_from(len) {
            Ok(len) if self.plan.version >= 4 => {
                self.out.extend_from_slice(&[Tag::SmallTuple as u8 | flag, len]);
                Ok(())
            }
            _ => self.head(Tag::Tuple, len, flag),
        }
    }

    /// Writes the members of a tuple of interned strings at once: they are no containers.
    fn names(&mut self, members: &[ObjectId]) -> Result<(), DumpError> {
        for &id in members {
            if !self.refer_to(id) {
                self.check_limits()?;
                self.name(id)?;
            }
        }
        Ok(())
    }

    /// Writes an interned string.
    #[inline]
    fn name(&mut self, id: ObjectId) -> Result<(), DumpError> {
        let mark = self.numbers.marks.get(id);
        if let Some(number) = mark.number() {
            write_reference(&mut self.out, number);
            return Ok(());
        }
        match self.plan.pool.get(id) {
            Object::Str { text, interned } => self.new_string(id, mark, text, interned),
            _ => unreachable!("names are strings"),
        }
    }

    fn members(&mut self, tag: Tag, members: &'a [ObjectId], flag: u8) -> Result<(), DumpError> {
        self.head(tag, members.len(), flag)?;
        self.begin_members(members)
    }

    /// Leaves members to the stack, unless they are too deep.
    #[inline]
    fn begin_members(&mut self, members: &'a [ObjectId]) -> Result<(), DumpError> {
        self.stack.push(Frame::Members(members.iter()));
        if self.stack.len() >= MAX_DEPTH && !members.is_empty() { Err(DumpError::TooDeep) } else { Ok(()) }
    }

    fn slice(&mut self, parts: &'a [ObjectId; 3], flag: u8) -> Result<(), DumpError> {
        if self.plan.version < 5 {
            return Err(DumpError::Unmarshallable);
        }
        self.tag(Tag::Slice, flag);
        self.begin_members(parts)
    }

    fn code(&mut self, code: &'a CodeObject, flag: u8) -> Result<(), DumpError> {
        self.tag(Tag::Code, flag);
        let counts = [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.stacksize, code.flags.0];
        self.out.extend_from_slice(counts.map(u32::to_le_bytes).as_flattened());
        self.stack.push(Frame::Code { code, next: 0 });
        self.bytecode(code.code)
    }

    /// Writes the objects of a code object behind its bytecode, from the one with an index on up to one that has members
    /// to be written; the first line stands among them.
    fn fields(&mut self, code: &'a CodeObject, first: usize, orders: &'a SetOrders) -> Result<(), DumpError> {
        let depth = self.stack.len();
        let fields = [
            code.consts,
            code.names,
            code.localsplusnames,
            code.localspluskinds,
            code.filename,
            code.name,
            code.qualname,
            code.linetable,
            code.exceptiontable,
        ];
        for (index, &id) in fields.iter().enumerate().skip(first) {
            if index == FIELDS_BEFORE_LINE {
                self.out.extend_from_slice(&code.firstlineno.to_le_bytes());
            }
            if self.refer_to(id) {
                continue;
            }
            self.object(id, orders)?;
            if self.stack.len() > depth {
                self.stack[depth - 1] = Frame::Code { code, next: index + 1 };
                return Ok(());
            }
        }
        self.stack.pop();
        Ok(())
    }
}

/// Writes the number of an object that has been written.
#[inline]
fn write_reference(out: &mut Vec<u8>, number: u32) {
    let [a, b, c, d] = number.to_le_bytes();
    out.extend_from_slice(&[Tag::Ref as u8, a, b, c, d]);
}

impl<'a> Frame<'a> {
    /// What comes next; writes what lies between two objects.
    fn step(&mut self, out: &mut Vec<u8>, marks: &Marks) -> Step<'a> {
        match self {
            Frame::Members(members) => members_step(members, out, marks),
            Frame::Dict { items, value, ended } => {
                if let Some(value) = value.take() {
                    return Step::Object(value);
                }
                match items.next() {
                    Some(&(key, next)) => {
                        *value = Some(next);
                        Step::Object(key)
                    }
                    None if *ended => Step::Done,
                    None => {
                        *ended = true;
                        Step::Null
                    }
                }
            }
            Frame::Code { code, next } => Step::Fields(code, *next),
        }
    }
}

#[inline]
fn members_step<'a>(members: &mut slice::Iter<'a, ObjectId>, out: &mut Vec<u8>, marks: &Marks) -> Step<'a> {
    match members.find(|&&id| !refer_to(id, out, marks)) {
        Some(&id) => Step::Object(id),
        None => Step::Done,
    }
}

#[inline]
fn refer_to(id: ObjectId, out: &mut Vec<u8>, marks: &Marks) -> bool {
    match marks.get(id).number() {
        Some(number) if out.len() < REFERENCES_END => {
            write_reference(out, number);
            true
        }
        _ => false,
    }
}
