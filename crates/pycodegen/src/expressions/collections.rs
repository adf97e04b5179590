//! Lists, tuples, sets and dicts; unpacking assignment.
//!
//! CPython's counterparts: `starunpack_helper_impl`, `unpack_helper`, `assignment_helper`, `codegen_list`,
//! `codegen_tuple`, `codegen_set`, `codegen_subdict`, `codegen_dict` of `Python/codegen.c`.

use pyast::{Expr, ExprContext, ExprDict, ExprList, ExprSet, ExprTuple, Location, StrId};
use pyopcode::{Intrinsic1, Opcode};

use crate::diagnostics;
use crate::generator::{Generator, Result, STACK_USE_GUIDELINE};

/// The instructions that build a collection.
#[derive(Clone, Copy)]
struct Builder {
    build: Opcode,
    add: Opcode,
    extend: Opcode,
    /// Whether the result is a tuple, built through a list where it cannot be built at once.
    tuple: bool,
}

const LIST: Builder =
    Builder { build: Opcode::BuildList, add: Opcode::ListAppend, extend: Opcode::ListExtend, tuple: false };
const TUPLE: Builder = Builder { tuple: true, ..LIST };
const SET: Builder =
    Builder { build: Opcode::BuildSet, add: Opcode::SetAdd, extend: Opcode::SetUpdate, tuple: false };

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_list(&mut self, node: &'a ExprList<'a>) -> Result {
        self.sequence(node.location, node.elts, node.ctx, LIST)
    }

    pub(crate) fn codegen_tuple(&mut self, node: &'a ExprTuple<'a>) -> Result {
        self.sequence(node.location, node.elts, node.ctx, TUPLE)
    }

    fn sequence(
        &mut self,
        location: Location,
        elts: &'a [Expr<'a>],
        context: ExprContext,
        builder: Builder,
    ) -> Result {
        match context {
            ExprContext::Load => self.starunpack(location, elts, None, 0, builder),
            ExprContext::Store => self.unpack_into(location, elts),
            ExprContext::Del => self.visit_exprs(elts),
        }
    }

    pub(crate) fn codegen_set(&mut self, node: &'a ExprSet<'a>) -> Result {
        self.starunpack(node.location, node.elts, None, 0, SET)
    }

    /// Builds the tuple of a call's positional arguments: `pushed` ones on the stack, those in `args`,
    /// and the variable `injected`.
    pub(crate) fn build_args_tuple(
        &mut self,
        location: Location,
        args: &'a [Expr<'a>],
        injected: Option<StrId>,
        pushed: usize,
    ) -> Result {
        self.starunpack(location, args, injected, pushed, TUPLE)
    }

    /// Builds a collection of the elements, of which some may be starred (`starunpack_helper_impl`).
    fn starunpack(
        &mut self,
        location: Location,
        elts: &'a [Expr<'a>],
        injected: Option<StrId>,
        pushed: usize,
        builder: Builder,
    ) -> Result {
        let count = elts.len() + pushed + usize::from(injected.is_some());
        let big = count > STACK_USE_GUIDELINE;
        if big || elts.iter().any(|elt| matches!(elt, Expr::Starred(_))) {
            return self.build_gradually(location, elts, injected, pushed, builder, big);
        }
        self.visit_exprs(elts)?;
        if let Some(name) = injected {
            self.nameop(location, name, ExprContext::Load);
        }
        let build = if builder.tuple { Opcode::BuildTuple } else { builder.build };
        self.emit_arg(location, build, count);
        Ok(())
    }

    fn build_gradually(
        &mut self,
        location: Location,
        elts: &'a [Expr<'a>],
        injected: Option<StrId>,
        pushed: usize,
        builder: Builder,
        big: bool,
    ) -> Result {
        let mut built = big;
        if big {
            self.emit_arg(location, builder.build, pushed);
        }
        for (index, &elt) in elts.iter().enumerate() {
            let Expr::Starred(starred) = elt else {
                self.visit_expr(elt)?;
                if built {
                    self.emit_arg(location, builder.add, 1);
                }
                continue;
            };
            if !built {
                self.emit_arg(location, builder.build, index + pushed);
                built = true;
            }
            self.visit_expr(starred.value)?;
            self.emit_arg(location, builder.extend, 1);
        }
        if let Some(name) = injected {
            self.nameop(location, name, ExprContext::Load);
            self.emit_arg(location, builder.add, 1);
        }
        if builder.tuple {
            self.emit_arg(location, Opcode::CallIntrinsic1, Intrinsic1::ListToTuple);
        }
        Ok(())
    }

    /// Unpacks the value on the stack into targets (`assignment_helper`).
    fn unpack_into(&mut self, location: Location, targets: &'a [Expr<'a>]) -> Result {
        self.unpack_helper(location, targets)?;
        targets.iter().try_for_each(|&target| match target {
            Expr::Starred(starred) => self.visit_expr(starred.value),
            _ => self.visit_expr(target),
        })
    }

    fn unpack_helper(&mut self, location: Location, targets: &[Expr<'_>]) -> Result {
        let is_star = |target: &Expr<'_>| matches!(target, Expr::Starred(_));
        let Some(star) = targets.iter().position(is_star) else {
            self.emit_arg(location, Opcode::UnpackSequence, targets.len());
            return Ok(());
        };
        let Some(arg) = unpack_ex_arg(star, targets.len()) else {
            return diagnostics::too_many_before_star(location);
        };
        self.emit_arg(location, Opcode::UnpackEx, arg);
        if targets[star + 1..].iter().any(is_star) {
            return diagnostics::multiple_starred_targets(location);
        }
        Ok(())
    }

    pub(crate) fn codegen_dict(&mut self, node: &'a ExprDict<'a>) -> Result {
        let location = node.location;
        let mut have_dict = false;
        // How many items before the current one wait for their instructions.
        let mut waiting = 0;
        for (index, (key, &value)) in node.keys.iter().zip(node.values).enumerate() {
            if key.is_none() {
                if waiting > 0 {
                    self.add_subdict(node, index - waiting, index, &mut have_dict)?;
                    waiting = 0;
                }
                if !have_dict {
                    self.emit_arg(location, Opcode::BuildMap, 0);
                    have_dict = true;
                }
                self.visit_expr(value)?;
                self.emit_arg(location, Opcode::DictUpdate, 1);
            } else if waiting * 2 > STACK_USE_GUIDELINE {
                self.add_subdict(node, index - waiting, index + 1, &mut have_dict)?;
                waiting = 0;
            } else {
                waiting += 1;
            }
        }
        let count = node.values.len();
        if waiting > 0 {
            self.add_subdict(node, count - waiting, count, &mut have_dict)?;
        }
        if !have_dict {
            self.emit_arg(location, Opcode::BuildMap, 0);
        }
        Ok(())
    }

    /// Adds items to the dict on the stack, if there is one; else makes it of them.
    fn add_subdict(
        &mut self,
        node: &'a ExprDict<'a>,
        begin: usize,
        end: usize,
        have_dict: &mut bool,
    ) -> Result {
        self.codegen_subdict(node, begin, end)?;
        if *have_dict {
            self.emit_arg(node.location, Opcode::DictUpdate, 1);
        }
        *have_dict = true;
        Ok(())
    }

    fn codegen_subdict(&mut self, node: &'a ExprDict<'a>, begin: usize, end: usize) -> Result {
        let count = end - begin;
        let big = count * 2 > STACK_USE_GUIDELINE;
        if big {
            self.emit_arg(node.location, Opcode::BuildMap, 0);
        }
        for (key, &value) in node.keys[begin..end].iter().zip(&node.values[begin..end]) {
            self.visit_expr(key.expect("an unpacked dict is no item"))?;
            self.visit_expr(value)?;
            if big {
                self.emit_arg(node.location, Opcode::MapAdd, 1);
            }
        }
        if !big {
            self.emit_arg(node.location, Opcode::BuildMap, count);
        }
        Ok(())
    }
}

/// The argument of `UNPACK_EX` for a starred target at `star` of `len`; `None` when there are too many
/// targets.
pub(crate) fn unpack_ex_arg(star: usize, len: usize) -> Option<usize> {
    let after = len - star - 1;
    (star < 1 << 8 && after < (i32::MAX >> 8) as usize).then_some(star + (after << 8))
}
