//! The folder for the executables of this tool's builds.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::Metadata;

/// A target folder that only this tool writes to. What Cargo compiles stays in the user's own build
/// folder, so that other builds share it.
///
/// Without it, any other `cargo build` could replace `<target>/<triple>/<profile>/NAME` between
/// Cargo's message and the moment when the file is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Artifacts {
    folder: Utf8PathBuf,
    build_folder: Utf8PathBuf,
}

impl Artifacts {
    /// The folder below this tool's `own_folder`; `None` if this Cargo has no `build.build-dir`,
    /// which Cargo 1.91 has stabilized.
    pub(super) fn of(
        metadata: &Metadata,
        target_folder: &Utf8Path,
        own_folder: &Utf8Path,
    ) -> Option<Self> {
        let configured = metadata.build_directory.as_ref()?;
        // Unless it is configured, the build folder is the target folder, which a flag may set.
        let build_folder = if *configured == metadata.target_directory {
            target_folder
        } else {
            configured
        };
        Some(Self {
            folder: own_folder.join("artifacts"),
            build_folder: build_folder.to_owned(),
        })
    }

    /// The arguments of Cargo.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let build_folder = toml::Value::String(self.build_folder.to_string());
        vec![
            "--target-dir".into(),
            self.folder.as_str().into(),
            "--config".into(),
            format!("build.build-dir={build_folder}").into(),
        ]
    }
}
