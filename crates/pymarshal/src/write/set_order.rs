//! In which order the members of a set are written.
//!
//! Sorted by the bytes that each member would have if it were written alone (bpo-37596): so the order
//! does not depend on hashes. Alone means that numbers begin at 0 and that the flags are those of the
//! whole: a member is always flagged.
//!
//! CPython writes the members of a set in a set anew at every level. Here the inner order is known
//! when the outer one is looked for, so the work is at most the size times the depth.

use pycode::{Object, ObjectId};
use rustc_hash::FxHashMap;

use super::{Numbers, Plan, Writer};
use crate::DumpError;

/// The members of each set in their order.
#[derive(Default)]
pub(super) struct SetOrders {
    orders: FxHashMap<ObjectId, Box<[ObjectId]>>,
}

impl SetOrders {
    /// Orders the members of `sets`, each of which comes after the sets in it.
    pub(super) fn new(plan: &Plan<'_>, sets: &[ObjectId], numbers: &mut Numbers) -> Result<Self, DumpError> {
        let mut orders = SetOrders::default();
        numbers.is_tentative = true;
        for &id in sets {
            let order = orders.sorted(plan, id, numbers)?;
            orders.orders.insert(id, order);
        }
        numbers.is_tentative = false;
        Ok(orders)
    }

    /// The members of a set, in the order in which they are written.
    pub(super) fn get(&self, id: ObjectId) -> &[ObjectId] {
        &self.orders[&id]
    }

    fn sorted(
        &self,
        plan: &Plan<'_>,
        id: ObjectId,
        numbers: &mut Numbers,
    ) -> Result<Box<[ObjectId]>, DumpError> {
        let (Object::Set(members) | Object::FrozenSet(members)) = plan.pool.get(id) else {
            unreachable!("the census lists only sets");
        };
        if members.len() < 2 {
            return Ok(members.into());
        }
        let mut keyed = Vec::with_capacity(members.len());
        for &member in members {
            let mut writer = Writer::new(plan, numbers, Vec::new());
            writer.write(member, self)?;
            keyed.push((writer.out, member));
            numbers.clear();
        }
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(keyed.into_iter().map(|(_, member)| member).collect())
    }
}
