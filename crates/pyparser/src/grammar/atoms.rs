//! Atoms: names, literals, and what stands in brackets.

use pyast::{Constant, Expr, ExprContext};
use pycode::known;
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Invalid, Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `atom`
    #[inline]
    pub(crate) fn atom(&mut self) -> Parse<Expr<'a>> {
        if self.at(T::Name) { self.variable() } else { self.literal_or_bracket() }
    }

    /// `NAME`
    #[inline]
    fn variable(&mut self) -> Parse<Expr<'a>> {
        let location = self.token().location();
        let id = self.identifier()?;
        self.bump();
        if id == known::DEBUG {
            self.note_preprocessing();
        }
        Ok(self.arena.expr_name(location, id, ExprContext::Load))
    }

    /// Any `atom` but a name.
    fn literal_or_bracket(&mut self) -> Parse<Expr<'a>> {
        match self.kind() {
            T::Lpar | T::Lsqb | T::Lbrace if self.survey.is_some() => self.surveyed_bracket(),
            T::Number => self.number(),
            T::String | T::FstringStart | T::TstringStart => self.strings(),
            T::Lpar | T::Lsqb | T::Lbrace => self.bracket(),
            T::None => self.constant(Constant::None),
            T::True => self.constant(Constant::Bool(true)),
            T::False => self.constant(Constant::Bool(false)),
            T::Ellipsis => self.constant(Constant::Ellipsis),
            _ => Err(Invalid),
        }
    }

    /// `tuple | group | genexp | list | listcomp | dict | set | dictcomp | setcomp`
    #[inline]
    pub(crate) fn bracket(&mut self) -> Parse<Expr<'a>> {
        match self.kind() {
            T::Lpar => self.parenthesised(),
            T::Lsqb => self.list_or_listcomp(),
            _ => self.dict_or_set(),
        }
    }

    fn constant(&mut self, value: Constant<'a>) -> Parse<Expr<'a>> {
        let token = self.bump();
        Ok(self.arena.expr_constant(token.location(), value, None))
    }

    /// `NUMBER`
    pub(crate) fn number(&mut self) -> Parse<Expr<'a>> {
        let token = self.token();
        let value = self.number_value(token)?;
        self.bump();
        Ok(self.arena.expr_constant(token.location(), value, None))
    }

    /// `tuple | group | genexp`
    fn parenthesised(&mut self) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        if self.at(T::Rpar) {
            self.bump();
            return Ok(self.arena.expr_tuple(self.since(start), &[], ExprContext::Load));
        }
        if self.at(T::Yield) {
            let value = self.yield_expr()?;
            self.expect(T::Rpar)?;
            return Ok(value);
        }
        let starred = self.at(T::Star);
        let first = self.star_named_expression()?;
        match self.kind() {
            T::Comma => self.tuple(start, first),
            T::Rpar if !starred => {
                self.bump();
                Ok(first)
            }
            T::For | T::Async if !starred => self.genexp(start, first),
            _ => Err(Invalid),
        }
    }

    /// `tuple`, from the first comma on.
    fn tuple(&mut self, start: Position, first: Expr<'a>) -> Parse<Expr<'a>> {
        let elts = self.more_star_named_expressions(first, T::Rpar)?;
        Ok(self.arena.expr_tuple(self.since(start), elts, ExprContext::Load))
    }

    /// `genexp`, after its element.
    fn genexp(&mut self, start: Position, elt: Expr<'a>) -> Parse<Expr<'a>> {
        let generators = self.for_if_clauses()?;
        self.expect(T::Rpar)?;
        Ok(self.arena.expr_generator_exp(self.since(start), elt, generators))
    }

    /// `star_named_expressions` after the first, and the closing bracket.
    fn more_star_named_expressions(&mut self, first: Expr<'a>, close: T) -> Parse<&'a [Expr<'a>]> {
        let mark = self.scratch.exprs.len();
        self.scratch.exprs.push(first);
        while self.eat(T::Comma) && !self.at(close) {
            let element = self.star_named_expression()?;
            self.scratch.exprs.push(element);
        }
        self.expect(close)?;
        Ok(self.take_exprs(mark))
    }

    /// `list | listcomp`
    fn list_or_listcomp(&mut self) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        if self.eat(T::Rsqb) {
            return Ok(self.arena.expr_list(self.since(start), &[], ExprContext::Load));
        }
        let starred = self.at(T::Star);
        let first = self.star_named_expression()?;
        if !starred && self.at_for_if_clauses() {
            let generators = self.for_if_clauses()?;
            self.expect(T::Rsqb)?;
            return Ok(self.arena.expr_list_comp(self.since(start), first, generators));
        }
        let elts = self.more_star_named_expressions(first, T::Rsqb)?;
        Ok(self.arena.expr_list(self.since(start), elts, ExprContext::Load))
    }

    /// `dict | set | dictcomp | setcomp`
    fn dict_or_set(&mut self) -> Parse<Expr<'a>> {
        let start = self.bump().begin;
        match self.kind() {
            T::Rbrace | T::Doublestar => return self.dict(start),
            T::Star => {
                let first = self.star_named_expression()?;
                return self.set(start, first);
            }
            _ => {}
        }
        let first_start = self.start();
        let first = self.expression()?;
        if self.at(T::Colon) {
            return self.dict_or_dictcomp(start, first);
        }
        let first =
            if self.at(T::Colonequal) { self.assignment_expression(first_start, first)? } else { first };
        if self.at_for_if_clauses() {
            let generators = self.for_if_clauses()?;
            self.expect(T::Rbrace)?;
            return Ok(self.arena.expr_set_comp(self.since(start), first, generators));
        }
        self.set(start, first)
    }

    /// `set`, after its first element.
    fn set(&mut self, start: Position, first: Expr<'a>) -> Parse<Expr<'a>> {
        let elts = self.more_star_named_expressions(first, T::Rbrace)?;
        Ok(self.arena.expr_set(self.since(start), elts))
    }

    /// `dict | dictcomp`, after the first key.
    fn dict_or_dictcomp(&mut self, start: Position, key: Expr<'a>) -> Parse<Expr<'a>> {
        self.bump();
        let value = self.expression()?;
        if self.at_for_if_clauses() {
            let generators = self.for_if_clauses()?;
            self.expect(T::Rbrace)?;
            return Ok(self.arena.expr_dict_comp(self.since(start), key, value, generators));
        }
        let marks = (self.scratch.optional_exprs.len(), self.scratch.exprs.len());
        self.scratch.optional_exprs.push(Some(key));
        self.scratch.exprs.push(value);
        if !self.at(T::Rbrace) {
            self.expect(T::Comma)?;
        }
        self.double_starred_kvpairs(start, marks)
    }

    /// `dict`, from its first member on.
    fn dict(&mut self, start: Position) -> Parse<Expr<'a>> {
        let marks = (self.scratch.optional_exprs.len(), self.scratch.exprs.len());
        self.double_starred_kvpairs(start, marks)
    }

    /// The members of a dict that are still to come, and the brace.
    fn double_starred_kvpairs(&mut self, start: Position, marks: (usize, usize)) -> Parse<Expr<'a>> {
        while !self.at(T::Rbrace) {
            self.double_starred_kvpair()?;
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::Rbrace)?;
        let keys = take(self.arena, &mut self.scratch.optional_exprs, marks.0);
        let values = self.take_exprs(marks.1);
        Ok(self.arena.expr_dict(self.since(start), keys, values))
    }

    /// `double_starred_kvpair: '**' bitwise_or | expression ':' expression`
    fn double_starred_kvpair(&mut self) -> Parse<()> {
        let (key, value) = if self.eat(T::Doublestar) {
            (None, self.bitwise_or()?)
        } else {
            let key = self.expression()?;
            self.expect(T::Colon)?;
            (Some(key), self.expression()?)
        };
        self.scratch.optional_exprs.push(key);
        self.scratch.exprs.push(value);
        Ok(())
    }
}
