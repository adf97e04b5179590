//! Annotations: evaluated on demand by `__annotate__` (PEP 649), or kept as strings (PEP 563).
//!
//! CPython's counterparts: `codegen_setup_annotations_scope`, `codegen_leave_annotations_scope`,
//! `codegen_process_deferred_annotations`, `codegen_deferred_annotations_body`,
//! `codegen_function_annotations`, `codegen_argannotation`, `codegen_annassign`, `codegen_check_ann_subscr`
//! of `Python/codegen.c`; `_PyCompile_AddDeferredAnnotation` of `Python/compile.c`.

use pyast::{Arg, CmpOp, Expr, ExprContext, Location, StmtAnnAssign, StrId, unparse_annotation_into};
use pycode::{PyStr, known};
use pyopcode::{CommonConstant, Opcode};
use pysymtable::{ScopeId, ScopeKind};

use crate::closure::FunctionAttributes;
use crate::diagnostics;
use crate::generator::{Generator, Result};
use crate::names::NameList;
use crate::statements::Function;
use crate::unit::{ArgCounts, DeferredAnnotation, UnitHead, UnitKind};

/// `_Py_ANNOTATE_FORMAT_VALUE_WITH_FAKE_GLOBALS`: the highest format that compiled code supports.
const VALUE_WITH_FAKE_GLOBALS: i64 = 2;

impl<'a> Generator<'_, 'a> {
    /// Begins a function that evaluates annotations, or something else on demand. It takes a format and
    /// refuses those that it does not know (`codegen_setup_annotations_scope`).
    pub(crate) fn enter_annotations_scope(&mut self, location: Location, scope: ScopeId, name: StrId) {
        let args = ArgCounts { positional_only: 1, ..ArgCounts::default() };
        let head = UnitHead::new(UnitKind::Annotations, name, scope, location.lineno);
        self.enter_scope(UnitHead { args, ..head });
        self.emit_arg(location, Opcode::LoadFast, 0);
        self.load_int_const(location, VALUE_WITH_FAKE_GLOBALS);
        self.add_compare(location, CmpOp::Gt);
        let body = self.new_label();
        self.emit_jump(location, Opcode::PopJumpIfFalse, body);
        self.emit_arg(location, Opcode::LoadCommonConstant, CommonConstant::NotImplementedError);
        self.emit_arg(location, Opcode::RaiseVarargs, 1);
        self.place(body);
    }

    /// Ends an `__annotate__` function and makes it (`codegen_leave_annotations_scope`).
    ///
    /// The parameter is `.format` in the symbol table, so that it hides no `format` of the annotations;
    /// users see it as `format`.
    fn leave_annotations_scope(&mut self, location: Location) {
        self.emit(location, Opcode::ReturnValue);
        self.unit.output.metadata.own_locals = true;
        let unit = self.leave_scope(true);
        self.make_closure(location, unit, FunctionAttributes::NONE);
    }

    /// Makes the `__annotate__` of the variables of a module or class
    /// (`codegen_process_deferred_annotations`).
    pub(crate) fn process_deferred_annotations(&mut self, location: Location) -> Result {
        if self.unit.deferred_annotations.is_empty() {
            return Ok(());
        }
        let deferred = std::mem::take(&mut self.unit.deferred_annotations);
        let scope = self.scope();
        let block = scope.annotation_block().expect("a scope with annotations has a block for them");
        let is_module = self.unit.kind == UnitKind::Module;
        if is_module {
            // A module's code is kept apart, to run before the statements of the module.
            let code = std::mem::take(&mut self.unit.code);
            self.unit.stashed = Some(code);
        }
        self.enter_annotations_scope(location, block.id(), block.name());
        self.deferred_annotations_body(location, &deferred, is_module)?;
        self.leave_annotations_scope(location);
        let is_class = scope.kind() == ScopeKind::Class;
        let name = if is_class { known::ANNOTATE_FUNC } else { known::ANNOTATE };
        self.nameop(location, name, ExprContext::Store);
        if let Some(code) = self.unit.stashed.take() {
            let annotations = std::mem::replace(&mut self.unit.code, code).finish();
            self.unit.code.set_annotations(annotations);
        }
        Ok(())
    }

    fn deferred_annotations_body(
        &mut self,
        location: Location,
        deferred: &[DeferredAnnotation<'a>],
        in_module: bool,
    ) -> Result {
        self.emit_arg(location, Opcode::BuildMap, 0);
        for annotation in deferred {
            let statement = annotation.statement;
            let at = statement.location;
            let Expr::Name(target) = statement.target else {
                unreachable!("only annotations of names are deferred")
            };
            let mangled = self.mangle(target.id);
            let not_set = self.new_label();
            if let Some(index) = annotation.condition {
                self.check_annotation_reached(at, index, in_module);
                self.emit_jump(at, Opcode::PopJumpIfFalse, not_set);
            }
            self.visit_expr(statement.annotation)?;
            self.emit_arg(at, Opcode::Copy, 2);
            self.load_mangled_const(at, target.id, mangled);
            self.emit(location, Opcode::StoreSubscr);
            self.place(not_set);
        }
        Ok(())
    }

    fn check_annotation_reached(&mut self, location: Location, index: u32, in_module: bool) {
        self.load_int_const(location, i64::from(index));
        let (opcode, list) = if in_module {
            (Opcode::LoadGlobal, NameList::Names)
        } else {
            (Opcode::LoadDeref, NameList::Freevars)
        };
        self.emit_name(location, opcode, list, known::CONDITIONAL_ANNOTATIONS);
        self.emit_arg(location, Opcode::ContainsOp, 0);
    }

    /// Makes the `__annotate__` of a function, if it has annotations
    /// (`codegen_function_annotations`).
    pub(crate) fn function_annotations(&mut self, function: &Function<'a>) -> Result<FunctionAttributes> {
        let scope = self.symtable.scope_of(function.key.second());
        if !scope.annotations_used() {
            return Ok(FunctionAttributes::NONE);
        }
        let location = function.location;
        self.enter_annotations_scope(location, scope.id(), scope.name());
        let count = self.annotations_in_scope(function)?;
        self.emit_arg(location, Opcode::BuildMap, count);
        self.leave_annotations_scope(location);
        Ok(FunctionAttributes::ANNOTATE)
    }

    /// Pushes names and annotations of parameters and result; gives their number
    /// (`codegen_annotations_in_scope`).
    fn annotations_in_scope(&mut self, function: &Function<'a>) -> Result<i32> {
        let args = function.args;
        let in_order = args
            .args
            .iter()
            .chain(args.posonlyargs)
            .chain(args.vararg)
            .chain(args.kwonlyargs)
            .chain(args.kwarg);
        let mut count = 0;
        for &Arg { arg, annotation, .. } in in_order {
            count += self.argannotation(function.location, arg, annotation)?;
        }
        count += self.argannotation(function.location, known::RETURN, function.returns)?;
        Ok(count)
    }

    /// Pushes a name and its annotation, if it has one; gives how many it is.
    fn argannotation(
        &mut self,
        location: Location,
        name: StrId,
        annotation: Option<Expr<'a>>,
    ) -> Result<i32> {
        let Some(annotation) = annotation else { return Ok(0) };
        let mangled = self.maybe_mangle(name);
        self.load_mangled_const(location, name, mangled);
        match annotation {
            _ if self.future.annotations() => self.load_annotation_text(annotation)?,
            Expr::Starred(starred) => {
                // `*args: *Ts`: the only item of `*Ts`.
                self.visit_expr(starred.value)?;
                self.emit_arg(location, Opcode::UnpackSequence, 1);
            }
            _ => self.visit_expr(annotation)?,
        }
        Ok(1)
    }

    /// Loads an annotation's source text (`codegen_visit_annexpr`).
    fn load_annotation_text(&mut self, annotation: Expr<'a>) -> Result {
        let text = match annotation {
            // Most annotations need not be written to be known.
            Expr::Name(node) => node.id,
            _ => {
                unparse_annotation_into(&mut self.text, annotation, self.pool.strings(), self.recursion)?;
                self.pool.strings_mut().intern_pystr(PyStr::from_wtf8(&self.text))
            }
        };
        self.load_str_const(annotation.location(), text);
        Ok(())
    }

    pub(crate) fn codegen_annassign(&mut self, node: &'a StmtAnnAssign<'a>) -> Result {
        if let Some(value) = node.value {
            self.visit_expr(value)?;
            self.visit_expr(node.target)?;
        }
        match node.target {
            Expr::Name(target) => {
                let keeps = matches!(self.unit.kind, UnitKind::Module | UnitKind::Class);
                if node.simple != 0 && keeps {
                    self.keep_annotation(node, target.id)?;
                }
                Ok(())
            }
            // Without a value, the parts of the target are evaluated at least.
            Expr::Attribute(target) if node.value.is_none() => self.check_ann_expr(target.value),
            Expr::Subscript(target) if node.value.is_none() => {
                self.check_ann_expr(target.value)?;
                self.check_ann_subscr(target.slice)
            }
            Expr::Attribute(_) | Expr::Subscript(_) => Ok(()),
            target => diagnostics::invalid_annotation_target(target),
        }
    }

    /// Records the annotation of a variable of a module or class.
    fn keep_annotation(&mut self, node: &'a StmtAnnAssign<'a>, target: StrId) -> Result {
        let location = node.location;
        if self.future.annotations() {
            self.load_annotation_text(node.annotation)?;
            self.emit_name(location, Opcode::LoadName, NameList::Names, known::ANNOTATIONS);
            let mangled = self.maybe_mangle(target);
            self.load_mangled_const(location, target, mangled);
            self.emit(location, Opcode::StoreSubscr);
        } else if let Some(index) = self.defer_annotation(node) {
            let (opcode, list) = match self.unit.kind {
                UnitKind::Class => (Opcode::LoadDeref, NameList::Cellvars),
                _ => (Opcode::LoadName, NameList::Names),
            };
            self.emit_name(location, opcode, list, known::CONDITIONAL_ANNOTATIONS);
            self.load_int_const(location, i64::from(index));
            self.emit_arg(location, Opcode::SetAdd, 1);
            self.emit(location, Opcode::PopTop);
        }
        Ok(())
    }

    /// Keeps an annotation for `__annotate__`; gives its number, if whether it was reached is to be
    /// recorded: always in a module, of which `__annotate__` may run before its end
    /// (`_PyCompile_AddDeferredAnnotation`).
    fn defer_annotation(&mut self, statement: &'a StmtAnnAssign<'a>) -> Option<u32> {
        let unit = &mut *self.unit;
        let conditional = unit.kind == UnitKind::Module || unit.conditional_blocks > 0;
        let condition = conditional.then_some(unit.next_conditional_annotation);
        unit.next_conditional_annotation += u32::from(conditional);
        unit.deferred_annotations.push(DeferredAnnotation { statement, condition });
        condition
    }

    /// Evaluates an expression for its exceptions (`codegen_check_ann_expr`).
    fn check_ann_expr(&mut self, expr: Expr<'a>) -> Result {
        self.visit_expr(expr)?;
        self.emit(expr.location(), Opcode::PopTop);
        Ok(())
    }

    fn check_ann_subscr(&mut self, expr: Expr<'a>) -> Result {
        match expr {
            Expr::Slice(slice) => {
                let mut parts = [slice.lower, slice.upper, slice.step].into_iter().flatten();
                parts.try_for_each(|part| self.check_ann_expr(part))
            }
            Expr::Tuple(tuple) => self.nested(
                || tuple.location,
                |this| tuple.elts.iter().try_for_each(|&elt| this.check_ann_subscr(elt)),
            ),
            _ => self.check_ann_expr(expr),
        }
    }
}
