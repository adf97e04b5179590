//! The first place where two code objects differ, for a person to see.
//!
//! First is meant in the order of reading: the instructions of the module, then what else its code object says, then
//! the first nested code object that differs, likewise. A constant is seen where an instruction loads it.

use std::fmt;

use pycode::{CodeObject, ExceptionEntry, Location, Object, ObjectId, Pool, PyStr, escape_unprintable, repr};
use pydis::{ArgValue, Instruction, Instructions, Unpack, Unpacked};
use pyopcode::Opcode;

use super::classes::Classified;

/// A difference between a `.pyc` and what its source compiles to. No text in it has a control character, whatever the
/// `.pyc` holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The qualified name of the code object that differs; `<module>` for the module's.
    pub code: String,
    /// The first line of that code object, as the `.pyc` has it.
    pub line: i32,
    /// What differs.
    pub what: What,
    /// Both sides, line by line: the instructions around the first that differs, or the field that does.
    pub rows: Vec<Row>,
}

/// What differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// An instruction, or what its argument refers to.
    Instruction {
        /// Where it is, in bytes of bytecode.
        offset: u32,
    },
    /// Only the place in the source that an instruction stands for.
    Position {
        /// Where the instruction is, in bytes of bytecode.
        offset: u32,
    },
    /// A field, with the index of the member where it has members.
    Field {
        /// `co_stacksize`, `co_consts[3]`.
        name: String,
    },
    /// The code is equal, and something follows it.
    Trailing {
        /// How many bytes.
        count: usize,
    },
    /// The source does not compile.
    Refused {
        /// Why.
        error: String,
    },
}

/// A line of both sides. A side is empty where it has nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Of the `.pyc`.
    pub pyc: String,
    /// Of what the source compiles to.
    pub source: String,
    /// Whether this is where they differ.
    pub differs: bool,
}

/// How many instructions are shown before and after the one that differs.
const AROUND: usize = 3;
/// The longest text of an argument or a field, in characters.
const LONGEST: usize = 50;

impl Difference {
    /// Of the whole file.
    pub(super) fn of_module(what: What) -> Difference {
        Difference { code: "<module>".to_owned(), line: 1, what, rows: Vec::new() }
    }
}

/// A code object of one side.
#[derive(Clone, Copy)]
struct Side<'a> {
    objects: &'a Classified<'a>,
    code: &'a CodeObject,
}

/// The first difference between two code objects of different classes.
pub(super) fn first(
    pyc: &Classified<'_>,
    pyc_root: ObjectId,
    source: &Classified<'_>,
    source_root: ObjectId,
) -> Difference {
    let (mut ids, mut deepest) = ((pyc_root, source_root), None);
    while let (Some(a), Some(b)) = (Side::new(pyc, ids.0), Side::new(source, ids.1)) {
        if let Some(difference) = own(a, b) {
            return difference;
        }
        deepest = Some(a);
        match nested(a, b) {
            Some(pair) => ids = pair,
            None => break,
        }
    }
    // What no rule above sees is not known; that something differs is.
    let code = deepest.map_or("<module>".to_owned(), |side| side.name());
    Difference { code, ..Difference::of_module(What::Field { name: "co_consts".to_owned() }) }
}

/// The difference of two code objects, those nested in them left out.
fn own(a: Side<'_>, b: Side<'_>) -> Option<Difference> {
    let found = |what, rows| Some(Difference { code: a.name(), line: a.code.firstlineno, what, rows });
    if let Some(offset) = first_instruction(a, b) {
        return found(What::Instruction { offset }, listing(a, b, offset, false));
    }
    if let Some(offset) = first_position(a, b) {
        return found(What::Position { offset }, listing(a, b, offset, true));
    }
    let (name, pyc, source) = first_field(a, b)?;
    let (pyc, source) = clipped(&pyc, &source);
    let row = Row { pyc, source, differs: true };
    found(What::Field { name }, vec![row])
}

/// The first pair of nested code objects that differ.
fn nested(a: Side<'_>, b: Side<'_>) -> Option<(ObjectId, ObjectId)> {
    let pairs = a.tuple(a.code.consts).iter().zip(b.tuple(b.code.consts));
    let mut pairs = pairs.map(|(&one, &two)| (one, two));
    pairs.find(|&(one, two)| both_code(a, one, b, two) && a.objects.class(one) != b.objects.class(two))
}

fn both_code(a: Side<'_>, one: ObjectId, b: Side<'_>, two: ObjectId) -> bool {
    a.pool().code(one).is_some() && b.pool().code(two).is_some()
}

impl<'a> Side<'a> {
    fn new(objects: &'a Classified<'a>, id: ObjectId) -> Option<Self> {
        Some(Side { objects, code: objects.pool.code(id)? })
    }

    fn pool(self) -> &'a Pool {
        self.objects.pool
    }

    fn tuple(self, id: ObjectId) -> &'a [ObjectId] {
        self.pool().tuple(id).unwrap_or_default()
    }

    fn bytecode(self) -> &'a [u8] {
        self.pool().bytes(self.code.code).unwrap_or_default()
    }

    fn name(self) -> String {
        let name = self.pool().text(self.code.qualname).map_or_else(String::new, PyStr::to_string_lossy);
        clipped(&escape_unprintable(&name), "").0
    }
}

/// Where the first instruction is that differs by itself or in what it refers to.
fn first_instruction(a: Side<'_>, b: Side<'_>) -> Option<u32> {
    let (mut ours, mut theirs) = (Unpack::new(a.bytecode()), Unpack::new(b.bytecode()));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return None,
            (Some(only), None) | (None, Some(only)) => return Some(only.start_offset),
            (Some(one), Some(two)) if !same_instruction(a, one, b, two) => {
                return Some(one.start_offset.min(two.start_offset));
            }
            _ => {}
        }
    }
}

fn same_instruction(a: Side<'_>, one: Unpacked, b: Side<'_>, two: Unpacked) -> bool {
    if (one.offset, one.opcode, one.arg) != (two.offset, two.opcode, two.arg) {
        return false;
    }
    let (Some(op), Some(arg)) = (one.base, one.arg) else { return true };
    let same = |tuple: fn(&CodeObject) -> ObjectId, index: i64| same_member(a, b, tuple, index);
    match op {
        _ if op.has_const() => same(|code| code.consts, arg),
        Opcode::LoadGlobal | Opcode::LoadAttr => same(|code| code.names, arg >> 1),
        Opcode::LoadSuperAttr => same(|code| code.names, arg >> 2),
        _ if op.has_name() => same(|code| code.names, arg),
        Opcode::LoadFastLoadFast
        | Opcode::LoadFastBorrowLoadFastBorrow
        | Opcode::StoreFastLoadFast
        | Opcode::StoreFastStoreFast => {
            same(|code| code.localsplusnames, arg >> 4) && same(|code| code.localsplusnames, arg & 15)
        }
        _ if op.has_local() || op.has_free() => same(|code| code.localsplusnames, arg),
        _ => true,
    }
}

/// Whether a member of a tuple is the same on both sides, or a code object on both.
fn same_member(a: Side<'_>, b: Side<'_>, tuple: fn(&CodeObject) -> ObjectId, index: i64) -> bool {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    match (a.tuple(tuple(a.code)).get(index), b.tuple(tuple(b.code)).get(index)) {
        (Some(&one), Some(&two)) => a.objects.class(one) == b.objects.class(two) || both_code(a, one, b, two),
        (None, None) => true,
        _ => false,
    }
}

/// Where the first instruction is that stands for another place in the source.
fn first_position(a: Side<'_>, b: Side<'_>) -> Option<u32> {
    let positions = |side: Side<'_>| side.code.line_table(side.pool()).positions().collect::<Vec<_>>();
    let (ours, theirs) = (positions(a), positions(b));
    let at = |table: &[Location], offset: u32| table.get(offset as usize / 2).copied();
    let mut offsets = Unpack::new(a.bytecode()).map(|unpacked| unpacked.offset);
    offsets.find(|&offset| at(&ours, offset) != at(&theirs, offset))
}

/// The instructions around an offset, up to which both sides are the same.
fn listing(a: Side<'_>, b: Side<'_>, offset: u32, positions: bool) -> Vec<Row> {
    let before: Vec<u32> =
        Unpack::new(a.bytecode()).map(|unpacked| unpacked.offset).take_while(|&at| at < offset).collect();
    let from = before.iter().rev().nth(AROUND - 1).or(before.first()).copied().unwrap_or(0).min(offset);
    let lead = before.iter().filter(|&&at| at >= from).count();
    let lines = |side: Side<'_>| {
        let mut instructions = Instructions::new(side.pool(), side.code);
        instructions.skip_to(from);
        let lines: Vec<Line> =
            instructions.take(lead + 1 + AROUND).map(|i| line(side.pool(), &i, positions)).collect();
        lines
    };
    let (mut ours, mut theirs) = (lines(a).into_iter(), lines(b).into_iter());
    let mut rows = Vec::new();
    for index in 0..=lead + AROUND {
        let (one, two) = (ours.next(), theirs.next());
        if one.is_none() && two.is_none() {
            break;
        }
        let (one, two) = (one.unwrap_or_default(), two.unwrap_or_default());
        let (pyc, source) = clipped(&one.operand, &two.operand);
        let row = Row { pyc: one.before + &pyc, source: two.before + &source, differs: index == lead };
        rows.push(Row {
            pyc: row.pyc.trim_end().to_owned(),
            source: row.source.trim_end().to_owned(),
            ..row
        });
    }
    rows
}

/// An instruction as text.
#[derive(Default)]
struct Line {
    before: String,
    /// What the argument refers to, in parentheses; the part that may be long.
    operand: String,
}

/// In the columns of `dis`, narrower.
fn line(pool: &Pool, instruction: &Instruction, positions: bool) -> Line {
    let place = match instruction.line_number {
        _ if positions => instruction.positions.to_string(),
        Some(number) => number.to_string(),
        None => "--".to_owned(),
    };
    let label = instruction.label.map_or_else(String::new, |label| format!("L{label}:"));
    let arg = instruction.arg.map_or_else(String::new, |arg| arg.to_string());
    let width = if positions { 12 } else { 4 };
    let before = format!("{place:>width$} {label:>5} {:<22} {arg:>3}", instruction.opname);
    let operand = match instruction.argval {
        ArgValue::Constant(id) => value_text(pool, id),
        _ => escape_unprintable(&instruction.argrepr),
    };
    Line { before, operand: if operand.is_empty() { operand } else { format!(" ({operand})") } }
}

/// The first field that differs, with both values.
fn first_field(a: Side<'_>, b: Side<'_>) -> Option<(String, String, String)> {
    first_number(a, b).or_else(|| first_object(a, b))
}

fn first_number(a: Side<'_>, b: Side<'_>) -> Option<(String, String, String)> {
    type Number = fn(&CodeObject) -> i64;
    let numbers: [(&str, Number); 6] = [
        ("co_argcount", |code| code.argcount.into()),
        ("co_posonlyargcount", |code| code.posonlyargcount.into()),
        ("co_kwonlyargcount", |code| code.kwonlyargcount.into()),
        ("co_stacksize", |code| code.stacksize.into()),
        ("co_flags", |code| code.flags.0.into()),
        ("co_firstlineno", |code| code.firstlineno.into()),
    ];
    numbers.into_iter().find_map(|(name, number)| {
        let (one, two) = (number(a.code), number(b.code));
        (one != two).then(|| (name.to_owned(), one.to_string(), two.to_string()))
    })
}

fn first_object(a: Side<'_>, b: Side<'_>) -> Option<(String, String, String)> {
    type Field = fn(&CodeObject) -> ObjectId;
    let fields: [(&str, Field); 10] = [
        ("co_filename", |code| code.filename),
        ("co_name", |code| code.name),
        ("co_qualname", |code| code.qualname),
        ("co_names", |code| code.names),
        ("co_localsplusnames", |code| code.localsplusnames),
        ("co_localspluskinds", |code| code.localspluskinds),
        ("co_consts", |code| code.consts),
        ("co_exceptiontable", |code| code.exceptiontable),
        ("co_linetable", |code| code.linetable),
        ("co_code", |code| code.code),
    ];
    fields.into_iter().find_map(|(name, field)| {
        let (one, two) = (field(a.code), field(b.code));
        if a.objects.class(one) == b.objects.class(two) {
            return None;
        }
        match name {
            "co_names" | "co_localsplusnames" | "co_consts" => members(name, a, one, b, two),
            "co_exceptiontable" => Some(handlers(a, b)),
            _ => Some((name.to_owned(), value_text(a.pool(), one), value_text(b.pool(), two))),
        }
    })
}

/// The first member of a tuple that differs; nested code objects are another matter.
fn members(
    name: &str,
    a: Side<'_>,
    one: ObjectId,
    b: Side<'_>,
    two: ObjectId,
) -> Option<(String, String, String)> {
    let (ours, theirs) = (a.tuple(one), b.tuple(two));
    let text = |pool: &Pool, id: Option<&ObjectId>| id.map_or_else(String::new, |&id| value_text(pool, id));
    let index =
        (0..ours.len().max(theirs.len())).find(|&index| match (ours.get(index), theirs.get(index)) {
            (Some(&one), Some(&two)) => {
                a.objects.class(one) != b.objects.class(two) && !both_code(a, one, b, two)
            }
            _ => true,
        })?;
    let (one, two) = (text(a.pool(), ours.get(index)), text(b.pool(), theirs.get(index)));
    Some((format!("{name}[{index}]"), one, two))
}

/// The first exception handler that differs.
fn handlers(a: Side<'_>, b: Side<'_>) -> (String, String, String) {
    let name = "co_exceptiontable".to_owned();
    let (mut ours, mut theirs) = (a.code.exception_table(a.pool()), b.code.exception_table(b.pool()));
    loop {
        let (one, two) = (ours.next(), theirs.next());
        if one != two {
            return (name, handler_text(one), handler_text(two));
        }
        if one.is_none() {
            // Equal handlers, written in another way.
            let (one, two) = (a.code.exceptiontable, b.code.exceptiontable);
            return (name, value_text(a.pool(), one), value_text(b.pool(), two));
        }
    }
}

fn handler_text(entry: Option<ExceptionEntry>) -> String {
    let Some(ExceptionEntry { start, end, target, depth, lasti }) = entry else { return String::new() };
    format!("{start} to {end} -> {target} [{depth}]{}", if lasti { " lasti" } else { "" })
}

fn value_text(pool: &Pool, id: ObjectId) -> String {
    match pool.get(id) {
        Object::Code(code) => {
            let name = pool.text(code.qualname).map_or_else(String::new, PyStr::to_string_lossy);
            format!("<code object {}, line {}>", escape_unprintable(&name), code.firstlineno)
        }
        _ => repr(pool, id).unwrap_or_else(|error| format!("<{error}>")),
    }
}

/// Both texts, cut to what can be shown; where the beginnings are equal for long, from where they no longer are.
fn clipped(one: &str, two: &str) -> (String, String) {
    let same = one.chars().zip(two.chars()).take_while(|(a, b)| a == b).count();
    let longest = one.chars().count().max(two.chars().count());
    let start = if longest > LONGEST && same < longest { same.saturating_sub(LONGEST / 2) } else { 0 };
    (clip(one, start), clip(two, start))
}

fn clip(text: &str, start: usize) -> String {
    let mut rest = text.chars().skip(start);
    let mut out: String = rest.by_ref().take(LONGEST).collect();
    if start > 0 && !text.is_empty() {
        out.insert_str(0, "...");
    }
    if rest.next().is_some() {
        out.push_str("...");
    }
    out
}

impl fmt::Display for Difference {
    /// `f, line 3: the instruction at offset 4`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Refused { error } => {
                return write!(f, "the source does not compile: {}", escape_unprintable(error));
            }
            What::Trailing { count } => return write!(f, "{count} bytes follow the code"),
            _ => write!(f, "{}, line {}: ", self.code, self.line)?,
        }
        match &self.what {
            What::Instruction { offset } => write!(f, "the instruction at offset {offset}"),
            What::Position { offset } => write!(f, "the position of the instruction at offset {offset}"),
            What::Field { name } => write!(f, "{name}"),
            What::Trailing { .. } | What::Refused { .. } => Ok(()),
        }
    }
}
