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
        let UnitMetadata { varnames, cellvars, freevars, fasthidden, .. } = metadata;
        self.names.clear();
        self.names.extend_from_slice(varnames);
        self.kinds.clear();
        self.kinds.resize(varnames.len(), LocalKind::LOCAL.0);
        self.mark_parameters(metadata, flags);
        if !fasthidden.is_empty() || !cellvars.is_empty() {
            self.add_hidden_and_cells(varnames, fasthidden, cellvars);
        }
        self.names.extend_from_slice(freevars);
        self.kinds.resize(self.names.len(), LocalKind::FREE.0);
        if self.names.len() != nlocalsplus as usize {
            return Err(AssembleError::Locals { sequence: nlocalsplus, unit: self.names.len() });
        }
        Ok(())
    }

    /// Parameters are the first of the locals.
    fn mark_parameters(&mut self, metadata: &UnitMetadata, flags: CodeFlags) {
        let groups = [
            (metadata.posonlyargcount, LocalKind::ARG_POS),
            (metadata.argcount, LocalKind::ARG_POS | LocalKind::ARG_KW),
            (metadata.kwonlyargcount, LocalKind::ARG_KW),
            (u32::from(flags.contains(CodeFlags::VARARGS)), LocalKind::ARG_VAR | LocalKind::ARG_POS),
            (u32::from(flags.contains(CodeFlags::VARKEYWORDS)), LocalKind::ARG_VAR | LocalKind::ARG_KW),
        ];
        let mut locals = self.kinds.iter_mut();
        for (count, parameter) in groups {
            locals.by_ref().take(count as usize).for_each(|kind| *kind |= parameter.0);
        }
    }

    /// A cell that is a local too is one variable.
    #[inline(never)]
    fn add_hidden_and_cells(&mut self, varnames: &[StrId], hidden: &[StrId], cells: &[StrId]) {
        let locals = NameIndex::new(varnames, hidden.len() + cells.len());
        for local in hidden.iter().filter_map(|&name| locals.position(name)) {
            self.kinds[local as usize] |= LocalKind::HIDDEN.0;
        }
        for &name in cells {
            match locals.position(name) {
                Some(local) => self.kinds[local as usize] |= LocalKind::CELL.0,
                None => {
                    self.names.push(name);
                    self.kinds.push(LocalKind::CELL.0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use pycode::Pool;

    use super::*;

    /// The class body of `class C: [lambda: x for x in y]; [z for z in y]`, with the kinds that `marshal` writes of it.
    #[test]
    fn a_hidden_local_is_still_a_local_and_may_be_a_cell() {
        let mut pool = Pool::new();
        let [name, x, z] = ["C", "x", "z"].map(|text| pool.strings_mut().intern(text));
        let qualname = pool.name(name);
        let metadata = UnitMetadata {
            varnames: vec![x, z],
            fasthidden: vec![x, z],
            cellvars: vec![x],
            ..UnitMetadata::new(name, qualname, 1)
        };
        let mut locals = LocalsPlus::default();
        locals.compute(&metadata, metadata.flags, 2).expect("two locals");
        assert_eq!((locals.names, locals.kinds), (vec![x, z], vec![0x70, 0x30]));
    }
}
