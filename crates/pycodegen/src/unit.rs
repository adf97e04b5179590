//! Units: entering and leaving a scope.
//!
//! C: `struct compiler_unit`, `_PyCompile_EnterScope`, `_PyCompile_ExitScope`, `compiler_set_qualname`,
//! `compute_code_flags` of `Python/compile.c`; `codegen_enter_scope`, `_PyCodegen_AddReturnAtEnd` of
//! `Python/codegen.c`.

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
    /// What it becomes: names and constants as they are found, the instructions at the end.
    pub(crate) output: CodeUnit,
    pub(crate) code: SequenceBuilder,
    /// The module's code, while `code` collects that of its annotations.
    pub(crate) stashed: Option<SequenceBuilder>,
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

/// What the unit around needs of one that was left.
pub(crate) struct FinishedUnit {
    pub(crate) constant: UnitConst,
    pub(crate) freevars: Vec<StrId>,
}

/// A symbol that is another one in an inlined comprehension.
#[derive(Clone, Copy)]
pub(crate) struct TweakedSymbol {
    pub(crate) name: StrId,
    pub(crate) inner: Symbol,
    pub(crate) outer: Option<Symbol>,
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
    pub(crate) fn empty() -> Box<Self> {
        Box::new(Unit {
            scope: ScopeId::MODULE,
            kind: UnitKind::Module,
            private: None,
            function_like: false,
            in_class_scope: false,
            sees_class_scope: false,
            consults_class: false,
            output: empty_output(),
            code: SequenceBuilder::with_capacity(256),
            stashed: None,
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

    /// Makes ready for the next unit what a finished one has left, whose buffers are used again.
    fn reuse_output(&mut self) {
        let CodeUnit { metadata, sequence, consts } = &mut self.output;
        let UnitMetadata { names, varnames, cellvars, freevars, fasthidden, own_locals, .. } = metadata;
        for list in [names, varnames, cellvars, freevars, fasthidden] {
            list.clear();
        }
        *own_locals = false;
        consts.clear();
        self.code.reuse(std::mem::take(sequence));
    }

    /// Forgets all, but keeps the buffers.
    fn clear(&mut self) {
        self.fblocks.clear();
        self.inlined_comprehensions = 0;
        self.conditional_blocks = 0;
        self.static_attributes.clear();
        self.deferred_annotations.clear();
        self.next_conditional_annotation = 0;
    }
}

/// Without contents, but with room for the names and constants of most units.
fn empty_output() -> CodeUnit {
    let metadata = UnitMetadata {
        names: Vec::with_capacity(64),
        varnames: Vec::with_capacity(16),
        ..UnitMetadata::new(known::MODULE, ObjectId::EMPTY_STR, 1)
    };
    CodeUnit { metadata, sequence: InstructionSequence::default(), consts: Vec::with_capacity(32) }
}

impl Generator<'_, '_> {
    /// Begins a unit in the current one and adds its first instructions (`codegen_enter_scope`).
    pub(crate) fn enter_scope(&mut self, head: UnitHead) {
        let mut unit = self.spare.pop().unwrap_or_else(Unit::empty);
        unit.private = head.private.or(self.unit.private);
        std::mem::swap(&mut unit, &mut self.unit);
        self.stack.push(unit);
        self.open_unit(head);
        self.unit.output.metadata.qualname = self.qualname(head);
        self.emit_arg(Location::new(head.lineno, head.lineno, 0, 0), Opcode::Resume, RESUME_AT_FUNC_START);
    }

    /// Begins the module's unit (`_PyCodegen_EnterAnonymousScope`).
    pub(crate) fn enter_module(&mut self) {
        let head = UnitHead::new(UnitKind::Module, known::MODULE, ScopeId::MODULE, 1);
        self.open_unit(head);
        self.unit.output.metadata.qualname = self.pool.name(known::MODULE);
        let location = Location::new(0, 1, 0, 0);
        self.emit_arg(location, Opcode::Resume, RESUME_AT_FUNC_START);
        self.emit(location, Opcode::AnnotationsPlaceholder);
    }

    /// Sets the fields of the current unit from its head and its scope (`_PyCompile_EnterScope`).
    fn open_unit(&mut self, head: UnitHead) {
        let scope = self.symtable.scope(head.scope);
        self.unit.scope = head.scope;
        self.unit.kind = head.kind;
        let metadata = &mut self.unit.output.metadata;
        metadata.name = head.name;
        metadata.firstlineno = head.lineno;
        metadata.argcount = head.args.positional;
        metadata.posonlyargcount = head.args.positional_only;
        metadata.kwonlyargcount = head.args.keyword_only;
        self.unit.function_like = scope.is_function_like();
        self.unit.in_class_scope = scope.kind() == ScopeKind::Class;
        self.unit.sees_class_scope = scope.can_see_class_scope();
        self.unit.consults_class = self.unit.in_class_scope || self.unit.sees_class_scope;
        self.unit.outer_names = self.names.enter();
        self.unit.outer_consts = self.const_indices.enter();
        self.open_names(scope);
    }

    /// Finishes the current unit and returns to the one around it.
    pub(crate) fn leave_scope(&mut self, add_none: bool) -> FinishedUnit {
        let outer = self.stack.pop().expect("a unit is entered before it is left");
        let finished = self.finish_unit(add_none);
        let mut inner = std::mem::replace(&mut self.unit, outer);
        inner.clear();
        self.spare.push(inner);
        finished
    }

    /// Hands the current unit to the sink and gets its buffers back (`_PyCompile_OptimizeAndAssemble`).
    pub(crate) fn finish_unit(&mut self, add_none: bool) -> FinishedUnit {
        self.add_return_at_end(add_none);
        let flags = self.compute_code_flags();
        let Unit { output, code, .. } = &mut *self.unit;
        output.metadata.flags = flags;
        output.sequence = code.finish();
        let constant = self.sink.take(output, self.pool);
        let freevars = std::mem::take(&mut output.metadata.freevars);
        self.names.leave(self.unit.outer_names);
        self.const_indices.leave(self.unit.outer_consts);
        self.unit.reuse_output();
        FinishedUnit { constant, freevars }
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

    /// The qualified name of the unit that was just entered (`compiler_set_qualname`).
    ///
    /// Annotation scopes do not count as a level: `A.m.__annotate__` would be expected, but it is
    /// `A.__annotate__`, since the unit of `m` is not entered yet when its annotations are.
    fn qualname(&mut self, head: UnitHead) -> ObjectId {
        let mut level = self.stack.len() - 1;
        if level > 0 && self.stack[level].kind == UnitKind::Annotations {
            level -= 1;
        }
        if level == 0 || self.is_declared_global(level, head) {
            return self.pool.name(head.name);
        }
        let parent = &self.stack[level];
        let parent_qualname =
            self.pool.text(parent.output.metadata.qualname).expect("a qualified name is a string");
        let text = &mut self.text;
        text.clear();
        text.extend_from_slice(parent_qualname.as_bytes());
        if matches!(parent.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda) {
            text.extend_from_slice(b".<locals>");
        }
        text.push(b'.');
        text.extend_from_slice(self.pool.strings().get(head.name).as_bytes());
        let text = self.pool.strings_mut().intern_pystr(PyStr::from_wtf8(text));
        self.pool.add(Object::Str { text, interned: false })
    }

    /// Whether the unit's name is declared `global` in the unit at `level` of the stack.
    fn is_declared_global(&mut self, level: usize, head: UnitHead) -> bool {
        if !matches!(head.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            return false;
        }
        let parent = &self.stack[level];
        let mangled = match parent.private {
            Some(class) => pysymtable::mangle(self.pool.strings_mut(), class, head.name),
            None => head.name,
        };
        let symbol = self.symbol_in(parent, mangled);
        symbol.is_some_and(|symbol| symbol.scope() == SymScope::GlobalExplicit)
    }
}

/// Arguments of `RESUME`.
pub(crate) const RESUME_AT_FUNC_START: i32 = 0;
pub(crate) const RESUME_AFTER_YIELD: i32 = 1;
pub(crate) const RESUME_AFTER_YIELD_FROM: i32 = 2;
pub(crate) const RESUME_AFTER_AWAIT: i32 = 3;
