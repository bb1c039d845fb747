//! The results of `--print`.

use clap::ValueEnum;

use crate::text::named;

/// A result in lines, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Print {
    /// The paths of the zips that were not rejected, one a line.
    Paths,
}

impl Print {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Paths => "paths",
        }
    }
}
named!(Print, "kind of output");
