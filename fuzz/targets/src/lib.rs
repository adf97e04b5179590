//! Hostile input: what the stages that take bytes or text from anywhere must bear.
//!
//! * [`targets`]: what is done with an input; no input may make one panic.
//! * [`mutate`]: inputs, made of good ones by small changes that depend on a seed alone.
//! * [`seeds`]: the good ones.
//! * [`memory`]: an allocator that counts, to hold memory to a multiple of the input.
//! * [`campaign`]: many inputs through one target.
//!
//! `cargo fuzz run TARGET` runs the same targets with coverage (see the folder `fuzz`).

pub mod campaign;
pub mod memory;
pub mod mutate;
pub mod seeds;
pub mod targets;
