//! Annotations: those of a function, and those of variables.

use pyast::{Arg, Expr, Location};
use pycode::known;

use super::Collector;
use super::function::Function;
use crate::diagnostics::Result;
use crate::{ScopeKind, SymbolFlags};

impl Collector<'_> {
    /// Lets the current block see the names of the class around, if it is in one: the class's namespace
    /// comes to it as the free name `__classdict__`.
    pub(super) fn see_class_scope(&mut self, in_class: bool, location: Location) -> Result {
        self.scope_mut().flags.can_see_class_scope = in_class;
        if in_class {
            self.add_def(known::CLASSDICT, SymbolFlags::USE, location)?;
        }
        Ok(())
    }

    /// The annotations of parameters and result, in a block of their own (`symtable_visit_annotations`).
    pub(super) fn visit_function_annotations(&mut self, def: &Function<'_>) -> Result {
        let in_class = self.scope().flags.can_see_class_scope || self.current.kind == ScopeKind::Class;
        if !def.is_annotated() {
            self.add_unused_annotation_scope(def, in_class);
            return Ok(());
        }
        self.enter(known::ANNOTATE, ScopeKind::Annotation, Some(def.annotations_key()), def.location)?;
        self.see_class_scope(in_class, def.location)?;
        let args = def.args;
        self.visit_arg_annotations(args.posonlyargs)?;
        self.visit_arg_annotations(args.args)?;
        self.visit_function_annotation(args.vararg.and_then(|arg| arg.annotation))?;
        self.visit_function_annotation(args.kwarg.and_then(|arg| arg.annotation))?;
        self.visit_arg_annotations(args.kwonlyargs)?;
        self.visit_function_annotation(def.returns)?;
        self.leave();
        Ok(())
    }

    /// What is left of that without annotations, as for most functions: a scope that is entered and left.
    fn add_unused_annotation_scope(&mut self, def: &Function<'_>, in_class: bool) {
        let key = Some(def.annotations_key());
        let scope = self.new_scope(known::ANNOTATE, ScopeKind::Annotation, key, def.location);
        self.inherit_mangling(scope, ScopeKind::Annotation);
        self.add_child(self.current.scope, scope, ScopeKind::Annotation);
        self.table.scopes[scope.index()].flags.can_see_class_scope = in_class;
        self.table.define(scope, known::DOT_FORMAT, SymbolFlags::PARAM | SymbolFlags::USE);
        if in_class {
            self.table.define(scope, known::CLASSDICT, SymbolFlags::USE);
        }
    }

    fn visit_arg_annotations(&mut self, args: &[Arg<'_>]) -> Result {
        args.iter().try_for_each(|arg| self.visit_function_annotation(arg.annotation))
    }

    fn visit_function_annotation(&mut self, annotation: Option<Expr<'_>>) -> Result {
        let Some(annotation) = annotation else { return Ok(()) };
        self.scope_mut().flags.annotations_used = true;
        self.visit_expr(annotation)
    }

    /// The annotation of a variable (`symtable_visit_annotation`). All those of a block share one block.
    pub(super) fn visit_annotation(&mut self, annotation: Expr<'_>) -> Result {
        self.note_conditional_annotation(annotation.location())?;
        // Those of a function's variables are never evaluated.
        let unevaluated = self.current.kind == ScopeKind::Function;
        match self.scope().annotation_block {
            Some(block) => self.enter_again(block),
            None => self.enter_annotation_block(annotation.location())?,
        }
        self.current.unevaluated = unevaluated;
        self.visit_expr(annotation)?;
        self.leave();
        Ok(())
    }

    fn enter_annotation_block(&mut self, location: Location) -> Result {
        let parent = self.current;
        self.enter(known::ANNOTATE, ScopeKind::Annotation, None, location)?;
        let in_class = parent.kind == ScopeKind::Class && !self.future.annotations();
        let record = &mut self.table.scopes[parent.scope.index()];
        record.annotation_block = Some(self.current.scope);
        // Known at once, even if the class has a `__classdict__` of its own that hides this use.
        record.flags.needs_classdict = in_class;
        self.see_class_scope(in_class, location)
    }

    /// Annotations of a module always count as conditional: a module may be run in part.
    fn note_conditional_annotation(&mut self, location: Location) -> Result {
        let conditional = match self.current.kind {
            ScopeKind::Module => true,
            ScopeKind::Class => self.current.conditional,
            _ => false,
        };
        let flags = &mut self.scope_mut().flags;
        if !conditional || flags.has_conditional_annotations {
            return Ok(());
        }
        flags.has_conditional_annotations = true;
        self.add_def(known::CONDITIONAL_ANNOTATIONS, SymbolFlags::USE, location)
    }
}
