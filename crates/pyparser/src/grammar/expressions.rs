//! Expressions, from lists of them down to comparisons.

use pyast::{BoolOp, CmpOp, Expr, ExprContext, UnaryOp};
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Invalid, Parse, Parser, take};

use super::operators::BINARY_OPERATORS;
use super::token_table::TokenTable;

/// What can begin an `expression`.
pub(crate) static EXPRESSION_STARTS: TokenTable = TokenTable::of(&[
    T::Name,
    T::Number,
    T::String,
    T::FstringStart,
    T::TstringStart,
    T::Lpar,
    T::Lsqb,
    T::Lbrace,
    T::Minus,
    T::Plus,
    T::Tilde,
    T::Ellipsis,
    T::None,
    T::True,
    T::False,
    T::Not,
    T::Lambda,
    T::Await,
]);

/// What begins a `compare_op_bitwise_or_pair`.
static COMPARISONS: TokenTable = TokenTable::of(&[
    T::Eqequal,
    T::Notequal,
    T::Lessequal,
    T::Less,
    T::Greaterequal,
    T::Greater,
    T::In,
    T::Is,
    T::Not,
]);

/// What can follow the first operand of a `disjunction` within it.
static OPERATORS: TokenTable =
    TokenTable::of(&[T::Or, T::And, T::Doublestar]).or(&COMPARISONS).or(&BINARY_OPERATORS);

/// `body if test else`, whose rest is still to come.
#[derive(Clone, Copy)]
pub(crate) struct Ternary<'a> {
    start: Position,
    body: Expr<'a>,
    test: Expr<'a>,
}

impl<'a> Parser<'_, 'a, '_> {
    /// Whether the next token can begin an `expression`.
    #[inline]
    pub(crate) fn at_expression(&self) -> bool {
        EXPRESSION_STARTS.contains(self.kind())
    }

    /// Whether the next token can begin a `star_expression`.
    #[inline]
    pub(crate) fn at_star_expression(&self) -> bool {
        self.at(T::Star) || self.at_expression()
    }

    /// `expressions: expression (',' expression)* [',']`
    pub(crate) fn expressions(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let first = self.expression()?;
        if !self.at(T::Comma) {
            return Ok(first);
        }
        let elts = self.more_expressions(first)?;
        Ok(self.arena.expr_tuple(self.since(start), elts, ExprContext::Load))
    }

    /// The members of `expressions`, from the first comma on.
    pub(crate) fn more_expressions(&mut self, first: Expr<'a>) -> Parse<&'a [Expr<'a>]> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && self.at_expression() {
            let expression = self.expression()?;
            self.scratch.exprs.push(expression);
        }
        Ok(self.take_exprs(mark))
    }

    /// `star_expressions: star_expression (',' star_expression)* [',']`
    #[inline]
    pub(crate) fn star_expressions(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let first = self.star_expression()?;
        if self.at(T::Comma) { self.star_expressions_tuple(start, first) } else { Ok(first) }
    }

    fn star_expressions_tuple(&mut self, start: Position, first: Expr<'a>) -> Parse<Expr<'a>> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && self.at_star_expression() {
            let expression = self.star_expression()?;
            self.scratch.exprs.push(expression);
        }
        let elts = self.take_exprs(mark);
        Ok(self.arena.expr_tuple(self.since(start), elts, ExprContext::Load))
    }

    /// `star_expression: '*' bitwise_or | expression`
    #[inline]
    pub(crate) fn star_expression(&mut self) -> Parse<Expr<'a>> {
        if self.at(T::Star) { self.starred_bitwise_or() } else { self.expression() }
    }

    /// `star_named_expression: '*' bitwise_or | named_expression`
    #[inline]
    pub(crate) fn star_named_expression(&mut self) -> Parse<Expr<'a>> {
        if self.at(T::Star) { self.starred_bitwise_or() } else { self.named_expression() }
    }

    fn starred_bitwise_or(&mut self) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        let value = self.bitwise_or()?;
        Ok(self.arena.expr_starred(self.since(start), value, ExprContext::Load))
    }

    /// `starred_expression: '*' expression`
    pub(crate) fn starred_expression(&mut self) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        let value = self.expression()?;
        Ok(self.arena.expr_starred(self.since(start), value, ExprContext::Load))
    }

    /// `named_expression: NAME ':=' ~ expression | expression !':='`
    #[inline]
    pub(crate) fn named_expression(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let expression = self.expression()?;
        if self.at(T::Colonequal) { self.assignment_expression(start, expression) } else { Ok(expression) }
    }

    /// `assignment_expression: NAME ':=' ~ expression`, after what should be the name.
    pub(crate) fn assignment_expression(&mut self, start: Position, target: Expr<'a>) -> Parse<Expr<'a>> {
        let Expr::Name(name) = target else { return Err(Invalid) };
        if name.location != self.since(start) {
            return Err(Invalid);
        }
        let target = self.set_context(target, ExprContext::Store)?;
        self.bump();
        let value = self.expression()?;
        Ok(self.arena.expr_named_expr(self.since(start), target, value))
    }

    /// `yield_expr: 'yield' 'from' expression | 'yield' [star_expressions]`
    pub(crate) fn yield_expr(&mut self) -> Parse<Expr<'a>> {
        let start = self.expect(T::Yield)?.begin;
        if self.eat(T::From) {
            let value = self.expression()?;
            return Ok(self.arena.expr_yield_from(self.since(start), value));
        }
        let value = self.optional_star_expressions()?;
        Ok(self.arena.expr_yield(self.since(start), value))
    }

    /// `expression: disjunction 'if' disjunction 'else' expression | disjunction | lambdef`
    pub(crate) fn expression(&mut self) -> Parse<Expr<'a>> {
        self.enter()?;
        let start = self.start();
        let result = if self.at(T::Lambda) {
            self.lambdef()?
        } else {
            let body = self.disjunction()?;
            if self.at(T::If) { self.ternary(start, body)? } else { body }
        };
        self.leave();
        Ok(result)
    }

    /// A conditional expression after its `body`, with those in its `else` part. All end at the same place.
    #[inline(never)]
    fn ternary(&mut self, mut start: Position, mut body: Expr<'a>) -> Parse<Expr<'a>> {
        let mark = self.scratch.ternaries.len();
        let mut orelse = loop {
            self.bump();
            let test = self.disjunction()?;
            self.expect(T::Else)?;
            self.scratch.ternaries.push(Ternary { start, body, test });
            start = self.start();
            if self.at(T::Lambda) {
                break self.lambdef()?;
            }
            body = self.disjunction()?;
            if !self.at(T::If) {
                break body;
            }
        };
        self.note_nesting_chain((self.scratch.ternaries.len() - mark) as u32);
        for i in (mark..self.scratch.ternaries.len()).rev() {
            let part = self.scratch.ternaries[i];
            orelse = self.arena.expr_if_exp(self.since(part.start), part.test, part.body, orelse);
        }
        self.scratch.ternaries.truncate(mark);
        Ok(orelse)
    }

    /// `lambdef: 'lambda' [lambda_params] ':' expression`
    #[inline(never)]
    fn lambdef(&mut self) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        let args = self.lambda_parameters()?;
        self.expect(T::Colon)?;
        let body = self.expression()?;
        Ok(self.arena.expr_lambda(self.since(start), args, body))
    }

    /// `disjunction: conjunction ('or' conjunction)*`
    ///
    /// Most are one operand and nothing more. One look at the next token tells, so that not each level of precedence has
    /// to look; so every rule from here to `power` has a second form, which goes on after its first operand.
    #[inline]
    pub(crate) fn disjunction(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let operand = self.operand()?;
        if OPERATORS.contains(self.kind()) { self.disjunction_of(start, operand) } else { Ok(operand) }
    }

    /// What a `disjunction` begins with, up to the first operator behind an operand.
    #[inline]
    fn operand(&mut self) -> Parse<Expr<'a>> {
        match self.kind() {
            T::Not => self.not_inversion(),
            T::Plus | T::Minus | T::Tilde => self.unary_operation(),
            T::Await => self.awaited(),
            _ => self.primary(),
        }
    }

    #[inline(never)]
    fn disjunction_of(&mut self, start: Position, operand: Expr<'a>) -> Parse<Expr<'a>> {
        let first = self.conjunction_of(start, operand)?;
        if !self.at(T::Or) {
            return Ok(first);
        }
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Or) {
            let value = self.conjunction()?;
            self.scratch.exprs.push(value);
        }
        let values = self.take_exprs(mark);
        Ok(self.arena.expr_bool_op(self.since(start), BoolOp::Or, values))
    }

    /// `conjunction: inversion ('and' inversion)*`
    fn conjunction(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let operand = self.operand()?;
        self.conjunction_of(start, operand)
    }

    #[inline]
    fn conjunction_of(&mut self, start: Position, operand: Expr<'a>) -> Parse<Expr<'a>> {
        let first = self.comparison_of(start, operand)?;
        if !self.at(T::And) {
            return Ok(first);
        }
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::And) {
            let value = self.inversion()?;
            self.scratch.exprs.push(value);
        }
        let values = self.take_exprs(mark);
        Ok(self.arena.expr_bool_op(self.since(start), BoolOp::And, values))
    }

    /// `inversion: 'not' inversion | comparison`
    fn inversion(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let operand = self.operand()?;
        self.comparison_of(start, operand)
    }

    #[inline(never)]
    fn not_inversion(&mut self) -> Parse<Expr<'a>> {
        let mark = self.scratch.positions.len();
        while self.at(T::Not) {
            let start = self.bump().begin;
            self.scratch.positions.push(start);
        }
        let mut operand = self.comparison()?;
        self.note_nesting_chain((self.scratch.positions.len() - mark) as u32);
        for i in (mark..self.scratch.positions.len()).rev() {
            let start = self.scratch.positions[i];
            operand = self.arena.expr_unary_op(self.since(start), UnaryOp::Not, operand);
        }
        self.scratch.positions.truncate(mark);
        Ok(operand)
    }

    /// `comparison: bitwise_or compare_op_bitwise_or_pair*`
    fn comparison(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let left = self.bitwise_or()?;
        if COMPARISONS.contains(self.kind()) { self.compare(start, left) } else { Ok(left) }
    }

    #[inline]
    fn comparison_of(&mut self, start: Position, operand: Expr<'a>) -> Parse<Expr<'a>> {
        let left = self.bitwise_or_of(start, operand)?;
        if COMPARISONS.contains(self.kind()) { self.compare(start, left) } else { Ok(left) }
    }

    fn compare(&mut self, start: Position, left: Expr<'a>) -> Parse<Expr<'a>> {
        let (ops, comparators) = (self.scratch.operators.len(), self.scratch.exprs.len());
        while COMPARISONS.contains(self.kind()) {
            let op = self.comparison_operator()?;
            let right = self.bitwise_or()?;
            self.scratch.operators.push(op);
            self.scratch.exprs.push(right);
        }
        let ops = take(self.arena, &mut self.scratch.operators, ops);
        let comparators = self.take_exprs(comparators);
        Ok(self.arena.expr_compare(self.since(start), left, ops, comparators))
    }

    /// The operator of a `compare_op_bitwise_or_pair`.
    fn comparison_operator(&mut self) -> Parse<CmpOp> {
        let token = self.bump();
        Ok(match token.kind {
            T::Eqequal => CmpOp::Eq,
            T::Notequal if (self.text(token) == b"<>") == self.barry_as_flufl => CmpOp::NotEq,
            T::Lessequal => CmpOp::LtE,
            T::Less => CmpOp::Lt,
            T::Greaterequal => CmpOp::GtE,
            T::Greater => CmpOp::Gt,
            T::In => CmpOp::In,
            T::Is if self.eat(T::Not) => CmpOp::IsNot,
            T::Is => CmpOp::Is,
            T::Not if self.eat(T::In) => CmpOp::NotIn,
            _ => return Err(Invalid),
        })
    }
}
