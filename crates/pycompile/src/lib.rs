//! From Python source to CPython bytecode.
