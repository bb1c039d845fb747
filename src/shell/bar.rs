//! Where a progress bar may be, by the rules of Cargo's own.

use std::env;
use std::io::{self, IsTerminal};
use std::str::FromStr;

use terminal_size::{Width, terminal_size_of};

/// The settings of a progress bar. Source: `term.progress` in Cargo's documentation.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bar {
    pub(crate) when: BarWhen,
    /// The width in columns; `None` for that of the terminal.
    pub(crate) width: Option<usize>,
}

/// The cases in which there is a bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum BarWhen {
    /// On a terminal that can show it, except in CI.
    #[default]
    Auto,
    /// Also in a pipe, if a width is set.
    Always,
    Never,
}

impl FromStr for BarWhen {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(()),
        }
    }
}

impl Bar {
    /// The settings of Cargo's environment variables. Cargo refuses wrong ones.
    pub(crate) fn from_env() -> Self {
        let value = |key| env::var(format!("CARGO_TERM_PROGRESS_{key}")).ok();
        Self {
            when: value("WHEN")
                .and_then(|when| when.parse().ok())
                .unwrap_or_default(),
            width: value("WIDTH").and_then(|width| width.parse().ok()),
        }
    }

    /// The columns of a bar on standard error; `None` if there is none.
    pub(super) fn columns(self) -> Option<usize> {
        /// The width of a terminal that does not tell it.
        const USUAL: usize = 80;
        let is_set = |name| env::var_os(name).is_some();
        let stderr = io::stderr();
        let of_terminal = || terminal_size_of(&stderr).map(|(Width(columns), _)| columns.into());
        match self.when {
            BarWhen::Never => None,
            BarWhen::Always => self.width.or_else(of_terminal),
            BarWhen::Auto => {
                let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
                let is_shown =
                    stderr.is_terminal() && !is_dumb && !is_set("CI") && !is_set("TF_BUILD");
                let columns = || self.width.or_else(of_terminal).unwrap_or(USUAL);
                is_shown.then(columns)
            }
        }
    }
}
