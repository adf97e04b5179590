//! A smaller program with the same difference.
//!
//! Delta debugging: runs of lines are taken out, blocks are taken out of their headers, expressions become names, then runs of characters go;
//! whatever keeps the verdict stays out, until nothing more goes.

use std::ops::Range;

use anyhow::Result;

use super::judge::{Answer, CPython, Ours, Program};
use super::splice::Sites;
use super::valid::Verdict;
use crate::conformance::first_difference;

/// How many programs to try for one difference.
const ATTEMPTS: u32 = 3000;

/// Programs up to this size are reduced by characters as well, in bytes.
const SMALL: usize = 400;

struct Reducer<'a> {
    best: Program,
    verdict: Verdict,
    cpython: &'a mut CPython,
    ours: &'a mut Ours,
    attempts: u32,
}

/// A small program with this verdict; `program` has it.
pub(super) fn reduce(
    program: &Program,
    verdict: Verdict,
    cpython: &mut CPython,
    ours: &mut Ours,
) -> Result<Program> {
    let mut reducer = Reducer { best: program.clone(), verdict, cpython, ours, attempts: ATTEMPTS };
    loop {
        let before = reducer.best.source.len();
        reducer.drop_lines()?;
        reducer.unwrap_blocks()?;
        reducer.simplify_expressions()?;
        if reducer.best.source.len() < SMALL {
            reducer.drop_characters()?;
        }
        if reducer.best.source.len() == before || reducer.attempts == 0 {
            return Ok(reducer.best);
        }
    }
}

impl Reducer<'_> {
    /// Takes over a source if it has the verdict; says whether it does.
    fn attempt(&mut self, source: Vec<u8>) -> Result<bool> {
        if self.attempts == 0 || source.len() >= self.best.source.len() {
            return Ok(false);
        }
        self.attempts -= 1;
        let program = Program { source, level: self.best.level };
        let ours = self.ours.answer(&program);
        let can_have_it = match self.verdict {
            Verdict::WeRefuse => matches!(ours, Answer::Refused(_)),
            Verdict::WeCrash => matches!(ours, Answer::Crashed(_)),
            _ => matches!(ours, Answer::Pyc(_)),
        };
        if !can_have_it || Verdict::of(&ours, &self.cpython.fresh(&program)?) != self.verdict {
            return Ok(false);
        }
        self.best = program;
        Ok(true)
    }

    fn drop_lines(&mut self) -> Result<()> {
        let mut size = self.lines().len() / 2;
        while size > 0 {
            let mut at = 0;
            while at < self.lines().len() {
                let mut lines = self.lines();
                lines.drain(at..(at + size).min(lines.len()));
                if !self.attempt(lines.concat())? {
                    at += size;
                }
            }
            size /= 2;
        }
        Ok(())
    }

    /// Takes away a header and the indent of what is below it.
    fn unwrap_blocks(&mut self) -> Result<()> {
        let mut at = 0;
        while at < self.lines().len() {
            let mut lines = self.lines();
            let header = lines.remove(at);
            let depth = indent(&header);
            for line in
                lines[at..].iter_mut().take_while(|line| indent(line) > depth || line.trim_ascii().is_empty())
            {
                let cut = 2.min(indent(line));
                line.drain(..cut);
            }
            if !self.attempt(lines.concat())? {
                at += 1;
            }
        }
        Ok(())
    }

    /// Puts a name or a part of it in the place of each expression.
    fn simplify_expressions(&mut self) -> Result<()> {
        let mut at = 0;
        while let Some(place) = self.expression(at) {
            let source = self.best.source.clone();
            let with = |text: &[u8]| [&source[..place.start], text, &source[place.end..]].concat();
            if !self.attempt(with(b"x"))? && !self.attempt(with(b"0"))? && !self.hoist(&place)? {
                at += 1;
            }
        }
        Ok(())
    }

    /// Puts an expression within another in its place.
    fn hoist(&mut self, place: &Range<usize>) -> Result<bool> {
        let source = self.best.source.clone();
        let all = self.expressions();
        for inner in
            all.iter().filter(|i| i.start >= place.start && i.end <= place.end && i.len() < place.len())
        {
            let text = [&source[..place.start], &source[inner.clone()], &source[place.end..]].concat();
            if self.attempt(text)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The expression number `at` that is longer than a name.
    fn expression(&self, at: usize) -> Option<Range<usize>> {
        self.expressions().into_iter().filter(|place| place.len() > 1).nth(at)
    }

    fn expressions(&self) -> Vec<Range<usize>> {
        let sites = std::str::from_utf8(&self.best.source).ok().and_then(Sites::of);
        sites.map(|sites| sites.expressions).unwrap_or_default()
    }

    fn drop_characters(&mut self) -> Result<()> {
        for size in [32, 16, 8, 5, 4, 3, 2, 1] {
            let mut at = 0;
            while at + size <= self.best.source.len() {
                let mut source = self.best.source.clone();
                source.drain(at..at + size);
                if !self.attempt(source)? {
                    at += 1;
                }
            }
        }
        Ok(())
    }

    fn lines(&self) -> Vec<Vec<u8>> {
        self.best.source.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect()
    }
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|&&byte| byte == b' ').count()
}

/// In a line, what the two sides make of a program.
pub(super) fn explain(program: &Program, cpython: &mut CPython, ours: &mut Ours) -> Result<String> {
    Ok(match (ours.answer(program), cpython.fresh(program)?) {
        (Answer::Pyc(ours), Answer::Pyc(theirs)) => match first_difference(&ours, &theirs) {
            Ok(Some(found)) => {
                format!(
                    "{}: {}\n   ours:    {}\n   CPython: {}",
                    found.qualname, found.field, found.ours, found.theirs
                )
            }
            Ok(None) => "the fields are equal: other objects are shared".to_owned(),
            Err(message) => message,
        },
        (ours, theirs) => format!("ours: {}; CPython: {}", short(&ours), short(&theirs)),
    })
}

fn short(answer: &Answer) -> &str {
    match answer {
        Answer::Pyc(_) => "compiles it",
        Answer::Refused(message) | Answer::Crashed(message) => message,
    }
}
