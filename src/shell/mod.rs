//! The terminal: status lines, colour and progress.

mod progress;
mod terminal;

pub(crate) use progress::Progress;
pub(crate) use terminal::{Severity, Shell, Verbosity};
