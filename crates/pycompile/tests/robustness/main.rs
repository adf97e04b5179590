//! What may go wrong on a machine: a run that is killed, a disk that is full, a folder that may not be written, two
//! runs on one tree. A `.pyc` is then as it was before, or right, or not there, and the next run mends the rest.
//!
//! What is right says a run that nothing happened to; with `PYCOMPILE_REFERENCE_PYTHON=PATH`, that interpreter's.

#![allow(clippy::print_stderr, reason = "a test says what it leaves out on this machine")]

mod disk;
mod kill;
mod together;
mod tree;
