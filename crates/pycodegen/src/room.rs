//! How many instructions a module may become.
//!
//! Code can be larger than its source by any factor: a `finally` body is compiled once more for each way out of its
//! `try`, which multiplies where they nest; a capture in a pattern is moved below all captures before it, and those of an
//! alternative are put in order one by one. CPython goes on until there is no memory, 20 lines of `finally` are enough.
//! Here the caller chooses how far ([`Options::max_instructions`](crate::Options::max_instructions)).
//!
//! It is looked at before each statement and each rotation of the stack: what lies between is bounded by the source.

use pycode::Location;

use crate::diagnostics;
use crate::generator::{Generator, Result};

impl Generator<'_, '_> {
    /// Fails when the module has become too large.
    #[inline]
    pub(crate) fn check_room(&self, location: impl FnOnce() -> Location) -> Result {
        if self.unit.code.len() > self.room { diagnostics::too_many_instructions(location()) } else { Ok(()) }
    }

    /// The current unit is put aside for one within it.
    pub(crate) fn set_room_aside(&mut self) {
        self.room = self.room.saturating_sub(self.unit.code.len());
    }

    /// The current unit is the current one again.
    pub(crate) fn get_room_back(&mut self) {
        self.room = self.room.saturating_add(self.unit.code.len());
    }
}
