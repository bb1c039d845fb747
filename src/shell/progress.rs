//! A progress bar for packaging after the build.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Shell;

/// The time before the bar appears.
const DELAY: Duration = Duration::from_millis(500);

/// The style of Cargo's own bar.
const TEMPLATE: &str = "{prefix:>12.cyan.bold} [{bar:27}] {pos}/{len}";

/// A bar that appears only on a terminal, and only if the work takes longer than [`DELAY`].
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    is_wanted: bool,
}

impl Progress {
    /// The interval for calls of [`Progress::update`] while packaging goes on.
    pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

    pub(crate) fn new(shell: &Shell, total: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        // If the template did not parse, the bar would have indicatif's own style.
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix("Packaging");
        Self {
            bar,
            begun: Instant::now(),
            is_wanted: shell.shows_progress(),
        }
    }

    /// Shows that `done` packages are finished.
    pub(crate) fn update(&self, done: usize) {
        if self.is_wanted && self.bar.is_hidden() && self.begun.elapsed() >= DELAY {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
