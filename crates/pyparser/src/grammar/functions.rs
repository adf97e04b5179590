//! Functions, classes, decorators.

use pyast::{Expr, Stmt, StrId};
use pycode::Location;
use pytoken::TokenKind as T;

use crate::parser::{Invalid, Parse, Parser};

impl<'a> Parser<'_, 'a, '_> {
    /// `decorators: ('@' named_expression NEWLINE)+` and what they decorate.
    pub(crate) fn decorated(&mut self) -> Parse<Stmt<'a>> {
        let mark = self.scratch.exprs.len();
        while self.eat(T::At) {
            let decorator = self.named_expression()?;
            self.scratch.exprs.push(decorator);
            self.expect_layout(T::Newline)?;
        }
        let decorators = self.take_exprs(mark);
        match self.kind() {
            T::Def | T::Async => self.function_def_raw(decorators),
            T::Class => self.class_def_raw(decorators),
            _ => Err(Invalid),
        }
    }

    /// `class_def_raw: 'class' NAME [type_params] ['(' [arguments] ')'] ':' block`
    pub(crate) fn class_def_raw(&mut self, decorators: &'a [Expr<'a>]) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let name = self.name()?;
        let type_params = self.optional_type_params()?;
        let mut bases: &[_] = &[];
        let mut keywords: &[_] = &[];
        if self.eat(T::Lpar) {
            (bases, keywords) = self.arguments(None)?;
        }
        let body = self.colon_block()?;
        let location = self.since(start);
        Ok(self.arena.stmt_class_def(location, name, bases, keywords, body, decorators, type_params))
    }

    /// `function_def_raw: ['async'] 'def' NAME [type_params] '(' [params] ')' ['->' expression] ':'
    /// [func_type_comment] block`
    pub(crate) fn function_def_raw(&mut self, decorators: &'a [Expr<'a>]) -> Parse<Stmt<'a>> {
        let start = self.start();
        let is_async = self.eat(T::Async);
        self.expect(T::Def)?;
        let name = self.name()?;
        let type_params = self.optional_type_params()?;
        self.expect(T::Lpar)?;
        let args = self.parameters()?;
        self.expect(T::Rpar)?;
        let returns = if self.eat(T::Rarrow) { Some(self.expression()?) } else { None };
        self.expect(T::Colon)?;
        let comment = self.func_type_comment()?;
        let body = self.block()?;
        let location: Location = self.since(start);
        Ok(if is_async {
            self.arena.stmt_async_function_def(
                location,
                name,
                args,
                body,
                decorators,
                returns,
                comment,
                type_params,
            )
        } else {
            self.arena.stmt_function_def(
                location,
                name,
                args,
                body,
                decorators,
                returns,
                comment,
                type_params,
            )
        })
    }

    /// `[func_type_comment]: NEWLINE TYPE_COMMENT &(NEWLINE INDENT) | TYPE_COMMENT`
    fn func_type_comment(&mut self) -> Parse<Option<StrId>> {
        if !self.options.type_comments || !self.at(T::Newline) {
            return Ok(self.type_comment());
        }
        let comment = self.attempt(|parser| {
            parser.bump_layout();
            let comment = parser.type_comment().ok_or(Invalid)?;
            if parser.at(T::Newline) && parser.peek() == T::Indent { Ok(comment) } else { Err(Invalid) }
        })?;
        Ok(comment)
    }
}
