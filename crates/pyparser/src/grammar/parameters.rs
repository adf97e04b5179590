//! Parameters of functions and lambdas.
//!
//! CPython has two copies of these rules. A lambda's parameters have no annotations and no type
//! comments, and end at `:` instead of `)`.

use pyast::{Arg, Arguments, Expr, StrId};
use pytoken::TokenKind as T;

use crate::parser::{Invalid, Parse, Parser, take};

/// Whose parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Function,
    Lambda,
}

impl Owner {
    /// What stands after the last parameter.
    fn close(self) -> T {
        match self {
            Owner::Function => T::Rpar,
            Owner::Lambda => T::Colon,
        }
    }
}

/// The parameters so far. Lists are in the scratch buffers.
struct Parameters<'a> {
    owner: Owner,
    /// How many parameters stand before the `/`.
    posonly: Option<usize>,
    star: bool,
    vararg: Option<&'a Arg<'a>>,
    kwarg: Option<&'a Arg<'a>>,
    /// Marks of the scratch buffers.
    args: usize,
    kwonlyargs: usize,
    defaults: usize,
    kw_defaults: usize,
}

impl<'a> Parser<'_, 'a, '_> {
    /// `[params]`, up to the `)`.
    pub(crate) fn parameters(&mut self) -> Parse<&'a Arguments<'a>> {
        self.parameters_of(Owner::Function)
    }

    /// `[lambda_params]`, up to the `:`.
    pub(crate) fn lambda_parameters(&mut self) -> Parse<&'a Arguments<'a>> {
        self.parameters_of(Owner::Lambda)
    }

    fn parameters_of(&mut self, owner: Owner) -> Parse<&'a Arguments<'a>> {
        let mut list = Parameters {
            owner,
            posonly: None,
            star: false,
            vararg: None,
            kwarg: None,
            args: self.scratch.args.len(),
            kwonlyargs: self.scratch.kwonlyargs.len(),
            defaults: self.scratch.defaults.len(),
            kw_defaults: self.scratch.kw_defaults.len(),
        };
        while !self.at(owner.close()) {
            let more = match self.kind() {
                T::Name => self.plain_parameter(&mut list)?,
                T::Slash => self.slash(&mut list)?,
                T::Star => self.star_parameter(&mut list)?,
                T::Doublestar => self.kwds(&mut list)?,
                _ => return Err(Invalid),
            };
            if !more {
                break;
            }
        }
        if !self.at(owner.close()) {
            return Err(Invalid);
        }
        Ok(self.make_arguments(list))
    }

    /// `_PyPegen_make_arguments`
    fn make_arguments(&mut self, list: Parameters<'a>) -> &'a Arguments<'a> {
        let arena = self.arena;
        let posonly_end = list.args + list.posonly.unwrap_or(0);
        let args = take(arena, &mut self.scratch.args, posonly_end);
        let posonlyargs = take(arena, &mut self.scratch.args, list.args);
        let kwonlyargs = take(arena, &mut self.scratch.kwonlyargs, list.kwonlyargs);
        let kw_defaults = take(arena, &mut self.scratch.kw_defaults, list.kw_defaults);
        let defaults = take(arena, &mut self.scratch.defaults, list.defaults);
        arena.arguments(posonlyargs, args, list.vararg, kwonlyargs, kw_defaults, list.kwarg, defaults)
    }

    /// A parameter with or without default. Gives whether a comma follows.
    fn plain_parameter(&mut self, list: &mut Parameters<'a>) -> Parse<bool> {
        let mut arg = self.param(list.owner, false)?;
        let default = self.optional_default()?;
        let more = self.end_of_parameter(list.owner, &mut arg)?;
        if list.star {
            self.scratch.kwonlyargs.push(arg);
            self.scratch.kw_defaults.push(default);
            return Ok(more);
        }
        match default {
            Some(default) => self.scratch.defaults.push(default),
            None if self.scratch.defaults.len() > list.defaults => return Err(Invalid),
            None => {}
        }
        self.scratch.args.push(arg);
        Ok(more)
    }

    /// `/`, once, after at least one parameter and before any star.
    fn slash(&mut self, list: &mut Parameters<'a>) -> Parse<bool> {
        self.bump();
        let before = self.scratch.args.len() - list.args;
        if before == 0 || list.star || list.posonly.is_some() {
            return Err(Invalid);
        }
        list.posonly = Some(before);
        Ok(self.eat(T::Comma))
    }

    /// `*` alone, before at least one parameter, or `*args`.
    fn star_parameter(&mut self, list: &mut Parameters<'a>) -> Parse<bool> {
        self.bump();
        if std::mem::replace(&mut list.star, true) {
            return Err(Invalid);
        }
        if self.eat(T::Comma) {
            return if self.at(T::Name) { Ok(true) } else { Err(Invalid) };
        }
        let mut arg = self.param(list.owner, true)?;
        let more = self.end_of_parameter(list.owner, &mut arg)?;
        list.vararg = Some(self.arena.alloc(arg));
        Ok(more)
    }

    /// `kwds: '**' param_no_default`; nothing follows but a comma.
    fn kwds(&mut self, list: &mut Parameters<'a>) -> Parse<bool> {
        self.bump();
        let mut arg = self.param(list.owner, false)?;
        self.end_of_parameter(list.owner, &mut arg)?;
        list.kwarg = Some(self.arena.alloc(arg));
        Ok(false)
    }

    /// `param: NAME [annotation]`, or with a starred annotation allowed (`param_star_annotation`).
    fn param(&mut self, owner: Owner, star_annotation: bool) -> Parse<Arg<'a>> {
        let start = self.start();
        let arg = self.name()?;
        let annotation = match owner {
            Owner::Function if self.eat(T::Colon) => Some(self.annotation(star_annotation)?),
            _ => None,
        };
        Ok(Arg { location: self.since(start), arg, annotation, type_comment: None })
    }

    fn annotation(&mut self, star_annotation: bool) -> Parse<Expr<'a>> {
        if star_annotation { self.star_expression() } else { self.expression() }
    }

    /// `default: '=' expression`
    fn optional_default(&mut self) -> Parse<Option<Expr<'a>>> {
        if self.eat(T::Equal) { self.expression().map(Some) } else { Ok(None) }
    }

    /// `',' TYPE_COMMENT? | TYPE_COMMENT? &')'`. Gives whether there is a comma.
    fn end_of_parameter(&mut self, owner: Owner, arg: &mut Arg<'a>) -> Parse<bool> {
        let more = self.eat(T::Comma);
        arg.type_comment = self.parameter_type_comment(owner);
        if more || self.at(owner.close()) { Ok(more) } else { Err(Invalid) }
    }

    fn parameter_type_comment(&mut self, owner: Owner) -> Option<StrId> {
        match owner {
            Owner::Function => self.type_comment(),
            Owner::Lambda => None,
        }
    }
}
