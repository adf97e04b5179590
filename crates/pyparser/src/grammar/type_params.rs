//! Type parameters (PEP 695, PEP 696).

use pyast::{Expr, TypeParam};
use pytoken::TokenKind as T;

use crate::parser::{Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `[type_params]: '[' ','.type_param+ [','] ']'`
    pub(crate) fn optional_type_params(&mut self) -> Parse<&'a [TypeParam<'a>]> {
        if !self.eat(T::Lsqb) {
            return Ok(&[]);
        }
        let mark = self.scratch.type_params.len();
        loop {
            let param = self.type_param()?;
            self.scratch.type_params.push(param);
            if !self.eat(T::Comma) || self.at(T::Rsqb) {
                break;
            }
        }
        self.expect(T::Rsqb)?;
        Ok(take(self.arena, &mut self.scratch.type_params, mark))
    }

    /// `type_param: NAME [bound] [default] | '*' NAME [starred_default] | '**' NAME [default]`
    fn type_param(&mut self) -> Parse<TypeParam<'a>> {
        let start = self.start();
        if self.eat(T::Star) {
            let name = self.name()?;
            let default = if self.eat_default() { Some(self.star_expression()?) } else { None };
            return Ok(self.arena.type_param_type_var_tuple(self.since(start), name, default));
        }
        if self.eat(T::Doublestar) {
            let name = self.name()?;
            let default = self.type_param_default()?;
            return Ok(self.arena.type_param_param_spec(self.since(start), name, default));
        }
        let name = self.name()?;
        let bound = if self.eat(T::Colon) { Some(self.expression()?) } else { None };
        let default = self.type_param_default()?;
        Ok(self.arena.type_param_type_var(self.since(start), name, bound, default))
    }

    /// `[type_param_default]: '=' expression`
    fn type_param_default(&mut self) -> Parse<Option<Expr<'a>>> {
        if self.eat_default() { self.expression().map(Some) } else { Ok(None) }
    }

    /// The `=` before a default. In `type X[T = A] = ...` CPython's second pass takes it for that of an assignment in
    /// a subscript, since it tries expressions first.
    fn eat_default(&mut self) -> bool {
        let found = self.eat(T::Equal);
        if found {
            self.note_valid_but_suspect();
        }
        found
    }
}
