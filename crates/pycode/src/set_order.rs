//! In which order Python iterates over a set.
//!
//! The order is that of the hash table, which follows from the hashes and from the order of insertion
//! (`set_add_entry` and `set_table_resize` in `Objects/setobject.c`).

use crate::hash::Hasher;
use crate::{ObjectId, Pool};

/// Slots of a new table.
const MIN_SIZE: usize = 8;
/// How many neighbours of a slot are looked at before the next jump.
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

/// The members of a set in the order of iteration, given distinct members in the order in which they
/// were inserted. Where CPython's order differs from process to process, this is the one of
/// `PYTHONHASHSEED=0`.
///
/// ```
/// use pycode::{Object, Pool, set_iteration_order};
/// let mut pool = Pool::new();
/// let members = [16, 9, 2].map(|n| pool.add(Object::Int(n)));
/// assert_eq!(set_iteration_order(&pool, &members), [members[0], members[1], members[2]]);
/// ```
pub fn set_iteration_order(pool: &Pool, members: &[ObjectId]) -> Vec<ObjectId> {
    set_iteration_order_with(&mut Hasher::new(pool), members)
}

pub(crate) fn set_iteration_order_with(hasher: &mut Hasher<'_>, members: &[ObjectId]) -> Vec<ObjectId> {
    let mut table = Table { slots: vec![None; MIN_SIZE] };
    for (used, &member) in (1..).zip(members) {
        table.insert(member, hasher.hash(member));
        if used * 5 >= (table.slots.len() - 1) * 3 {
            table.grow(if used > 50_000 { used * 2 } else { used * 4 });
        }
    }
    table.slots.into_iter().flatten().map(|(id, _)| id).collect()
}

struct Table {
    slots: Vec<Option<(ObjectId, u64)>>,
}

impl Table {
    fn insert(&mut self, id: ObjectId, hash: u64) {
        let mask = self.slots.len() - 1;
        let mut perturb = hash;
        let mut i = hash as usize & mask;
        loop {
            let probes = if i + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
            if let Some(free) = (i..=i + probes).find(|&slot| self.slots[slot].is_none()) {
                self.slots[free] = Some((id, hash));
                return;
            }
            perturb >>= PERTURB_SHIFT;
            i = i.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
        }
    }

    /// To the smallest size that is greater than `used`.
    fn grow(&mut self, used: usize) {
        let mut size = MIN_SIZE;
        while size <= used {
            size *= 2;
        }
        let old = std::mem::replace(&mut self.slots, vec![None; size]);
        for (id, hash) in old.into_iter().flatten() {
            self.insert(id, hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Object;

    /// `list(frozenset(range(0, 200, 7)))`
    #[test]
    fn ints_are_in_the_order_of_cpython() {
        let order = order_of_ints((0..200).step_by(7));
        let expected = [
            0, 133, 7, 140, 14, 147, 21, 154, 28, 161, 35, 168, 42, 175, 49, 182, 56, 189, 63, 196, 70, 77,
            84, 91, 98, 105, 112, 119, 126,
        ];
        assert_eq!(order, expected);
    }

    fn order_of_ints(ints: impl Iterator<Item = i64>) -> Vec<i64> {
        let mut pool = Pool::new();
        let members: Vec<ObjectId> = ints.map(|n| pool.add(Object::Int(n))).collect();
        let order = set_iteration_order(&pool, &members).into_iter();
        order.map(|id| pool.int(id).expect("an int")).collect()
    }

    /// `list(frozenset((0, 1, 2, 3, 4, 22, 54)))`: of 32 slots, 22 is the last with all its neighbours in the table.
    #[test]
    fn a_taken_slot_has_neighbours_up_to_the_end_of_the_table() {
        let order = order_of_ints([0, 1, 2, 3, 4, 22, 54].into_iter());
        assert_eq!(order, [0, 1, 2, 3, 4, 22, 54]);
    }

    /// `list(frozenset(range(0, 3700, 37)))` and `list(frozenset(range(0, 560000, 7)))`, of which the latter's table
    /// has become twice as large rather than four times.
    #[test]
    fn large_sets_grow_as_in_cpython() {
        let order = order_of_ints((0..3700).step_by(37));
        assert_eq!(order[..12], [0, 3589, 518, 1036, 1554, 2072, 2590, 3108, 37, 3626, 555, 1073]);
        let order = order_of_ints((0..560_000).step_by(7));
        assert_eq!(order[..8], [0, 524_293, 262_150, 7, 524_300, 262_157, 14, 524_307]);
    }

    /// With `PYTHONHASHSEED=0`.
    #[test]
    fn strings_are_in_the_order_of_cpython() {
        let mut pool = Pool::new();
        let words = "spam eggs ham bacon lobster thermidor crevettes mornay sauce shallots aubergines truffle \
                     pate brandy";
        let members: Vec<ObjectId> = words.split(' ').map(|word| pool.name_of(word)).collect();
        let order: Vec<&str> = set_iteration_order(&pool, &members)
            .into_iter()
            .map(|id| pool.text(id).and_then(|text| text.as_str()).expect("a string"))
            .collect();
        let expected = "shallots pate bacon eggs brandy aubergines mornay truffle crevettes sauce ham lobster \
                        spam thermidor";
        assert_eq!(order.join(" "), expected);
    }
}
