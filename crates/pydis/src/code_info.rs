//! The text of `dis.show_code` (`_format_code_info`).

use std::fmt::{self, Write};

use pycode::{CodeFlags, CodeObject, Object, ObjectId, Pool, PyStr, ReprBudget, ReprError, known};

use crate::format::{may_show_name, write_constant};

/// Details of a code object, one a line, without a line end at the end: `dis.code_info`.
///
/// ```
/// let mut pool = pycode::Pool::new();
/// let code = pydis::bare_code(&mut pool, &[]);
/// let info = pydis::code_info(&pool, pool.code(code).unwrap());
/// assert!(info.starts_with("Name:              <module>\n"));
/// assert!(info.ends_with("\nFlags:             0x0"));
/// ```
pub fn code_info(pool: &Pool, code: &CodeObject) -> String {
    let mut out = String::new();
    write_code_info(pool, code, &mut out).expect("a String takes any text");
    out
}

/// Writes what `dis.show_code` prints: [`code_info`] and a line end. The memory that it takes is a small
/// multiple of what the code object takes, however long the text is.
///
/// # Errors
/// When the writer fails.
pub fn show_code(pool: &Pool, code: &CodeObject, out: &mut impl Write) -> fmt::Result {
    write_code_info(pool, code, out)?;
    out.write_char('\n')
}

fn write_code_info(pool: &Pool, code: &CodeObject, out: &mut impl Write) -> fmt::Result {
    let mut info = Info { pool, out, budget: ReprBudget::new() };
    write!(info.out, "Name:              {}", info.text(code.name))?;
    info.line("Filename:          ", info.text(code.filename))?;
    info.line("Argument count:    ", code.argcount)?;
    info.line("Positional-only arguments: ", code.posonlyargcount)?;
    info.line("Kw-only arguments: ", code.kwonlyargcount)?;
    info.line("Number of locals:  ", code.varnames(pool).count())?;
    info.line("Stack size:        ", code.stacksize)?;
    info.line("Flags:             ", flag_names(code.flags))?;
    info.constants(code)?;
    info.names("Names:", pool.tuple(code.names).unwrap_or_default().iter().copied())?;
    info.names("Variable names:", code.varnames(pool))?;
    info.names("Free variables:", code.freevars(pool))?;
    info.names("Cell variables:", code.cellvars(pool))
}

/// A code object that has a bytecode and nothing else: no constants, no names, no lines.
pub fn bare_code(pool: &mut Pool, bytecode: &[u8]) -> ObjectId {
    let name = pool.name(known::MODULE);
    let code = pool.add(Object::Bytes(bytecode));
    pool.new_code(CodeObject { code, ..CodeObject::empty(name, name) })
}

struct Info<'a, W> {
    pool: &'a Pool,
    out: &'a mut W,
    budget: ReprBudget,
}

impl<W: Write> Info<'_, W> {
    fn text(&self, id: ObjectId) -> String {
        self.pool.text(id).map_or_else(String::new, PyStr::to_string_lossy)
    }

    fn line(&mut self, heading: &str, value: impl fmt::Display) -> fmt::Result {
        write!(self.out, "\n{heading}{value}")
    }

    fn constants(&mut self, code: &CodeObject) -> fmt::Result {
        for (i, &id) in self.pool.tuple(code.consts).unwrap_or_default().iter().enumerate() {
            self.number("Constants:", i)?;
            write_constant(self.pool, id, &mut self.budget, self.out)?;
        }
        Ok(())
    }

    fn names(&mut self, heading: &str, names: impl Iterator<Item = ObjectId>) -> fmt::Result {
        for (i, id) in names.enumerate() {
            self.number(heading, i)?;
            if may_show_name(self.pool, id, &mut self.budget) {
                self.out.write_str(&self.text(id))?;
            } else {
                write!(self.out, "<{}>", ReprError::TooLong)?;
            }
        }
        Ok(())
    }

    /// What stands before an item; the first one has a heading.
    fn number(&mut self, heading: &str, i: usize) -> fmt::Result {
        if i == 0 {
            self.line(heading, "")?;
        }
        write!(self.out, "\n{i:4}: ")
    }
}

/// `pretty_flags`: names where a flag has one, else the number.
fn flag_names(flags: CodeFlags) -> String {
    if flags.0 == 0 {
        return "0x0".to_owned();
    }
    let set = (0..32).map(|bit| 1 << bit).filter(|bit| flags.0 & bit != 0);
    set.map(|bit| flag_name(bit).map_or_else(|| format!("{bit:#x}"), str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

fn flag_name(bit: u32) -> Option<&'static str> {
    match CodeFlags(bit) {
        CodeFlags::OPTIMIZED => Some("OPTIMIZED"),
        CodeFlags::NEWLOCALS => Some("NEWLOCALS"),
        CodeFlags::VARARGS => Some("VARARGS"),
        CodeFlags::VARKEYWORDS => Some("VARKEYWORDS"),
        CodeFlags::NESTED => Some("NESTED"),
        CodeFlags::GENERATOR => Some("GENERATOR"),
        // Of old; no flag of today has the bit.
        CodeFlags(64) => Some("NOFREE"),
        CodeFlags::COROUTINE => Some("COROUTINE"),
        CodeFlags::ITERABLE_COROUTINE => Some("ITERABLE_COROUTINE"),
        CodeFlags::ASYNC_GENERATOR => Some("ASYNC_GENERATOR"),
        CodeFlags::HAS_DOCSTRING => Some("HAS_DOCSTRING"),
        CodeFlags::METHOD => Some("METHOD"),
        _ => None,
    }
}
