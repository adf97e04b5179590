//! The lines of a disassembly (`Formatter`, `_get_lineno_width`, `_get_positions_width`).

use std::fmt::{self, Write};

use pycode::{CodeObject, Location, Pool};

use crate::{DisOptions, Instruction, Instructions};

/// Shown instead of a line.
const NO_LINE: &str = "  --";
const OPNAME_WIDTH: usize = 20;
const ARG_WIDTH: usize = 5;

/// How wide the columns are; 0 leaves a column out.
pub(crate) struct Columns {
    source: usize,
    label: usize,
    offset: usize,
    show_positions: bool,
    show_caches: bool,
}

impl Columns {
    pub(crate) fn new(
        pool: &Pool,
        code: &CodeObject,
        instructions: &Instructions<'_>,
        options: &DisOptions,
    ) -> Self {
        let last = pool.bytes(code.code).map_or(0, <[u8]>::len).saturating_sub(2);
        Columns {
            source: if options.show_positions { positions_width(pool, code) } else { line_width(pool, code) },
            label: 4 + decimal_width(instructions.label_count() as i64),
            offset: if options.show_offsets { decimal_width(last.max(9999) as i64) } else { 0 },
            show_positions: options.show_positions,
            show_caches: options.show_caches,
        }
    }

    /// Writes an instruction and, if asked for, its inline caches.
    pub(crate) fn write(&self, instruction: &Instruction, out: &mut impl Write) -> fmt::Result {
        self.write_line(instruction, out)?;
        if self.show_caches { self.write_caches(instruction, out) } else { Ok(()) }
    }

    fn write_caches(&self, instruction: &Instruction, out: &mut impl Write) -> fmt::Result {
        let mut offset = instruction.offset;
        for entry in &instruction.cache_info {
            for unit in 0..entry.size {
                offset += 2;
                let argrepr =
                    if unit == 0 { format!("{}: {}", entry.name, entry.value()) } else { String::new() };
                let cache = Instruction {
                    opname: "CACHE".into(),
                    opcode: 0,
                    arg: Some(0),
                    argrepr,
                    offset,
                    start_offset: offset,
                    starts_line: false,
                    line_number: None,
                    label: None,
                    cache_info: Vec::new(),
                    ..*instruction
                };
                self.write_line(&cache, out)?;
            }
        }
        Ok(())
    }

    fn write_line(&self, instruction: &Instruction, out: &mut impl Write) -> fmt::Result {
        if self.source > 0 && instruction.starts_line && instruction.offset > 0 {
            out.write_char('\n')?;
        }
        let mut line = String::with_capacity(80);
        if self.source > 0 {
            self.write_source(instruction, &mut line)?;
            line.push(' ');
        }
        let label = instruction.label.map_or_else(String::new, |label| format!("L{label}:"));
        write!(line, "{label:>0$} ", self.label)?;
        if self.offset > 0 {
            write!(line, "{:>1$}   ", instruction.offset, self.offset)?;
        }
        write!(line, "    {:<OPNAME_WIDTH$}", instruction.opname)?;
        if let Some(arg) = instruction.arg {
            // A long name takes its place from the argument.
            let excess = instruction.opname.len().saturating_sub(OPNAME_WIDTH);
            write!(line, " {arg:>0$}", ARG_WIDTH.saturating_sub(excess))?;
            if !instruction.argrepr.is_empty() {
                write!(line, " ({})", instruction.argrepr)?;
            }
        }
        writeln!(out, "{}", line.trim_end())
    }

    fn write_source(&self, instruction: &Instruction, line: &mut String) -> fmt::Result {
        let width = self.source;
        if self.show_positions {
            return write!(line, "{:width$}", positions_text(instruction.positions));
        }
        match (instruction.starts_line, instruction.line_number) {
            (true, Some(number)) => write!(line, "{number:width$}"),
            (true, None) => write!(line, "{NO_LINE:>width$}"),
            (false, _) => write!(line, "{:width$}", ""),
        }
    }
}

fn positions_text(positions: Location) -> String {
    if positions == Location::NONE {
        return NO_LINE.to_owned();
    }
    let part = |value: i32| if value == -1 { "?".to_owned() } else { value.to_string() };
    let Location { lineno, end_lineno, col_offset, end_col_offset } = positions;
    format!("{}:{}-{}:{}", part(lineno), part(col_offset), part(end_lineno), part(end_col_offset))
}

fn line_width(pool: &Pool, code: &CodeObject) -> usize {
    let lines = || code.line_table(pool).lines().map(|range| range.line);
    let greatest = lines().flatten().filter(|&line| line != 0).max();
    match greatest {
        None | Some(-1) => 0,
        Some(line) => {
            let width = decimal_width(i64::from(line)).max(3);
            if lines().any(|line| line.is_none()) { width.max(NO_LINE.len()) } else { width }
        }
    }
}

/// As wide as the widest `LINE:COL-ENDLINE:ENDCOL`, and a space.
fn positions_width(pool: &Pool, code: &CodeObject) -> usize {
    let values = |l: Location| [l.lineno, l.end_lineno, l.col_offset, l.end_col_offset];
    let width = |value: i32| if value == -1 { 1 } else { decimal_width(i64::from(value)) };
    let mut widest = 0;
    let mut any = false;
    for location in code.line_table(pool).entries().map(|entry| entry.location) {
        any |= location != Location::NONE;
        widest = widest.max(values(location).map(width).iter().sum());
    }
    if any { 1 + NO_LINE.len().max(3 + widest) } else { 0 }
}

fn decimal_width(value: i64) -> usize {
    value.to_string().len()
}
