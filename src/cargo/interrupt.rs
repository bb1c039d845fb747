//! Signals that end the run: Ctrl-C, and requests to terminate.
//!
//! They are handled from the first moment on. A run that has nothing to clean up ends at once; one
//! that has ends by [`Error::Interrupted`]. Either writes the document that was asked for. In both
//! cases every process that the run has started is ended first, with all that it has started.

use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use shared_child::SharedChild;

use super::descendants;
use crate::error::{Error, Result};

/// The signals of this process.
#[derive(Clone)]
pub(crate) struct Interrupt(&'static State);

struct State {
    /// The number of the signal that came, or 0.
    signal: AtomicU8,
    /// True if the main thread ends the run, and not the handler.
    cleans_up: AtomicBool,
    /// True if no process that the run has started is left.
    all_ended: AtomicBool,
    /// The builders that run.
    builders: Mutex<Vec<u32>>,
    /// The words of a run that the handler ends. Who takes them says how the run has ended.
    last_words: Mutex<Option<LastWords>>,
}

/// Says how the run has ended.
type LastWords = Box<dyn FnOnce(Error) + Send>;

/// There is one for the whole process, as there is one handler for each signal.
static STATE: State = State {
    signal: AtomicU8::new(0),
    cleans_up: AtomicBool::new(false),
    all_ended: AtomicBool::new(false),
    builders: Mutex::new(Vec::new()),
    last_words: Mutex::new(None),
};

impl Interrupt {
    /// Takes over the signals of this process. A run that the handler ends has these `last_words`.
    ///
    /// # Errors
    /// [`Error::Io`] if the system refuses.
    pub(crate) fn install(last_words: impl FnOnce(Error) + Send + 'static) -> Result<Self> {
        *STATE.last_words() = Some(Box::new(last_words));
        handle(|signal| STATE.raise(signal)).map_err(Error::io("could not prepare for Ctrl-C"))?;
        Ok(Self(&STATE))
    }

    /// The signals of a run that cleans up: from now on it looks for them itself.
    pub(crate) fn cleanly() -> Self {
        STATE.cleans_up.store(true, Ordering::SeqCst);
        Self(&STATE)
    }

    /// From now on, the main thread says how the run has ended. It does not return if the handler has
    /// begun to say it: the handler ends the process.
    pub(crate) fn take_last_word() {
        let is_taken = STATE.last_words().take().is_none();
        while is_taken && STATE.signal.load(Ordering::SeqCst) != 0 {
            std::thread::park();
        }
    }

    /// Starts a builder. It has a process group of its own if there is no terminal: with one, it has
    /// to stay in the foreground to ask for passwords.
    pub(crate) fn spawn(&self, command: &mut Command) -> io::Result<SharedChild> {
        descendants::group(command);
        let mut builders = self
            .0
            .builders
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let child = SharedChild::spawn(command)?;
        builders.push(child.id());
        drop(builders);
        if self.is_raised() {
            // The handler may have looked before the builder was there.
            self.0.end_processes();
        }
        Ok(child)
    }

    /// Kills every process that was started, with all that it has started.
    #[cfg(target_os = "linux")]
    pub(crate) fn kill_all(&self) {
        let mut builders = (self.0.builders.lock()).unwrap_or_else(PoisonError::into_inner);
        descendants::end(&builders, Duration::ZERO);
        builders.clear();
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.0.signal.load(Ordering::SeqCst) != 0
    }

    /// Ends a run that was interrupted, as soon as no process of it is left.
    ///
    /// # Errors
    /// [`Error::Interrupted`]
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_raised() {
            return Err(self.error());
        }
        Ok(())
    }

    /// The end of a run that was interrupted.
    pub(crate) fn error(&self) -> Error {
        while !self.0.all_ended.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(5));
        }
        let signal = self.0.signal.load(Ordering::SeqCst);
        Error::Interrupted { signal }
    }
}

impl State {
    fn raise(&self, signal: u8) {
        let first = self
            .signal
            .compare_exchange(0, signal, Ordering::SeqCst, Ordering::SeqCst);
        if first.is_ok() {
            self.end_processes();
            self.all_ended.store(true, Ordering::SeqCst);
        }
        if first.is_ok() {
            if self.cleans_up.load(Ordering::SeqCst) {
                return;
            }
            match self.last_words().take() {
                Some(speak) => speak(Error::Interrupted { signal }),
                // The main thread is about to end the process.
                None => return,
            }
        }
        std::process::exit(128 + i32::from(signal));
    }

    fn last_words(&self) -> MutexGuard<'_, Option<LastWords>> {
        self.last_words
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn end_processes(&self) {
        let builders = self.builders.lock().unwrap_or_else(PoisonError::into_inner);
        descendants::end(&builders, descendants::PATIENCE);
    }
}

#[cfg(unix)]
fn handle(raise: fn(u8)) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    // A file beyond the limit of its size is an error of the write then, and does not end the process.
    signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default())?;
    let signals = [SIGINT, SIGTERM, SIGHUP];
    let heard = signals.into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = signal_hook::iterator::Signals::new(heard)?;
    std::thread::Builder::new().spawn(move || {
        for signal in signals.forever() {
            // The first one waits for processes to end; the second one does not wait for the first.
            let signal = u8::try_from(signal).unwrap_or_default();
            std::thread::spawn(move || raise(signal));
        }
    })?;
    Ok(())
}

/// True if whoever started this process wants a signal to be ignored, as `nohup` does with SIGHUP.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(not(unix))]
fn handle(raise: fn(u8)) -> io::Result<()> {
    const SIGINT: u8 = 2;
    ctrlc::set_handler(move || raise(SIGINT)).map_err(io::Error::other)
}
