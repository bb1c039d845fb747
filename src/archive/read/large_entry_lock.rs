//! A limit on memory: one large entry at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock that a thread holds while all of a large entry is in memory. All zips of a run share it.
#[derive(Debug, Default)]
pub(crate) struct LargeEntryLock(Mutex<()>);

impl LargeEntryLock {
    pub(super) fn wait(&self) -> MutexGuard<'_, ()> {
        // A thread that panicked has left no state behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
