//! The one table of lints: name, default level, meaning.

use clap::ValueEnum;

use super::Level;
use crate::names::named;

/// A judgement with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Lint {
    /// The zip is too large for a direct upload.
    ZipTooLarge,
    /// Code and layers are too large once unzipped.
    UnzippedTooLarge,
    /// The function would have more layers than Lambda takes.
    TooManyLayers,
    /// The package is larger than its own budget.
    OverBudget,
    /// The executable is for another architecture than the function.
    WrongArchitecture,
    /// The file to be started is no executable.
    NotAnExecutable,
    /// The executable asks for a dynamic loader that the runtime lacks.
    MissingInterpreter,
    /// The executable needs a newer glibc than the runtime has.
    GlibcTooNew,
    /// The executable needs a shared library that will not be found.
    MissingLibrary,
    /// A script has Windows line endings.
    CrlfScript,
    /// AWS has deprecated the runtime.
    DeprecatedRuntime,
    /// Debug information travels in the package.
    DebugInfo,
    /// Names in the package differ only in case.
    CaseConflict,
}

impl Lint {
    /// The name in flags, manifests and reports.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ZipTooLarge => "zip-too-large",
            Self::UnzippedTooLarge => "unzipped-too-large",
            Self::TooManyLayers => "too-many-layers",
            Self::OverBudget => "over-budget",
            Self::WrongArchitecture => "wrong-architecture",
            Self::NotAnExecutable => "not-an-executable",
            Self::MissingInterpreter => "missing-interpreter",
            Self::GlibcTooNew => "glibc-too-new",
            Self::MissingLibrary => "missing-library",
            Self::CrlfScript => "crlf-script",
            Self::DeprecatedRuntime => "deprecated-runtime",
            Self::DebugInfo => "debug-info",
            Self::CaseConflict => "case-conflict",
        }
    }

    /// Deny for what Lambda would refuse or fail to start, warn for what deserves a look.
    #[must_use]
    pub(crate) fn default_level(self) -> Level {
        match self {
            Self::UnzippedTooLarge
            | Self::TooManyLayers
            | Self::OverBudget
            | Self::WrongArchitecture
            | Self::NotAnExecutable
            | Self::MissingInterpreter
            | Self::GlibcTooNew
            | Self::MissingLibrary
            | Self::CrlfScript => Level::Deny,
            Self::ZipTooLarge | Self::DeprecatedRuntime | Self::DebugInfo | Self::CaseConflict => {
                Level::Warn
            }
        }
    }
}
named!(Lint, "lint");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_reports_use_one_name_per_lint() {
        for lint in Lint::value_variants() {
            assert_eq!(
                lint.to_possible_value().unwrap().get_name(),
                lint.name(),
                "{lint:?}"
            );
        }
    }
}
