//! Kinds of packages.

use clap::ValueEnum;

use super::mount_point::MountPoint;
use crate::text::named;

/// The kind of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Kind {
    /// A function: the program is `bootstrap`.
    #[default]
    Function,
    /// An external extension: a layer with the program in `extensions/`.
    Extension,
    /// A layer of files and programs. It is never one binary, so that no manifest can name it.
    #[value(skip)]
    Layer,
}

impl Kind {
    /// The name in manifests and reports.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Extension => "extension",
            Self::Layer => "layer",
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
            Self::Function => "bootstrap".to_owned(),
            Self::Extension => format!("extensions/{name}"),
            Self::Layer => format!("bin/{name}"),
        }
    }

    /// The folder that Lambda unpacks it to.
    #[must_use]
    pub(crate) fn mount_point(self) -> MountPoint {
        match self {
            Self::Function => MountPoint::Task,
            Self::Extension | Self::Layer => MountPoint::Opt,
        }
    }

    /// The handler that a function is deployed with; a layer has none.
    #[must_use]
    pub(crate) fn handler(self) -> Option<&'static str> {
        (self == Self::Function).then_some("bootstrap")
    }
}
named!(Kind, "kind");
