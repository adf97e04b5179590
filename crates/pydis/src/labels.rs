//! The numbers of the places that jumps and exception handlers refer to (`_make_labels_map`).

use pycode::{CodeObject, ExceptionEntry, Pool};

use crate::opcode_info::jump_target;
use crate::unpack::Unpack;

/// The labels of a code object, numbered from 1 in the order of their offsets.
#[derive(Clone, Debug)]
pub(crate) struct Labels {
    /// Sorted, each once.
    offsets: Vec<i64>,
}

impl Labels {
    pub(crate) fn new(code: &CodeObject, pool: &Pool, handlers: &[ExceptionEntry]) -> Self {
        let bytecode = pool.bytes(code.code).unwrap_or_default();
        let jumps = Unpack::new(bytecode).filter_map(|i| jump_target(i.base?, i.arg?, i.offset));
        let ranges = handlers.iter().flat_map(|entry| [entry.start, entry.end, entry.target].map(i64::from));
        let mut offsets: Vec<i64> = jumps.chain(ranges).collect();
        offsets.sort_unstable();
        offsets.dedup();
        Labels { offsets }
    }

    /// How many labels there are.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// The number of the label at an offset.
    pub(crate) fn at(&self, offset: i64) -> Option<u32> {
        self.offsets.binary_search(&offset).ok().map(|index| index as u32 + 1)
    }
}
