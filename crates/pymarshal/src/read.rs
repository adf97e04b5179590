//! From bytes to objects (`r_object` in `Python/marshal.c`).
//!
//! The bytes may be of any origin. Objects that are complete wait on one stack (`values`) until the
//! container that they belong to is complete, so memory is taken only for objects that were there, and
//! a length is refused when there are fewer bytes left than it asks for objects. Containers that are
//! being read are on a stack of their own: nothing recurses.
//!
//! What CPython allows and we refuse: a reference to a container that is not complete. It would make a
//! cycle, which no `.pyc` has and no consumer of a [`Pool`] expects.

mod cursor;
mod equality;

use num_bigint::{BigInt, BigUint, Sign};
use pycode::{CodeFlags, CodeObject, Object, ObjectId, Pool, int_object};

use crate::tag::{FLAG_REF, Tag};
use crate::{LoadError, LoadErrorKind, MAX_DEPTH, RefFlags, float_text};
use cursor::Cursor;
use equality::Equality;

/// What [`loads`] gives.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The object.
    pub root: ObjectId,
    /// Which objects were flagged, so that [`dumps`](crate::dumps) can repeat it.
    pub flags: RefFlags,
    /// How many bytes were read; CPython ignores what follows.
    pub consumed: usize,
}

/// Reads one object with all that it refers to into a pool.
///
/// The objects are as CPython has them after `marshal.loads`: small ints and other singletons exist
/// once, an interned string is *the* string of its text. Code objects are checked
/// ([`CodeObject::validate`]) but otherwise left as they are in the data.
///
/// # Errors
/// When the bytes are no marshal data, with the place: see [`LoadErrorKind`]. What was read before stays in the pool.
pub fn loads(bytes: &[u8], pool: &mut Pool) -> Result<Loaded, LoadError> {
    if i32::try_from(bytes.len()).is_err() {
        return Err(LoadError { offset: 0, kind: LoadErrorKind::TooLong });
    }
    let mut reader = Reader {
        input: Cursor::new(bytes),
        pool,
        refs: Vec::new(),
        flags: RefFlags::default(),
        values: Vec::new(),
        stack: Vec::new(),
        equality: Equality::default(),
    };
    let root = reader.read()?;
    Ok(Loaded { root, flags: reader.flags, consumed: reader.input.offset() })
}

struct Reader<'a> {
    input: Cursor<'a>,
    pool: &'a mut Pool,
    /// The objects that have a number; `None` while one is being read.
    refs: Vec<Option<ObjectId>>,
    flags: RefFlags,
    /// Complete objects whose container is not.
    values: Vec<ObjectId>,
    /// The containers that are being read, outermost first.
    stack: Vec<Frame>,
    equality: Equality,
}

/// A container that is being read.
struct Frame {
    kind: Kind,
    /// Where its members begin in `values`.
    base: usize,
    /// How many members it has; of a dict, not known.
    count: usize,
    /// Its number, if it is flagged.
    number: Option<usize>,
    /// Where it begins in the input.
    offset: usize,
}

enum Kind {
    Tuple,
    List,
    Set,
    FrozenSet,
    Dict,
    Slice,
    Code(Box<Counts>),
}

/// The fields of a code object that are not objects.
#[derive(Default)]
struct Counts {
    argcount: u32,
    posonlyargcount: u32,
    kwonlyargcount: u32,
    stacksize: u32,
    flags: u32,
    firstlineno: i32,
}

/// How many objects of a code object come before `co_firstlineno`.
const FIELDS_BEFORE_LINE: usize = 8;

/// What an object began with.
enum Begun {
    /// It is complete.
    Object(ObjectId),
    /// It is a container, now on the stack.
    Container,
    /// The mark that ends a dict.
    Null,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<ObjectId, LoadError> {
        loop {
            let offset = self.input.offset();
            let mut done = match self.begin()? {
                Begun::Object(id) => Some(id),
                Begun::Container => self.finish_if_full()?,
                Begun::Null => Some(self.end_dict(offset)?),
            };
            while let Some(id) = done {
                if self.stack.is_empty() {
                    return Ok(id);
                }
                self.values.push(id);
                self.after_value()?;
                done = self.finish_if_full()?;
            }
        }
    }

    /// Reads a leaf, or the beginning of a container.
    fn begin(&mut self) -> Result<Begun, LoadError> {
        let offset = self.input.offset();
        let Some(byte) = self.input.next_byte() else {
            return Err(LoadError { offset, kind: LoadErrorKind::EndBeforeObject });
        };
        if self.stack.len() >= MAX_DEPTH {
            return Err(LoadError { offset, kind: LoadErrorKind::TooDeep });
        }
        let flagged = byte & FLAG_REF != 0;
        let Some(tag) = Tag::from_byte(byte & !FLAG_REF) else {
            return Err(LoadError { offset, kind: LoadErrorKind::UnknownType(byte) });
        };
        let unnumbered = match tag {
            Tag::Null => return Ok(Begun::Null),
            Tag::None => Some(ObjectId::NONE),
            Tag::False => Some(ObjectId::FALSE),
            Tag::True => Some(ObjectId::TRUE),
            Tag::Ellipsis => Some(ObjectId::ELLIPSIS),
            Tag::StopIteration => Some(ObjectId::STOP_ITERATION),
            Tag::Ref => Some(self.reference(offset)?),
            _ => None,
        };
        if let Some(id) = unnumbered {
            return Ok(Begun::Object(id));
        }
        if let Some((kind, count)) = self.container(tag, offset)? {
            return self.begin_container(kind, count, flagged, offset);
        }
        let id = match tag {
            // Of two objects with the same one byte or none, CPython flags the singleton and not the other.
            Tag::Bytes if !flagged => {
                let bytes = self.bytes()?;
                self.pool.add_new(Object::Bytes(bytes))
            }
            _ => self.leaf(tag, offset)?,
        };
        if flagged {
            self.refs.push(Some(id));
            self.flags.insert(id);
        }
        Ok(Begun::Object(id))
    }

    fn reference(&mut self, offset: usize) -> Result<ObjectId, LoadError> {
        let number = self.input.u32()?;
        let kind = match self.refs.get(number as usize) {
            Some(Some(id)) => return Ok(*id),
            Some(None) => LoadErrorKind::Cycle,
            None => LoadErrorKind::BadReference,
        };
        Err(LoadError { offset, kind })
    }

    fn leaf(&mut self, tag: Tag, offset: usize) -> Result<ObjectId, LoadError> {
        let object = match tag {
            Tag::Int => Object::Int(i64::from(self.input.i32()?)),
            Tag::Int64 => Object::Int(i64::from_le_bytes(self.input.array()?)),
            Tag::Long => {
                let value = self.long(offset)?;
                return Ok(self.pool.add(int_object(&value)));
            }
            Tag::Float => Object::Float(self.text_float()?),
            Tag::BinaryFloat => Object::Float(f64::from_le_bytes(self.input.array()?)),
            Tag::Complex => Object::Complex { real: self.text_float()?, imag: self.text_float()? },
            Tag::BinaryComplex => Object::Complex {
                real: f64::from_le_bytes(self.input.array()?),
                imag: f64::from_le_bytes(self.input.array()?),
            },
            Tag::Bytes => Object::Bytes(self.bytes()?),
            _ => self.string(tag, offset)?,
        };
        Ok(match tag {
            // The singleton of one character would be marked as interned.
            Tag::Ascii | Tag::ShortAscii => self.pool.add_fresh(object),
            _ => self.pool.add(object),
        })
    }

    fn bytes(&mut self) -> Result<&'a [u8], LoadError> {
        let len = self.input.size("bytes object")?;
        self.input.take(len)
    }

    fn text_float(&mut self) -> Result<f64, LoadError> {
        let offset = self.input.offset();
        let len = self.input.byte()?;
        let text = self.input.take(usize::from(len))?;
        float_text::parse(text).ok_or(LoadError { offset, kind: LoadErrorKind::BadFloat })
    }

    /// `r_PyLong`
    fn long(&mut self, offset: usize) -> Result<BigInt, LoadError> {
        let fail = |kind| Err(LoadError { offset, kind });
        let signed = self.input.i32()?;
        if signed == i32::MIN {
            return fail(LoadErrorKind::SizeOutOfRange("long"));
        }
        let digits = self.input.take(signed.unsigned_abs() as usize * 2)?;
        let mut words = Vec::with_capacity(digits.len() * 15 / 64 + 1);
        let (mut pending, mut held) = (0u64, 0u32);
        for pair in digits.chunks_exact(2) {
            let digit = u16::from_le_bytes([pair[0], pair[1]]);
            if digit > 0x7FFF {
                return fail(LoadErrorKind::BadDigit);
            }
            pending |= u64::from(digit) << held;
            held += 15;
            if held >= 32 {
                words.push(pending as u32);
                pending >>= 32;
                held -= 32;
            }
        }
        words.push(pending as u32);
        if matches!(digits, [.., 0, 0]) {
            return fail(LoadErrorKind::UnnormalizedInt);
        }
        let sign = if signed < 0 { Sign::Minus } else { Sign::Plus };
        Ok(BigInt::from_biguint(sign, BigUint::new(words)))
    }

    fn string(&mut self, tag: Tag, offset: usize) -> Result<Object<'a>, LoadError> {
        let short = matches!(tag, Tag::ShortAscii | Tag::ShortAsciiInterned);
        let len = if short { usize::from(self.input.byte()?) } else { self.input.size("string")? };
        let bytes = self.input.take(len)?;
        let strings = self.pool.strings_mut();
        let text = match (tag, std::str::from_utf8(bytes)) {
            (Tag::Unicode | Tag::Interned, Ok(text)) => strings.intern(text),
            (Tag::Unicode | Tag::Interned, Err(_)) => match pycode::PyStr::try_from_wtf8(bytes) {
                Some(text) => strings.intern_pystr(text),
                None => return Err(LoadError { offset, kind: LoadErrorKind::BadUtf8 }),
            },
            (_, Ok(text)) if text.is_ascii() => strings.intern(text),
            // CPython takes the bytes of "ASCII" strings as latin-1.
            (_, _) => strings.intern(&bytes.iter().map(|&b| char::from(b)).collect::<String>()),
        };
        let interned = matches!(tag, Tag::Interned | Tag::AsciiInterned | Tag::ShortAsciiInterned);
        Ok(Object::Str { text, interned })
    }

    /// The kind of a container and how many objects it consists of; `None` if the tag is of a leaf.
    fn container(&mut self, tag: Tag, offset: usize) -> Result<Option<(Kind, usize)>, LoadError> {
        Ok(Some(match tag {
            Tag::SmallTuple => (Kind::Tuple, usize::from(self.input.byte()?)),
            Tag::Tuple => (Kind::Tuple, self.input.size("tuple")?),
            Tag::List => (Kind::List, self.input.size("list")?),
            Tag::Set => (Kind::Set, self.input.size("set")?),
            Tag::FrozenSet => (Kind::FrozenSet, self.input.size("set")?),
            Tag::Dict => (Kind::Dict, 0),
            Tag::Slice => (Kind::Slice, 3),
            Tag::Code => (Kind::Code(Box::new(self.counts(offset)?)), usize::from(CodeObject::OBJECT_FIELDS)),
            _ => return Ok(None),
        }))
    }

    fn counts(&mut self, offset: usize) -> Result<Counts, LoadError> {
        let mut count = |name| {
            u32::try_from(self.input.i32()?)
                .map_err(|_| LoadError { offset, kind: LoadErrorKind::NegativeCount(name) })
        };
        Ok(Counts {
            argcount: count("co_argcount")?,
            posonlyargcount: count("co_posonlyargcount")?,
            kwonlyargcount: count("co_kwonlyargcount")?,
            stacksize: count("co_stacksize")?,
            flags: count("co_flags")?,
            firstlineno: 0,
        })
    }

    fn begin_container(
        &mut self,
        kind: Kind,
        count: usize,
        flagged: bool,
        offset: usize,
    ) -> Result<Begun, LoadError> {
        let fixed = matches!(kind, Kind::Slice | Kind::Code(_));
        if !fixed && count > self.input.remaining() {
            return Err(LoadError { offset, kind: LoadErrorKind::EndBeforeObject });
        }
        let number = flagged.then_some(self.refs.len());
        if flagged {
            self.refs.push(None);
        }
        self.stack.push(Frame { kind, base: self.values.len(), count, number, offset });
        Ok(Begun::Container)
    }

    /// A code object has its first line between two of its objects.
    fn after_value(&mut self) -> Result<(), LoadError> {
        let Some(Frame { kind: Kind::Code(counts), base, .. }) = self.stack.last_mut() else {
            return Ok(());
        };
        if self.values.len() - *base == FIELDS_BEFORE_LINE {
            counts.firstlineno = self.input.i32()?;
        }
        Ok(())
    }

    /// Makes the innermost container, if all its members are there.
    fn finish_if_full(&mut self) -> Result<Option<ObjectId>, LoadError> {
        let full = |frame: &mut Frame| {
            !matches!(frame.kind, Kind::Dict) && self.values.len() - frame.base == frame.count
        };
        match self.stack.pop_if(full) {
            Some(frame) => self.finish(frame).map(Some),
            None => Ok(None),
        }
    }

    /// The end mark: of a dict, also instead of a value. Elsewhere it is an error.
    fn end_dict(&mut self, offset: usize) -> Result<ObjectId, LoadError> {
        match self.stack.pop_if(|frame| matches!(frame.kind, Kind::Dict)) {
            Some(frame) => self.finish(frame),
            None => {
                let within = self.stack.last().map_or("object", |frame| frame.kind.name());
                Err(LoadError { offset, kind: LoadErrorKind::Null(within) })
            }
        }
    }

    fn finish(&mut self, frame: Frame) -> Result<ObjectId, LoadError> {
        let Frame { kind, base, number, offset, .. } = frame;
        let id = self.add(kind, base).map_err(|kind| LoadError { offset, kind })?;
        self.values.truncate(base);
        if let Some(number) = number {
            self.refs[number] = Some(id);
            self.flags.insert(id);
        }
        Ok(id)
    }

    /// Adds the container whose members are those from `base` on.
    fn add(&mut self, kind: Kind, base: usize) -> Result<ObjectId, LoadErrorKind> {
        let Reader { pool, equality, values, .. } = self;
        let members = &values[base..];
        Ok(match kind {
            Kind::Tuple => pool.add(Object::Tuple(members)),
            Kind::List => pool.add(Object::List(members)),
            Kind::Set => {
                let members = equality.distinct(pool, members)?;
                pool.add(Object::Set(&members))
            }
            Kind::FrozenSet => {
                let members = equality.distinct(pool, members)?;
                pool.add(Object::FrozenSet(&members))
            }
            Kind::Dict => {
                let items = equality.last_of_each_key(pool, members)?;
                pool.add(Object::Dict(&items))
            }
            Kind::Slice => pool.add(Object::Slice(members.try_into().expect("a slice has three parts"))),
            Kind::Code(counts) => pool.add(Object::Code(&code(pool, &counts, members)?)),
        })
    }
}

/// A code object from its fields.
fn code(pool: &Pool, counts: &Counts, fields: &[ObjectId]) -> Result<CodeObject, LoadErrorKind> {
    let code = CodeObject {
        argcount: counts.argcount,
        posonlyargcount: counts.posonlyargcount,
        kwonlyargcount: counts.kwonlyargcount,
        stacksize: counts.stacksize,
        flags: CodeFlags(counts.flags),
        code: fields[0],
        consts: fields[1],
        names: fields[2],
        localsplusnames: fields[3],
        localspluskinds: fields[4],
        filename: fields[5],
        name: fields[6],
        qualname: fields[7],
        firstlineno: counts.firstlineno,
        linetable: fields[8],
        exceptiontable: fields[9],
    };
    code.validate(pool)?;
    Ok(code)
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::Tuple => "tuple",
            Kind::List => "list",
            Kind::Set | Kind::FrozenSet => "set",
            Kind::Dict => "dict",
            Kind::Slice => "slice",
            Kind::Code(_) => "code object",
        }
    }
}
