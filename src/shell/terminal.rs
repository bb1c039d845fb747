//! The terminal: status lines in Cargo's look, on standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;
use anstyle::Style;
use cargo_config2::TermConfig;
use clap::ColorChoice;
use clap_cargo::style;

use crate::cargo::OutputOptions;
use crate::error::Error;
use crate::lint::{Finding, Level};

/// Where everything but results is written. Nothing that fails here stops the work: a closed
/// terminal is no reason to lose a build.
#[derive(Debug)]
pub(crate) struct Shell {
    color: anstream::ColorChoice,
    verbosity: Verbosity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

impl Shell {
    /// A shell as the command line wants it.
    pub(crate) fn new(options: &OutputOptions) -> Self {
        let mut shell = Self {
            color: AutoStream::choice(&io::stderr()),
            verbosity: Verbosity::Normal,
        };
        shell.configure(options, &TermConfig::default());
        shell
    }

    /// Follows Cargo's own configuration where the command line is silent.
    pub(crate) fn configure(&mut self, options: &OutputOptions, config: &TermConfig) {
        let configured = config.color.map(|when| match when {
            cargo_config2::Color::Always => ColorChoice::Always,
            cargo_config2::Color::Never => ColorChoice::Never,
            cargo_config2::Color::Auto => ColorChoice::Auto,
        });
        self.color = match options.color.or(configured) {
            Some(ColorChoice::Always) => anstream::ColorChoice::Always,
            Some(ColorChoice::Never) => anstream::ColorChoice::Never,
            Some(ColorChoice::Auto) | None => AutoStream::choice(&io::stderr()),
        };
        self.verbosity = if options.quiet {
            Verbosity::Quiet
        } else if options.verbose > 0 {
            Verbosity::Verbose
        } else if config.quiet == Some(true) {
            Verbosity::Quiet
        } else if config.verbose == Some(true) {
            Verbosity::Verbose
        } else {
            Verbosity::Normal
        };
    }

    /// `   Packaged orders …`
    pub(crate) fn status(&self, verb: &str, message: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            self.line(style::HEADER, &format!("{verb:>12}"), message);
        }
    }

    /// A status line for `-v`.
    pub(crate) fn detail(&self, verb: &str, message: impl Display) {
        if self.verbosity >= Verbosity::Verbose {
            self.line(style::HEADER, &format!("{verb:>12}"), message);
        }
    }

    /// `warning: …`, or `error: …` for what rejects a package, with its way out.
    pub(crate) fn finding(&self, subject: &str, finding: &Finding) {
        let (style, label) = match finding.level {
            Level::Deny => (style::ERROR, "error"),
            Level::Warn | Level::Allow => (style::WARN, "warning"),
        };
        let Finding {
            lint,
            message,
            help,
            ..
        } = finding;
        self.line(
            style,
            &format!("{label}[{lint}]:"),
            format_args!("{subject}: {message}"),
        );
        self.line(style::CONTEXT, "  help:", help);
    }

    /// `warning: …`
    pub(crate) fn warning(&self, message: impl Display) {
        self.line(style::WARN, "warning:", message);
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

    /// Whether a progress bar would be seen.
    pub(crate) fn shows_progress(&self) -> bool {
        self.verbosity == Verbosity::Normal && io::stderr().is_terminal()
    }

    fn is_colored(&self) -> bool {
        self.color != anstream::ColorChoice::Never
    }

    fn stream(&self) -> AutoStream<io::Stderr> {
        AutoStream::new(io::stderr(), self.color)
    }

    fn line(&self, style: Style, label: &str, message: impl Display) {
        let _ = writeln!(self.stream(), "{style}{label}{style:#} {message}");
    }
}
