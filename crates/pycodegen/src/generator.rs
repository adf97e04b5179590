//! The state of a run over a module, and how instructions get into the current unit.
//!
//! CPython's counterparts: `struct _PyCompiler` of `Python/compile.c`; the `ADDOP_*` macros of `Python/codegen.c`.

use pyast::{RecursionLimit, SyntaxError, Warning, WarningKind};
use pycode::{Location, ObjectId, Pool};
use pyfuture::FutureFeatures;
use pyinstrseq::Label;
use pyopcode::{BinaryOp, CommonConstant, Intrinsic1, Intrinsic2, Opcode, SpecialMethod};
use pysymtable::SymbolTable;

use crate::docstring::DocCleaner;
use crate::names::NameEntry;
use crate::scoped_map::ScopedMap;
use crate::unit::{Unit, UnitBuffers};
use crate::{UnitSink, Workspace};

/// What every visiting method gives; boxed, since the error is large and rare.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<SyntaxError>>;

/// `_PY_STACK_USE_GUIDELINE`: collections and calls of more items are built piece by piece.
pub(crate) const STACK_USE_GUIDELINE: usize = 30;

/// Generates the units of one module.
pub(crate) struct Generator<'c, 'a> {
    pub(crate) symtable: &'c SymbolTable,
    pub(crate) pool: &'c mut Pool,
    pub(crate) future: &'c FutureFeatures,
    pub(crate) optimize: u8,
    /// Whether statements of the module print their value (`c_interactive`).
    pub(crate) interactive: bool,
    /// The unit that is being generated.
    pub(crate) unit: Box<Unit<'a>>,
    /// The names of the units that are open.
    pub(crate) names: ScopedMap<NameEntry>,
    /// By object: the index of the constant in the units that are open.
    pub(crate) const_indices: ScopedMap<u32>,
    /// The units around it, the module first.
    #[allow(clippy::vec_box, reason = "units are large and change places often")]
    pub(crate) stack: Vec<Box<Unit<'a>>>,
    /// Units that were left, for their buffers.
    #[allow(clippy::vec_box, reason = "units are large and change places often")]
    pub(crate) spare: Vec<Box<Unit<'a>>>,
    /// The buffers of units of other modules.
    pub(crate) buffers: Vec<UnitBuffers>,
    /// Where finished units go.
    pub(crate) sink: &'c mut dyn UnitSink,
    /// For building texts.
    pub(crate) text: Vec<u8>,
    /// For building tuples.
    pub(crate) objects: Vec<ObjectId>,
    pub(crate) cleaner: DocCleaner,
    pub(crate) warnings: &'c mut Vec<Warning>,
    /// Above 0 while a `finally` body is compiled for the second time (`c_disable_warning`).
    pub(crate) muted: u32,
    pub(crate) recursion: RecursionLimit,
    /// How many instructions the current unit may have; see [`room`](crate::room).
    pub(crate) room: usize,
}

impl<'a> Generator<'_, 'a> {
    /// The memory, for another module.
    pub(crate) fn into_workspace(self) -> Workspace {
        let Generator { names, const_indices, unit, spare, mut buffers, text, objects, cleaner, .. } = self;
        buffers.extend(spare.into_iter().chain([unit]).map(|unit| unit.into_buffers()));
        Workspace { names, const_indices, units: buffers, text, objects, cleaner }
    }

    /// Adds an instruction without argument (`ADDOP`).
    #[inline]
    pub(crate) fn emit(&mut self, location: Location, opcode: Opcode) {
        debug_assert!(!opcode.has_arg(), "{opcode} needs an argument");
        self.unit.code.op(opcode, location);
    }

    /// Adds an instruction with an argument (`ADDOP_I`).
    #[inline]
    pub(crate) fn emit_arg(&mut self, location: Location, opcode: Opcode, arg: impl Oparg) {
        self.unit.code.op_arg(opcode, arg.oparg(), location);
    }

    /// Adds a jump or a block push (`ADDOP_JUMP`).
    #[inline]
    pub(crate) fn emit_jump(&mut self, location: Location, opcode: Opcode, target: Label) {
        self.unit.code.jump(opcode, target, location);
    }

    /// Adds a `LOAD_CONST` of a merged object (`ADDOP_LOAD_CONST`).
    #[inline]
    pub(crate) fn emit_const(&mut self, location: Location, constant: ObjectId) {
        let index = self.add_const(constant);
        self.unit.code.op_arg(Opcode::LoadConst, index.oparg(), location);
    }

    /// `NEW_JUMP_TARGET_LABEL`
    #[inline]
    pub(crate) fn new_label(&mut self) -> Label {
        self.unit.code.new_label()
    }

    /// Places a label here (`USE_LABEL`).
    #[inline]
    pub(crate) fn place(&mut self, label: Label) {
        self.unit.code.place(label);
    }

    /// Runs `visit` one level deeper, or fails when the tree is too deep: then `location` is asked for.
    #[inline]
    pub(crate) fn nested(
        &mut self,
        location: impl FnOnce() -> Location,
        visit: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        self.recursion.enter_at(location)?;
        visit(self)?;
        self.recursion.leave();
        Ok(())
    }

    /// Generates what stands below a node, one level deeper and [`apart`](Self::apart).
    #[inline(never)]
    pub(crate) fn below<T>(
        &mut self,
        location: impl FnOnce() -> Location,
        node: T,
        generate: impl FnOnce(&mut Self, T) -> Result,
    ) -> Result {
        self.nested(location, |this| generate(this, node))
    }

    /// Generates what stands below a node in a stack frame of its own: a visitor looks at the kind of a node once, since
    /// that is hard to predict, and leaves the rest to a function for each kind.
    #[inline(never)]
    pub(crate) fn apart<T>(&mut self, node: T, generate: impl FnOnce(&mut Self, T) -> Result) -> Result {
        generate(self, node)
    }

    /// Issues a `SyntaxWarning` (`_PyCompile_Warn`).
    pub(crate) fn warn(&mut self, location: Location, message: String) {
        if self.muted == 0 {
            self.warnings.push(Warning { kind: WarningKind::SyntaxWarning, message, location, text: None });
        }
    }
}

/// What can be the argument of an instruction.
pub(crate) trait Oparg {
    fn oparg(self) -> i32;
}

impl Oparg for i32 {
    fn oparg(self) -> i32 {
        self
    }
}

impl Oparg for u32 {
    fn oparg(self) -> i32 {
        i32::try_from(self).expect("an argument fits 31 bits")
    }
}

impl Oparg for usize {
    fn oparg(self) -> i32 {
        i32::try_from(self).expect("an argument fits 31 bits")
    }
}

/// Codes that stand for themselves.
macro_rules! oparg_of_code {
    ($($code:ty),*) => {
        $(impl Oparg for $code {
            fn oparg(self) -> i32 {
                i32::from(self as u8)
            }
        })*
    };
}

oparg_of_code!(BinaryOp, CommonConstant, Intrinsic1, Intrinsic2, SpecialMethod);
