//! Inlined comprehensions (PEP 709): the variables of the comprehension live in the unit around it, and
//! those that they hide are kept on the stack meanwhile.
//!
//! CPython's counterparts: `codegen_push_inlined_comprehension_locals`,
//! `codegen_pop_inlined_comprehension_locals`, `restore_inlined_comprehension_locals` of `Python/codegen.c`;
//! `_PyCompile_TweakInlinedComprehensionScopes`, `_PyCompile_RevertInlinedComprehensionScopes` of
//! `Python/compile.c`.

use pyast::{Location, StrId};
use pyinstrseq::Label;
use pyopcode::Opcode;
use pysymtable::{Scope, SymScope, Symbol, SymbolFlags};

use super::{Iterator, Parts};
use crate::fblock::FBlockKind;
use crate::generator::{Generator, Result};
use crate::names::{Hidden, NameList};
use crate::unit::TweakedSymbol;

/// What is to be undone behind the comprehension (`_PyCompile_InlinedComprehensionState`).
#[derive(Default)]
struct State {
    /// Variables whose values are on the stack.
    pushed_locals: Vec<StrId>,
    /// How many symbols were tweaked before.
    tweaked_before: usize,
    /// Names that are fast locals only here.
    hidden: Vec<StrId>,
    /// The handler that restores the variables when an exception comes.
    cleanup: Option<Label>,
}

impl<'a> Generator<'_, 'a> {
    pub(super) fn inlined_comprehension(&mut self, parts: Parts<'a>, comprehension: Scope<'_>) -> Result {
        let location = parts.location;
        self.comprehension_iter(&parts.generators[0])?;
        let mut state = State::default();
        self.tweak_scopes(comprehension, &mut state);
        self.push_locals(location, comprehension, &mut state)?;
        let build = parts.kind.build().expect("a generator expression is not inlined");
        self.emit_arg(location, build, 0);
        self.emit_arg(location, Opcode::Swap, 2);
        self.comprehension_generators(&parts, Iterator::OnStack)?;
        self.pop_locals(location, &state);
        self.revert_scopes(&state);
        Ok(())
    }

    /// Makes the names of the comprehension mean in this unit what they mean in the comprehension.
    fn tweak_scopes(&mut self, comprehension: Scope<'_>, state: &mut State) {
        let in_class_body = self.in_class_body();
        let function_like = self.unit.function_like;
        self.unit.inlined_comprehensions += 1;
        state.tweaked_before = self.unit.tweaked.len();
        for inner in comprehension.symbols() {
            let name = inner.name;
            let entry = self.name_entry(name);
            let outer = entry.scope();
            let tweaks = in_class_body || differs(inner.scope(), outer);
            if tweaks {
                entry.set_scope(inner.scope(), function_like);
            }
            let hides = !function_like && (is_bound(inner) || in_class_body);
            let hidden_before = entry.hidden();
            if hides {
                entry.set_hidden(Hidden::Now, function_like);
            }
            if tweaks {
                self.unit.tweaked.push(TweakedSymbol { name, inner, outer });
            }
            if hides && hidden_before != Hidden::Now {
                state.hidden.push(name);
            }
            if hides && hidden_before == Hidden::Never {
                self.unit.output.metadata.fasthidden.push(name);
            }
        }
    }

    /// Pushes the values of the variables that the comprehension binds, below the iterator.
    ///
    /// In a class the other names of the comprehension are not pushed, though they were tweaked:
    /// CPython asks whether it is in the class body when it counts as in the comprehension already.
    fn push_locals(&mut self, location: Location, comprehension: Scope<'_>, state: &mut State) -> Result {
        for symbol in comprehension.symbols().filter(|&symbol| is_bound(symbol)) {
            let name = symbol.name;
            self.emit_name(location, Opcode::LoadFastAndClear, NameList::Varnames, name);
            if symbol.scope() == SymScope::Cell {
                let is_free = self.name_scope(name) == SymScope::Free;
                let list = if is_free { NameList::Freevars } else { NameList::Cellvars };
                self.emit_name(location, Opcode::MakeCell, list, name);
            }
            state.pushed_locals.push(name);
        }
        if state.pushed_locals.is_empty() {
            return Ok(());
        }
        // Also turns the order of the pushed values around; the swap behind the comprehension turns it
        // back.
        self.emit_arg(location, Opcode::Swap, state.pushed_locals.len() + 1);
        let cleanup = self.new_label();
        state.cleanup = Some(cleanup);
        self.emit_jump(location, Opcode::SetupFinally, cleanup);
        // It counts as one of the blocks that may be nested; nothing can leave it early.
        self.push_fblock(location, FBlockKind::TryExcept)
    }

    /// Restores the variables, with and without an exception.
    fn pop_locals(&mut self, location: Location, state: &State) {
        let Some(cleanup) = state.cleanup else { return };
        self.pop_fblock();
        self.emit(Location::NONE, Opcode::PopBlock);
        let end = self.new_label();
        self.emit_jump(Location::NONE, Opcode::JumpNoInterrupt, end);
        self.place(cleanup);
        // Drop the incomplete collection below the exception.
        self.emit_arg(Location::NONE, Opcode::Swap, 2);
        self.emit(Location::NONE, Opcode::PopTop);
        self.restore_locals(location, &state.pushed_locals);
        self.emit_arg(Location::NONE, Opcode::Reraise, 0);
        self.place(end);
        self.restore_locals(location, &state.pushed_locals);
    }

    fn restore_locals(&mut self, location: Location, pushed: &[StrId]) {
        self.emit_arg(location, Opcode::Swap, pushed.len() + 1);
        for &name in pushed.iter().rev() {
            self.emit_name(location, Opcode::StoreFastMaybeNull, NameList::Varnames, name);
        }
    }

    fn revert_scopes(&mut self, state: &State) {
        self.unit.inlined_comprehensions -= 1;
        let function_like = self.unit.function_like;
        for index in state.tweaked_before..self.unit.tweaked.len() {
            let TweakedSymbol { name, outer, .. } = self.unit.tweaked[index];
            self.name_entry(name).set_scope(outer, function_like);
        }
        self.unit.tweaked.truncate(state.tweaked_before);
        for &name in &state.hidden {
            self.name_entry(name).set_hidden(Hidden::Before, function_like);
        }
    }
}

/// Whether a name must be handled otherwise inside than outside. A name that is free inside is handled
/// as it is outside; one that is free outside cannot be a cell too, and need not: both are reached by
/// `*_DEREF`.
fn differs(inner: SymScope, outer: SymScope) -> bool {
    inner != outer && inner != SymScope::Free && !(inner == SymScope::Cell && outer == SymScope::Free)
}

/// Whether the comprehension itself binds the name; `:=` to a nonlocal does not count.
fn is_bound(symbol: Symbol) -> bool {
    let flags = symbol.flags();
    flags.contains(SymbolFlags::LOCAL) && !flags.contains(SymbolFlags::NONLOCAL)
}
