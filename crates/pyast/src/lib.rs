//! CPython's abstract syntax tree, in an arena.
