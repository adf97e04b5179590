//! Calls.
//!
//! CPython's counterparts: `codegen_call`, `maybe_optimize_method_call`, `maybe_optimize_function_call`,
//! `codegen_call_helper_impl`, `codegen_call_simple_kw_helper`, `codegen_subkwargs`,
//! `codegen_validate_keywords`, `is_import_originated` of `Python/codegen.c`.

use pyast::{CmpOp, Expr, ExprAttribute, ExprCall, ExprContext, Keyword, Location, NodeKey, StrId};
use pycode::{ObjectId, known};
use pyinstrseq::Label;
use pyopcode::{CommonConstant, Intrinsic1, Opcode};
use pysymtable::SymbolFlags;
use rustc_hash::FxHashSet;

use crate::diagnostics;
use crate::generator::{Generator, Result, STACK_USE_GUIDELINE};
use crate::variables::AttributeOp;

/// From how many keywords on duplicates are found with a set.
const MANY_KEYWORDS: usize = 16;

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_call(&mut self, node: &'a ExprCall<'a>) -> Result {
        self.validate_keywords(node.keywords)?;
        if let Some(method) = self.optimizable_method(node) {
            return self.method_call(node, method);
        }
        self.check_caller(node.func);
        self.visit_expr(node.func)?;
        let skip_normal_call = self.maybe_optimize_function_call(node)?;
        self.emit(node.func.location(), Opcode::PushNull);
        self.call_helper(node.location, 0, node.args, None, node.keywords)?;
        if let Some(label) = skip_normal_call {
            self.place(label);
        }
        Ok(())
    }

    /// `codegen_validate_keywords`
    #[inline]
    pub(crate) fn validate_keywords(&self, keywords: &[Keyword<'_>]) -> Result {
        if keywords.len() < 2 { Ok(()) } else { self.validate_two_keywords(keywords) }
    }

    #[inline(never)]
    fn validate_two_keywords(&self, keywords: &[Keyword<'_>]) -> Result {
        let repeated = match keywords.len() {
            ..MANY_KEYWORDS => repeated_among_few(keywords),
            MANY_KEYWORDS.. => repeated_among_many(keywords),
        };
        match repeated {
            Some((location, name)) => diagnostics::keyword_repeated(location, self.pool.strings().get(name)),
            None => Ok(()),
        }
    }

    /// The attribute that is called, if it can be called as a method, without a bound method object
    /// (the conditions of `maybe_optimize_method_call`).
    fn optimizable_method(&self, node: &ExprCall<'a>) -> Option<&'a ExprAttribute<'a>> {
        let Expr::Attribute(method) = node.func else { return None };
        let keywords = node.keywords;
        let count = node.args.len() + keywords.len() + usize::from(!keywords.is_empty());
        let simple = count < STACK_USE_GUIDELINE
            && !node.args.iter().any(|arg| matches!(arg, Expr::Starred(_)))
            && keywords.iter().all(|keyword| keyword.arg.is_some());
        let possible = simple && method.ctx == ExprContext::Load && !self.is_import_originated(method.value);
        possible.then_some(method)
    }

    /// Whether an expression is the name of an import of the module: what is called on it is likely a
    /// function.
    fn is_import_originated(&self, expr: Expr<'_>) -> bool {
        let Expr::Name(name) = expr else { return false };
        let symbol = self.module_symbol(name.id);
        symbol.is_some_and(|symbol| symbol.flags().contains(SymbolFlags::IMPORT))
    }

    fn method_call(&mut self, node: &'a ExprCall<'a>, method: &'a ExprAttribute<'a>) -> Result {
        let location = match self.optimizable_super_call(method) {
            Some(call) => self.load_super_method(method, call)?,
            None => {
                self.visit_expr(method.value)?;
                let location = self.attribute_location(method.location, method);
                self.emit_attribute(location, AttributeOp::LoadMethod, method.attr);
                location
            }
        };
        self.visit_exprs(node.args)?;
        let call_location = self.attribute_location(node.location, method);
        if node.keywords.is_empty() {
            self.emit_arg(call_location, Opcode::Call, node.args.len());
            return Ok(());
        }
        self.visit_keyword_values(node.keywords)?;
        self.load_keyword_names(location, node.keywords);
        self.emit_arg(call_location, Opcode::CallKw, node.args.len() + node.keywords.len());
        Ok(())
    }

    fn visit_keyword_values(&mut self, keywords: &'a [Keyword<'a>]) -> Result {
        keywords.iter().try_for_each(|keyword| self.visit_expr(keyword.value))
    }

    /// `codegen_call_simple_kw_helper`
    fn load_keyword_names(&mut self, location: Location, keywords: &[Keyword<'_>]) {
        let names = keywords.iter().map(|keyword| keyword.arg.expect("the call has no `**`"));
        self.load_names_const(location, names);
    }

    /// For `all`, `any` and `tuple` of a generator expression: a loop over the generator here, in case
    /// that the function on the stack is the builtin; gives the label to which it goes with the result
    /// (`maybe_optimize_function_call`).
    fn maybe_optimize_function_call(&mut self, node: &'a ExprCall<'a>) -> Result<Option<Label>> {
        let (Expr::Name(function), [Expr::GeneratorExp(generator)], []) =
            (node.func, node.args, node.keywords)
        else {
            return Ok(None);
        };
        // An asynchronous generator cannot be looped over here.
        if self.symtable.scope_of(NodeKey::of(*generator)).coroutine() {
            return Ok(None);
        }
        let location = function.location;
        let (builtin, fold) = match function.id {
            known::ALL => (CommonConstant::All, Fold::Decide { early: false }),
            known::ANY => (CommonConstant::Any, Fold::Decide { early: true }),
            known::TUPLE => (CommonConstant::Tuple, Fold::Collect),
            _ => return Ok(None),
        };
        let (end, skip_optimization) = (self.new_label(), self.new_label());
        self.emit_arg(location, Opcode::Copy, 1);
        self.emit_arg(location, Opcode::LoadCommonConstant, builtin);
        self.add_compare(location, CmpOp::Is);
        self.emit_jump(location, Opcode::PopJumpIfFalse, skip_optimization);
        self.emit(location, Opcode::PopTop);
        self.fold_generator(location, node.args[0], fold, end)?;
        self.place(skip_optimization);
        Ok(Some(end))
    }

    fn fold_generator(&mut self, location: Location, generator: Expr<'a>, fold: Fold, end: Label) -> Result {
        if let Fold::Collect = fold {
            self.emit_arg(location, Opcode::BuildList, 0);
        }
        self.visit_expr(generator)?;
        let continued = self.new_label();
        let cleanup = self.new_label();
        self.place(continued);
        self.emit_jump(location, Opcode::ForIter, cleanup);
        match fold {
            Fold::Collect => {
                self.emit_arg(location, Opcode::ListAppend, 2);
                self.emit_jump(location, Opcode::Jump, continued);
            }
            Fold::Decide { early } => {
                self.emit(location, Opcode::ToBool);
                let jump = if early { Opcode::PopJumpIfFalse } else { Opcode::PopJumpIfTrue };
                self.emit_jump(location, jump, continued);
            }
        }
        self.emit(Location::NONE, Opcode::PopIter);
        if let Fold::Decide { early } = fold {
            self.emit_const(location, bool_object(early));
        }
        self.emit_jump(location, Opcode::Jump, end);
        self.place(cleanup);
        self.emit(Location::NONE, Opcode::EndFor);
        self.emit(Location::NONE, Opcode::PopIter);
        match fold {
            Fold::Collect => {
                self.emit_arg(location, Opcode::CallIntrinsic1, Intrinsic1::ListToTuple);
            }
            Fold::Decide { early } => self.emit_const(location, bool_object(!early)),
        }
        self.emit_jump(location, Opcode::Jump, end);
        Ok(())
    }

    /// Calls the function on the stack, on which also `pushed` arguments are already
    /// (`codegen_call_helper_impl`). `injected` is a variable to pass after `args`. The keywords are
    /// [validated](Self::validate_keywords) before, by who calls this.
    pub(crate) fn call_helper(
        &mut self,
        location: Location,
        pushed: usize,
        args: &'a [Expr<'a>],
        injected: Option<StrId>,
        keywords: &'a [Keyword<'a>],
    ) -> Result {
        let unpacks = args.iter().any(|arg| matches!(arg, Expr::Starred(_)))
            || keywords.iter().any(|keyword| keyword.arg.is_none());
        if unpacks || args.len() + keywords.len() * 2 > STACK_USE_GUIDELINE {
            return self.call_function_ex(location, pushed, args, injected, keywords);
        }
        self.visit_exprs(args)?;
        let mut count = pushed + args.len();
        if let Some(name) = injected {
            self.nameop(location, name, ExprContext::Load);
            count += 1;
        }
        if keywords.is_empty() {
            self.emit_arg(location, Opcode::Call, count);
            return Ok(());
        }
        self.visit_keyword_values(keywords)?;
        self.load_keyword_names(location, keywords);
        self.emit_arg(location, Opcode::CallKw, count + keywords.len());
        Ok(())
    }

    /// Calls with a tuple and a dict of arguments (`ex_call` of `codegen_call_helper_impl`).
    fn call_function_ex(
        &mut self,
        location: Location,
        pushed: usize,
        args: &'a [Expr<'a>],
        injected: Option<StrId>,
        keywords: &'a [Keyword<'a>],
    ) -> Result {
        match args {
            [Expr::Starred(only)] if pushed == 0 => self.visit_expr(only.value)?,
            _ => self.build_args_tuple(location, args, injected, pushed)?,
        }
        if keywords.is_empty() {
            self.emit(location, Opcode::PushNull);
        } else {
            self.build_keyword_dict(location, keywords)?;
        }
        self.emit(location, Opcode::CallFunctionEx);
        Ok(())
    }

    fn build_keyword_dict(&mut self, location: Location, keywords: &'a [Keyword<'a>]) -> Result {
        let mut have_dict = false;
        let mut waiting = 0;
        for (index, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                waiting += 1;
                continue;
            }
            if waiting > 0 {
                self.add_subkwargs(location, &keywords[index - waiting..index], &mut have_dict)?;
                waiting = 0;
            }
            if !have_dict {
                self.emit_arg(location, Opcode::BuildMap, 0);
                have_dict = true;
            }
            self.visit_expr(keyword.value)?;
            self.emit_arg(location, Opcode::DictMerge, 1);
        }
        if waiting > 0 {
            self.add_subkwargs(location, &keywords[keywords.len() - waiting..], &mut have_dict)?;
        }
        Ok(())
    }

    /// Adds keyword arguments to the dict on the stack, if there is one; else makes it of them.
    fn add_subkwargs(
        &mut self,
        location: Location,
        keywords: &'a [Keyword<'a>],
        have_dict: &mut bool,
    ) -> Result {
        self.codegen_subkwargs(location, keywords)?;
        if *have_dict {
            self.emit_arg(location, Opcode::DictMerge, 1);
        }
        *have_dict = true;
        Ok(())
    }

    fn codegen_subkwargs(&mut self, location: Location, keywords: &'a [Keyword<'a>]) -> Result {
        let big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.emit_arg(Location::NONE, Opcode::BuildMap, 0);
        }
        for keyword in keywords {
            self.load_name_const(location, keyword.arg.expect("an unpacked dict is no argument"));
            self.visit_expr(keyword.value)?;
            if big {
                self.emit_arg(Location::NONE, Opcode::MapAdd, 1);
            }
        }
        if !big {
            self.emit_arg(location, Opcode::BuildMap, keywords.len());
        }
        Ok(())
    }
}

/// What a builtin makes of the values of a generator.
#[derive(Clone, Copy)]
enum Fold {
    /// `tuple`
    Collect,
    /// `all` and `any`: the first value whose truth is `early` decides.
    Decide { early: bool },
}

fn bool_object(value: bool) -> ObjectId {
    if value { ObjectId::TRUE } else { ObjectId::FALSE }
}

/// The repetition that CPython reports: the second occurrence of the first name that has one.
fn repeated_among_few(keywords: &[Keyword<'_>]) -> Option<(Location, StrId)> {
    keywords.iter().enumerate().find_map(|(index, keyword)| {
        let name = keyword.arg?;
        let other = keywords[index + 1..].iter().find(|other| other.arg == Some(name))?;
        Some((other.location, name))
    })
}

fn repeated_among_many(keywords: &[Keyword<'_>]) -> Option<(Location, StrId)> {
    let mut seen = FxHashSet::default();
    let any_repeated = keywords.iter().filter_map(|keyword| keyword.arg).any(|name| !seen.insert(name));
    if any_repeated { repeated_among_few(keywords) } else { None }
}
