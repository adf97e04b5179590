//! Which words are like another: `difflib.get_close_matches`, and the Levenshtein distance of
//! `Python/suggestions.c`.

use std::cmp::Ordering;

/// The cost of a character that is put in, left out or replaced.
const MOVE: usize = 2;
/// The cost of another case.
const CASE: usize = 1;
/// Longer words are not compared, in bytes.
const MAX_SIZE: usize = 40;

/// The word that takes the fewest changes to get, if that is at most a third of its characters
/// (`_Py_CalculateSuggestions`).
pub(super) fn suggestion<'w>(words: &[&'w str], name: &str) -> Option<&'w str> {
    let mut best: Option<(&str, usize)> = None;
    for word in words.iter().filter(|word| **word != name) {
        let most = (name.len() + word.len() + 3) * MOVE / 6;
        let most = best.map_or(most, |(_, distance)| most.min(distance - 1));
        let distance = distance(name.as_bytes(), word.as_bytes());
        if distance <= most {
            best = Some((word, distance));
        }
    }
    best.map(|(word, _)| word)
}

/// `levenshtein_distance`
fn distance(a: &[u8], b: &[u8]) -> usize {
    let prefix = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE;
    }
    if a.len() > MAX_SIZE || b.len() > MAX_SIZE {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=a.len()).map(|i| i * MOVE).collect();
    for (i, &right) in b.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], (i + 1) * MOVE);
        for (j, &left) in a.iter().enumerate() {
            let substitute = diagonal + cost(left, right);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j].min(diagonal) + MOVE);
        }
    }
    row[a.len()]
}

/// `substitution_cost`
fn cost(a: u8, b: u8) -> usize {
    match (a == b, a.eq_ignore_ascii_case(&b)) {
        (true, _) => 0,
        (false, true) => CASE,
        (false, false) => MOVE,
    }
}

/// The most similar of some words, best first (`difflib.get_close_matches`).
pub(super) fn close_matches<'w>(words: &[&'w str], name: &str, count: usize, cutoff: f64) -> Vec<&'w str> {
    let name: Vec<char> = name.chars().collect();
    let mut scored: Vec<(f64, &str)> = words
        .iter()
        .map(|word| (ratio(&word.chars().collect::<Vec<_>>(), &name), *word))
        .filter(|(score, _)| *score >= cutoff)
        .collect();
    scored.sort_by(|a, b| match b.0.total_cmp(&a.0) {
        Ordering::Equal => b.1.cmp(a.1),
        order => order,
    });
    scored.into_iter().take(count).map(|(_, word)| word).collect()
}

/// `SequenceMatcher.ratio`
fn ratio(a: &[char], b: &[char]) -> f64 {
    match a.len() + b.len() {
        0 => 1.0,
        length => 2.0 * matching(a, b) as f64 / length as f64,
    }
}

/// How many characters lie in matching blocks: the longest one, and those on either side of it.
fn matching(a: &[char], b: &[char]) -> usize {
    let (at, bt, size) = longest_match(a, b);
    match size {
        0 => 0,
        _ => size + matching(&a[..at], &b[..bt]) + matching(&a[at + size..], &b[bt + size..]),
    }
}

/// The longest block that both have; of several, that which begins first in `a`, then in `b`.
fn longest_match(a: &[char], b: &[char]) -> (usize, usize, usize) {
    let mut best = (0, 0, 0);
    for i in 0..a.len() {
        for j in 0..b.len() {
            let size = a[i..].iter().zip(&b[j..]).take_while(|(a, b)| a == b).count();
            if size > best.2 {
                best = (i, j, size);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_ranked_as_difflib_ranks_them() {
        let words = ["and", "as", "for", "from", "import", "in", "is"];
        assert_eq!(close_matches(&words, "imprt", 3, 0.5), ["import"]);
        assert_eq!(close_matches(&words, "fo", 3, 0.5), ["for", "from"]);
        assert_eq!(close_matches(&words, "fro", 3, 0.5), ["from", "for"]);
        assert_eq!(suggestion(&words, "imprt"), Some("import"));
        assert_eq!(suggestion(&words, "xyz"), None);
    }
}
