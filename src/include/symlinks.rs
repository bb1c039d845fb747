//! The treatment of symbolic links: followed, or packed as links.

use clap::ValueEnum;

use crate::text::named;

/// The treatment of symbolic links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Symlinks {
    /// Their targets are packed in their place.
    #[default]
    Follow,
    /// They are packed as links.
    Preserve,
}

impl Symlinks {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Preserve => "preserve",
        }
    }
}
named!(Symlinks, "treatment of symlinks");
