//! The starting rules: one for each mode of `compile()`.

use pyast::{Mod, SyntaxError, TypeIgnore};
use pycode::PyStr;
use pytoken::TokenKind as T;

use crate::parser::{Invalid, Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `file: [statements] ENDMARKER`
    pub(crate) fn file(&mut self) -> Parse<Mod<'a>> {
        let mark = self.scratch.stmts.len();
        while !self.at(T::Endmarker) {
            self.statement()?;
        }
        let body = take(self.arena, &mut self.scratch.stmts, mark);
        let type_ignores = take(self.arena, &mut self.scratch.type_ignores, 0);
        Ok(self.arena.mod_module(body, type_ignores))
    }

    /// `interactive: statement_newline`, after which only blanks and comments may follow.
    pub(crate) fn interactive(&mut self) -> Parse<Mod<'a>> {
        let mark = self.scratch.stmts.len();
        self.statement_newline()?;
        if self.bad_single_statement() {
            let message = "multiple statements found while compiling a single statement";
            return self.fail(SyntaxError::new(message, self.token().location()));
        }
        let body = take(self.arena, &mut self.scratch.stmts, mark);
        Ok(self.arena.mod_interactive(body))
    }

    /// `bad_single_statement`: whether there is more after the `NEWLINE` at hand.
    fn bad_single_statement(&self) -> bool {
        let mut rest = &self.lexer.source()[self.lexer.position()..];
        loop {
            rest = rest.trim_ascii_start();
            if !rest.starts_with(b"#") {
                return !rest.is_empty();
            }
            let end = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
            rest = &rest[end..];
        }
    }

    /// `statement_newline: compound_stmt NEWLINE | simple_stmts | NEWLINE | ENDMARKER`
    fn statement_newline(&mut self) -> Parse<()> {
        if self.at(T::Newline) {
            let pass = self.arena.stmt_pass(self.token().location());
            self.scratch.stmts.push(pass);
            return Ok(());
        }
        match self.compound_stmt()? {
            Some(stmt) => {
                self.scratch.stmts.push(stmt);
                // Blocks end at the ENDMARKER that stands for the NEWLINE.
                if self.at(T::Newline) { Ok(()) } else { Err(Invalid) }
            }
            None => self.simple_stmts_of_last_line(),
        }
    }

    /// `eval: expressions NEWLINE* ENDMARKER`
    pub(crate) fn eval(&mut self) -> Parse<Mod<'a>> {
        let body = self.expressions()?;
        self.end_after_newlines()?;
        Ok(self.arena.mod_expression(body))
    }

    /// `func_type: '(' [type_expressions] ')' '->' expression NEWLINE* ENDMARKER`
    pub(crate) fn func_type(&mut self) -> Parse<Mod<'a>> {
        self.expect(T::Lpar)?;
        let mark = self.scratch.exprs.len();
        if !self.at(T::Rpar) {
            self.type_expressions()?;
        }
        self.expect(T::Rpar)?;
        let argtypes = self.take_exprs(mark);
        self.expect(T::Rarrow)?;
        let returns = self.expression()?;
        self.end_after_newlines()?;
        Ok(self.arena.mod_function_type(argtypes, returns))
    }

    fn end_after_newlines(&mut self) -> Parse<()> {
        while self.at(T::Newline) {
            self.bump_layout();
        }
        if self.at(T::Endmarker) { Ok(()) } else { Err(Invalid) }
    }

    /// `type_expressions`: expressions, then at most one `*` and one `**`, which leave no trace.
    fn type_expressions(&mut self) -> Parse<()> {
        loop {
            let starred = self.at(T::Star);
            let double_starred = self.at(T::Doublestar);
            if starred || double_starred {
                self.bump();
            }
            let expression = self.expression()?;
            self.scratch.exprs.push(expression);
            if double_starred || !self.eat(T::Comma) {
                return Ok(());
            }
            if starred && !self.at(T::Doublestar) {
                return Err(Invalid);
            }
        }
    }

    /// Puts `# type: ignore` aside and goes on to the next token. If it is alone on its line, its tag has the newline.
    pub(crate) fn type_ignores(&mut self) {
        while self.at(T::TypeIgnore) {
            let mut tag = self.text(self.token()).to_vec();
            if self.lexer.is_comment_alone() {
                tag.push(b'\n');
            }
            let tag = self.strings.intern_pystr(PyStr::from_wtf8(&tag));
            self.scratch.type_ignores.push(TypeIgnore { lineno: self.start().line(), tag });
            self.lexer.advance();
        }
    }
}
