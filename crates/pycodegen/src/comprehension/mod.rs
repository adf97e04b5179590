//! Comprehensions and generator expressions.
//!
//! A list, set or dict comprehension is inlined in the unit around it, unless the symbol table says
//! otherwise (PEP 709); a generator expression is a unit of its own.
//!
//! CPython's counterparts: `codegen_comprehension`, `codegen_genexp`, `codegen_listcomp`, `codegen_setcomp`,
//! `codegen_dictcomp`, `codegen_comprehension_iter` of `Python/codegen.c`.

mod generator;
mod inline;

use pyast::{Comprehension, Expr, Location, NodeKey, StrId};
use pycode::known;
use pyopcode::Opcode;
use pysymtable::ScopeId;

use crate::closure::FunctionAttributes;
use crate::fblock::AwaitableFrom;
use crate::generator::{Generator, Result};
use crate::unit::{ArgCounts, UnitHead, UnitKind};

/// A comprehension of any kind, taken apart.
#[derive(Clone, Copy)]
struct Parts<'a> {
    kind: Kind,
    location: Location,
    key: NodeKey,
    generators: &'a [Comprehension<'a>],
    element: Element<'a>,
}

/// `COMP_*`
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Generator,
    List,
    Set,
    Dict,
}

/// What is computed for each item.
#[derive(Clone, Copy)]
enum Element<'a> {
    Value(Expr<'a>),
    Pair(Expr<'a>, Expr<'a>),
}

/// Where the outermost iterator is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Iterator {
    /// In the first argument of the unit.
    InArgument,
    OnStack,
}

impl<'a> Element<'a> {
    /// The value, or the key of a pair.
    fn first(self) -> Expr<'a> {
        match self {
            Element::Value(value) => value,
            Element::Pair(key, _) => key,
        }
    }
}

impl Kind {
    fn unit_name(self) -> StrId {
        match self {
            Kind::Generator => known::GENEXPR,
            Kind::List => known::LISTCOMP,
            Kind::Set => known::SETCOMP,
            Kind::Dict => known::DICTCOMP,
        }
    }

    /// The instruction that makes the empty collection.
    fn build(self) -> Option<Opcode> {
        match self {
            Kind::Generator => None,
            Kind::List => Some(Opcode::BuildList),
            Kind::Set => Some(Opcode::BuildSet),
            Kind::Dict => Some(Opcode::BuildMap),
        }
    }
}

impl<'a> Parts<'a> {
    fn of(expr: Expr<'a>) -> Self {
        match expr {
            Expr::GeneratorExp(node) => Parts {
                kind: Kind::Generator,
                location: node.location,
                key: NodeKey::of(node),
                generators: node.generators,
                element: Element::Value(node.elt),
            },
            Expr::ListComp(node) => Parts {
                kind: Kind::List,
                location: node.location,
                key: NodeKey::of(node),
                generators: node.generators,
                element: Element::Value(node.elt),
            },
            Expr::SetComp(node) => Parts {
                kind: Kind::Set,
                location: node.location,
                key: NodeKey::of(node),
                generators: node.generators,
                element: Element::Value(node.elt),
            },
            Expr::DictComp(node) => Parts {
                kind: Kind::Dict,
                location: node.location,
                key: NodeKey::of(node),
                generators: node.generators,
                element: Element::Pair(node.key, node.value),
            },
            _ => unreachable!("{} is no comprehension", expr.name()),
        }
    }
}

impl<'a> Generator<'_, 'a> {
    pub(crate) fn codegen_comprehension(&mut self, expr: Expr<'a>) -> Result {
        let parts = Parts::of(expr);
        let scope = self.symtable.scope_of(parts.key);
        if scope.comp_inlined() {
            return self.inlined_comprehension(parts, scope);
        }
        self.comprehension_unit(parts, scope.id())?;
        self.comprehension_iter(&parts.generators[0])?;
        self.emit_arg(parts.location, Opcode::Call, 0);
        if scope.coroutine() && parts.kind != Kind::Generator {
            self.await_value(parts.location, AwaitableFrom::Expression);
        }
        Ok(())
    }

    /// Makes the function that a comprehension becomes; it takes the outermost iterator.
    fn comprehension_unit(&mut self, parts: Parts<'a>, scope: ScopeId) -> Result {
        let location = parts.location;
        let name = parts.kind.unit_name();
        let head = UnitHead::new(UnitKind::Comprehension, name, scope, location.lineno);
        let args = ArgCounts { positional: 1, ..ArgCounts::default() };
        self.enter_scope(UnitHead { args, ..head });
        if let Some(build) = parts.kind.build() {
            self.emit_arg(location, build, 0);
        }
        self.comprehension_generators(&parts, Iterator::InArgument)?;
        if parts.kind == Kind::Generator {
            self.wrap_in_stopiteration_handler();
        } else {
            self.emit(location, Opcode::ReturnValue);
        }
        let unit = self.leave_scope(true);
        self.make_closure(location, unit, FunctionAttributes::NONE);
        Ok(())
    }

    /// Makes the iterator of a `for` clause (`codegen_comprehension_iter`).
    fn comprehension_iter(&mut self, generator: &'a Comprehension<'a>) -> Result {
        self.visit_expr(generator.iter)?;
        let get_iter = if generator.is_async != 0 { Opcode::GetAiter } else { Opcode::GetIter };
        self.emit(generator.iter.location(), get_iter);
        Ok(())
    }
}
