//! The first difference between two `.pyc` files, as a field of a code object.

use std::fmt::Write as _;

use pycode::{CodeObject, Object, ObjectId, Pool, repr_bytes, repr_complex, repr_float, repr_str};
use pyopcode::Opcode;

/// Where two code objects differ first.
#[derive(Debug)]
pub(crate) struct FieldDifference {
    /// `co_qualname` of the innermost code object.
    pub qualname: String,
    /// Which field, with the index in it.
    pub field: String,
    /// What kind of difference, without names and numbers.
    pub class: String,
    /// Ours, as text.
    pub ours: String,
    /// CPython's, as text.
    pub theirs: String,
}

/// An object with the pool that holds it.
#[derive(Clone, Copy)]
struct Side<'a> {
    pool: &'a Pool,
    id: ObjectId,
}

impl<'a> Side<'a> {
    fn object(self) -> Object<'a> {
        self.pool.get(self.id)
    }

    fn at(self, id: ObjectId) -> Side<'a> {
        Side { id, ..self }
    }

    fn repr(self) -> String {
        let mut out = String::new();
        write_repr(&mut out, self);
        out
    }
}

/// Compares all fields of all code objects of two `.pyc` files; which objects are shared plays no role.
/// `Err` when one of them is not a `.pyc`.
pub(crate) fn first_difference(ours: &[u8], theirs: &[u8]) -> Result<Option<FieldDifference>, String> {
    let (mut our_pool, mut their_pool) = (Pool::new(), Pool::new());
    let our_root = pymarshal::pyc::read(ours, &mut our_pool).map_err(|e| format!("our .pyc: {e}"))?.1.root;
    let their_root =
        pymarshal::pyc::read(theirs, &mut their_pool).map_err(|e| format!("CPython's .pyc: {e}"))?.1.root;
    let ours = Side { pool: &our_pool, id: our_root };
    let theirs = Side { pool: &their_pool, id: their_root };
    Ok(compare("", "file", ours, theirs))
}

fn compare(qualname: &str, field: &str, ours: Side<'_>, theirs: Side<'_>) -> Option<FieldDifference> {
    match (ours.object(), theirs.object()) {
        (Object::Code(a), Object::Code(b)) => compare_code(ours, a, theirs, b),
        (Object::Tuple(a), Object::Tuple(b)) => compare_members(qualname, field, (ours, a), (theirs, b)),
        _ if ours.repr() == theirs.repr() => None,
        (a, b) => Some(FieldDifference {
            qualname: qualname.to_owned(),
            field: field.to_owned(),
            class: format!("{}: {} for {}", strip_index(field), kind(a), kind(b)),
            ours: ours.repr(),
            theirs: theirs.repr(),
        }),
    }
}

fn compare_members(
    qualname: &str,
    field: &str,
    (ours, a): (Side<'_>, &[ObjectId]),
    (theirs, b): (Side<'_>, &[ObjectId]),
) -> Option<FieldDifference> {
    let members = a.iter().zip(b).enumerate();
    let member = members.into_iter().find_map(|(index, (&a, &b))| {
        compare(qualname, &format!("{field}[{index}]"), ours.at(a), theirs.at(b))
    });
    let length = || FieldDifference {
        qualname: qualname.to_owned(),
        field: field.to_owned(),
        class: format!("{}: another length", strip_index(field)),
        ours: ours.repr(),
        theirs: theirs.repr(),
    };
    member.or_else(|| (a.len() != b.len()).then(length))
}

fn compare_code(ours: Side<'_>, a: &CodeObject, theirs: Side<'_>, b: &CodeObject) -> Option<FieldDifference> {
    let qualname = theirs.at(b.qualname).repr();
    let number = |field: &str, a: i64, b: i64| {
        (a != b).then(|| FieldDifference {
            qualname: qualname.clone(),
            field: field.to_owned(),
            class: field.to_owned(),
            ours: format!("{a:#x}"),
            theirs: format!("{b:#x}"),
        })
    };
    let object = |field: &str, a: ObjectId, b: ObjectId| compare(&qualname, field, ours.at(a), theirs.at(b));
    object("co_name", a.name, b.name)
        .or_else(|| object("co_qualname", a.qualname, b.qualname))
        .or_else(|| number("co_argcount", a.argcount.into(), b.argcount.into()))
        .or_else(|| number("co_posonlyargcount", a.posonlyargcount.into(), b.posonlyargcount.into()))
        .or_else(|| number("co_kwonlyargcount", a.kwonlyargcount.into(), b.kwonlyargcount.into()))
        .or_else(|| number("co_flags", a.flags.0.into(), b.flags.0.into()))
        .or_else(|| object("co_localsplusnames", a.localsplusnames, b.localsplusnames))
        .or_else(|| object("co_localspluskinds", a.localspluskinds, b.localspluskinds))
        .or_else(|| object("co_names", a.names, b.names))
        .or_else(|| compare_bytecode(&qualname, ours.at(a.code), theirs.at(b.code)))
        .or_else(|| number("co_firstlineno", a.firstlineno.into(), b.firstlineno.into()))
        .or_else(|| number("co_stacksize", a.stacksize.into(), b.stacksize.into()))
        .or_else(|| object("co_consts", a.consts, b.consts))
        .or_else(|| object("co_linetable", a.linetable, b.linetable))
        .or_else(|| object("co_exceptiontable", a.exceptiontable, b.exceptiontable))
        .or_else(|| object("co_filename", a.filename, b.filename))
}

/// Compares `co_code`, and names the first instruction that differs.
fn compare_bytecode(qualname: &str, ours: Side<'_>, theirs: Side<'_>) -> Option<FieldDifference> {
    let (a, b) = (ours.pool.bytes(ours.id)?, theirs.pool.bytes(theirs.id)?);
    if a == b {
        return None;
    }
    let same = a.chunks(2).zip(b.chunks(2)).take_while(|(a, b)| a == b).count();
    let [ours, theirs] = [a, b].map(|code| instruction(code, same));
    let name = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    let class = match (name(&ours), name(&theirs)) {
        (a, b) if a == b => format!("co_code: another argument of {a}"),
        (a, b) => format!("co_code: {a} for {b}"),
    };
    let field = format!("co_code at {}", same * 2);
    Some(FieldDifference { qualname: qualname.to_owned(), field, class, ours, theirs })
}

fn instruction(code: &[u8], index: usize) -> String {
    match code.chunks(2).nth(index) {
        Some(&[op, arg]) => match Opcode::from_number(op.into()) {
            Some(opcode) => format!("{opcode} {arg}"),
            None => format!("{op} {arg}"),
        },
        _ => "(end)".to_owned(),
    }
}

fn strip_index(field: &str) -> &str {
    field.split('[').next().unwrap_or(field)
}

fn kind(object: Object<'_>) -> &'static str {
    match object {
        Object::None => "None",
        Object::Bool(_) => "bool",
        Object::Ellipsis => "Ellipsis",
        Object::StopIteration => "StopIteration",
        Object::Int(_) | Object::BigInt(_) => "int",
        Object::Float(_) => "float",
        Object::Complex { .. } => "complex",
        Object::Str { .. } => "str",
        Object::Bytes(_) => "bytes",
        Object::Tuple(_) => "tuple",
        Object::FrozenSet(_) => "frozenset",
        Object::List(_) => "list",
        Object::Set(_) => "set",
        Object::Dict(_) => "dict",
        Object::Slice(_) => "slice",
        Object::Code(_) => "code",
    }
}

/// A text that is equal for equal objects of either pool.
fn write_repr(out: &mut String, side: Side<'_>) {
    match side.object() {
        Object::None | Object::Ellipsis | Object::StopIteration => out.push_str(kind(side.object())),
        Object::Bool(value) => out.push_str(if value { "True" } else { "False" }),
        Object::Int(value) => write!(out, "{value}").expect("writing to a string"),
        Object::BigInt(value) => write!(out, "{value:#x}").expect("writing to a string"),
        Object::Float(value) => repr_float(value, out),
        Object::Complex { real, imag } => repr_complex(real, imag, out),
        Object::Str { text, .. } => repr_str(side.pool.strings().get(text), out),
        Object::Bytes(bytes) => repr_bytes(bytes, out),
        Object::Code(code) => {
            out.push_str("<code ");
            write_repr(out, side.at(code.qualname));
            out.push('>');
        }
        Object::FrozenSet(members) => write_sorted(out, side, members),
        container => {
            out.push_str(kind(container));
            out.push('(');
            for member in container.children() {
                write_repr(out, side.at(member));
                out.push_str(", ");
            }
            out.push(')');
        }
    }
}

/// Members of a set by their text, since their order in a file depends on their hashes.
fn write_sorted(out: &mut String, side: Side<'_>, members: &[ObjectId]) {
    let mut texts: Vec<String> = members.iter().map(|&member| side.at(member).repr()).collect();
    texts.sort();
    write!(out, "frozenset({})", texts.join(", ")).expect("writing to a string");
}
