//! Code objects made by hand, from bytecode and tables that are there already: Python's
//! `types.CodeType(...)`, which is `PyUnstable_Code_NewWithPosOnlyArgs` in `Objects/codeobject.c`.
//!
//! Differs from what [`assemble`](crate::assemble) makes in that the kinds of locals do not say which of
//! them are parameters: CPython's constructor leaves that out.

use pycode::{CodeError, CodeFlags, CodeObject, LocalKind, Object, ObjectId, Pool, StrId};
use pyopcode::Opcode;
use thiserror::Error;

/// The arguments of `types.CodeType`, to be set field by field.
///
/// ```
/// use pyassemble::CodeBuilder;
/// use pycode::{ObjectId, Pool};
/// let mut pool = Pool::new();
/// let [file, name, x] = ["spam.py", "identity", "x"].map(|text| pool.strings_mut().intern(text));
/// // RESUME 0; LOAD_FAST 0; RETURN_VALUE
/// let code = vec![128, 0, 84, 0, 35, 0];
/// let parts = CodeBuilder { argcount: 1, varnames: vec![x], code, ..CodeBuilder::new(file, name) };
/// let id = parts.build(&mut pool)?;
/// assert_eq!(pool.code(id).unwrap().varnames(&pool).count(), 1);
///
/// let wrong = CodeBuilder { argcount: 2, ..parts };
/// assert_eq!(wrong.build(&mut pool).unwrap_err().to_string(), "code: co_varnames is too small");
/// # Ok::<(), pyassemble::BuildError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeBuilder {
    /// `co_argcount`: positional parameters, positional-only ones included.
    pub argcount: u32,
    /// `co_posonlyargcount`
    pub posonlyargcount: u32,
    /// `co_kwonlyargcount`
    pub kwonlyargcount: u32,
    /// `co_stacksize`; a frame has room for one entry at least.
    pub stacksize: u32,
    /// `co_flags`
    pub flags: CodeFlags,
    /// `co_code`: code units of two bytes, inline caches included.
    pub code: Vec<u8>,
    /// `co_consts`
    pub consts: Vec<ObjectId>,
    /// `co_names`
    pub names: Vec<StrId>,
    /// `co_varnames`: parameters, then other locals.
    pub varnames: Vec<StrId>,
    /// `co_filename`
    pub filename: StrId,
    /// `co_name`
    pub name: StrId,
    /// `co_qualname`
    pub qualname: StrId,
    /// `co_firstlineno`
    pub firstlineno: u32,
    /// `co_linetable`
    pub linetable: Vec<u8>,
    /// `co_exceptiontable`
    pub exceptiontable: Vec<u8>,
    /// `co_freevars`
    pub freevars: Vec<StrId>,
    /// `co_cellvars`; one that is a local too is one variable.
    pub cellvars: Vec<StrId>,
}

/// Why a code object is refused; the texts are CPython's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum BuildError {
    /// The parts contradict each other.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// An instruction of a class or module hides a local that there is not.
    #[error("code: LOAD_FAST_AND_CLEAR oparg {0} out of range")]
    Hidden(u32),
    /// A number is not below 2^31; which one.
    #[error("Python int too large to convert to C int")]
    TooLarge(&'static str),
}

impl CodeBuilder {
    /// A code object without anything but its names, on line 1.
    pub fn new(filename: StrId, name: StrId) -> Self {
        CodeBuilder {
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            stacksize: 0,
            flags: CodeFlags::default(),
            code: Vec::new(),
            consts: Vec::new(),
            names: Vec::new(),
            varnames: Vec::new(),
            filename,
            name,
            qualname: name,
            firstlineno: 1,
            linetable: Vec::new(),
            exceptiontable: Vec::new(),
            freevars: Vec::new(),
            cellvars: Vec::new(),
        }
    }

    /// Makes the code object, with strings interned as CPython does.
    ///
    /// # Errors
    /// When the parts do not make a code object ([`CodeObject::validate`]). Arguments of instructions and
    /// the tables are not looked into, as in CPython.
    pub fn build(&self, pool: &mut Pool) -> Result<ObjectId, BuildError> {
        self.check_numbers()?;
        let (names, mut kinds) = self.locals();
        if !self.flags.contains(CodeFlags::OPTIMIZED) {
            self.hide(&mut kinds)?;
        }
        let code = CodeObject {
            argcount: self.argcount,
            posonlyargcount: self.posonlyargcount,
            kwonlyargcount: self.kwonlyargcount,
            stacksize: self.stacksize.max(1),
            flags: self.flags,
            code: bytes(pool, &self.code),
            consts: pool.add(Object::Tuple(&self.consts)),
            names: name_tuple(pool, &self.names),
            localsplusnames: name_tuple(pool, &names),
            localspluskinds: bytes(pool, &kinds),
            filename: pool.name(self.filename),
            name: pool.name(self.name),
            qualname: pool.name(self.qualname),
            firstlineno: self.firstlineno as i32,
            linetable: bytes(pool, &self.linetable),
            exceptiontable: bytes(pool, &self.exceptiontable),
        };
        code.validate(pool)?;
        Ok(pool.new_code(code))
    }

    fn check_numbers(&self) -> Result<(), BuildError> {
        let numbers = [
            ("co_argcount", self.argcount),
            ("co_posonlyargcount", self.posonlyargcount),
            ("co_kwonlyargcount", self.kwonlyargcount),
            ("co_stacksize", self.stacksize),
            ("co_flags", self.flags.0),
            ("co_firstlineno", self.firstlineno),
        ];
        match numbers.into_iter().find(|&(_, number)| i32::try_from(number).is_err()) {
            Some((name, _)) => Err(BuildError::TooLarge(name)),
            None => Ok(()),
        }
    }

    /// The names of locals, cells and free variables, and their kinds.
    fn locals(&self) -> (Vec<StrId>, Vec<u8>) {
        let mut names = self.varnames.clone();
        let mut kinds = vec![LocalKind::LOCAL.0; names.len()];
        for &cell in &self.cellvars {
            match self.varnames.iter().position(|&local| local == cell) {
                Some(at) => kinds[at] |= LocalKind::CELL.0,
                None => {
                    names.push(cell);
                    kinds.push(LocalKind::CELL.0);
                }
            }
        }
        names.extend_from_slice(&self.freevars);
        kinds.resize(names.len(), LocalKind::FREE.0);
        (names, kinds)
    }

    /// What `LOAD_FAST_AND_CLEAR` clears outside of functions belongs to an inlined comprehension.
    fn hide(&self, kinds: &mut [u8]) -> Result<(), BuildError> {
        let mut units = self.code.chunks_exact(2);
        let mut extended = 0u32;
        while let Some(&[opcode, arg]) = units.next() {
            let oparg = extended << 8 | u32::from(arg);
            let opcode = Opcode::from_number(u16::from(opcode));
            extended = if opcode == Some(Opcode::ExtendedArg) { oparg } else { 0 };
            if opcode == Some(Opcode::LoadFastAndClear) {
                let kind = kinds.get_mut(oparg as usize).ok_or(BuildError::Hidden(oparg))?;
                *kind |= LocalKind::HIDDEN.0;
            }
            if let Some(caches) = opcode.map(Opcode::caches).filter(|&caches| caches > 0) {
                units.nth(caches - 1);
            }
        }
        Ok(())
    }
}

fn bytes(pool: &mut Pool, bytes: &[u8]) -> ObjectId {
    pool.add(Object::Bytes(bytes))
}

fn name_tuple(pool: &mut Pool, names: &[StrId]) -> ObjectId {
    let names: Vec<ObjectId> = names.iter().map(|&name| pool.name(name)).collect();
    pool.add(Object::Tuple(&names))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder(pool: &mut Pool) -> CodeBuilder {
        let [file, name] = ["f.py", "n"].map(|text| pool.strings_mut().intern(text));
        CodeBuilder { code: vec![128, 0], ..CodeBuilder::new(file, name) }
    }

    fn names(pool: &mut Pool, names: &str) -> Vec<StrId> {
        names.split_whitespace().map(|name| pool.strings_mut().intern(name)).collect()
    }

    fn kinds(parts: &CodeBuilder, pool: &mut Pool) -> Vec<u8> {
        let id = parts.build(pool).expect("sound parts");
        let code = pool.code(id).expect("a code object");
        pool.bytes(code.localspluskinds).expect("a bytes object").to_vec()
    }

    /// As `marshal.dumps` shows them for `types.CodeType(3, 1, 2, 9, 4, 15, ...)`.
    #[test]
    fn the_kinds_of_locals_are_those_of_cpython() {
        let mut pool = Pool::new();
        let parts = CodeBuilder {
            argcount: 3,
            posonlyargcount: 1,
            kwonlyargcount: 2,
            flags: CodeFlags(15),
            varnames: names(&mut pool, "a b c k1 k2 args kw l1 l2"),
            freevars: names(&mut pool, "fr a"),
            cellvars: names(&mut pool, "c kw ce"),
            ..builder(&mut pool)
        };
        let expected = [0x20, 0x20, 0x60, 0x20, 0x20, 0x20, 0x60, 0x20, 0x20, 0x40, 0x80, 0x80];
        assert_eq!(kinds(&parts, &mut pool), expected);
    }

    #[test]
    fn locals_of_inlined_comprehensions_are_hidden() {
        let mut pool = Pool::new();
        // LOAD_FAST_AND_CLEAR 0; EXTENDED_ARG 0; LOAD_FAST_AND_CLEAR 1
        let parts = CodeBuilder {
            code: vec![85, 0, 69, 0, 85, 1],
            varnames: names(&mut pool, "v"),
            cellvars: names(&mut pool, "w"),
            ..builder(&mut pool)
        };
        assert_eq!(kinds(&parts, &mut pool), [0x30, 0x50]);
        let function = CodeBuilder { flags: CodeFlags::OPTIMIZED, ..parts.clone() };
        assert_eq!(kinds(&function, &mut pool), [0x20, 0x40]);
        let far = CodeBuilder { code: vec![69, 1, 85, 2], ..parts };
        let error = far.build(&mut pool).expect_err("out of range").to_string();
        assert_eq!(error, "code: LOAD_FAST_AND_CLEAR oparg 258 out of range");
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let mut pool = Pool::new();
        let parts = builder(&mut pool);
        let x = names(&mut pool, "x");
        for (wrong, text) in [
            (CodeBuilder { code: vec![128], ..parts.clone() }, "code: co_code is malformed"),
            (CodeBuilder { argcount: 1, ..parts.clone() }, "code: co_varnames is too small"),
            (
                CodeBuilder { flags: CodeFlags(4 | 8), varnames: x, ..parts.clone() },
                "code: co_varnames is too small",
            ),
            (CodeBuilder { stacksize: 1 << 31, ..parts.clone() }, "Python int too large to convert to C int"),
            (CodeBuilder { posonlyargcount: 1, ..parts }, "code: co_posonlyargcount is inconsistent"),
        ] {
            assert_eq!(wrong.build(&mut pool).expect_err(text).to_string(), text);
        }
    }
}
