//! The terminal: status lines, colour and progress.

mod bar;
mod progress;
mod screen;
mod terminal;

pub(crate) use bar::{Bar, BarWhen};
pub(crate) use progress::Progress;
pub(crate) use screen::{has_utf8, width};
pub(crate) use terminal::{Severity, Shell, Verbosity};
