//! The characters of a label of a domain name: the profile Nameprep of Stringprep (RFC 3491, RFC 3454).
//!
//! Counterpart of `nameprep` in `encodings/idna.py`, with the modules `stringprep` and `unicodedata.ucd_3_2_0`.

use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};

use crate::generated::nameprep::{CORRECTED, LEFT_TO_RIGHT, MAPPED, PROHIBITED, RIGHT_TO_LEFT, UNASSIGNED};

/// What is wrong with a label: the place of a character, as it is prepared, and why.
pub(super) type Wrong = (usize, String);

/// The label as it is compared.
pub(super) fn nameprep(label: &[u32]) -> Result<Vec<u32>, Wrong> {
    let mut mapped = Vec::new();
    for &c in label {
        match text_of(MAPPED, c) {
            Some(text) => mapped.extend(text.chars().map(u32::from)),
            None => mapped.push(c),
        }
    }
    let label = composed(decomposed(&mapped));
    if let Some(at) = label.iter().position(|&c| is_in(PROHIBITED, c)) {
        let mut repr = String::new();
        let mut character = Vec::new();
        pycode::push_code_point(&mut character, label[at]);
        pycode::repr_str(pycode::PyStr::from_wtf8(&character), &mut repr);
        return Err((at, format!("Invalid character {repr}")));
    }
    check_direction(&label)?;
    Ok(label)
}

/// What is written from right to left begins and ends so, and has nothing else.
fn check_direction(label: &[u32]) -> Result<(), Wrong> {
    let is_right_to_left = |c: &u32| is_in(RIGHT_TO_LEFT, *c);
    if !label.iter().any(is_right_to_left) {
        return Ok(());
    }
    let violation = |number: u8| format!("Violation of BIDI requirement {number}");
    if let Some(at) = label.iter().position(|&c| is_in(LEFT_TO_RIGHT, c)) {
        return Err((at, violation(2)));
    }
    match label {
        [first, ..] if !is_right_to_left(first) => Err((0, violation(3))),
        [.., last] if !is_right_to_left(last) => Err((label.len() - 1, violation(3))),
        _ => Ok(()),
    }
}

/// NFKD of Unicode 3.2.
fn decomposed(text: &[u32]) -> Vec<u32> {
    let mut out = Vec::new();
    for &c in text {
        match (text_of(CORRECTED, c), char::from_u32(c)) {
            (Some(text), _) => out.extend(text.chars().map(u32::from)),
            (None, Some(character)) if !is_in(UNASSIGNED, c) => {
                decompose_compatible(character, |part| out.push(u32::from(part)));
            }
            _ => out.push(c),
        }
    }
    for marks in out.split_mut(|&c| class(c) == 0) {
        marks.sort_by_key(|&c| class(c));
    }
    out
}

/// The canonical composition.
fn composed(text: Vec<u32>) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::with_capacity(text.len());
    let (mut starter, mut last_class) = (None, 0);
    for c in text {
        let class = class(c);
        let is_near = starter.is_some_and(|at| at + 1 == out.len()) || last_class < class;
        if let Some(at) = starter.filter(|_| is_near)
            && let Some(both) = composition(out[at], c)
        {
            out[at] = both;
            continue;
        }
        if class == 0 {
            starter = Some(out.len());
        }
        last_class = class;
        out.push(c);
    }
    out
}

fn composition(first: u32, second: u32) -> Option<u32> {
    compose(char::from_u32(first)?, char::from_u32(second)?).map(u32::from)
}

fn class(c: u32) -> u8 {
    char::from_u32(c).map_or(0, canonical_combining_class)
}

fn text_of(table: &'static [(u32, &'static str)], c: u32) -> Option<&'static str> {
    table.binary_search_by_key(&c, |&(from, _)| from).ok().map(|at| table[at].1)
}

fn is_in(ranges: &[(u32, u32)], c: u32) -> bool {
    let before = ranges.partition_point(|&(first, _)| first <= c);
    before > 0 && c <= ranges[before - 1].1
}
