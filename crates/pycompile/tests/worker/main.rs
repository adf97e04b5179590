//! `pycompile worker`, spoken to as those speak to it who start it: over pipes, a process for each test.
//!
//! What the `.pyc` files hold is compared with those of `pycompile py_compile`, which the battery holds to CPython's.

mod bazel;
mod lines;
mod process;
mod uv;
