//! Functions, classes, and their parameters.

use pyast::{
    Arg, Arguments, Expr, ExprLambda, Keyword, Location, NodeKey, Stmt, StmtAsyncFunctionDef, StmtClassDef,
    StmtFunctionDef, TypeParam,
};
use pycode::{StrId, known};

use super::names::check_name;
use super::{Collector, has_docstring};
use crate::diagnostics::Result;
use crate::{ScopeKind, SymbolFlags};

/// A `def` or `async def`.
pub(super) struct Function<'a> {
    key: NodeKey,
    pub(super) location: Location,
    name: StrId,
    pub(super) args: &'a Arguments<'a>,
    body: &'a [Stmt<'a>],
    decorators: &'a [Expr<'a>],
    pub(super) returns: Option<Expr<'a>>,
    type_params: &'a [TypeParam<'a>],
    is_async: bool,
}

impl Function<'_> {
    /// The key of its annotations.
    pub(super) fn annotations_key(&self) -> NodeKey {
        self.key.second()
    }

    /// Whether a parameter or the result is.
    pub(super) fn is_annotated(&self) -> bool {
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = self.args;
        let mut parameters = posonlyargs.iter().chain(*args).chain(*vararg).chain(*kwonlyargs).chain(*kwarg);
        self.returns.is_some() || parameters.any(|parameter| parameter.annotation.is_some())
    }
}

impl<'a> From<&'a StmtFunctionDef<'a>> for Function<'a> {
    fn from(def: &'a StmtFunctionDef<'a>) -> Self {
        Function {
            key: NodeKey::of(def),
            location: def.location,
            name: def.name,
            args: def.args,
            body: def.body,
            decorators: def.decorator_list,
            returns: def.returns,
            type_params: def.type_params,
            is_async: false,
        }
    }
}

impl<'a> From<&'a StmtAsyncFunctionDef<'a>> for Function<'a> {
    fn from(def: &'a StmtAsyncFunctionDef<'a>) -> Self {
        Function {
            key: NodeKey::of(def),
            location: def.location,
            name: def.name,
            args: def.args,
            body: def.body,
            decorators: def.decorator_list,
            returns: def.returns,
            type_params: def.type_params,
            is_async: true,
        }
    }
}

impl Collector<'_> {
    pub(super) fn visit_function(&mut self, def: &Function<'_>) -> Result {
        self.add_def(def.name, SymbolFlags::LOCAL, def.location)?;
        self.visit_defaults(def.args)?;
        self.visit_exprs(def.decorators)?;
        let generic = !def.type_params.is_empty();
        if generic {
            self.enter_function_type_params(def)?;
        }
        self.visit_function_body(def)?;
        if generic {
            self.leave();
        }
        Ok(())
    }

    fn enter_function_type_params(&mut self, def: &Function<'_>) -> Result {
        self.enter_type_params(def.name, def.type_params, def.location)?;
        // There even without defaults: CPython asks whether there is a list, and there always is.
        self.add_def(known::DOT_DEFAULTS, SymbolFlags::PARAM, def.location)?;
        if def.args.kw_defaults.iter().any(Option::is_some) {
            self.add_def(known::DOT_KWDEFAULTS, SymbolFlags::PARAM, def.location)?;
        }
        self.visit_type_params(def.type_params)
    }

    fn visit_function_body(&mut self, def: &Function<'_>) -> Result {
        let scope = self.new_scope(def.name, ScopeKind::Function, Some(def.key), def.location);
        self.visit_function_annotations(def)?;
        self.enter_new(scope);
        let flags = &mut self.scope_mut().flags;
        flags.has_docstring = has_docstring(def.body);
        flags.coroutine = def.is_async;
        self.visit_arguments(def.args)?;
        self.visit_body(def.body)?;
        self.leave();
        Ok(())
    }

    pub(super) fn visit_lambda(&mut self, lambda: &ExprLambda<'_>) -> Result {
        self.visit_defaults(lambda.args)?;
        self.enter(known::SCOPE_LAMBDA, ScopeKind::Function, Some(NodeKey::of(lambda)), lambda.location)?;
        self.visit_arguments(lambda.args)?;
        self.visit_expr(lambda.body)?;
        self.leave();
        Ok(())
    }

    pub(super) fn visit_class(&mut self, class: &StmtClassDef<'_>) -> Result {
        self.add_def(class.name, SymbolFlags::LOCAL, class.location)?;
        self.visit_exprs(class.decorator_list)?;
        let outer_class = self.private;
        let generic = !class.type_params.is_empty();
        if generic {
            self.enter_class_type_params(class)?;
        }
        self.visit_exprs(class.bases)?;
        self.visit_keywords(class.keywords)?;
        self.visit_class_body(class)?;
        if generic {
            self.leave();
        }
        self.private = outer_class;
        Ok(())
    }

    fn enter_class_type_params(&mut self, class: &StmtClassDef<'_>) -> Result {
        self.enter_type_params(class.name, class.type_params, class.location)?;
        // Set when the tuple of type parameters is made, used when the bases are; likewise `Generic[...]`.
        for name in [known::DOT_TYPE_PARAMS, known::DOT_GENERIC_BASE] {
            self.add_def(name, SymbolFlags::LOCAL, class.location)?;
            self.add_def(name, SymbolFlags::USE, class.location)?;
        }
        self.private = Some(class.name);
        self.scope_mut().mangled_only = Some(self.current.scope);
        self.visit_type_params(class.type_params)
    }

    fn visit_class_body(&mut self, class: &StmtClassDef<'_>) -> Result {
        self.enter(class.name, ScopeKind::Class, Some(NodeKey::of(class)), class.location)?;
        self.private = Some(class.name);
        if !class.type_params.is_empty() {
            self.add_def(known::TYPE_PARAMS, SymbolFlags::LOCAL, class.location)?;
            self.add_def(known::DOT_TYPE_PARAMS, SymbolFlags::USE, class.location)?;
        }
        self.scope_mut().flags.has_docstring = has_docstring(class.body);
        self.visit_body(class.body)?;
        self.leave();
        Ok(())
    }

    /// The keywords of a call or class: first the names, then the values.
    pub(super) fn visit_keywords(&mut self, keywords: &[Keyword<'_>]) -> Result {
        for keyword in keywords {
            if let Some(name) = keyword.arg {
                check_name(name, keyword.location, pyast::ExprContext::Store)?;
            }
        }
        keywords.iter().try_for_each(|keyword| self.visit_expr(keyword.value))
    }

    /// Defaults are evaluated where the function is defined.
    fn visit_defaults(&mut self, args: &Arguments<'_>) -> Result {
        self.visit_exprs(args.defaults)?;
        args.kw_defaults.iter().try_for_each(|&default| self.visit_optional(default))
    }

    /// `symtable_visit_arguments`
    fn visit_arguments(&mut self, args: &Arguments<'_>) -> Result {
        for list in [args.posonlyargs, args.args, args.kwonlyargs] {
            list.iter().try_for_each(|arg| self.visit_parameter(arg))?;
        }
        if let Some(arg) = args.vararg {
            self.visit_parameter(arg)?;
            self.scope_mut().flags.varargs = true;
        }
        if let Some(arg) = args.kwarg {
            self.visit_parameter(arg)?;
            self.scope_mut().flags.varkeywords = true;
        }
        Ok(())
    }

    fn visit_parameter(&mut self, arg: &Arg<'_>) -> Result {
        self.add_def(arg.arg, SymbolFlags::PARAM, arg.location)
    }
}
