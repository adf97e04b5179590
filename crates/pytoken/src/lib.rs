//! CPython's token table.
