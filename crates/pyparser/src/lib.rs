//! From source bytes to CPython's abstract syntax tree.
