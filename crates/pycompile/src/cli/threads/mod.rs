//! Threads that share work, and the order in which the results are told.

mod in_order;
mod kept;

use std::num::NonZero;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{io, thread};

pub(crate) use in_order::{Step, in_order};
pub(crate) use kept::Kept;

/// More than anybody has cores, and less than a system refuses.
const MOST: usize = 512;

/// How many threads are meant: 0 is one for each core.
pub(crate) fn count(wanted: usize) -> usize {
    match wanted {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        wanted => wanted.min(MOST),
    }
}

/// Threads that wait for tasks.
pub(crate) fn pool(wanted: usize) -> io::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(count(wanted)).build().map_err(io::Error::other)
}

/// Locks what no panic can leave half changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What nobody locks any more.
pub(crate) fn unlock<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}
