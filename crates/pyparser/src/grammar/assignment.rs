//! Assignments, and expressions that stand as statements.

use pyast::{Expr, ExprContext, Operator, Stmt, StrId};
use pycode::PyStr;
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Invalid, Parse, Parser};

impl<'a> Parser<'_, 'a, '_> {
    /// `assignment`, or the `star_expressions` that CPython tries when it is none.
    pub(crate) fn assignment(&mut self) -> Parse<Stmt<'a>> {
        let start = self.start();
        let first = self.star_expressions()?;
        match self.kind() {
            T::Equal => self.assign(start, first),
            T::Colon => self.ann_assign(start, first),
            kind => match augassign(kind) {
                Some(op) => self.aug_assign(start, first, op),
                None => Ok(self.arena.stmt_expr(self.since(start), first)),
            },
        }
    }

    /// `(star_targets '=')+ annotated_rhs !'=' [TYPE_COMMENT]`, after the first target.
    fn assign(&mut self, start: Position, first: Expr<'a>) -> Parse<Stmt<'a>> {
        let mark = self.scratch.exprs.len();
        let mut value = first;
        while self.eat(T::Equal) {
            let target = self.set_context(value, ExprContext::Store)?;
            self.scratch.exprs.push(target);
            value = self.annotated_rhs()?;
        }
        let targets = self.take_exprs(mark);
        let type_comment = self.type_comment();
        Ok(self.arena.stmt_assign(self.since(start), targets, value, type_comment))
    }

    /// `NAME ':' expression ['=' annotated_rhs]` and the same for attributes, subscripts and what
    /// stands in parentheses; after the target.
    fn ann_assign(&mut self, start: Position, target: Expr<'a>) -> Parse<Stmt<'a>> {
        self.single_target(target)?;
        let (at, whole) = (target.location(), self.since(start));
        let bracketed = (at.lineno, at.col_offset) != (whole.lineno, whole.col_offset);
        if !bracketed && starts_with_target_in_brackets(target) {
            return Err(Invalid);
        }
        let bare = matches!(target, Expr::Name(_)) && !bracketed;
        let target = self.set_context(target, ExprContext::Store)?;
        self.bump();
        let annotation = self.expression()?;
        let value = if self.eat(T::Equal) { Some(self.annotated_rhs()?) } else { None };
        Ok(self.arena.stmt_ann_assign(self.since(start), target, annotation, value, i32::from(bare)))
    }

    /// `single_target augassign ~ annotated_rhs`, after the target.
    fn aug_assign(&mut self, start: Position, target: Expr<'a>, op: Operator) -> Parse<Stmt<'a>> {
        self.single_target(target)?;
        let target = self.set_context(target, ExprContext::Store)?;
        self.bump();
        let value = self.annotated_rhs()?;
        Ok(self.arena.stmt_aug_assign(self.since(start), target, op, value))
    }

    /// `single_target`: a name, an attribute or a subscript, perhaps in parentheses.
    fn single_target(&self, target: Expr<'a>) -> Parse<()> {
        match target {
            Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => Ok(()),
            _ => Err(Invalid),
        }
    }

    /// `annotated_rhs: yield_expr | star_expressions`
    pub(crate) fn annotated_rhs(&mut self) -> Parse<Expr<'a>> {
        if self.at(T::Yield) { self.yield_expr() } else { self.star_expressions() }
    }

    /// `[TYPE_COMMENT]`
    pub(crate) fn type_comment(&mut self) -> Option<StrId> {
        if !self.at(T::TypeComment) {
            return None;
        }
        let comment = self.bump();
        Some(self.strings.intern_pystr(PyStr::from_wtf8(self.text(comment))))
    }
}

/// `augassign`
fn augassign(kind: T) -> Option<Operator> {
    Some(match kind {
        T::Plusequal => Operator::Add,
        T::Minequal => Operator::Sub,
        T::Starequal => Operator::Mult,
        T::Atequal => Operator::MatMult,
        T::Slashequal => Operator::Div,
        T::Percentequal => Operator::Mod,
        T::Amperequal => Operator::BitAnd,
        T::Vbarequal => Operator::BitOr,
        T::Circumflexequal => Operator::BitXor,
        T::Leftshiftequal => Operator::LShift,
        T::Rightshiftequal => Operator::RShift,
        T::Doublestarequal => Operator::Pow,
        T::Doubleslashequal => Operator::FloorDiv,
        _ => return None,
    })
}

/// Whether a target begins with another one in brackets: `(a).b: int` is no annotation for CPython's parser, since
/// the alternative `'(' single_target ')'` has matched already when no colon follows. `(a()).b: int` is one.
fn starts_with_target_in_brackets(target: Expr<'_>) -> bool {
    let begin = |expr: Expr<'_>| (expr.location().lineno, expr.location().col_offset);
    let mut outer = target;
    loop {
        let inner = match outer {
            Expr::Attribute(node) => node.value,
            Expr::Subscript(node) => node.value,
            Expr::Call(node) => node.func,
            _ => return false,
        };
        if begin(inner) != begin(target) {
            return matches!(inner, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_));
        }
        outer = inner;
    }
}

#[cfg(test)]
mod tests {
    use pyast::Arena;
    use pycode::Interner;

    use crate::{ParseOptions, parse};

    /// What CPython says of each: `illegal target for annotation`.
    #[test]
    fn an_annotated_target_does_not_begin_with_one_in_brackets() {
        for source in ["(a).b: int", "((a)).b: int", "(a.b).c: int", "(a[0])[1]: int", "(a)().c: int = 1"] {
            let parsed =
                parse(source.as_bytes(), &Arena::new(), &mut Interner::new(), &ParseOptions::default())
                    .map(|_| ())
                    .expect_err(source);
            assert_eq!(parsed.message.to_string(), "illegal target for annotation", "{source}");
        }
    }
}
