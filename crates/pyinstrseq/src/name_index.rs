//! Where names are in a list of names.

use pycode::StrId;
use rustc_hash::FxHashMap;

/// Up to how many comparisons are quicker than a table.
const QUICK: usize = 512;

/// Where each name of a list is: a table, if that is quicker than looking through the list for each question.
///
/// ```
/// use pycode::known;
/// use pyinstrseq::NameIndex;
/// let index = NameIndex::new(&[known::MODULE, known::CLASS], 1);
/// assert_eq!(index.position(known::CLASS), Some(1));
/// assert!(!index.contains(known::FORMAT));
/// ```
#[derive(Clone, Debug)]
pub struct NameIndex<'a>(Lookup<'a>);

#[derive(Clone, Debug)]
enum Lookup<'a> {
    List(&'a [StrId]),
    Table(FxHashMap<StrId, u32>),
}

impl<'a> NameIndex<'a> {
    /// For names that occur once each, and so many questions.
    pub fn new(names: &'a [StrId], questions: usize) -> Self {
        if names.len().saturating_mul(questions) <= QUICK {
            return NameIndex(Lookup::List(names));
        }
        let numbered = names.iter().enumerate().map(|(index, &name)| (name, index as u32));
        NameIndex(Lookup::Table(numbered.collect()))
    }

    /// The position of a name, if it is in the list.
    pub fn position(&self, name: StrId) -> Option<u32> {
        match &self.0 {
            Lookup::List(names) => names.iter().position(|&other| other == name).map(|index| index as u32),
            Lookup::Table(table) => table.get(&name).copied(),
        }
    }

    /// Whether a name is in the list.
    pub fn contains(&self, name: StrId) -> bool {
        self.position(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_what_the_list_says() {
        let mut strings = pycode::Interner::new();
        let names: Vec<StrId> = (0..40).map(|number| strings.intern(&format!("name{number}"))).collect();
        let [by_list, by_table] = [1, 40].map(|questions| NameIndex::new(&names[..30], questions));
        assert!(matches!((&by_list.0, &by_table.0), (Lookup::List(_), Lookup::Table(_))));
        for &name in &names {
            assert_eq!(by_list.position(name), by_table.position(name));
        }
        assert_eq!([29, 30].map(|at| by_table.position(names[at])), [Some(29), None]);
    }
}
