//! The loops of a comprehension.
//!
//! CPython's counterparts: `codegen_comprehension_generator`, `codegen_sync_comprehension_generator`,
//! `codegen_async_comprehension_generator` of `Python/codegen.c`. There each loop generates the ones within
//! it; here first all loops are begun and then all are ended, since there may be any number.

use pyast::{Comprehension, Expr, Location};
use pycode::ObjectId;
use pyinstrseq::Label;
use pyopcode::Opcode;

use super::{Element, Iterator, Kind, Parts};
use crate::fblock::{Delegation, FBlockKind};
use crate::generator::{Generator, Result};

/// A `for` clause that is begun.
#[derive(Clone, Copy)]
struct Loop {
    kind: LoopKind,
    /// Where items go that do not pass a condition.
    if_cleanup: Label,
}

#[derive(Clone, Copy)]
enum LoopKind {
    /// `for y in [f(x)]`, which is an assignment.
    Assignment,
    Sync {
        start: Label,
        anchor: Label,
    },
    Async {
        start: Label,
        send: Label,
        except: Label,
    },
}

impl<'a> Generator<'_, 'a> {
    /// The loops of all `for` clauses, with the element in the innermost.
    pub(super) fn comprehension_generators(&mut self, parts: &Parts<'a>, iterator: Iterator) -> Result {
        let mut loops = Vec::with_capacity(parts.generators.len());
        for (index, generator) in parts.generators.iter().enumerate() {
            loops.push(self.begin_loop(parts, index, generator, iterator)?);
        }
        // How many iterators are on the stack above the collection.
        let depth = loops.iter().filter(|l| !matches!(l.kind, LoopKind::Assignment)).count();
        let mut element = self.comprehension_element(parts, depth)?;
        for begun in loops.into_iter().rev() {
            self.end_loop(parts.location, begun, element);
            // The outer loops of a dict comprehension take the location of the key alone.
            element = parts.element.first().location();
        }
        Ok(())
    }

    /// Begins a loop: iterator, target, conditions.
    fn begin_loop(
        &mut self,
        parts: &Parts<'a>,
        index: usize,
        generator: &'a Comprehension<'a>,
        iterator: Iterator,
    ) -> Result<Loop> {
        let kind = match single_item(generator.iter) {
            Some(item) if index > 0 && generator.is_async == 0 => {
                self.visit_expr(item)?;
                LoopKind::Assignment
            }
            _ => {
                self.load_iterator(parts, index, iterator)?;
                self.begin_iteration(parts.location, generator)?
            }
        };
        self.visit_expr(generator.target)?;
        let if_cleanup = self.new_label();
        for &condition in generator.ifs {
            self.jump_if(parts.location, condition, if_cleanup, false)?;
        }
        Ok(Loop { kind, if_cleanup })
    }

    /// Loads the iterator of a clause, unless it is on the stack.
    fn load_iterator(&mut self, parts: &Parts<'a>, index: usize, iterator: Iterator) -> Result {
        match (index, iterator) {
            (0, Iterator::OnStack) => Ok(()),
            (0, Iterator::InArgument) => {
                self.emit_arg(parts.location, Opcode::LoadFast, 0);
                Ok(())
            }
            _ => self.comprehension_iter(&parts.generators[index]),
        }
    }

    /// Gets the next item of the iterator on the stack.
    fn begin_iteration(&mut self, location: Location, generator: &Comprehension<'_>) -> Result<LoopKind> {
        let start = self.new_label();
        self.place(start);
        if generator.is_async == 0 {
            let anchor = self.new_label();
            self.emit_jump(generator.iter.location(), Opcode::ForIter, anchor);
            return Ok(LoopKind::Sync { start, anchor });
        }
        let send = self.new_label();
        let except = self.new_label();
        // The runtime pushes a block here.
        self.push_fblock(location, FBlockKind::AsyncComprehensionGenerator)?;
        self.emit_jump(location, Opcode::SetupFinally, except);
        self.emit(location, Opcode::GetAnext);
        self.emit_const(location, ObjectId::NONE);
        self.place(send);
        self.add_yield_from(location, Delegation::Await);
        self.emit(location, Opcode::PopBlock);
        Ok(LoopKind::Async { start, send, except })
    }

    fn end_loop(&mut self, location: Location, begun: Loop, element: Location) {
        self.place(begun.if_cleanup);
        match begun.kind {
            LoopKind::Assignment => {}
            LoopKind::Sync { start, anchor } => {
                self.emit_jump(element, Opcode::Jump, start);
                self.place(anchor);
                // A generator ends at the first of these, other iterators behind it.
                self.emit(Location::NONE, Opcode::EndFor);
                self.emit(Location::NONE, Opcode::PopIter);
            }
            LoopKind::Async { start, send, except } => {
                self.emit_jump(element, Opcode::Jump, start);
                self.pop_fblock();
                self.place(except);
                self.emit_jump(location, Opcode::EndAsyncFor, send);
            }
        }
    }

    /// Computes the element and adds it to the collection, or yields it; gives its location.
    fn comprehension_element(&mut self, parts: &Parts<'a>, depth: usize) -> Result<Location> {
        let location = match parts.element {
            Element::Value(value) => {
                self.visit_expr(value)?;
                value.location()
            }
            Element::Pair(key, value) => {
                self.visit_expr(key)?;
                self.visit_expr(value)?;
                key.location().to(value.location())
            }
        };
        let add = match parts.kind {
            Kind::List => Opcode::ListAppend,
            Kind::Set => Opcode::SetAdd,
            Kind::Dict => Opcode::MapAdd,
            Kind::Generator => {
                self.add_yield(location);
                self.emit(location, Opcode::PopTop);
                return Ok(location);
            }
        };
        self.emit_arg(location, add, depth + 1);
        Ok(location)
    }
}

/// The only item of a list or tuple.
fn single_item<'a>(iter: Expr<'a>) -> Option<Expr<'a>> {
    let elts = match iter {
        Expr::List(node) => node.elts,
        Expr::Tuple(node) => node.elts,
        _ => return None,
    };
    match *elts {
        [Expr::Starred(_)] => None,
        [item] => Some(item),
        _ => None,
    }
}
