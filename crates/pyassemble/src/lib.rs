//! From an optimized sequence to a code object.
