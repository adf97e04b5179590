//! The local variables of a code object, by kind (`get_localsplus_names` in `Objects/codeobject.c`).

use crate::{CodeObject, LocalKind, ObjectId, Pool};

impl CodeObject {
    /// Names and kinds of the local variables, in the order of their slots: parameters and other
    /// locals, then cells, then free variables. Stops early if names or kinds are missing.
    pub fn localsplus<'a>(&self, pool: &'a Pool) -> impl Iterator<Item = (ObjectId, LocalKind)> + 'a {
        let names = pool.tuple(self.localsplusnames).unwrap_or_default();
        let kinds = pool.bytes(self.localspluskinds).unwrap_or_default();
        names.iter().copied().zip(kinds.iter().map(|&kind| LocalKind(kind)))
    }

    /// `co_varnames`: parameters and other fast locals.
    pub fn varnames<'a>(&self, pool: &'a Pool) -> impl Iterator<Item = ObjectId> + 'a {
        self.names_of_kind(pool, LocalKind::LOCAL)
    }

    /// `co_cellvars`: variables that inner functions use, parameters among them.
    pub fn cellvars<'a>(&self, pool: &'a Pool) -> impl Iterator<Item = ObjectId> + 'a {
        self.names_of_kind(pool, LocalKind::CELL)
    }

    /// `co_freevars`: variables of outer functions.
    pub fn freevars<'a>(&self, pool: &'a Pool) -> impl Iterator<Item = ObjectId> + 'a {
        self.names_of_kind(pool, LocalKind::FREE)
    }

    fn names_of_kind<'a>(&self, pool: &'a Pool, kind: LocalKind) -> impl Iterator<Item = ObjectId> + 'a {
        self.localsplus(pool).filter(move |&(_, k)| k.contains(kind)).map(|(name, _)| name)
    }
}
