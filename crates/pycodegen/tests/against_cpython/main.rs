//! The units of programs, against what CPython says of them.

mod cpython;
mod diagnostics;
mod golden;
mod modes;
mod support;
mod text;
