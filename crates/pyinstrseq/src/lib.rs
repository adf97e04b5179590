//! Instruction sequences and the units that carry them.
