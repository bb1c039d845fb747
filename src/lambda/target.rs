//! Architectures and target triples that Lambda runs.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use serde::Serialize;

use crate::text::{self, deserialize_from_str, named};

/// An instruction set, by the names the Lambda API uses.
///
/// Source: the `Architectures` parameter of Lambda's `CreateFunction`, whose valid values are
/// `x86_64` (the default) and `arm64`; Cargo's and Docker's spellings are accepted as aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, ValueEnum)]
pub(crate) enum Architecture {
    /// 64-bit x86.
    #[default]
    #[value(name = "x86_64", aliases = ["x86-64", "amd64", "x64"])]
    X86_64,
    /// AWS Graviton2 and newer.
    #[value(name = "arm64", alias = "aarch64")]
    Arm64,
}

impl Architecture {
    /// AWS's name.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// The path of glibc's dynamic loader, in which `/lib` and `/lib64` are links to those in `/usr`.
    ///
    /// Source: the ELF ABIs of x86-64 and AArch64.
    #[must_use]
    pub(crate) fn glibc_loader(self) -> &'static str {
        match self {
            Self::X86_64 => "/lib64/ld-linux-x86-64.so.2",
            Self::Arm64 => "/lib/ld-linux-aarch64.so.1",
        }
    }

    /// The name in Rust's target triples.
    #[must_use]
    pub(crate) fn rust_name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "aarch64",
        }
    }
}
named!(Architecture, "architecture");

/// The C library a target triple links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Libc {
    /// Linked statically: the executable needs only the kernel.
    Musl,
    /// Linked dynamically against the runtime's glibc.
    Gnu,
}

/// A glibc version, such as 2.34.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GlibcVersion {
    /// The number before the dot.
    pub major: u16,
    /// The number after it.
    pub minor: u16,
}

impl fmt::Display for GlibcVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for GlibcVersion {
    type Err = String;

    /// Reads `2.34`; a patch level, as in `2.2.5`, is read over.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut numbers = text.split('.').map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) if numbers.all(|patch| patch.is_ok()) => {
                Ok(Self { major, minor })
            }
            _ => Err(format!("`{text}` is not a glibc version such as `2.34`")),
        }
    }
}

impl Serialize for GlibcVersion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A Rust target triple that Lambda runs, with the glibc version to link against, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Target {
    /// The architecture of the function.
    pub architecture: Architecture,
    /// The C library.
    pub libc: Libc,
    /// The suffix of `x86_64-unknown-linux-gnu.2.26`.
    pub glibc: Option<GlibcVersion>,
}

impl Target {
    /// Every triple Lambda runs, the default of its architecture first.
    const TRIPLES: [&str; 4] = [
        "x86_64-unknown-linux-musl",
        "aarch64-unknown-linux-musl",
        "x86_64-unknown-linux-gnu",
        "aarch64-unknown-linux-gnu",
    ];

    /// All triples that Lambda runs.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let architectures = [Architecture::X86_64, Architecture::Arm64].into_iter();
        architectures.flat_map(|architecture| {
            [Libc::Musl, Libc::Gnu].map(|libc| Self {
                architecture,
                libc,
                glibc: None,
            })
        })
    }

    /// The triple as Cargo and rustup know it, without a glibc suffix.
    #[must_use]
    pub(crate) fn triple(self) -> &'static str {
        let [x86_musl, arm_musl, x86_gnu, arm_gnu] = Self::TRIPLES;
        match (self.architecture, self.libc) {
            (Architecture::X86_64, Libc::Musl) => x86_musl,
            (Architecture::Arm64, Libc::Musl) => arm_musl,
            (Architecture::X86_64, Libc::Gnu) => x86_gnu,
            (Architecture::Arm64, Libc::Gnu) => arm_gnu,
        }
    }
}

impl From<Architecture> for Target {
    /// The musl triple: static, so that it runs on every runtime.
    fn from(architecture: Architecture) -> Self {
        Self {
            architecture,
            libc: Libc::Musl,
            glibc: None,
        }
    }
}

impl Default for Target {
    fn default() -> Self {
        Architecture::default().into()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.triple())?;
        self.glibc.map_or(Ok(()), |glibc| write!(f, ".{glibc}"))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Only a dot can begin a glibc suffix: no triple contains one.
        let (triple, glibc) = match text.split_once('.') {
            Some((triple, version)) => (triple, Some(version.parse()?)),
            None => (text, None),
        };
        let target = Self::all()
            .map(|target| Self { glibc, ..target })
            .find(|target| target.triple() == triple)
            .ok_or_else(|| {
                let unknown = text::unknown("Lambda target", triple, Self::TRIPLES);
                format!("Lambda runs 64-bit Linux on x86_64 and arm64 only: {unknown}")
            })?;
        if target.glibc.is_some() && target.libc == Libc::Musl {
            return Err(format!(
                "`{text}` has a glibc suffix, but musl targets link no glibc"
            ));
        }
        Ok(target)
    }
}

deserialize_from_str!(Target);

impl Serialize for Target {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_triple_reads_back_as_itself() {
        for triple in Target::TRIPLES {
            assert_eq!(triple.parse::<Target>().unwrap().to_string(), triple);
        }
        let suffixed = "aarch64-unknown-linux-gnu.2.26";
        let target: Target = suffixed.parse().unwrap();
        assert_eq!(target.triple(), "aarch64-unknown-linux-gnu");
        assert_eq!(target.to_string(), suffixed);
    }

    #[test]
    fn a_triple_lambda_cannot_run_is_refused_with_the_reason() {
        for triple in [
            "wasm32-wasip1",
            "x86_64-pc-windows-gnu",
            "i686-unknown-linux-musl",
        ] {
            let error = triple.parse::<Target>().unwrap_err();
            assert!(error.contains("Lambda runs 64-bit Linux"), "{error}");
        }
        let error = "x86_64-unknown-linux-musl.2.26"
            .parse::<Target>()
            .unwrap_err();
        assert!(error.contains("musl targets link no glibc"), "{error}");
    }

    #[test]
    fn aws_docker_and_rust_spellings_mean_the_same_architecture() {
        for name in ["arm64", "aarch64"] {
            assert_eq!(name.parse(), Ok(Architecture::Arm64));
        }
        for name in ["x86_64", "x86-64", "amd64"] {
            assert_eq!(name.parse(), Ok(Architecture::X86_64));
        }
    }

    #[test]
    fn glibc_versions_are_ordered_as_numbers() {
        let version = |text: &str| text.parse::<GlibcVersion>().unwrap();
        assert!(version("2.4") < version("2.34"));
        assert_eq!(version("2.2.5"), version("2.2"));
        assert!("2".parse::<GlibcVersion>().is_err());
        assert!("2.x".parse::<GlibcVersion>().is_err());
    }
}
