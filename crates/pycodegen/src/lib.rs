//! From the syntax tree to instruction sequences.
