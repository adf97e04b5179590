//! Units: entering and leaving a scope.
//!
//! CPython's counterparts: `struct compiler_unit`, `_PyCompile_EnterScope`, `_PyCompile_ExitScope`,
//! `compiler_set_qualname`, `compute_code_flags` of `Python/compile.c`; `codegen_enter_scope`,
//! `_PyCodegen_AddReturnAtEnd` of `Python/codegen.c`.

use pyast::{StmtAnnAssign, StrId};
use pycode::{CodeFlags, Location, Object, ObjectId, PyStr, known};
use pyinstrseq::{CodeUnit, InstructionSequence, SequenceBuilder, UnitConst, UnitMetadata};
use pyopcode::Opcode;
use pysymtable::{ScopeId, ScopeKind, SymScope, Symbol};

use crate::fblock::FBlock;
use crate::generator::Generator;
use crate::scoped_map::OuterScope;

/// `COMPILE_SCOPE_*`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    Annotations,
}

/// The arguments that a unit takes (`umd` of `_PyCompile_EnterScope`).
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct ArgCounts {
    /// Without the positional-only ones.
    pub(crate) positional: u32,
    pub(crate) positional_only: u32,
    pub(crate) keyword_only: u32,
}

/// What a new unit is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitHead {
    pub(crate) kind: UnitKind,
    pub(crate) name: StrId,
    pub(crate) scope: ScopeId,
    pub(crate) lineno: i32,
    pub(crate) args: ArgCounts,
    /// The class whose name mangles private names; the one of the unit around, when absent.
    pub(crate) private: Option<StrId>,
}

impl UnitHead {
    pub(crate) fn new(kind: UnitKind, name: StrId, scope: ScopeId, lineno: i32) -> Self {
        UnitHead { kind, name, scope, lineno, args: ArgCounts::default(), private: None }
    }
}

/// A unit under construction.
pub(crate) struct Unit<'a> {
    pub(crate) scope: ScopeId,
    pub(crate) kind: UnitKind,
    pub(crate) private: Option<StrId>,
    /// Whether the scope is a function or works like one (`_PyST_IsFunctionLike`).
    pub(crate) function_like: bool,
    /// Whether the scope is that of a class body.
    pub(crate) in_class_scope: bool,
    /// Whether the scope sees the names of the class around it.
    pub(crate) sees_class_scope: bool,
    /// One of the two: what loads a variable may look it up in the namespace of a class.
    pub(crate) consults_class: bool,
    pub(crate) code: SequenceBuilder,
    /// The module's code, while `code` collects that of its annotations.
    pub(crate) stashed: Option<SequenceBuilder>,
    /// What it becomes: names and constants as they are found, the instructions at the end.
    pub(crate) output: CodeUnit,
    /// The scopes of the units around in the generator's maps.
    outer_names: OuterScope,
    outer_consts: OuterScope,
    /// The symbols that are other ones in the inlined comprehensions that are open, the innermost last.
    pub(crate) tweaked: Vec<TweakedSymbol>,
    pub(crate) fblocks: Vec<FBlock<'a>>,
    pub(crate) inlined_comprehensions: u32,
    pub(crate) conditional_blocks: u32,
    /// Of a class: attributes that its methods assign by `self.x = ...`, in that order.
    pub(crate) static_attributes: Vec<StrId>,
    pub(crate) deferred_annotations: Vec<DeferredAnnotation<'a>>,
    pub(crate) next_conditional_annotation: u32,
}

/// The parts of an empty unit that are worth keeping.
#[derive(Debug)]
pub(crate) struct UnitBuffers {
    code: SequenceBuilder,
    output: CodeUnit,
}

impl Default for UnitBuffers {
    /// Room for most units.
    fn default() -> Self {
        let metadata = UnitMetadata {
            names: Vec::with_capacity(64),
            varnames: Vec::with_capacity(16),
            ..UnitMetadata::new(known::MODULE, ObjectId::EMPTY_STR, 1)
        };
        let sequence = InstructionSequence::default();
        let output = CodeUnit { metadata, sequence, consts: Vec::with_capacity(32) };
        UnitBuffers { code: SequenceBuilder::with_capacity(256), output }
    }
}

/// A symbol that is another one in an inlined comprehension.
#[derive(Clone, Copy)]
pub(crate) struct TweakedSymbol {
    pub(crate) name: StrId,
    pub(crate) inner: Symbol,
    pub(crate) outer: SymScope,
}

/// An annotation to evaluate in `__annotate__`.
#[derive(Clone, Copy)]
pub(crate) struct DeferredAnnotation<'a> {
    pub(crate) statement: &'a StmtAnnAssign<'a>,
    /// Its number in `__conditional_annotations__`, if it may not be executed.
    pub(crate) condition: Option<u32>,
}

impl Unit<'_> {
    /// An empty unit whose fields are yet to be set.
    #[inline(never)]
    pub(crate) fn with_buffers(buffers: UnitBuffers) -> Box<Self> {
        let UnitBuffers { code, output } = buffers;
        Box::new(Unit {
            scope: ScopeId::MODULE,
            kind: UnitKind::Module,
            private: None,
            function_like: false,
            in_class_scope: false,
            sees_class_scope: false,
            consults_class: false,
            code,
            stashed: None,
            output,
            outer_names: OuterScope::default(),
            outer_consts: OuterScope::default(),
            tweaked: Vec::new(),
            fblocks: Vec::new(),
            inlined_comprehensions: 0,
            conditional_blocks: 0,
            static_attributes: Vec::new(),
            deferred_annotations: Vec::new(),
            next_conditional_annotation: 0,
        })
    }

    /// The buffers of a unit that is finished.
    pub(crate) fn into_buffers(mut self) -> UnitBuffers {
        self.clear();
        let Unit { code, output, .. } = self;
        UnitBuffers { code, output }
    }

    /// Forgets what a unit was that had these buffers before.
    fn clear(&mut self) {
        let CodeUnit { metadata, consts, .. } = &mut self.output;
        let UnitMetadata { names, varnames, cellvars, freevars, fasthidden, .. } = metadata;
        for list in [names, varnames, cellvars, freevars, fasthidden, &mut self.static_attributes] {
            list.clear();
        }
        consts.clear();
        metadata.own_locals = false;
        self.fblocks.clear();
        self.inlined_comprehensions = 0;
        self.conditional_blocks = 0;
        self.deferred_annotations.clear();
        self.next_conditional_annotation = 0;
    }
}

impl Generator<'_, '_> {
    /// Begins a unit in the current one and adds its first instructions (`codegen_enter_scope`).
    pub(crate) fn enter_scope(&mut self, head: UnitHead) {
        let qualname = self.qualname(head);
        let mut unit = match self.spare.pop() {
            Some(unit) => unit,
            None => Unit::with_buffers(self.buffers.pop().unwrap_or_default()),
        };
        unit.clear();
        unit.private = head.private.or(self.unit.private);
        self.set_room_aside();
        let around = std::mem::replace(&mut self.unit, unit);
        self.stack.push(around);
        self.open_unit(head, qualname);
        self.emit_arg(Location::new(head.lineno, head.lineno, 0, 0), Opcode::Resume, RESUME_AT_FUNC_START);
    }

    /// Begins the module's unit (`_PyCodegen_EnterAnonymousScope`).
    pub(crate) fn enter_module(&mut self) {
        let head = UnitHead::new(UnitKind::Module, known::MODULE, ScopeId::MODULE, 1);
        let qualname = self.pool.name(known::MODULE);
        self.open_unit(head, qualname);
        let location = Location::new(0, 1, 0, 0);
        self.emit_arg(location, Opcode::Resume, RESUME_AT_FUNC_START);
        self.unit.code.annotations_placeholder(location);
    }

    /// Sets the fields of the current unit from its head and its scope (`_PyCompile_EnterScope`).
    fn open_unit(&mut self, head: UnitHead, qualname: ObjectId) {
        let scope = self.symtable.scope(head.scope);
        let unit = &mut *self.unit;
        unit.scope = head.scope;
        unit.kind = head.kind;
        unit.function_like = scope.is_function_like();
        unit.in_class_scope = scope.kind() == ScopeKind::Class;
        unit.sees_class_scope = scope.can_see_class_scope();
        unit.consults_class = unit.in_class_scope || unit.sees_class_scope;
        let metadata = &mut unit.output.metadata;
        metadata.name = head.name;
        metadata.qualname = qualname;
        metadata.firstlineno = head.lineno;
        metadata.argcount = head.args.positional;
        metadata.posonlyargcount = head.args.positional_only;
        metadata.kwonlyargcount = head.args.keyword_only;
        unit.outer_names = self.names.enter();
        unit.outer_consts = self.const_indices.enter();
        self.open_names(scope);
    }

    /// Finishes the current unit and returns to the one around it. Its [closure](Self::make_closure) is made
    /// before another unit is entered.
    pub(crate) fn leave_scope(&mut self, add_none: bool) -> UnitConst {
        let constant = self.finish_unit(add_none);
        let around = self.stack.pop().expect("a unit is entered before it is left");
        self.spare.push(std::mem::replace(&mut self.unit, around));
        self.get_room_back();
        constant
    }

    /// The free variables of the unit that was left last.
    pub(crate) fn free_variables(&self) -> &[StrId] {
        self.spare.last().map_or(&[], |unit| &unit.output.metadata.freevars)
    }

    /// Hands the current unit to the sink and gets its buffers back (`_PyCompile_OptimizeAndAssemble`).
    pub(crate) fn finish_unit(&mut self, add_none: bool) -> UnitConst {
        self.add_return_at_end(add_none);
        self.set_room_aside();
        self.unit.output.metadata.flags = self.compute_code_flags();
        let unit = &mut *self.unit;
        unit.output.sequence = unit.code.finish();
        let constant = self.sink.take(&mut unit.output, self.pool);
        unit.code.reuse(std::mem::take(&mut unit.output.sequence));
        self.names.leave(unit.outer_names);
        self.const_indices.leave(unit.outer_consts);
        constant
    }

    /// `_PyCodegen_AddReturnAtEnd`
    fn add_return_at_end(&mut self, add_none: bool) {
        if add_none {
            self.emit_const(Location::NONE, ObjectId::NONE);
        }
        self.emit(Location::NONE, Opcode::ReturnValue);
    }

    fn compute_code_flags(&self) -> CodeFlags {
        let scope = self.symtable.scope(self.unit.scope);
        let mut flags = self.future.flags;
        let mut add = |condition: bool, flag: CodeFlags| {
            if condition {
                flags |= flag;
            }
        };
        if self.unit.function_like {
            add(true, CodeFlags::NEWLOCALS | CodeFlags::OPTIMIZED);
            add(scope.nested(), CodeFlags::NESTED);
            add(scope.generator() && !scope.coroutine(), CodeFlags::GENERATOR);
            add(scope.generator() && scope.coroutine(), CodeFlags::ASYNC_GENERATOR);
            add(scope.varargs(), CodeFlags::VARARGS);
            add(scope.varkeywords(), CodeFlags::VARKEYWORDS);
            add(scope.has_docstring(), CodeFlags::HAS_DOCSTRING);
            add(scope.method(), CodeFlags::METHOD);
        }
        add(scope.coroutine() && !scope.generator(), CodeFlags::COROUTINE);
        flags
    }

    /// The qualified name of a unit that is about to be entered (`compiler_set_qualname`).
    ///
    /// Annotation scopes do not count as a level: `A.m.__annotate__` would be expected, but it is
    /// `A.__annotate__`, since the unit of `m` is not entered yet when its annotations are.
    fn qualname(&mut self, head: UnitHead) -> ObjectId {
        let above = usize::from(self.unit.kind == UnitKind::Annotations);
        if self.stack.len() == above || self.is_declared_global(head) {
            return self.pool.name(head.name);
        }
        let parent = self.naming_unit();
        let (kind, qualname) = (parent.kind, parent.output.metadata.qualname);
        let parent_qualname = self.pool.text(qualname).expect("a qualified name is a string");
        let text = &mut self.text;
        text.clear();
        text.extend_from_slice(parent_qualname.as_bytes());
        if matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda) {
            text.extend_from_slice(b".<locals>");
        }
        text.push(b'.');
        text.extend_from_slice(self.pool.strings().get(head.name).as_bytes());
        let text = self.pool.strings_mut().intern_pystr(PyStr::from_wtf8(text));
        self.pool.add(Object::Str { text, interned: false })
    }

    /// The unit whose name is part of the qualified names of the units in the current one.
    fn naming_unit(&self) -> &Unit<'_> {
        match self.unit.kind {
            UnitKind::Annotations => self.stack.last().expect("annotations are in a unit"),
            _ => &self.unit,
        }
    }

    /// Whether the name of a unit that is about to be entered is declared `global` around it.
    fn is_declared_global(&mut self, head: UnitHead) -> bool {
        if !matches!(head.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            return false;
        }
        let mangled = match self.naming_unit().private {
            Some(class) => pysymtable::mangle(self.pool.strings_mut(), class, head.name),
            None => head.name,
        };
        let scope = match self.unit.kind {
            UnitKind::Annotations => self.symbol_in(self.naming_unit(), mangled).map(Symbol::scope),
            _ => Some(self.name_scope(mangled)),
        };
        scope == Some(SymScope::GlobalExplicit)
    }
}

/// Arguments of `RESUME`.
pub(crate) const RESUME_AT_FUNC_START: i32 = 0;
pub(crate) const RESUME_AFTER_YIELD: i32 = 1;
pub(crate) const RESUME_AFTER_YIELD_FROM: i32 = 2;
pub(crate) const RESUME_AFTER_AWAIT: i32 = 3;
