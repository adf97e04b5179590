//! Things that are lent to a task and kept for the next one.

use std::sync::Mutex;

use super::lock;

/// Those that are not in use. There come to be as many as tasks run at a time.
#[derive(Default)]
pub(crate) struct Kept<T> {
    idle: Mutex<Vec<T>>,
}

impl<T: Default> Kept<T> {
    /// Lends one. What a panic drops is not lent again.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let kept = lock(&self.idle).pop();
        let mut lent = kept.unwrap_or_default();
        let result = work(&mut lent);
        lock(&self.idle).push(lent);
        result
    }
}
