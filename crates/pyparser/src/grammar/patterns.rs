//! Patterns of `case` (PEP 634).

use pyast::{Constant, Expr, ExprContext, Operator, Pattern, StrId, UnaryOp};
use pytoken::TokenKind as T;

use crate::lexer::Position;
use crate::parser::{Invalid, Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `patterns: open_sequence_pattern | pattern`
    pub(crate) fn patterns(&mut self) -> Parse<Pattern<'a>> {
        let start = self.start();
        let starred = self.at(T::Star);
        let first = self.maybe_star_pattern()?;
        if !self.at(T::Comma) {
            return if starred { Err(Invalid) } else { Ok(first) };
        }
        let mark = self.scratch.patterns.len();
        self.scratch.patterns.push(first);
        while self.eat(T::Comma) && !matches!(self.kind(), T::Colon | T::If) {
            let pattern = self.maybe_star_pattern()?;
            self.scratch.patterns.push(pattern);
        }
        let patterns = self.take_patterns(mark);
        Ok(self.arena.pattern_match_sequence(self.since(start), patterns))
    }

    fn take_patterns(&mut self, mark: usize) -> &'a [Pattern<'a>] {
        take(self.arena, &mut self.scratch.patterns, mark)
    }

    /// `pattern: or_pattern 'as' pattern_capture_target | or_pattern`
    fn pattern(&mut self) -> Parse<Pattern<'a>> {
        self.enter()?;
        let start = self.start();
        let mut pattern = self.or_pattern()?;
        if self.eat(T::As) {
            let name = self.pattern_capture_target()?;
            pattern = self.arena.pattern_match_as(self.since(start), Some(pattern), Some(name));
        }
        self.leave();
        Ok(pattern)
    }

    /// `or_pattern: '|'.closed_pattern+`
    fn or_pattern(&mut self) -> Parse<Pattern<'a>> {
        let start = self.start();
        let first = self.closed_pattern()?;
        if !self.at(T::Vbar) {
            return Ok(first);
        }
        let mark = self.scratch.patterns.len();
        self.scratch.patterns.push(first);
        while self.eat(T::Vbar) {
            let pattern = self.closed_pattern()?;
            self.scratch.patterns.push(pattern);
        }
        let patterns = self.take_patterns(mark);
        Ok(self.arena.pattern_match_or(self.since(start), patterns))
    }

    /// `closed_pattern`
    fn closed_pattern(&mut self) -> Parse<Pattern<'a>> {
        match self.kind() {
            T::Name => self.name_pattern(),
            T::Number | T::Minus | T::String | T::FstringStart | T::TstringStart => {
                let start = self.start();
                let value = self.literal_expr()?;
                Ok(self.arena.pattern_match_value(self.since(start), value))
            }
            T::None => self.singleton(Constant::None),
            T::True => self.singleton(Constant::Bool(true)),
            T::False => self.singleton(Constant::Bool(false)),
            T::Lpar => self.group_or_sequence_pattern(),
            T::Lsqb => self.sequence_pattern(),
            T::Lbrace => self.mapping_pattern(),
            _ => Err(Invalid),
        }
    }

    fn singleton(&mut self, value: Constant<'a>) -> Parse<Pattern<'a>> {
        let token = self.bump();
        Ok(self.arena.pattern_match_singleton(token.location(), value))
    }

    /// `literal_expr`, without the keywords: a number with an optional sign and imaginary part, or
    /// strings.
    fn literal_expr(&mut self) -> Parse<Expr<'a>> {
        if !matches!(self.kind(), T::Number | T::Minus) {
            return self.strings();
        }
        let start = self.start();
        let real = self.signed_number()?;
        let op = match self.kind() {
            T::Plus => Operator::Add,
            T::Minus => Operator::Sub,
            _ => return Ok(real),
        };
        if is_imaginary(real) {
            return Err(Invalid);
        }
        self.bump();
        if !self.at(T::Number) {
            return Err(Invalid);
        }
        let imag = self.number()?;
        if !is_imaginary(imag) {
            return Err(Invalid);
        }
        Ok(self.arena.expr_bin_op(self.since(start), real, op, imag))
    }

    /// `signed_number: ['-'] NUMBER`
    fn signed_number(&mut self) -> Parse<Expr<'a>> {
        let start = self.start();
        let negative = self.eat(T::Minus);
        if !self.at(T::Number) {
            return Err(Invalid);
        }
        let number = self.number()?;
        if !negative {
            return Ok(number);
        }
        Ok(self.arena.expr_unary_op(self.since(start), UnaryOp::USub, number))
    }

    /// `capture_pattern | wildcard_pattern | value_pattern | class_pattern`
    ///
    /// The wildcard comes before values and classes, and asks for nothing behind it: `_.a` and `_()` are no patterns.
    fn name_pattern(&mut self) -> Parse<Pattern<'a>> {
        let start = self.start();
        if self.at_soft_keyword("_") {
            let wildcard = self.bump();
            return Ok(self.arena.pattern_match_as(wildcard.location(), None, None));
        }
        let id = self.name()?;
        if !matches!(self.kind(), T::Dot | T::Lpar | T::Equal) {
            return Ok(self.arena.pattern_match_as(self.since(start), None, Some(id)));
        }
        let name = self.arena.expr_name(self.since(start), id, ExprContext::Load);
        let value = self.attr(start, name)?;
        match self.kind() {
            T::Lpar => self.class_pattern(start, value),
            T::Equal => Err(Invalid),
            _ => Ok(self.arena.pattern_match_value(self.since(start), value)),
        }
    }

    /// `attr: name_or_attr '.' NAME`, after the first name.
    fn attr(&mut self, start: Position, mut value: Expr<'a>) -> Parse<Expr<'a>> {
        let mut length = 0;
        while self.eat(T::Dot) {
            let attr = self.name()?;
            value = self.arena.expr_attribute(self.since(start), value, attr, ExprContext::Load);
            length += 1;
        }
        self.note_chain(length);
        Ok(value)
    }

    /// `pattern_capture_target: !"_" NAME !('.' | '(' | '=')`
    fn pattern_capture_target(&mut self) -> Parse<StrId> {
        if self.at_soft_keyword("_") {
            return Err(Invalid);
        }
        let name = self.name()?;
        if matches!(self.kind(), T::Dot | T::Lpar | T::Equal) { Err(Invalid) } else { Ok(name) }
    }

    /// `maybe_star_pattern: star_pattern | pattern`
    fn maybe_star_pattern(&mut self) -> Parse<Pattern<'a>> {
        if !self.at(T::Star) {
            return self.pattern();
        }
        let start = self.bump().begin;
        let name = if self.at_soft_keyword("_") {
            self.bump();
            None
        } else {
            Some(self.pattern_capture_target()?)
        };
        Ok(self.arena.pattern_match_star(self.since(start), name))
    }

    /// `group_pattern: '(' pattern ')'`, or `sequence_pattern: '(' [open_sequence_pattern] ')'`
    fn group_or_sequence_pattern(&mut self) -> Parse<Pattern<'a>> {
        let start = self.bump().begin;
        if self.eat(T::Rpar) {
            return Ok(self.arena.pattern_match_sequence(self.since(start), &[]));
        }
        let starred = self.at(T::Star);
        let first = self.maybe_star_pattern()?;
        if !starred && self.eat(T::Rpar) {
            return Ok(first);
        }
        if !self.at(T::Comma) {
            return Err(Invalid);
        }
        let mark = self.scratch.patterns.len();
        self.scratch.patterns.push(first);
        self.bump();
        self.maybe_sequence_pattern(T::Rpar)?;
        let patterns = self.take_patterns(mark);
        Ok(self.arena.pattern_match_sequence(self.since(start), patterns))
    }

    /// `sequence_pattern: '[' [maybe_sequence_pattern] ']'`
    fn sequence_pattern(&mut self) -> Parse<Pattern<'a>> {
        let start = self.bump().begin;
        let mark = self.scratch.patterns.len();
        self.maybe_sequence_pattern(T::Rsqb)?;
        let patterns = self.take_patterns(mark);
        Ok(self.arena.pattern_match_sequence(self.since(start), patterns))
    }

    /// `[','.maybe_star_pattern+ ','?]` and the closing bracket.
    fn maybe_sequence_pattern(&mut self, close: T) -> Parse<()> {
        while !self.at(close) {
            let pattern = self.maybe_star_pattern()?;
            self.scratch.patterns.push(pattern);
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(close)?;
        Ok(())
    }

    /// `mapping_pattern: '{' [items_pattern] [',' '**' pattern_capture_target] ','? '}'`
    fn mapping_pattern(&mut self) -> Parse<Pattern<'a>> {
        let start = self.bump().begin;
        let marks = (self.scratch.exprs.len(), self.scratch.patterns.len());
        let mut rest = None;
        while !self.at(T::Rbrace) {
            if self.eat(T::Doublestar) {
                rest = Some(self.pattern_capture_target()?);
                self.eat(T::Comma);
                break;
            }
            self.key_value_pattern()?;
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::Rbrace)?;
        let keys = self.take_exprs(marks.0);
        let patterns = self.take_patterns(marks.1);
        Ok(self.arena.pattern_match_mapping(self.since(start), keys, patterns, rest))
    }

    /// `key_value_pattern: (literal_expr | attr) ':' pattern`
    fn key_value_pattern(&mut self) -> Parse<()> {
        let start = self.start();
        let key = match self.kind() {
            T::None | T::True | T::False => self.atom()?,
            T::Name => {
                let id = self.name()?;
                let name = self.arena.expr_name(self.since(start), id, ExprContext::Load);
                if !self.at(T::Dot) {
                    return Err(Invalid);
                }
                self.attr(start, name)?
            }
            T::Number | T::Minus | T::String | T::FstringStart | T::TstringStart => self.literal_expr()?,
            _ => return Err(Invalid),
        };
        self.expect(T::Colon)?;
        let pattern = self.pattern()?;
        self.scratch.exprs.push(key);
        self.scratch.patterns.push(pattern);
        Ok(())
    }

    /// `class_pattern`, from the parenthesis on: positional patterns, then keyword patterns.
    fn class_pattern(&mut self, start: Position, cls: Expr<'a>) -> Parse<Pattern<'a>> {
        self.bump();
        let marks = (self.scratch.patterns.len(), self.scratch.kwd_patterns.len(), self.scratch.names.len());
        while !self.at(T::Rpar) {
            if self.at(T::Name) && self.peek() == T::Equal {
                let name = self.name()?;
                self.bump();
                let pattern = self.pattern()?;
                self.scratch.names.push(name);
                self.scratch.kwd_patterns.push(pattern);
            } else if self.scratch.names.len() > marks.2 {
                return Err(Invalid);
            } else {
                let pattern = self.pattern()?;
                self.scratch.patterns.push(pattern);
            }
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::Rpar)?;
        let patterns = self.take_patterns(marks.0);
        let kwd_patterns = take(self.arena, &mut self.scratch.kwd_patterns, marks.1);
        let kwd_attrs = take(self.arena, &mut self.scratch.names, marks.2);
        Ok(self.arena.pattern_match_class(self.since(start), cls, patterns, kwd_attrs, kwd_patterns))
    }
}

/// Whether the number, which may have a sign, is imaginary.
fn is_imaginary(number: Expr<'_>) -> bool {
    match number {
        Expr::UnaryOp(e) => is_imaginary(e.operand),
        Expr::Constant(e) => matches!(e.value, Constant::Complex { .. }),
        _ => false,
    }
}
