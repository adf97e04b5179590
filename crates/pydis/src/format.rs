//! The lines of a disassembly (`Formatter`, `_get_lineno_width`, `_get_positions_width`). Constants go to the writer
//! piece by piece, so that no line is held as a whole.

use std::fmt::{self, Write};

use pycode::{CodeObject, Location, ObjectId, Pool, ReprBudget, ReprError, write_repr};

use crate::{ArgValue, DisError, DisOptions, Instruction, Instructions};

/// Shown instead of a line.
const NO_LINE: &str = "  --";
const OPNAME_WIDTH: usize = 20;
const ARG_WIDTH: usize = 5;

/// No program has names as long as this, in bytes.
const LONG_NAME: usize = 256;

/// How wide the columns are; 0 leaves a column out. By default there are none besides the instruction itself, as in
/// `str(instruction)`.
#[derive(Default)]
struct Widths {
    source: usize,
    label: usize,
    offset: usize,
    show_positions: bool,
}

/// The lines of a code object's disassembly.
pub(crate) struct Columns<'a> {
    pool: &'a Pool,
    widths: Widths,
    show_caches: bool,
}

impl<'a> Columns<'a> {
    pub(crate) fn new(
        pool: &'a Pool,
        code: &CodeObject,
        instructions: &Instructions<'_>,
        options: &DisOptions,
    ) -> Self {
        let last = pool.bytes(code.code).map_or(0, <[u8]>::len).saturating_sub(2);
        let widths = Widths {
            source: if options.show_positions { positions_width(pool, code) } else { line_width(pool, code) },
            label: 4 + decimal_width(instructions.label_count() as i64),
            offset: if options.show_offsets { decimal_width(last.max(9999) as i64) } else { 0 },
            show_positions: options.show_positions,
        };
        Columns { pool, widths, show_caches: options.show_caches }
    }

    /// Writes an instruction and, if asked for, its inline caches.
    pub(crate) fn write(
        &self,
        instruction: &Instruction,
        budget: &mut ReprBudget,
        out: &mut impl Write,
    ) -> Result<(), DisError> {
        self.spend_names(instruction, budget)?;
        let line = self.widths.line(instruction)?;
        if let ArgValue::Constant(id) = instruction.argval {
            write!(out, "{line} (")?;
            write_constant(self.pool, id, budget, out)?;
            writeln!(out, ")")?;
        } else {
            writeln!(out, "{}", line.trim_end())?;
        }
        if self.show_caches { Ok(self.write_caches(instruction, out)?) } else { Ok(()) }
    }

    /// Long names that are shown time and again make much text of little data.
    fn spend_names(&self, instruction: &Instruction, budget: &mut ReprBudget) -> Result<(), DisError> {
        let names = match instruction.argval {
            ArgValue::Name(name) => [Some(name), None],
            ArgValue::Names(first, second) => [Some(first), Some(second)],
            _ => [None, None],
        };
        for name in names.into_iter().flatten() {
            if !may_show_name(self.pool, name, budget) {
                return Err(DisError::TooMany);
            }
        }
        Ok(())
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
                    argval: ArgValue::None,
                    argrepr,
                    offset,
                    start_offset: offset,
                    starts_line: false,
                    line_number: None,
                    label: None,
                    cache_info: Vec::new(),
                    ..*instruction
                };
                writeln!(out, "{}", self.widths.line(&cache)?.trim_end())?;
            }
        }
        Ok(())
    }
}

/// The line of a disassembly without line number and offset: Python's `str(instruction)`, without the line end.
///
/// ```
/// use pydis::Instructions;
/// let mut pool = pycode::Pool::new();
/// let code = pydis::bare_code(&mut pool, &[94, 7]);
/// let instruction = Instructions::new(&pool, pool.code(code).unwrap()).next().unwrap();
/// assert_eq!(instruction.to_string(), "     LOAD_SMALL_INT           7");
/// ```
impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Widths::default().line(self)?.trim_end())
    }
}

impl Widths {
    /// The line of an instruction, without line end; an empty one before it where a source line begins.
    fn line(&self, instruction: &Instruction) -> Result<String, fmt::Error> {
        let mut line = String::with_capacity(80);
        if self.source > 0 && instruction.starts_line && instruction.offset > 0 {
            line.push('\n');
        }
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
        Ok(line)
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

/// Spends what a name takes, if it is longer than names are.
pub(crate) fn may_show_name(pool: &Pool, name: ObjectId, budget: &mut ReprBudget) -> bool {
    let len = pool.text(name).map_or(0, |text| text.as_bytes().len());
    len <= LONG_NAME || budget.spend(name, len)
}

/// Writes the text of a constant, or why there is none.
pub(crate) fn write_constant(
    pool: &Pool,
    id: ObjectId,
    budget: &mut ReprBudget,
    out: &mut impl Write,
) -> fmt::Result {
    match write_repr(pool, id, budget, out) {
        Ok(()) => Ok(()),
        Err(ReprError::Write(error)) => Err(error),
        Err(error) => write!(out, "<{error}>"),
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
