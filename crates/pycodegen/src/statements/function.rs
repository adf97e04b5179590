//! Function definitions.
//!
//! CPython's counterparts: `codegen_function`, `codegen_function_body` of `Python/codegen.c`.

use pyast::{
    Arguments, Expr, ExprContext, Location, NodeKey, Stmt, StmtAsyncFunctionDef, StmtFunctionDef, StrId,
    TypeParam,
};
use pyopcode::{Intrinsic2, Opcode};

use crate::body::docstring;
use crate::closure::{FunctionAttributes, arg_counts};
use crate::fblock::FBlockKind;
use crate::generator::{Generator, Result};
use crate::unit::{ArgCounts, UnitHead, UnitKind};

/// A function definition, asynchronous or not.
#[derive(Clone, Copy)]
pub(crate) struct Function<'a> {
    pub(crate) key: NodeKey,
    pub(crate) location: Location,
    pub(crate) name: StrId,
    pub(crate) args: &'a Arguments<'a>,
    pub(crate) body: &'a [Stmt<'a>],
    pub(crate) decorators: &'a [Expr<'a>],
    pub(crate) returns: Option<Expr<'a>>,
    pub(crate) type_params: &'a [TypeParam<'a>],
    pub(crate) kind: UnitKind,
}

impl<'a> From<&'a StmtFunctionDef<'a>> for Function<'a> {
    fn from(node: &'a StmtFunctionDef<'a>) -> Self {
        Function {
            key: NodeKey::of(node),
            location: node.location,
            name: node.name,
            args: node.args,
            body: node.body,
            decorators: node.decorator_list,
            returns: node.returns,
            type_params: node.type_params,
            kind: UnitKind::Function,
        }
    }
}

impl<'a> From<&'a StmtAsyncFunctionDef<'a>> for Function<'a> {
    fn from(node: &'a StmtAsyncFunctionDef<'a>) -> Self {
        Function {
            key: NodeKey::of(node),
            location: node.location,
            name: node.name,
            args: node.args,
            body: node.body,
            decorators: node.decorator_list,
            returns: node.returns,
            type_params: node.type_params,
            kind: UnitKind::AsyncFunction,
        }
    }
}

impl Function<'_> {
    /// `co_firstlineno`: the line of the first decorator, if there is one.
    fn firstlineno(&self) -> i32 {
        self.decorators.first().map_or(self.location, Expr::location).lineno
    }
}

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_function(&mut self, function: &Function<'a>) -> Result {
        self.visit_exprs(function.decorators)?;
        let attributes = self.default_arguments(function.location, function.args)?;
        if function.type_params.is_empty() {
            self.annotated_function(function, attributes)?;
        } else {
            self.generic_function(function, attributes)?;
        }
        self.apply_decorators(function.decorators);
        self.nameop(function.location, function.name, ExprContext::Store);
        Ok(())
    }

    fn annotated_function(&mut self, function: &Function<'a>, attributes: FunctionAttributes) -> Result {
        let annotate = self.function_annotations(function)?;
        self.codegen_function_body(function, attributes.with(annotate))
    }

    /// The definition of a generic function, within a function that makes its type parameters and gets
    /// its defaults as arguments.
    fn generic_function(&mut self, function: &Function<'a>, attributes: FunctionAttributes) -> Result {
        let location = function.location;
        let has = |attribute| u32::from(attributes.contains(attribute));
        let arg_count = has(FunctionAttributes::DEFAULTS) + has(FunctionAttributes::KWDEFAULTS);
        if arg_count == 2 {
            self.emit_arg(location, Opcode::Swap, 2);
        }
        let args = ArgCounts { positional: arg_count, ..ArgCounts::default() };
        let head = self.type_params_head(function.name, function.type_params, function.firstlineno());
        self.enter_scope(UnitHead { args, ..head });
        self.codegen_type_params(function.type_params)?;
        for arg in 0..arg_count {
            self.emit_arg(location, Opcode::LoadFast, arg);
        }
        self.annotated_function(function, attributes)?;
        self.emit_arg(location, Opcode::Swap, 2);
        self.emit_arg(location, Opcode::CallIntrinsic2, Intrinsic2::SetFunctionTypeParams);
        let unit = self.leave_scope(false);
        self.make_closure(location, unit, FunctionAttributes::NONE);
        if arg_count > 0 {
            self.emit_arg(location, Opcode::Swap, arg_count + 1);
            self.emit_arg(location, Opcode::Call, arg_count - 1);
        } else {
            self.emit(location, Opcode::PushNull);
            self.emit_arg(location, Opcode::Call, 0);
        }
        Ok(())
    }

    fn codegen_function_body(&mut self, function: &Function<'a>, attributes: FunctionAttributes) -> Result {
        let scope = self.symtable.scope_of(function.key);
        let head = UnitHead::new(function.kind, function.name, scope.id(), function.firstlineno());
        self.enter_scope(UnitHead { args: arg_counts(function.args), ..head });
        let mut body = function.body;
        if let Some((text, _)) = docstring(body)
            && scope.has_docstring()
        {
            let text = self.clean_doc(text)?;
            let text = self.pool.merge_str(text);
            self.add_const(text);
            body = &body[1..];
        }
        if scope.coroutine() || scope.generator() {
            // For the block that the handler around the whole body pushes.
            self.push_fblock(Location::NONE, FBlockKind::StopIteration)?;
            self.visit_stmts(body)?;
            self.wrap_in_stopiteration_handler();
            self.pop_fblock();
        } else {
            self.visit_stmts(body)?;
        }
        let unit = self.leave_scope(true);
        self.make_closure(function.location, unit, attributes);
        Ok(())
    }
}
