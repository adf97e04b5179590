//! Scopes and names of a module, as CPython's symbol table.
