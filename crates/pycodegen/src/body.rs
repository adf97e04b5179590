//! Bodies of modules and classes; docstrings.
//!
//! CPython's counterparts: `_PyCodegen_Module`, `_PyCodegen_Expression`, `codegen_body` of
//! `Python/codegen.c`; `compiler_codegen`, `start_location`, `_PyCompile_CleanDoc` of `Python/compile.c`.

use pyast::{Constant, Expr, ExprContext, Location, Mod, Stmt, StrId};
use pycode::{PyStr, known};
use pyinstrseq::UnitConst;
use pyopcode::Opcode;

use crate::diagnostics;
use crate::generator::{Generator, Result};
use crate::names::NameList;

impl<'a> Generator<'_, 'a> {
    /// Generates the module's unit (`compiler_codegen`).
    pub(crate) fn codegen_mod(&mut self, module: Mod<'a>) -> Result<UnitConst> {
        self.enter_module();
        let add_none = match module {
            Mod::Module(node) => {
                self.codegen_module(node.body, false)?;
                true
            }
            Mod::Interactive(node) => {
                self.interactive = true;
                self.codegen_module(node.body, true)?;
                true
            }
            Mod::Expression(node) => {
                self.visit_expr(node.body)?;
                false
            }
            Mod::FunctionType(_) => return diagnostics::invalid_module_kind(module.name()),
        };
        Ok(self.finish_unit(add_none))
    }

    fn codegen_module(&mut self, body: &'a [Stmt<'a>], is_interactive: bool) -> Result {
        let location = body.first().map_or(Location::new(1, 1, 0, 0), Stmt::location);
        if self.scope().has_conditional_annotations() {
            self.emit_arg(location, Opcode::BuildSet, 0);
            let name = known::CONDITIONAL_ANNOTATIONS;
            self.emit_plain_name(location, Opcode::StoreName, NameList::Names, name);
        }
        self.codegen_body(location, body, is_interactive)
    }

    /// Generates a body with its docstring and annotations (`codegen_body`).
    pub(crate) fn codegen_body(
        &mut self,
        location: Location,
        body: &'a [Stmt<'a>],
        is_interactive: bool,
    ) -> Result {
        let scope = self.scope();
        if self.future.annotations() && scope.annotations_used() {
            self.emit(location, Opcode::SetupAnnotations);
        }
        let mut statements = body;
        // At the prompt, a string is no docstring.
        if let Some((text, at)) = docstring(body)
            && scope.has_docstring()
            && !is_interactive
        {
            let text = self.clean_doc(text)?;
            self.load_str_const(at, text);
            self.nameop(Location::NONE, known::DOC, ExprContext::Store);
            statements = &body[1..];
        }
        self.visit_stmts(statements)?;
        if self.future.annotations() {
            return Ok(());
        }
        self.process_deferred_annotations(location)
    }

    /// A docstring without its indentation (`_PyCompile_CleanDoc`).
    pub(crate) fn clean_doc(&mut self, text: StrId) -> Result<StrId> {
        let strings = self.pool.strings_mut();
        match self.cleaner.clean_doc(strings.get(text))? {
            Some(cleaned) => Ok(strings.intern_pystr(PyStr::from_wtf8(cleaned))),
            None => Ok(text),
        }
    }
}

/// The docstring of a body and its location (`_PyAST_GetDocString`).
pub(crate) fn docstring(body: &[Stmt<'_>]) -> Option<(StrId, Location)> {
    let Stmt::Expr(statement) = body.first()? else { return None };
    let Expr::Constant(constant) = statement.value else { return None };
    match constant.value {
        Constant::Str(text) => Some((text, constant.location)),
        _ => None,
    }
}
