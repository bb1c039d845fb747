//! What a binary, or a package, is to Lambda.

use clap::ValueEnum;

use super::mount_point::MountPoint;
use crate::text::named;

/// What becomes of a binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Kind {
    /// A function: the program is `bootstrap`.
    #[default]
    Function,
    /// An external extension: a layer with the program in `extensions/`.
    Extension,
    /// A layer of several things: never a binary alone, so that no manifest can say it.
    #[value(skip)]
    Layer,
    /// Not for Lambda: neither built nor packaged.
    Skip,
}

impl Kind {
    /// The name in manifests and reports.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Extension => "extension",
            Self::Layer => "layer",
            Self::Skip => "skip",
        }
    }

    /// The path in the zip of an executable called `name`.
    ///
    /// Source: the Lambda developer guide. An OS-only runtime starts `bootstrap` at the root of
    /// the code; an external extension is an executable in `extensions/` at the root of a layer,
    /// and is known by its file name. The `bin/` of a layer is on the `PATH` of functions.
    #[must_use]
    pub(crate) fn entry_name(self, name: &str) -> String {
        match self {
            Self::Function | Self::Skip => "bootstrap".to_owned(),
            Self::Extension => format!("extensions/{name}"),
            Self::Layer => format!("bin/{name}"),
        }
    }

    /// Where Lambda unpacks it.
    #[must_use]
    pub(crate) fn mount_point(self) -> MountPoint {
        match self {
            Self::Function | Self::Skip => MountPoint::Task,
            Self::Extension | Self::Layer => MountPoint::Opt,
        }
    }

    /// What a function is deployed with; a layer has none.
    #[must_use]
    pub(crate) fn handler(self) -> Option<&'static str> {
        (self == Self::Function).then_some("bootstrap")
    }
}
named!(Kind, "kind");
