//! Where finished units go.
//!
//! CPython makes the code object of a unit before it goes on with the unit around
//! (`_PyCompile_OptimizeAndAssemble` in `Python/compile.c`). Which of two equal constants is the first,
//! and so the one that is kept, depends on that: a driver that wants CPython's objects does the same.

use pycode::Pool;
use pyinstrseq::{CodeUnit, UnitConst, UnitId};

/// What takes the units, each as soon as it is finished: children before their parents, the module last.
pub trait UnitSink {
    /// Takes a unit and gives what stands for its code object among the constants of the unit around: the
    /// code object, merged in `pool`, or a number for the unit that will become one.
    ///
    /// The unit may be changed, but for its free variables. What else it holds afterwards is forgotten, but
    /// its buffers are used for the next ones. A sink that cannot go on remembers why, and gives any object.
    fn take(&mut self, unit: &mut CodeUnit, pool: &mut Pool) -> UnitConst;
}

/// Keeps all units; their numbers are their positions.
impl UnitSink for Vec<CodeUnit> {
    fn take(&mut self, unit: &mut CodeUnit, _: &mut Pool) -> UnitConst {
        let id = UnitId(u32::try_from(self.len()).expect("fewer than 2^32 units"));
        // A copy takes no more memory than it needs.
        self.push(unit.clone());
        UnitConst::Unit(id)
    }
}
