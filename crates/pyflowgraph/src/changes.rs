//! What became of a graph, block by block, as text.
//!
//! Blocks are compared by id, their lines by the longest common subsequence, so that an instruction
//! that a pass inserted or took out shows as one line. A line that went has a `-`, one that came a `+`;
//! the head of a block comes along, and so do moved blocks as a line `layout`.

use std::fmt;

use crate::text::block_lines;
use crate::{BlockId, Cfg};

/// The difference of two graphs of one unit; shown by `Display`, empty if there is none.
///
/// ```
/// use pyflowgraph::{Cfg, Changes};
/// let before: Cfg = "block0: preds=1\n NOP @1:0-1:1\n RETURN_VALUE @none".parse()?;
/// let after: Cfg = "block0: preds=1\n RETURN_VALUE @none".parse()?;
/// let changes = Changes::between(&before, &after);
/// assert_eq!(changes.to_string(), "  block0: preds=1\n-   NOP @1:0-1:1\n");
/// assert!(Changes::between(&after, &after).is_empty());
/// # Ok::<(), pyinstrseq::text::TextError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changes {
    lines: Vec<Line>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    sign: char,
    text: String,
}

/// Two pieces of a block are aligned line by line up to this product of their lengths; beyond, the
/// whole piece counts as replaced.
const MAX_ALIGNED: usize = 1 << 20;

impl Changes {
    /// What is to be done to `before` to get `after`.
    pub fn between(before: &Cfg, after: &Cfg) -> Changes {
        let mut changes = Changes { lines: Vec::new() };
        let blocks = before.block_count().max(after.block_count());
        let (old, new) = (lines_by_block(before, blocks), lines_by_block(after, blocks));
        for (old, new) in old.iter().zip(&new) {
            changes.block(old, new);
        }
        changes.layout(before, after);
        changes
    }

    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn push(&mut self, sign: char, text: &str) {
        self.lines.push(Line { sign, text: text.to_owned() });
    }

    /// A block that is not laid out has no lines.
    fn block(&mut self, old: &[String], new: &[String]) {
        if old == new {
            return;
        }
        if let ([head, old @ ..], [new_head, new @ ..]) = (old, new)
            && head == new_head
        {
            self.push(' ', head);
            return self.pieces(old, new);
        }
        self.pieces(old, new);
    }

    /// Leaves out what both begin and end with.
    fn pieces(&mut self, old: &[String], new: &[String]) {
        let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[start..], &new[start..]);
        let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
        if old.len().saturating_mul(new.len()) > MAX_ALIGNED {
            old.iter().for_each(|line| self.push('-', line));
            new.iter().for_each(|line| self.push('+', line));
        } else {
            self.aligned(old, new);
        }
    }

    fn aligned(&mut self, mut old: &[String], mut new: &[String]) {
        let common = common_lengths(old, new);
        let (rows, columns) = (old.len(), new.len());
        let at = |old: &[String], new: &[String]| common[rows - old.len()][columns - new.len()];
        loop {
            match (old, new) {
                ([a, rest_old @ ..], [b, rest_new @ ..]) if a == b => (old, new) = (rest_old, rest_new),
                ([a, rest @ ..], _) if at(rest, new) == at(old, new) => {
                    self.push('-', a);
                    old = rest;
                }
                (_, [b, rest @ ..]) => {
                    self.push('+', b);
                    new = rest;
                }
                _ => return,
            }
        }
    }

    /// Says how the blocks lie now, if those that both graphs have are in another order.
    fn layout(&mut self, before: &Cfg, after: &Cfg) {
        let kept = |cfg: &Cfg, other: &Cfg| -> Vec<BlockId> {
            let mut laid_out = vec![false; before.block_count().max(after.block_count())];
            other.layout().for_each(|id| laid_out[id.index()] = true);
            cfg.layout().filter(|id| laid_out[id.index()]).collect()
        };
        if kept(before, after) != kept(after, before) {
            let order: Vec<String> = after.layout().map(|id| id.to_string()).collect();
            self.push(' ', &format!("layout: {}", order.join(" ")));
        }
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|Line { sign, text }| writeln!(f, "{sign} {text}"))
    }
}

fn lines_by_block(cfg: &Cfg, blocks: usize) -> Vec<Vec<String>> {
    let mut lines = vec![Vec::new(); blocks];
    for id in cfg.layout() {
        lines[id.index()] = block_lines(cfg, id);
    }
    lines
}

/// By how many lines are gone from the front of each: how many lines the rests have in common.
fn common_lengths(old: &[String], new: &[String]) -> Vec<Vec<u32>> {
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(before: &str, after: &str) -> String {
        let [before, after] = [before, after].map(|text| text.parse::<Cfg>().expect("well-formed"));
        Changes::between(&before, &after).to_string()
    }

    #[test]
    fn lines_that_stay_are_not_shown() {
        let before = "block0: preds=1\nNOP @1:0-1:1\nPOP_TOP @none\nNOP @2:0-2:1\nRETURN_VALUE @none";
        let after = "block0: preds=1\nPOP_TOP @none\nLOAD_CONST 3 @none\nRETURN_VALUE @none";
        let text = "  block0: preds=1\n-   NOP @1:0-1:1\n-   NOP @2:0-2:1\n+   LOAD_CONST 3 @none\n";
        assert_eq!(changes(before, after), text);
    }

    #[test]
    fn blocks_come_go_and_move() {
        let before = "block0: preds=1\nJUMP -> block2 @none\nblock1: preds=0\nRETURN_VALUE @none\n\
                      block2: preds=1\nRETURN_VALUE @none";
        let moved = "block0: preds=1\nJUMP -> block2 @none\nblock2: preds=1\nRETURN_VALUE @none\n\
                     block1: preds=0\nRETURN_VALUE @none";
        assert_eq!(changes(before, moved), "  layout: block0 block2 block1\n");
        let gone = "block0: preds=1\nRETURN_VALUE @none";
        let text = [
            "  block0: preds=1",
            "-   JUMP -> block2 @none",
            "+   RETURN_VALUE @none",
            "- block1: preds=0",
            "-   RETURN_VALUE @none",
            "- block2: preds=1",
            "-   RETURN_VALUE @none",
        ];
        assert_eq!(changes(before, gone).lines().collect::<Vec<_>>(), text);
    }
}
