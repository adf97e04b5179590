//! Imports.
//!
//! CPython's counterparts: `codegen_import`, `codegen_import_as`, `codegen_from_import` of `Python/codegen.c`.

use pyast::{Alias, ExprContext, Location, StmtImport, StmtImportFrom, StrId};
use pycode::{ObjectId, PyStr, known};
use pyopcode::{Intrinsic1, Opcode};

use crate::generator::{Generator, Result};
use crate::names::NameList;

impl Generator<'_, '_> {
    pub(crate) fn codegen_import(&mut self, node: &StmtImport<'_>) -> Result {
        for alias in node.names {
            self.load_int_const(node.location, 0);
            self.emit_const(node.location, ObjectId::NONE);
            self.emit_name(node.location, Opcode::ImportName, NameList::Names, alias.name);
            match alias.asname {
                Some(asname) => self.import_as(node.location, alias.name, asname),
                None => self.import_top_package(node.location, alias.name),
            }
        }
        Ok(())
    }

    /// `import a.b.c` binds `a`.
    fn import_top_package(&mut self, location: Location, name: StrId) {
        let top = match self.parts_of(name).split_first() {
            Some((&top, [_, ..])) => top,
            _ => name,
        };
        self.nameop(location, top, ExprContext::Store);
    }

    /// `import a.b.c as d`: the import gives `a`, from which the way leads to `c`
    /// (`codegen_import_as`).
    fn import_as(&mut self, location: Location, name: StrId, asname: StrId) {
        let parts = self.parts_of(name);
        let Some((&last, middle)) = parts.split_last().filter(|(_, before)| !before.is_empty()) else {
            return self.nameop(location, asname, ExprContext::Store);
        };
        for &part in &middle[1..] {
            self.emit_plain_name(location, Opcode::ImportFrom, NameList::Names, part);
            self.emit_arg(location, Opcode::Swap, 2);
            self.emit(location, Opcode::PopTop);
        }
        self.emit_plain_name(location, Opcode::ImportFrom, NameList::Names, last);
        self.nameop(location, asname, ExprContext::Store);
        self.emit(location, Opcode::PopTop);
    }

    /// The parts of a dotted name.
    fn parts_of(&mut self, name: StrId) -> Vec<StrId> {
        let text = self.pool.strings().get(name).as_bytes();
        if !text.contains(&b'.') {
            return vec![name];
        }
        let text = text.to_vec();
        let strings = self.pool.strings_mut();
        let parts = text.split(|&byte| byte == b'.');
        parts.map(|part| strings.intern_pystr(PyStr::from_wtf8(part))).collect()
    }

    pub(crate) fn codegen_from_import(&mut self, node: &StmtImportFrom<'_>) -> Result {
        let location = node.location;
        self.load_int_const(location, i64::from(node.level.unwrap_or(0)));
        self.load_names_const(location, node.names.iter().map(|alias| alias.name));
        let module = node.module.unwrap_or(known::EMPTY);
        self.emit_name(location, Opcode::ImportName, NameList::Names, module);
        if node.names.first().is_some_and(|alias| self.is_star(alias)) {
            self.emit_arg(location, Opcode::CallIntrinsic1, Intrinsic1::ImportStar);
            self.emit(Location::NONE, Opcode::PopTop);
            return Ok(());
        }
        for alias in node.names {
            self.emit_name(location, Opcode::ImportFrom, NameList::Names, alias.name);
            self.nameop(location, alias.asname.unwrap_or(alias.name), ExprContext::Store);
        }
        self.emit(location, Opcode::PopTop);
        Ok(())
    }

    fn is_star(&self, alias: &Alias) -> bool {
        self.pool.strings().get(alias.name).as_bytes().first() == Some(&b'*')
    }
}
