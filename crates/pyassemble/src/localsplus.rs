//! The names that live in a frame: parameters and locals, then cells, then free variables.

use pycode::{CodeFlags, LocalKind, StrId};
use pyinstrseq::{NameIndex, UnitMetadata};

use crate::AssembleError;

/// `co_localsplusnames` and `co_localspluskinds`.
#[derive(Clone, Debug, Default)]
pub(crate) struct LocalsPlus {
    pub(crate) names: Vec<StrId>,
    pub(crate) kinds: Vec<u8>,
}

impl LocalsPlus {
    /// Finds those of a unit (`compute_localsplus_info`).
    pub(crate) fn compute(
        &mut self,
        metadata: &UnitMetadata,
        flags: CodeFlags,
        nlocalsplus: u32,
    ) -> Result<(), AssembleError> {
        self.names.clear();
        self.kinds.clear();
        let UnitMetadata { varnames, cellvars, fasthidden, .. } = metadata;
        let parameters = parameter_kinds(metadata, flags).chain(std::iter::repeat(LocalKind::default()));
        let [hidden, cells] = [fasthidden, cellvars].map(|names| NameIndex::new(names, varnames.len()));
        for (&name, parameter) in varnames.iter().zip(parameters) {
            self.push(name, local_kind(hidden.contains(name), cells.contains(name)) | parameter);
        }
        let locals = NameIndex::new(varnames, cellvars.len());
        for &name in cellvars.iter().filter(|&&name| !locals.contains(name)) {
            self.push(name, LocalKind::CELL);
        }
        for &name in &metadata.freevars {
            self.push(name, LocalKind::FREE);
        }
        if self.names.len() != nlocalsplus as usize {
            return Err(AssembleError::Locals { sequence: nlocalsplus, unit: self.names.len() });
        }
        Ok(())
    }

    fn push(&mut self, name: StrId, kind: LocalKind) {
        self.names.push(name);
        self.kinds.push(kind.0);
    }
}

/// The kinds of the parameters, in their order among the locals.
fn parameter_kinds(metadata: &UnitMetadata, flags: CodeFlags) -> impl Iterator<Item = LocalKind> {
    let groups = [
        (metadata.posonlyargcount, LocalKind::ARG_POS),
        (metadata.argcount, LocalKind::ARG_POS | LocalKind::ARG_KW),
        (metadata.kwonlyargcount, LocalKind::ARG_KW),
        (u32::from(flags.contains(CodeFlags::VARARGS)), LocalKind::ARG_VAR | LocalKind::ARG_POS),
        (u32::from(flags.contains(CodeFlags::VARKEYWORDS)), LocalKind::ARG_VAR | LocalKind::ARG_KW),
    ];
    groups.into_iter().flat_map(|(count, kind)| std::iter::repeat_n(kind, count as usize))
}

fn local_kind(is_hidden: bool, is_cell: bool) -> LocalKind {
    let mut kind = LocalKind::LOCAL;
    if is_hidden {
        kind = kind | LocalKind::HIDDEN;
    }
    if is_cell {
        kind = kind | LocalKind::CELL;
    }
    kind
}
