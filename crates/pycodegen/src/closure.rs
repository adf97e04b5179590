//! Functions from code objects: closures, defaults and other attributes.
//!
//! CPython's counterparts: `codegen_make_closure`, `codegen_default_arguments`, `codegen_kwonlydefaults`,
//! `codegen_decorators`, `codegen_apply_decorators`, `codegen_wrap_in_stopiteration_handler` of
//! `Python/codegen.c`.

use pyast::{Arguments, Expr, Location};
use pycode::ObjectId;
use pyinstrseq::UnitConst;
use pyopcode::{Intrinsic1, Opcode};

use crate::generator::{Generator, Oparg, Result};
use crate::unit::ArgCounts;

/// `MAKE_FUNCTION_*`: attributes that wait on the stack, to be set on a new function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FunctionAttributes(i32);

impl FunctionAttributes {
    pub(crate) const NONE: FunctionAttributes = FunctionAttributes(0);
    pub(crate) const DEFAULTS: FunctionAttributes = FunctionAttributes(0x01);
    pub(crate) const KWDEFAULTS: FunctionAttributes = FunctionAttributes(0x02);
    pub(crate) const CLOSURE: FunctionAttributes = FunctionAttributes(0x08);
    pub(crate) const ANNOTATE: FunctionAttributes = FunctionAttributes(0x10);

    pub(crate) fn contains(self, other: FunctionAttributes) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub(crate) fn with(self, other: FunctionAttributes) -> FunctionAttributes {
        FunctionAttributes(self.0 | other.0)
    }
}

/// The order in which attributes are set: the reverse of how they were pushed.
const SETTING_ORDER: [FunctionAttributes; 4] = [
    FunctionAttributes::CLOSURE,
    FunctionAttributes::ANNOTATE,
    FunctionAttributes::KWDEFAULTS,
    FunctionAttributes::DEFAULTS,
];

/// How many arguments of which kind a function takes.
pub(crate) fn arg_counts(args: &Arguments<'_>) -> ArgCounts {
    ArgCounts {
        positional: args.args.len() as u32,
        positional_only: args.posonlyargs.len() as u32,
        keyword_only: args.kwonlyargs.len() as u32,
    }
}

impl<'a> Generator<'_, 'a> {
    /// Makes a function of the unit that was left last (`codegen_make_closure`).
    pub(crate) fn make_closure(
        &mut self,
        location: Location,
        unit: UnitConst,
        attributes: FunctionAttributes,
    ) {
        let attributes = if self.free_variables().is_empty() {
            attributes
        } else {
            self.load_closure(location);
            attributes.with(FunctionAttributes::CLOSURE)
        };
        let index = self.add_unit_const(unit);
        self.emit_arg(location, Opcode::LoadConst, index.oparg());
        self.emit(location, Opcode::MakeFunction);
        for attribute in SETTING_ORDER.into_iter().filter(|&attribute| attributes.contains(attribute)) {
            self.emit_arg(location, Opcode::SetFunctionAttribute, attribute.0);
        }
    }

    /// Pushes a tuple of the cells that are the free variables of the unit that was left last.
    fn load_closure(&mut self, location: Location) {
        let count = self.free_variables().len();
        for index in 0..count {
            let arg = self.closure_arg(self.free_variables()[index]);
            self.emit_arg(location, Opcode::LoadClosure, arg);
        }
        self.emit_arg(location, Opcode::BuildTuple, count);
    }

    /// Pushes the defaults of parameters (`codegen_default_arguments`).
    pub(crate) fn default_arguments(
        &mut self,
        location: Location,
        args: &'a Arguments<'a>,
    ) -> Result<FunctionAttributes> {
        let mut attributes = FunctionAttributes::NONE;
        if !args.defaults.is_empty() {
            self.visit_exprs(args.defaults)?;
            self.emit_arg(location, Opcode::BuildTuple, args.defaults.len());
            attributes = FunctionAttributes::DEFAULTS;
        }
        if self.codegen_kwonlydefaults(location, args)? {
            attributes = attributes.with(FunctionAttributes::KWDEFAULTS);
        }
        Ok(attributes)
    }

    /// Pushes a dict of the keyword-only parameters' defaults; whether there are any.
    fn codegen_kwonlydefaults(&mut self, location: Location, args: &'a Arguments<'a>) -> Result<bool> {
        let mut count = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(args.kw_defaults) {
            if let &Some(default) = default {
                count += 1;
                let mangled = self.maybe_mangle(arg.arg);
                self.load_mangled_const(location, arg.arg, mangled);
                self.visit_expr(default)?;
            }
        }
        if count > 0 {
            self.emit_arg(location, Opcode::BuildMap, count);
        }
        Ok(count > 0)
    }

    /// `codegen_apply_decorators`
    pub(crate) fn apply_decorators(&mut self, decorators: &[Expr<'_>]) {
        for decorator in decorators.iter().rev() {
            self.emit_arg(decorator.location(), Opcode::Call, 0);
        }
    }

    /// Makes a `StopIteration` that a generator raises a `RuntimeError`
    /// (`codegen_wrap_in_stopiteration_handler`).
    pub(crate) fn wrap_in_stopiteration_handler(&mut self) {
        let handler = self.new_label();
        self.unit.code.insert_jump(0, Opcode::SetupCleanup, handler, Location::NONE);
        self.emit_const(Location::NONE, ObjectId::NONE);
        self.emit(Location::NONE, Opcode::ReturnValue);
        self.place(handler);
        let error = Intrinsic1::StopiterationError;
        self.emit_arg(Location::NONE, Opcode::CallIntrinsic1, error);
        self.emit_arg(Location::NONE, Opcode::Reraise, 1);
    }
}
