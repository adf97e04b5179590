//! Graphs as text that reads back, and as a picture.
//!
//! A block is a line with its name and facts, then its instructions, one a line, as in
//! [`pyinstrseq::text`], but that jumps name blocks and that the handler follows behind a `!`:
//!
//! ```
//! use pyflowgraph::Cfg;
//! let text = "\
//! block0: preds=1
//!   LOAD_FAST 0 @1:0-1:1
//!   POP_JUMP_IF_NONE -> block2 @1:0-1:9
//! block1: preds=1
//!   RAISE_VARARGS 0 @2:4-2:9 !block3
//! block2: labelled preds=1
//!   LOAD_CONST 0 @none
//!   RETURN_VALUE @none
//! block3: labelled handler lasti preds=1 depth=2
//!   RERAISE 1 @none
//! ";
//! let cfg: Cfg = text.parse()?;
//! assert_eq!(cfg.to_string(), text);
//! assert!(cfg.to_dot("f").contains("block0 -> block2"));
//! # Ok::<(), pyinstrseq::text::TextError>(())
//! ```

use std::fmt::{self, Write};
use std::str::FromStr;

use pyinstrseq::text::{TextError, parse_instruction};

use crate::{Block, BlockId, BlockTarget, Cfg, Instr, verify};

impl fmt::Display for Cfg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.layout().flat_map(|id| block_lines(self, id));
        lines.try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// The head of a block and its instructions.
pub(crate) fn block_lines(cfg: &Cfg, id: BlockId) -> Vec<String> {
    let head = format!("{id}:{}", Facts(cfg.block(id)));
    let instrs = lines(cfg, id).map(|line| format!("  {line}"));
    std::iter::once(head).chain(instrs).collect()
}

fn lines(cfg: &Cfg, id: BlockId) -> impl Iterator<Item = Line<'_>> {
    let handlers = cfg.handlers(id).iter().copied().chain(std::iter::repeat(None));
    cfg.instrs(id).iter().zip(handlers).map(|(instr, handler)| Line { instr, handler })
}

/// An instruction with its handler.
struct Line<'a> {
    instr: &'a Instr,
    handler: Option<BlockId>,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Instr { opcode, oparg, location } = *self.instr;
        write!(f, "{opcode}")?;
        if opcode.has_target() {
            write!(f, " -> {}", self.instr.target())?;
        } else if opcode.has_arg() || oparg != 0 {
            write!(f, " {oparg}")?;
        }
        write!(f, " @{location}")?;
        self.handler.map_or(Ok(()), |handler| write!(f, " !{handler}"))
    }
}

/// The facts of a block, each with a blank before it.
struct Facts<'a>(&'a Block);

impl fmt::Display for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let block = self.0;
        for (word, holds) in [
            ("labelled", block.labelled),
            ("handler", block.is_handler),
            ("lasti", block.preserve_lasti),
            ("cold", block.cold),
            ("warm", block.warm),
        ] {
            if holds {
                write!(f, " {word}")?;
            }
        }
        write!(f, " preds={}", block.predecessors)?;
        block.start_depth().map_or(Ok(()), |depth| write!(f, " depth={depth}"))
    }
}

impl FromStr for Cfg {
    type Err = TextError;

    /// Reads a graph and checks it.
    fn from_str(text: &str) -> Result<Cfg, TextError> {
        let mut cfg = Cfg::new();
        let mut current = None;
        let blocks = text.lines().filter(|line| line.trim_start().starts_with("block")).count();
        for _ in 0..blocks {
            cfg.new_block();
        }
        for (index, line) in text.lines().map(str::trim).enumerate() {
            let result = match line {
                "" => Ok(()),
                _ if line.starts_with("block") => begin_block(&mut cfg, &mut current, line),
                _ => add_instr(&mut cfg, current, line),
            };
            result.map_err(|message| TextError { line: index + 1, message })?;
        }
        let last = text.lines().count();
        verify::check(&cfg).map_err(|error| TextError { line: last, message: error.to_string() })?;
        Ok(cfg)
    }
}

fn begin_block(cfg: &mut Cfg, current: &mut Option<BlockId>, line: &str) -> Result<(), String> {
    let (name, facts) = line.split_once(':').ok_or("expected a colon behind the name of a block")?;
    let id = parse_block(cfg, name)?;
    match *current {
        None if id != BlockId::ENTRY => return Err(format!("the first block is {}", BlockId::ENTRY)),
        None => {}
        // All blocks so far but the last have one behind them.
        Some(before) if id == before || cfg.next(id).is_some() => {
            return Err(format!("{id} is there twice"));
        }
        Some(before) => cfg.block_mut(before).next = Some(id),
    }
    *current = Some(id);
    facts.split_whitespace().try_for_each(|fact| add_fact(cfg.block_mut(id), fact))
}

fn parse_block(cfg: &Cfg, name: &str) -> Result<BlockId, String> {
    let index = name.strip_prefix("block").and_then(|number| number.parse::<usize>().ok());
    match index.filter(|&index| index < cfg.block_count()) {
        Some(index) => Ok(BlockId::from_index(index)),
        None => Err(format!("{name:?} is no block; they are numbered from 0")),
    }
}

fn add_fact(block: &mut Block, fact: &str) -> Result<(), String> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|&number| number < 1 << 30);
    match fact {
        "labelled" => block.labelled = true,
        "handler" => block.is_handler = true,
        "lasti" => block.preserve_lasti = true,
        "cold" => block.cold = true,
        "warm" => block.warm = true,
        _ => match fact.split_once('=').map(|(key, value)| (key, number(value))) {
            Some(("preds", Some(count))) => block.predecessors = count,
            Some(("depth", Some(depth))) => block.start_depth = depth as i32,
            _ => return Err(format!("{fact:?} is no fact of a block")),
        },
    }
    Ok(())
}

fn add_instr(cfg: &mut Cfg, current: Option<BlockId>, line: &str) -> Result<(), String> {
    let id = current.ok_or("an instruction before the first block")?;
    let (line, handler) = match line.rsplit_once('!') {
        Some((line, handler)) => (line, Some(parse_block(cfg, handler)?)),
        None => (line, None),
    };
    let numbered = line.replacen("-> block", "-> ", 1);
    let instr = parse_instruction(&numbered)?;
    if instr.opcode.has_target() && instr.oparg as usize >= cfg.block_count() {
        return Err(format!("there is no block{} to jump to", instr.oparg));
    }
    cfg.push(id, instr, handler);
    Ok(())
}

impl Cfg {
    /// The graph in the language of Graphviz, under a name: solid edges are taken by falling through or jumping,
    /// dashed ones by an exception; cold blocks are grey.
    pub fn to_dot(&self, name: &str) -> String {
        let name = name.replace('\\', r"\\").replace('"', "\\\"");
        let mut out = format!("digraph \"{name}\" {{\n  node [shape=box fontname=monospace];\n");
        for id in self.layout() {
            self.dot_block(id, &mut out).expect("a String takes any text");
        }
        out.push_str("}\n");
        out
    }

    fn dot_block(&self, id: BlockId, out: &mut String) -> fmt::Result {
        let block = self.block(id);
        write!(out, "  {id} [label=\"{id}{}\\l", Facts(block))?;
        for line in lines(self, id) {
            write!(out, "{line}\\l")?;
        }
        writeln!(out, "\"{}];", if block.cold { " style=filled fillcolor=lightgrey" } else { "" })?;
        if let Some(next) = block.next.filter(|_| self.falls_through(id)) {
            writeln!(out, "  {id} -> {next};")?;
        }
        for instr in self.instrs(id).iter().filter(|instr| instr.opcode.has_jump()) {
            writeln!(out, "  {id} -> {} [label=\"{}\"];", instr.target(), instr.opcode)?;
        }
        let mut handlers: Vec<BlockId> = self.handlers(id).iter().flatten().copied().collect();
        handlers.sort_unstable();
        handlers.dedup();
        for handler in handlers {
            writeln!(out, "  {id} -> {handler} [style=dashed];")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Cfg>().expect_err(text).to_string()
    }

    #[test]
    fn the_layout_is_that_of_the_text() {
        let text = "\
block0: labelled preds=2
  JUMP -> block2 @none
block2: labelled cold preds=1 depth=0
  NOP @next
  JUMP -> block0 @3:?-3:?
block1: preds=0
";
        let cfg: Cfg = text.parse().expect("well-formed");
        assert_eq!(cfg.to_string(), text);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, message) in [
            ("", "line 0: Invalid CFG, no instructions"),
            ("NOP", "line 1: an instruction before the first block"),
            ("block1:", "line 1: \"block1\" is no block; they are numbered from 0"),
            ("block0:\nblock0:", "line 2: block0 is there twice"),
            ("block0:\nblock1:\nblock0:", "line 3: block0 is there twice"),
            ("block0:\nblock1:\nblock2:\nblock1:", "line 4: block1 is there twice"),
            ("block0: spam", "line 1: \"spam\" is no fact of a block"),
            ("block0:\nJUMP -> block7", "line 2: there is no block7 to jump to"),
            (
                "block0:\nRETURN_VALUE\nNOP",
                "line 3: malformed control flow graph: RETURN_VALUE is not the last instruction of block0",
            ),
            ("block0:\nNOP", "line 2: Invalid CFG, control falls off the end of block0"),
            ("block0:\nRETURN_VALUE !block3", "line 2: \"block3\" is no block; they are numbered from 0"),
        ] {
            assert_eq!(error(text), message);
        }
    }
}
