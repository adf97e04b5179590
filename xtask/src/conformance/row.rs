//! The rows of the scoreboard.

use crate::oracle::Item;

/// One stage, at one optimization level where that matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Row {
    /// The syntax tree with all positions.
    Ast,
    /// Every scope and every flag of every name, in order.
    Symtable,
    /// Reading CPython's `.pyc` and writing it again.
    Marshal,
}

impl Row {
    /// All rows, in the order of the pipeline.
    pub(crate) fn all() -> impl Iterator<Item = Row> {
        [Row::Ast, Row::Symtable, Row::Marshal].into_iter()
    }

    /// The name in reports.
    pub(crate) fn name(self) -> String {
        match self {
            Row::Ast => "syntax tree".to_owned(),
            Row::Symtable => "symbol table".to_owned(),
            Row::Marshal => "marshal round trip".to_owned(),
        }
    }

    /// Whether one of the patterns is part of the name; none means every row.
    pub(crate) fn is_named(self, patterns: &[String]) -> bool {
        patterns.is_empty() || patterns.iter().any(|pattern| self.name().contains(pattern.as_str()))
    }

    /// What CPython is asked for this row.
    pub(crate) fn item(self) -> Item {
        match self {
            Row::Ast => Item::Ast,
            Row::Symtable => Item::Symtable,
            Row::Marshal => Item::Pyc(0),
        }
    }
}
