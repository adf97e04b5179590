//! Instruction sequences as text.

use std::fmt;

use pycode::Location;
use pyopcode::Opcode;

use super::cursor::Cursor;
use super::{TextError, on_line, significant_lines};
use crate::{Instruction, InstructionSequence, OptimizedSequence, Protected};

impl fmt::Display for InstructionSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_instructions(self.instructions(), f)?;
        if let Some(annotations) = self.annotations() {
            writeln!(f, "annotations")?;
            print_instructions(annotations.instructions(), f)?;
        }
        Ok(())
    }
}

/// The instructions as in an [`InstructionSequence`], then a line for each stretch that has a handler:
/// `protected 2-5 -> 7 depth=1 lasti` (from the instruction 2 to before the instruction 5).
impl fmt::Display for OptimizedSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_instructions(&self.instructions, f)?;
        for &Protected { start, end, handler } in &self.protected {
            let lasti = if handler.preserve_lasti { " lasti" } else { "" };
            writeln!(
                f,
                "protected {start}-{end} -> {} depth={}{lasti}",
                handler.target, handler.start_depth
            )?;
        }
        Ok(())
    }
}

pub(super) fn print_instructions(instructions: &[Instruction], f: &mut impl fmt::Write) -> fmt::Result {
    for (index, instr) in instructions.iter().enumerate() {
        writeln!(f, "{index}: {instr}")?;
    }
    Ok(())
}

impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.opcode)?;
        if self.opcode.has_target() {
            write!(f, " -> {}", self.oparg)?;
        } else if self.opcode.has_arg() || self.oparg != 0 {
            write!(f, " {}", self.oparg)?;
        }
        write!(f, " @{}", self.location)
    }
}

/// Reads a sequence; see the [module](crate::text) for the form.
///
/// # Errors
/// The first line that is not of the form.
pub fn parse_sequence(text: &str) -> Result<InstructionSequence, TextError> {
    let mut instructions = Vec::new();
    let mut annotations = None;
    for (number, line) in significant_lines(text) {
        if line == "annotations" {
            annotations = Some(Vec::new());
            continue;
        }
        let instr = on_line(number, parse_instruction(line))?;
        annotations.as_mut().unwrap_or(&mut instructions).push(instr);
    }
    let last = text.lines().count();
    on_line(last, assemble_sequence(instructions, annotations))
}

/// Puts the parts together, if the targets are there.
pub(super) fn assemble_sequence(
    instructions: Vec<Instruction>,
    annotations: Option<Vec<Instruction>>,
) -> Result<InstructionSequence, String> {
    let [instructions, annotations] = [Some(instructions), annotations].map(|list| {
        list.map(|list| check_targets(&list).map(|()| InstructionSequence::new(list))).transpose()
    });
    let sequence = instructions?.unwrap_or_default();
    Ok(match annotations? {
        Some(annotations) => sequence.with_annotations(annotations),
        None => sequence,
    })
}

fn check_targets(instructions: &[Instruction]) -> Result<(), String> {
    let len = instructions.len();
    let is_outside = |i: &&Instruction| i.opcode.has_target() && (i.oparg < 0 || i.oparg as usize > len);
    match instructions.iter().find(is_outside) {
        Some(instr) => Err(format!("there is no instruction {} to jump to", instr.oparg)),
        None => Ok(()),
    }
}

/// Reads an instruction, with or without index.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_instruction(text: &str) -> Result<Instruction, String> {
    let mut cursor = Cursor::new(text);
    let mut name = cursor.word();
    if cursor.eat(":") {
        name = cursor.word();
    }
    let opcode = Opcode::from_name(name).ok_or_else(|| format!("{name:?} is no opcode"))?;
    let oparg = if cursor.is_at_end() || cursor.starts_with("@") {
        0
    } else if opcode.has_target() {
        cursor.expect("->")?;
        cursor.number()?
    } else {
        cursor.number()?
    };
    let location = if cursor.eat("@") { parse_location(&mut cursor)? } else { Location::NONE };
    cursor.expect_end()?;
    Ok(Instruction { opcode, oparg, location })
}

fn parse_location(cursor: &mut Cursor<'_>) -> Result<Location, String> {
    if cursor.eat("none") {
        return Ok(Location::NONE);
    }
    if cursor.eat("next") {
        return Ok(Location::NEXT);
    }
    // The number in the middle has the shape of two.
    let start = parse_position(cursor.word())?;
    cursor.expect(":")?;
    let middle = cursor.word();
    let (column, end_line) =
        middle.split_once('-').ok_or_else(|| format!("{middle:?} is not COLUMN-LINE"))?;
    let (column, end_line) = (parse_position(column)?, parse_position(end_line)?);
    cursor.expect(":")?;
    let end_column = parse_position(cursor.word())?;
    Ok(Location::new(start, end_line, column, end_column))
}

fn parse_position(word: &str) -> Result<i32, String> {
    if word == "?" {
        return Ok(-1);
    }
    word.parse().map_err(|_| format!("{word:?} is no line or column"))
}

#[cfg(test)]
mod tests {
    use pycode::CodeFlags;

    use super::*;
    use crate::ExceptHandlerInfo;

    #[test]
    fn text_reads_back() {
        let text = "\
0: RESUME 0 @0:0-1:0
1: ANNOTATIONS_PLACEHOLDER @none
2: SETUP_FINALLY -> 4 @3:4-5:?
3: POP_BLOCK @next
4: RETURN_VALUE @7:?-7:?
annotations
0: LOAD_CONST 3 @2:0-2:1
";
        let sequence = parse_sequence(text).expect("well-formed");
        assert_eq!(sequence.to_string(), text);
        assert_eq!(sequence.instructions()[2].location, Location::new(3, 5, 4, -1));
    }

    #[test]
    fn an_optimized_sequence_shows_its_handlers() {
        let instructions =
            parse_sequence("NOP @1:0-1:4\nRETURN_VALUE").expect("well-formed").instructions().to_vec();
        let handler = ExceptHandlerInfo { target: 1, start_depth: 2, preserve_lasti: true };
        let optimized = OptimizedSequence {
            instructions,
            protected: vec![Protected { start: 0, end: 1, handler }],
            consts: Vec::new(),
            stacksize: 2,
            flags: CodeFlags::default(),
            nlocalsplus: 0,
        };
        let text = "0: NOP @1:0-1:4\n1: RETURN_VALUE @none\nprotected 0-1 -> 1 depth=2 lasti\n";
        assert_eq!(optimized.to_string(), text);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, message) in [
            ("NOP\nSPAM 1", "line 2: \"SPAM\" is no opcode"),
            ("JUMP 0", "line 1: expected \"->\" before \"0\""),
            ("NOP\n\nJUMP -> 9", "line 3: there is no instruction 9 to jump to"),
            ("NOP @1:2", "line 1: \"2\" is not COLUMN-LINE"),
            ("LOAD_FAST 99999999999", "line 1: \"99999999999\" is no such number"),
            ("NOP 0 1", "line 1: unexpected \"1\""),
        ] {
            assert_eq!(parse_sequence(text).expect_err(text).to_string(), message);
        }
    }
}
