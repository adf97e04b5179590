//! What a code object must be like before anything may rely on it (`_PyCode_Validate` in
//! `Objects/codeobject.c`).

use thiserror::Error;

use crate::{CodeFlags, CodeObject, LocalKind, Object, ObjectId, Pool};

/// Why a code object is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum CodeError {
    /// A field has an object of the wrong type; CPython calls it a bad internal call.
    #[error("code: {0} has the wrong type")]
    WrongType(&'static str),
    /// The counts contradict each other, or names and kinds of the locals differ in number.
    #[error("code: {0} is inconsistent")]
    Inconsistent(&'static str),
    /// A tuple of names holds something else.
    #[error("non-string found in code slot")]
    NonString,
    /// The bytecode is not a whole number of code units.
    #[error("code: co_code is malformed")]
    MalformedCode,
    /// There are fewer locals than parameters.
    #[error("code: co_varnames is too small")]
    VarnamesTooSmall,
}

impl CodeObject {
    /// Checks the types of the fields and the counts: after that, every accessor of the parts gives
    /// something. The bytecode itself and the tables are not looked into; their decoders bear anything.
    ///
    /// # Errors
    /// The first contradiction, in CPython's words.
    pub fn validate(&self, pool: &Pool) -> Result<(), CodeError> {
        if self.argcount < self.posonlyargcount {
            return Err(CodeError::Inconsistent("co_posonlyargcount"));
        }
        self.validate_types(pool)?;
        let (names, kinds) = (tuple(pool, self.localsplusnames)?, bytes(pool, self.localspluskinds)?);
        if names.len() != kinds.len() {
            return Err(CodeError::Inconsistent("co_localspluskinds"));
        }
        if bytes(pool, self.code)?.len() % 2 != 0 {
            return Err(CodeError::MalformedCode);
        }
        let strings = |names: &[ObjectId]| names.iter().all(|&name| pool.text(name).is_some());
        if !strings(names) || !strings(tuple(pool, self.names)?) {
            return Err(CodeError::NonString);
        }
        self.validate_parameters(kinds)
    }

    fn validate_types(&self, pool: &Pool) -> Result<(), CodeError> {
        type Test = fn(Object<'_>) -> bool;
        let is_bytes: Test = |object| matches!(object, Object::Bytes(_));
        let is_tuple: Test = |object| matches!(object, Object::Tuple(_));
        let is_str: Test = |object| matches!(object, Object::Str { .. });
        let fields = [
            ("co_code", self.code, is_bytes),
            ("co_consts", self.consts, is_tuple),
            ("co_names", self.names, is_tuple),
            ("co_localsplusnames", self.localsplusnames, is_tuple),
            ("co_localspluskinds", self.localspluskinds, is_bytes),
            ("co_filename", self.filename, is_str),
            ("co_name", self.name, is_str),
            ("co_qualname", self.qualname, is_str),
            ("co_linetable", self.linetable, is_bytes),
            ("co_exceptiontable", self.exceptiontable, is_bytes),
        ];
        match fields.into_iter().find(|&(_, id, test)| !test(pool.get(id))) {
            Some((field, ..)) => Err(CodeError::WrongType(field)),
            None => Ok(()),
        }
    }

    fn validate_parameters(&self, kinds: &[u8]) -> Result<(), CodeError> {
        let locals = kinds.iter().filter(|&&kind| LocalKind(kind).contains(LocalKind::LOCAL)).count() as u64;
        let parameters = u64::from(self.argcount)
            + u64::from(self.kwonlyargcount)
            + u64::from(self.flags.contains(CodeFlags::VARARGS))
            + u64::from(self.flags.contains(CodeFlags::VARKEYWORDS));
        if parameters > locals { Err(CodeError::VarnamesTooSmall) } else { Ok(()) }
    }
}

fn tuple(pool: &Pool, id: ObjectId) -> Result<&[ObjectId], CodeError> {
    pool.tuple(id).ok_or(CodeError::WrongType("a tuple"))
}

fn bytes(pool: &Pool, id: ObjectId) -> Result<&[u8], CodeError> {
    pool.bytes(id).ok_or(CodeError::WrongType("a bytes object"))
}
