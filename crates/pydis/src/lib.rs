//! Disassembly as text.
