//! The rows of the scoreboard.

use crate::oracle::{Item, LEVELS, Text};

/// One stage, at one optimization level where that matters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Row {
    /// The tokens as the parser takes them.
    Tokens,
    /// The syntax tree with all positions.
    Ast,
    /// The syntax tree after preprocessing.
    Preprocessed(u8),
    /// The flags of the future statements.
    Future,
    /// Every scope and every flag of every name, in order.
    Symtable,
    /// Every instruction sequence before the flow graph.
    Codegen(u8),
    /// What `optimize_cfg` makes of each unit. Beyond level 0: of those that are not the same there.
    FlowGraph(u8),
    /// What `assemble_code_object` makes of that.
    Assembler(u8),
    /// Every field of every code object, whatever objects are shared.
    Code(u8),
    /// The bytes of the `.pyc`.
    Pyc(u8),
    /// Reading CPython's `.pyc` and writing it again.
    Marshal(u8),
    /// The text of `dis`.
    Dis,
    /// What a command-line module prints.
    Text(Text),
}

impl Row {
    /// All rows, in the order of the pipeline.
    pub(crate) fn all() -> impl Iterator<Item = Row> {
        let levels = |row: fn(u8) -> Row| LEVELS.into_iter().map(row);
        [Row::Tokens, Row::Ast]
            .into_iter()
            .chain(levels(Row::Preprocessed))
            .chain([Row::Future, Row::Symtable])
            .chain(levels(Row::Codegen))
            .chain(levels(Row::FlowGraph))
            .chain(levels(Row::Assembler))
            .chain(levels(Row::Code))
            .chain(levels(Row::Pyc))
            .chain(levels(Row::Marshal))
            .chain([Row::Dis])
            .chain(Text::ALL.into_iter().map(Row::Text))
    }

    /// The name in reports.
    pub(crate) fn name(self) -> String {
        match self {
            Row::Tokens => "tokens".to_owned(),
            Row::Future => "future flags".to_owned(),
            Row::Ast => "syntax tree".to_owned(),
            Row::Preprocessed(level) => format!("preprocessed tree -O{level}"),
            Row::Symtable => "symbol table".to_owned(),
            Row::Codegen(level) => format!("codegen -O{level}"),
            Row::FlowGraph(level) => format!("flow graph -O{level}"),
            Row::Assembler(level) => format!("assembler -O{level}"),
            Row::Code(level) => format!("code fields -O{level}"),
            Row::Pyc(level) => format!(".pyc bytes -O{level}"),
            Row::Marshal(level) => format!("marshal round trip -O{level}"),
            Row::Dis => "disassembly".to_owned(),
            Row::Text(text) => text_name(text).to_owned(),
        }
    }

    /// Whether one of the patterns is part of the name; none means every row.
    pub(crate) fn is_named(self, patterns: &[String]) -> bool {
        patterns.is_empty() || patterns.iter().any(|pattern| self.name().contains(pattern.as_str()))
    }

    /// The row whose answer this one compares a part of; most compare all of their own.
    pub(crate) fn answer(self) -> Row {
        match self {
            Row::Assembler(level) => Row::FlowGraph(level),
            Row::Code(level) => Row::Pyc(level),
            row => row,
        }
    }

    /// What CPython is asked for this row.
    pub(crate) fn item(self) -> Item {
        match self {
            Row::Tokens => Item::Tokens,
            Row::Future => Item::Future,
            Row::Ast => Item::Ast,
            Row::Preprocessed(level) => Item::Preprocessed(level),
            Row::Symtable => Item::Symtable,
            Row::Codegen(level) => Item::Codegen(level),
            Row::FlowGraph(level) | Row::Assembler(level) => Item::Units(level),
            Row::Code(level) | Row::Pyc(level) | Row::Marshal(level) => Item::Pyc(level),
            Row::Dis => Item::Dis,
            Row::Text(text) => Item::Text(text),
        }
    }
}

const fn text_name(text: Text) -> &'static str {
    match text {
        Text::Tokenize => "tokenize, tokenize -e",
        Text::Unparse => "unparse",
        Text::DumpPositional => "dump (no field names)",
        Text::DumpIndented => "dump (attributes, indent=2)",
        Text::DumpEmpty => "dump (no field names, attributes, indent='', show_empty)",
        Text::Symtable => "symtable listing",
        Text::DisCaches => "disassembly -C",
        Text::DisOffsets => "disassembly -O",
        Text::DisPositions => "disassembly -P",
        Text::DisSpecialized => "disassembly -S",
    }
}
