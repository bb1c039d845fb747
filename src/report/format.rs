//! The formats of results on standard output.

use clap::ValueEnum;

use crate::text::named;

/// Format of the result of a command, on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Nothing: people read the status lines.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// The paths of zips, one a line; `--print` asks for it.
    #[value(skip)]
    Paths,
}

impl MessageFormat {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Paths => "paths",
        }
    }
}
named!(MessageFormat, "message format");
