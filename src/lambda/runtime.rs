//! The runtimes: what Lambda puts around a package.

use clap::ValueEnum;

use super::gcc::{self, Gcc};
use super::libraries::{self, Presence};
use super::target::{Architecture, GlibcVersion};
use crate::text::named;

/// An OS-only Lambda runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, ValueEnum)]
pub(crate) enum Runtime {
    /// Amazon Linux 2023.
    #[default]
    #[value(name = "provided.al2023", alias = "al2023")]
    Al2023,
    /// Amazon Linux 2.
    #[value(name = "provided.al2", alias = "al2")]
    Al2,
}

impl Runtime {
    /// AWS's identifier.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Al2023 => "provided.al2023",
            Self::Al2 => "provided.al2",
        }
    }

    /// The glibc of the runtime's Amazon Linux.
    ///
    /// Source: the package lists of Amazon Linux 2023 (glibc 2.34) and Amazon Linux 2 (2.26).
    #[must_use]
    pub(crate) fn glibc(self) -> GlibcVersion {
        let minor = match self {
            Self::Al2023 => 34,
            Self::Al2 => 26,
        };
        GlibcVersion { major: 2, minor }
    }

    /// The GCC that the libstdc++ and libgcc_s of the runtime are of.
    ///
    /// Source: the packages of the container images that the runtimes are made from, as announced
    /// with each: libstdc++ 14.2.1 for Amazon Linux 2023, from 2023.7.20250331 on
    /// (docker-library/official-images#18759; its compiler is still GCC 11), and 7.3.1 for Amazon
    /// Linux 2 (#20651).
    #[must_use]
    pub(crate) fn gcc(self) -> Gcc {
        match self {
            Self::Al2023 => gcc::GCC_14,
            Self::Al2 => gcc::GCC_7,
        }
    }

    /// The dates a deprecated runtime's users should know, as a sentence fragment.
    ///
    /// Source: the deprecation table of the Lambda developer guide, "Lambda runtimes".
    #[must_use]
    pub(crate) fn deprecation(self) -> Option<&'static str> {
        match self {
            Self::Al2023 => None,
            Self::Al2 => {
                Some("deprecated since 2026-07-31; new functions are blocked from 2027-02-01")
            }
        }
    }

    /// Whether a shared library is part of the runtime's own file system.
    #[must_use]
    pub(crate) fn library(self, soname: &str) -> Presence {
        libraries::presence(self, soname)
    }

    /// Whether `path` is the dynamic loader that the runtime has for `architecture`.
    ///
    /// Source: the x86-64 and AArch64 ELF ABIs, which fix these paths for glibc; in both images
    /// `/lib` and `/lib64` are links to those in `/usr`.
    #[must_use]
    #[expect(clippy::unused_self, reason = "both runtimes have the same, so far")]
    pub(crate) fn has_loader(self, path: &str, architecture: Architecture) -> bool {
        let path = path.strip_prefix("/usr").unwrap_or(path);
        match architecture {
            Architecture::X86_64 => path == "/lib64/ld-linux-x86-64.so.2",
            Architecture::Arm64 => path == "/lib/ld-linux-aarch64.so.1",
        }
    }

    /// Whether the runtime has a program that scripts are run by.
    ///
    /// Source: the package lists of both images, which have bash, which is also `sh`, coreutils,
    /// and gawk, which is also `awk`; `/bin` is a link to `/usr/bin`.
    #[must_use]
    #[expect(clippy::unused_self, reason = "both runtimes have the same, so far")]
    pub(crate) fn has_program(self, path: &str) -> bool {
        let in_bin = path
            .strip_prefix("/usr")
            .unwrap_or(path)
            .strip_prefix("/bin/");
        in_bin.is_some_and(|name| ["sh", "bash", "env", "awk", "gawk"].contains(&name))
    }

    /// Whether `env` knows `-S`.
    ///
    /// Source: the release notes of coreutils 8.30, the first to know it; Amazon Linux 2023 has
    /// 8.32, and Amazon Linux 2 has 8.22.
    #[must_use]
    pub(crate) fn has_env_that_splits(self) -> bool {
        self == Self::Al2023
    }
}
named!(Runtime, "runtime");
