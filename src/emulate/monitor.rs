//! The state of an execution environment, shared by the threads that change it and wait for it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::state::State;

/// A state that threads can wait for.
#[derive(Debug, Default)]
pub(super) struct Monitor {
    state: Mutex<State>,
    changed: Condvar,
}

impl Monitor {
    /// Reads or changes the state.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }

    /// Waits until `ready` gives something; `None` if the environment is gone.
    pub(super) fn wait<T>(&self, ready: impl Fn(&State) -> Option<T>) -> Option<T> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(result) = ready(&state) {
                return Some(result);
            }
            let wait = self.changed.wait(state);
            state = wait.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until `ready` gives something, at most until `deadline` and no longer than `slice`.
    pub(super) fn wait_for<T>(
        &self,
        deadline: Instant,
        slice: Duration,
        mut ready: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let end = deadline.min(Instant::now() + slice);
        let mut state = self.lock();
        loop {
            if let Some(result) = ready(&mut state) {
                return Some(result);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let wait = self.changed.wait_timeout(state, left);
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
