//! Class definitions.
//!
//! CPython's counterparts: `codegen_class`, `codegen_class_body`, `codegen_set_type_params_in_class` of
//! `Python/codegen.c`; `_PyCompile_StaticAttributesAsTuple` of `Python/compile.c`.

use pyast::{Expr, ExprContext, Location, NodeKey, StmtClassDef};
use pycode::{Object, ObjectId, known};
use pyinstrseq::UnitConst;
use pyopcode::{Intrinsic1, Opcode};

use crate::closure::FunctionAttributes;
use crate::generator::{Generator, Result};
use crate::names::NameList;
use crate::unit::{UnitHead, UnitKind};

/// How many arguments of `__build_class__` are pushed before the bases: body and name.
const BUILD_CLASS_ARGS: usize = 2;

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_class(&mut self, node: &'a StmtClassDef<'a>) -> Result {
        self.visit_exprs(node.decorator_list)?;
        let firstlineno = node.decorator_list.first().map_or(node.location, Expr::location).lineno;
        if node.type_params.is_empty() {
            self.build_class(node, firstlineno)?;
            self.validate_keywords(node.keywords)?;
            self.call_helper(node.location, BUILD_CLASS_ARGS, node.bases, None, node.keywords)?;
        } else {
            self.generic_class(node, firstlineno)?;
        }
        self.apply_decorators(node.decorator_list);
        self.nameop(node.location, node.name, ExprContext::Store);
        Ok(())
    }

    /// The definition of a generic class, within a function that makes its type parameters. It gets one
    /// more base: `Generic` of the type parameters.
    fn generic_class(&mut self, node: &'a StmtClassDef<'a>, firstlineno: i32) -> Result {
        let location = node.location;
        let head = self.type_params_head(node.name, node.type_params, firstlineno);
        self.enter_scope(UnitHead { private: Some(node.name), ..head });
        self.codegen_type_params(node.type_params)?;
        self.nameop(location, known::DOT_TYPE_PARAMS, ExprContext::Store);
        self.build_class(node, firstlineno)?;
        self.nameop(location, known::DOT_TYPE_PARAMS, ExprContext::Load);
        self.emit_arg(location, Opcode::CallIntrinsic1, Intrinsic1::SubscriptGeneric);
        self.nameop(location, known::DOT_GENERIC_BASE, ExprContext::Store);
        let generic_base = Some(known::DOT_GENERIC_BASE);
        self.validate_keywords(node.keywords)?;
        self.call_helper(location, BUILD_CLASS_ARGS, node.bases, generic_base, node.keywords)?;
        let unit = self.leave_scope(false);
        self.make_closure(location, unit, FunctionAttributes::NONE);
        self.emit(location, Opcode::PushNull);
        self.emit_arg(location, Opcode::Call, 0);
        Ok(())
    }

    /// Pushes `__build_class__`, the function of the body, and the name.
    fn build_class(&mut self, node: &'a StmtClassDef<'a>, firstlineno: i32) -> Result {
        let unit = self.codegen_class_body(node, firstlineno)?;
        // These are on the line of the class, not on that of a decorator.
        self.emit(node.location, Opcode::LoadBuildClass);
        self.emit(node.location, Opcode::PushNull);
        self.make_closure(node.location, unit, FunctionAttributes::NONE);
        self.load_name_const(node.location, node.name);
        Ok(())
    }

    fn codegen_class_body(&mut self, node: &'a StmtClassDef<'a>, firstlineno: i32) -> Result<UnitConst> {
        let scope = self.symtable.scope_of(NodeKey::of(node));
        let head = UnitHead::new(UnitKind::Class, node.name, scope.id(), firstlineno);
        self.enter_scope(UnitHead { private: Some(node.name), ..head });
        let location = Location::new(firstlineno, firstlineno, 0, 0);
        self.class_prologue(location, !node.type_params.is_empty());
        self.codegen_body(location, node.body, false)?;
        self.class_epilogue();
        Ok(self.leave_scope(true))
    }

    /// Sets the names that every class has, and the cells that the compiler makes up.
    fn class_prologue(&mut self, location: Location, is_generic: bool) {
        self.nameop(location, known::NAME, ExprContext::Load);
        self.nameop(location, known::DUNDER_MODULE, ExprContext::Store);
        let qualname = self.pool.merge_id(self.unit.output.metadata.qualname);
        self.emit_const(location, qualname);
        self.nameop(location, known::QUALNAME, ExprContext::Store);
        self.load_int_const(location, i64::from(self.unit.output.metadata.firstlineno));
        self.nameop(location, known::FIRSTLINENO, ExprContext::Store);
        if is_generic {
            self.nameop(location, known::DOT_TYPE_PARAMS, ExprContext::Load);
            self.nameop(location, known::TYPE_PARAMS, ExprContext::Store);
        }
        let scope = self.scope();
        // Cells, though a name in a class would not be stored to one.
        if scope.needs_classdict() {
            self.emit(location, Opcode::LoadLocals);
            self.emit_plain_name(location, Opcode::StoreDeref, NameList::Cellvars, known::CLASSDICT);
        }
        if scope.has_conditional_annotations() {
            self.emit_arg(location, Opcode::BuildSet, 0);
            let name = known::CONDITIONAL_ANNOTATIONS;
            self.emit_plain_name(location, Opcode::StoreDeref, NameList::Cellvars, name);
        }
    }

    /// Stores what `type.__new__` needs; returns the `__class__` cell, if there is one.
    fn class_epilogue(&mut self) {
        let scope = self.scope();
        let static_attributes = self.static_attributes();
        self.emit_const(Location::NONE, static_attributes);
        self.nameop(Location::NONE, known::STATIC_ATTRIBUTES, ExprContext::Store);
        if scope.needs_classdict() {
            let arg = self.name_index(NameList::Cellvars, known::CLASSDICT);
            self.emit_arg(Location::NONE, Opcode::LoadClosure, arg);
            self.nameop(Location::NONE, known::CLASSDICTCELL, ExprContext::Store);
        }
        if scope.needs_class_closure() {
            let arg = self.name_index(NameList::Cellvars, known::CLASS);
            self.emit_arg(Location::NONE, Opcode::LoadClosure, arg);
            self.emit_arg(Location::NONE, Opcode::Copy, 1);
            self.nameop(Location::NONE, known::CLASSCELL, ExprContext::Store);
        } else {
            self.emit_const(Location::NONE, ObjectId::NONE);
        }
        self.emit(Location::NONE, Opcode::ReturnValue);
    }

    /// The tuple `__static_attributes__`: sorted, each once.
    fn static_attributes(&mut self) -> ObjectId {
        let mut names = std::mem::take(&mut self.unit.static_attributes);
        let strings = self.pool.strings();
        names.sort_unstable_by(|&a, &b| strings.get(a).cmp(&strings.get(b)));
        names.dedup();
        let members: Vec<ObjectId> = names.iter().map(|&name| self.pool.merge_name(name)).collect();
        self.unit.static_attributes = names;
        self.pool.merge(Object::Tuple(&members))
    }
}
