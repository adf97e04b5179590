//! The constants of the unit that is being optimized: passes add what folding gives, and drop what
//! nobody loads any more.

use pycode::{ObjectId, Pool};
use pyopcode::Opcode;
use rustc_hash::FxHashMap;

use crate::Instr;

/// Up to how many constants a look at each is quicker than a look into a table.
const LINEAR_SEARCH: usize = 24;

/// `co_consts` as it grows.
#[derive(Debug)]
pub(crate) struct Consts<'a> {
    list: Vec<ObjectId>,
    /// Where the constants beyond [`LINEAR_SEARCH`] are; filled when first needed.
    index: &'a mut FxHashMap<ObjectId, u32>,
    /// How many loads of each constant there are.
    loads: &'a mut Vec<u32>,
    /// Whether loads may have come or gone without being counted.
    is_stale: bool,
}

/// The buffers of [`Consts`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ConstBuffers {
    index: FxHashMap<ObjectId, u32>,
    loads: Vec<u32>,
}

impl<'a> Consts<'a> {
    pub(crate) fn new(list: Vec<ObjectId>, buffers: &'a mut ConstBuffers) -> Self {
        let ConstBuffers { index, loads } = buffers;
        index.clear();
        loads.clear();
        loads.resize(list.len(), 0);
        Consts { list, index, loads, is_stale: false }
    }

    /// Begins to count loads: those until now count for nothing.
    pub(crate) fn begin_to_count(&mut self) {
        debug_assert!(self.loads.iter().all(|&loads| loads == 0), "loads are counted from here on");
        self.is_stale = false;
    }

    /// Begins to count loads anew.
    pub(crate) fn count_loads(&mut self) {
        self.loads.fill(0);
        self.is_stale = false;
    }

    /// Counts a load.
    #[inline]
    pub(crate) fn count_load(&mut self, index: i32) {
        self.loads[index as usize] += 1;
    }

    /// An instruction goes; if it is a load, it counts no more.
    #[inline]
    pub(crate) fn uncount_load(&mut self, instr: &Instr) {
        if instr.opcode == Opcode::LoadConst {
            let loads = &mut self.loads[instr.oparg as usize];
            *loads = loads.wrapping_sub(1);
        }
    }

    /// Notes that a load came or went without being counted.
    #[inline]
    pub(crate) fn loads_changed(&mut self) {
        self.is_stale = true;
    }

    /// Whether loads came or went without being counted.
    pub(crate) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// How many loads of each constant there are, as counted.
    pub(crate) fn loads(&self) -> &[u32] {
        self.loads
    }

    pub(crate) fn get(&self, index: i32) -> ObjectId {
        self.list[index as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn list_mut(&mut self) -> &mut Vec<ObjectId> {
        &mut self.list
    }

    pub(crate) fn into_list(self) -> Vec<ObjectId> {
        self.list
    }

    /// The index of a merged constant, which is appended if need be (`add_const`). Who makes a load of it counts it.
    pub(crate) fn add(&mut self, id: ObjectId) -> i32 {
        if let Some(index) = self.find(id) {
            return index as i32;
        }
        self.list.push(id);
        self.loads.push(0);
        let index = self.list.len() - 1;
        if !self.index.is_empty() {
            self.index.insert(id, index as u32);
        }
        index as i32
    }

    fn find(&mut self, id: ObjectId) -> Option<usize> {
        if self.list.len() <= LINEAR_SEARCH {
            return self.list.iter().position(|&other| other == id);
        }
        if self.index.is_empty() {
            for (index, &id) in self.list.iter().enumerate() {
                self.index.entry(id).or_insert(index as u32);
            }
        }
        self.index.get(&id).map(|&index| index as usize)
    }
}

/// Whether an instruction does nothing but load a constant (`loads_const`).
#[inline]
pub(crate) fn loads_const(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::LoadConst | Opcode::LoadSmallInt)
}

/// What an instruction loads (`get_const_value`).
pub(crate) fn const_value(opcode: Opcode, oparg: i32, consts: &Consts<'_>, pool: &mut Pool) -> ObjectId {
    match opcode {
        Opcode::LoadConst => consts.get(oparg),
        Opcode::LoadSmallInt => pool.merge_i64(i64::from(oparg)),
        opcode => panic!("{opcode} loads no constant"),
    }
}

/// Whether `LOAD_SMALL_INT` can load it (`_PY_IS_SMALL_INT`): its argument must fit a byte.
#[inline]
pub(crate) fn as_small_int(id: ObjectId, pool: &Pool) -> Option<i32> {
    pool.int(id).filter(|value| (0..=255).contains(value)).map(|value| value as i32)
}

/// Makes an instruction load a constant in the shortest way (`instr_make_load_const`), and counts the load.
pub(crate) fn set_load_const(instr: &mut Instr, id: ObjectId, consts: &mut Consts<'_>, pool: &Pool) {
    match as_small_int(id, pool) {
        Some(value) => instr.set(Opcode::LoadSmallInt, value),
        None => {
            instr.set(Opcode::LoadConst, consts.add(id));
            consts.count_load(instr.oparg);
        }
    }
}
