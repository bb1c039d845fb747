//! Ctrl-C and requests to terminate: the build is stopped too, and nothing is left half-written.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use shared_child::SharedChild;

use crate::error::{Error, Result};

/// Knows whether the run was interrupted, and which child has to hear of it.
#[derive(Clone, Default)]
pub(crate) struct Interrupt(Arc<State>);

#[derive(Default)]
struct State {
    raised: AtomicBool,
    child: Mutex<Option<Arc<SharedChild>>>,
}

impl Interrupt {
    /// Takes over the signals of this process.
    pub(crate) fn install() -> Result<Self> {
        let interrupt = Self::default();
        let handle = interrupt.clone();
        ctrlc::set_handler(move || handle.raise()).map_err(|error| {
            Error::io("could not prepare for Ctrl-C")(std::io::Error::other(error))
        })?;
        Ok(interrupt)
    }

    fn raise(&self) {
        self.0.raised.store(true, Ordering::SeqCst);
        if let Some(child) = &*self.0.child.lock().unwrap_or_else(PoisonError::into_inner) {
            // It may have ended by itself, from the same Ctrl-C.
            let _ = stop(child);
        }
    }

    /// Starts a child that hears of an interrupt.
    pub(crate) fn spawn(&self, command: &mut Command) -> std::io::Result<Arc<SharedChild>> {
        let child = Arc::new(SharedChild::spawn(command)?);
        let mut current = self.0.child.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::clone(&child));
        drop(current);
        if self.is_raised() {
            let _ = stop(&child);
        }
        Ok(child)
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.0.raised.load(Ordering::SeqCst)
    }
}

/// Asks the child to end: on Unix so that it can clean up.
#[cfg(unix)]
fn stop(child: &SharedChild) -> std::io::Result<()> {
    use shared_child::unix::SharedChildExt;
    const SIGTERM: i32 = 15;
    child.send_signal(SIGTERM)
}

#[cfg(not(unix))]
fn stop(child: &SharedChild) -> std::io::Result<()> {
    child.kill()
}
