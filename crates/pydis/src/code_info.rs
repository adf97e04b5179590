//! The text of `dis.show_code` (`_format_code_info`).

use std::fmt::Write;

use pycode::{CodeFlags, CodeObject, Object, ObjectId, Pool, PyStr, ReprBudget, ReprError, known};

use crate::format::{may_show_name, write_constant};

/// Details of a code object, one a line, without a line end at the end.
///
/// ```
/// let mut pool = pycode::Pool::new();
/// let code = pydis::bare_code(&mut pool, &[]);
/// let info = pydis::code_info(&pool, pool.code(code).unwrap());
/// assert!(info.starts_with("Name:              <module>\n"));
/// assert!(info.ends_with("\nFlags:             0x0"));
/// ```
pub fn code_info(pool: &Pool, code: &CodeObject) -> String {
    let mut info = Info { pool, out: String::new(), budget: ReprBudget::new() };
    let nlocals = code.varnames(pool).count();
    info.out.push_str(&format!("Name:              {}", info.text(code.name)));
    info.line("Filename:          ", &info.text(code.filename));
    info.line("Argument count:    ", &code.argcount.to_string());
    info.line("Positional-only arguments: ", &code.posonlyargcount.to_string());
    info.line("Kw-only arguments: ", &code.kwonlyargcount.to_string());
    info.line("Number of locals:  ", &nlocals.to_string());
    info.line("Stack size:        ", &code.stacksize.to_string());
    info.line("Flags:             ", &flag_names(code.flags));
    info.constants(code);
    info.names("Names:", pool.tuple(code.names).unwrap_or_default().iter().copied());
    info.names("Variable names:", code.varnames(pool));
    info.names("Free variables:", code.freevars(pool));
    info.names("Cell variables:", code.cellvars(pool));
    info.out
}

/// A code object that has a bytecode and nothing else: no constants, no names, no lines.
pub fn bare_code(pool: &mut Pool, bytecode: &[u8]) -> ObjectId {
    let name = pool.name(known::MODULE);
    let code = pool.add(Object::Bytes(bytecode.into()));
    pool.new_code(CodeObject { code, ..CodeObject::empty(name, name) })
}

struct Info<'a> {
    pool: &'a Pool,
    out: String,
    budget: ReprBudget,
}

impl Info<'_> {
    fn text(&self, id: ObjectId) -> String {
        self.pool.text(id).map_or_else(String::new, PyStr::to_string_lossy)
    }

    fn line(&mut self, heading: &str, text: &str) {
        self.out.push('\n');
        self.out.push_str(heading);
        self.out.push_str(text);
    }

    fn constants(&mut self, code: &CodeObject) {
        for (i, &id) in self.pool.tuple(code.consts).unwrap_or_default().iter().enumerate() {
            self.number("Constants:", i);
            write_constant(self.pool, id, &mut self.budget, &mut self.out).expect("a String takes any text");
        }
    }

    fn names(&mut self, heading: &str, names: impl Iterator<Item = ObjectId>) {
        for (i, id) in names.enumerate() {
            self.number(heading, i);
            let is_allowed = may_show_name(self.pool, id, &mut self.budget);
            let name = if is_allowed { self.text(id) } else { format!("<{}>", ReprError::TooLong) };
            self.out.push_str(&name);
        }
    }

    /// What stands before an item; the first one has a heading.
    fn number(&mut self, heading: &str, i: usize) {
        if i == 0 {
            self.line(heading, "");
        }
        let _ = write!(self.out, "\n{i:4}: ");
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
