//! The programs that compile and link.

use clap::ValueEnum;

use crate::text::named;

/// The program that compiles and links, as the user asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, ValueEnum)]
pub(crate) enum Builder {
    /// Chosen by the needs of the packages and the installed tools.
    #[default]
    Auto,
    /// Cargo alone, linking with the toolchain's own `rust-lld`.
    Cargo,
    /// cargo-zigbuild: zig compiles C and links.
    Zigbuild,
    /// cross: everything happens in a container.
    Cross,
}

impl Builder {
    /// The name in flags and manifests.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cargo => "cargo",
            Self::Zigbuild => "zigbuild",
            Self::Cross => "cross",
        }
    }
}
named!(Builder, "builder");
