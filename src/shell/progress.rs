//! A bar for packaging that goes on after the build, if it takes long enough to wonder about.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Shell;

/// How long the work may take before a bar appears.
const PATIENCE: Duration = Duration::from_millis(500);

/// Cargo's own look.
const TEMPLATE: &str = "{prefix:>12.cyan.bold} [{bar:27}] {pos}/{len}";

/// A bar that is drawn only for a terminal and only once the work has taken a while.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    is_wanted: bool,
}

impl Progress {
    /// How often to call [`Progress::update`] while nothing else happens.
    pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

    pub(crate) fn new(shell: &Shell, total: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        // A template that does not parse would leave indicatif's own look.
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

    /// So many are done.
    pub(crate) fn update(&self, done: usize) {
        if self.is_wanted && self.bar.is_hidden() && self.begun.elapsed() >= PATIENCE {
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
