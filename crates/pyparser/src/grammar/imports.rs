//! `import` and `from`.

use pyast::{Alias, Stmt, StrId};
use pycode::{PyStr, known};
use pytoken::TokenKind as T;

use crate::parser::{Parse, Parser, take};

impl<'a> Parser<'_, 'a, '_> {
    /// `import_name: 'import' dotted_as_names`
    pub(crate) fn import_name(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let mark = self.scratch.aliases.len();
        loop {
            let at = self.start();
            let name = self.dotted_name()?;
            let asname = self.optional_as_name()?;
            let location = self.since(at);
            self.scratch.aliases.push(Alias { location, name, asname });
            if !self.eat(T::Comma) {
                break;
            }
        }
        let names = take(self.arena, &mut self.scratch.aliases, mark);
        Ok(self.arena.stmt_import(self.since(start), names))
    }

    /// `import_from: 'from' ('.' | '...')* dotted_name 'import' import_from_targets
    /// | 'from' ('.' | '...')+ 'import' import_from_targets`
    pub(crate) fn import_from(&mut self) -> Parse<Stmt<'a>> {
        let start = self.bump().begin;
        let mut level = 0;
        loop {
            if self.eat(T::Dot) {
                level += 1;
            } else if self.eat(T::Ellipsis) {
                level += 3;
            } else {
                break;
            }
        }
        let module = if level > 0 && self.at(T::Import) { None } else { Some(self.dotted_name()?) };
        self.expect(T::Import)?;
        let names = self.import_from_targets()?;
        self.checked_future_import(module, names, level);
        Ok(self.arena.stmt_import_from(self.since(start), module, names, Some(level)))
    }

    /// `_PyPegen_checked_future_import`
    fn checked_future_import(&mut self, module: Option<StrId>, names: &[Alias], level: i32) {
        if level == 0 && module == Some(known::FUTURE) {
            let barry = names.iter().any(|n| self.strings.get(n.name) == "barry_as_FLUFL");
            if barry {
                self.barry_as_flufl = true;
                self.lexer.enable_diamond();
            }
        }
    }

    /// `import_from_targets: '(' import_from_as_names [','] ')' | import_from_as_names !',' | '*'`
    fn import_from_targets(&mut self) -> Parse<&'a [Alias]> {
        if self.at(T::Star) {
            let location = self.bump().location();
            return Ok(self.arena.list(&[Alias { location, name: known::STAR, asname: None }]));
        }
        let parenthesised = self.eat(T::Lpar);
        let mark = self.scratch.aliases.len();
        loop {
            self.import_from_as_name()?;
            if !self.eat(T::Comma) || parenthesised && self.at(T::Rpar) {
                break;
            }
        }
        if parenthesised {
            self.expect(T::Rpar)?;
        }
        Ok(take(self.arena, &mut self.scratch.aliases, mark))
    }

    /// `import_from_as_name: NAME ['as' NAME]`
    fn import_from_as_name(&mut self) -> Parse<()> {
        let at = self.start();
        let name = self.name()?;
        let asname = self.optional_as_name()?;
        let location = self.since(at);
        self.scratch.aliases.push(Alias { location, name, asname });
        Ok(())
    }

    fn optional_as_name(&mut self) -> Parse<Option<StrId>> {
        if self.eat(T::As) { self.name().map(Some) } else { Ok(None) }
    }

    /// `dotted_name: dotted_name '.' NAME | NAME`
    ///
    /// The rule is left-recursive: for `a.b.c`, CPython makes and interns `a.b` as well, which is told from a
    /// qualified name of the same text by its identity (`_PyPegen_join_names_with_dot`).
    fn dotted_name(&mut self) -> Parse<StrId> {
        let mut id = self.name()?;
        if !self.at(T::Dot) {
            return Ok(id);
        }
        let mark = self.scratch.bytes.len();
        self.push_name(id);
        while self.eat(T::Dot) {
            self.scratch.bytes.push(b'.');
            let part = self.name()?;
            self.push_name(part);
            id = self.strings.intern_identifier(PyStr::from_wtf8(&self.scratch.bytes[mark..]));
        }
        self.scratch.bytes.truncate(mark);
        Ok(id)
    }

    fn push_name(&mut self, name: StrId) {
        self.scratch.bytes.extend_from_slice(self.strings.get(name).as_bytes());
    }
}
