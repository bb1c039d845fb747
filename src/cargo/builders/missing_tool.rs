//! The tools that a builder needs and that are not installed, with the way to install each.

use std::ffi::OsString;
use std::path::PathBuf;

use cargo_metadata::semver::Version;

/// The oldest zig that works: 0.9 does not compile aws-lc, which the AWS SDK contains.
pub(crate) const OLDEST_ZIG: Version = Version::new(0, 10, 0);

/// A tool that is missing, or that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MissingTool {
    /// cargo-zigbuild is not installed.
    Zigbuild,
    /// cargo-zigbuild is installed, but zig is not.
    Zig,
    /// zig is too old.
    NewZig { zig: String, version: Version },
    /// zig does not tell its version.
    WorkingZig { zig: String, reason: String },
    /// cross is not installed.
    Cross,
    /// cross is installed, but neither docker nor podman is.
    Engine,
    /// CROSS_CONTAINER_ENGINE names a program that does not exist.
    NamedEngine(OsString),
    /// No container engine answers; the reason of the first.
    Daemon { engine: PathBuf, reason: String },
}

impl MissingTool {
    /// The shortest way to the tool on this platform.
    pub(crate) fn help(&self) -> String {
        let zig = if cfg!(target_os = "macos") {
            "`brew install zig cargo-zigbuild`"
        } else if cfg!(windows) {
            "`pip install cargo-zigbuild` (which brings zig), or `scoop install zig` and \
             `cargo install cargo-zigbuild`"
        } else {
            "`pip install cargo-zigbuild` (which brings zig; in a virtual environment if the \
             system's Python refuses)"
        };
        match self {
            Self::Zigbuild => format!("install cargo-zigbuild: {zig}"),
            Self::Zig => format!("cargo-zigbuild is installed, but zig is not: {zig}"),
            Self::NewZig { zig: old, version } => {
                format!("`{old}` is zig {version}; {OLDEST_ZIG} or newer is needed: {zig}")
            }
            Self::WorkingZig {
                zig: broken,
                reason,
            } => {
                format!("`{broken}` does not work ({reason}); reinstall it: {zig}")
            }
            Self::Cross => "install cross, `cargo install cross`, and docker or podman".to_owned(),
            Self::Engine => "cross is installed, but neither docker nor podman is: install one, \
                             or name one with CROSS_CONTAINER_ENGINE"
                .to_owned(),
            Self::NamedEngine(name) => format!(
                "CROSS_CONTAINER_ENGINE names `{}`, which does not exist: correct or unset it",
                name.display()
            ),
            Self::Daemon { engine, reason } => format!(
                "cross is installed, but `{}` does not answer ({reason}): start it",
                engine.display()
            ),
        }
    }
}
