//! Status lines, warnings and errors in Cargo's style.

use std::fmt::Display;
use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::Style;
use clap_cargo::style;

use super::bar::Bar;
use super::screen::shown;
use crate::error::Error;

/// The most things that have a line each, except under `-v`.
const MOST_LINES: usize = 20;

/// Status lines, warnings and errors on standard error. A line that cannot be written is dropped:
/// a closed terminal is no reason to lose a build.
#[derive(Debug)]
pub(crate) struct Shell {
    verbosity: Verbosity,
    color: ColorChoice,
    /// The choice for standard output, which may be another terminal or none.
    output_color: ColorChoice,
    bar: Bar,
}

/// The amount of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Only warnings and errors.
    Quiet,
    Normal,
    Verbose,
}

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    Warning,
    Error,
}

impl Shell {
    pub(crate) fn new(verbosity: Verbosity, color: ColorChoice) -> Self {
        Self {
            verbosity,
            output_color: color,
            color: match color {
                // `NO_COLOR` and `CLICOLOR` decide, and whether standard error is a terminal.
                ColorChoice::Auto => AutoStream::choice(&io::stderr()),
                color => color,
            },
            bar: Bar::from_env(),
        }
    }

    /// The shell with another progress bar than the environment sets.
    pub(crate) fn with_bar(self, bar: Bar) -> Self {
        Self { bar, ..self }
    }

    /// `   Packaged orders …`
    pub(crate) fn status(&self, verb: &str, message: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            self.line(style::HEADER, &format!("{verb:>12}"), message);
        }
    }

    /// A status line for what may not be used, in the colour of errors.
    pub(crate) fn failure(&self, verb: &str, message: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            self.line(style::ERROR, &format!("{verb:>12}"), message);
        }
    }

    /// A status line for `-v`.
    pub(crate) fn verbose(&self, verb: &str, message: impl Display) {
        if self.verbosity >= Verbosity::Verbose {
            self.line(style::HEADER, &format!("{verb:>12}"), message);
        }
    }

    /// `warning[code]: …` or `error[code]: …`, under `-v` a line for each of the `details`, which are
    /// labels with texts, and a line of help.
    pub(crate) fn diagnostic(
        &self,
        severity: Severity,
        code: impl Display,
        message: impl Display,
        details: impl IntoIterator<Item = (&'static str, String)>,
        help: impl Display,
    ) {
        let (style, label) = match severity {
            Severity::Error => (style::ERROR, "error"),
            Severity::Warning => (style::WARN, "warning"),
        };
        self.line(style, &format!("{label}[{code}]:"), message);
        if self.verbosity >= Verbosity::Verbose {
            for (label, text) in details {
                self.line(style::CONTEXT, &format!("  {label}:"), text);
            }
        }
        self.line(style::CONTEXT, "  help:", help);
    }

    /// `warning: …`
    pub(crate) fn warning(&self, message: impl Display) {
        self.line(style::WARN, "warning:", message);
    }

    /// `note: …`
    pub(crate) fn note(&self, message: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            self.line(style::NOTE, "note:", message);
        }
    }

    pub(crate) fn error(&self, error: &Error) {
        if let Error::Manifest(error) = error {
            let _ = writeln!(self.stream(), "{}", error.render(self.is_colored()));
            return;
        }
        self.line(style::ERROR, "error:", error);
        for (number, help) in error.help().into_iter().enumerate() {
            let or = if number == 0 { "" } else { "or " };
            self.line(style::CONTEXT, "  help:", format_args!("{or}{help}"));
        }
    }

    /// True if `count` things are too many for a line each.
    pub(crate) fn is_too_many(&self, count: usize) -> bool {
        count > MOST_LINES && !self.is_verbose()
    }

    /// True under `-v`.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbosity >= Verbosity::Verbose
    }

    /// True if a progress bar is shown.
    pub(crate) fn has_progress(&self) -> bool {
        self.progress_columns().is_some()
    }

    /// Standard output, which drops colours that are not wanted.
    pub(crate) fn output(&self) -> AutoStream<io::StdoutLock<'static>> {
        AutoStream::new(io::stdout().lock(), self.output_color)
    }

    /// The columns that a progress bar may take; `None` if there is none.
    pub(super) fn progress_columns(&self) -> Option<usize> {
        let is_quiet = self.verbosity == Verbosity::Quiet;
        self.bar.columns().filter(|_| !is_quiet)
    }

    /// The settings of a progress bar.
    pub(super) fn bar(&self) -> Bar {
        self.bar
    }

    pub(super) fn is_colored(&self) -> bool {
        self.color != ColorChoice::Never
    }

    fn stream(&self) -> AutoStream<io::Stderr> {
        AutoStream::new(io::stderr(), self.color)
    }

    fn line(&self, style: Style, label: &str, message: impl Display) {
        let message = message.to_string();
        let message = shown(&message);
        let _ = writeln!(self.stream(), "{style}{label}{style:#} {message}");
    }
}
