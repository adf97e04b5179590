//! The second pass: where each name lives.
//!
//! Takes what the first pass collected, gives the finished [`SymbolTable`]. Mirrors `analyze_block` and
//! its helpers. CPython passes sets of names down and up and copies them for each block; here
//!
//! * going down, one array tells for each name whether a function around binds it and whether as a type
//!   parameter; what a block changes is undone when it ends ([`Visible`]);
//! * going up, each block leaves the names that are free in it on one stack, whose top is then the part of
//!   its parent.
//!
//! So the work is linear in the number of symbols of the finished table. CPython's set of names declared
//! global around a block decides nothing and has no counterpart.

mod block;
mod free;
mod inline;
mod name;
mod visible;

use pycode::{Interner, StrId};

use self::visible::Visible;
use crate::collect::{Collected, Directive};
use crate::diagnostics::Result;
use crate::{ScopeId, SymbolTable};

/// Runs the second pass (`symtable_analyze`).
pub(crate) fn analyze(collected: Collected, notes: &mut Notes, strings: &Interner) -> Result<SymbolTable> {
    let Collected { table, directives } = collected;
    notes.restart(strings.len());
    let mut analysis = Analysis { table, directives, strings, notes };
    analysis.analyze_block(ScopeId::MODULE, None)?;
    Ok(analysis.table)
}

struct Analysis<'s> {
    table: SymbolTable,
    directives: Vec<Directive>,
    strings: &'s Interner,
    notes: &'s mut Notes,
}

/// What the pass knows of each name, as it goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    visible: Visible,
    /// A stack of names, not all different, that are free in the blocks analyzed so far.
    free: Vec<StrId>,
    /// By name: the last block that found the name on its part of `free`, to see each once.
    seen: Vec<ScopeId>,
    /// By name: the last inlined comprehension that has a block in it where the name is free.
    free_in_child: Vec<ScopeId>,
}

impl Notes {
    /// Forgets everything and keeps the memory; from now on there are so many names.
    fn restart(&mut self, names: usize) {
        self.visible.restart(names);
        self.free.clear();
        for marks in [&mut self.seen, &mut self.free_in_child] {
            marks.clear();
            marks.resize(names, ScopeId::NOWHERE);
        }
    }
}
