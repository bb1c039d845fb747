//! The folders that a build writes to.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};

use super::config::CargoConfig;
use super::workspace::Workspace;

/// The part of `build.build-dir` that Cargo replaces by a hash of the path of the workspace.
const OWN_TEMPLATE: &str = "{workspace-path-hash}";

/// The folders for programs and for everything that Cargo compiles.
///
/// Only this tool writes to the folder of the programs: any other `cargo build` could replace
/// `<target>/<triple>/<profile>/NAME` between Cargo's message and the moment when it is opened.
///
/// Only one workspace compiles in a folder. Cargo tells packages in folders by their name, their
/// version and their path within the workspace. Two workspaces, such as two worktrees of one
/// repository, may have a package that is the same in all of these. In one folder, Cargo takes what
/// the one has compiled for what the other would compile, unless its sources are newer. No setting
/// tells for certain that a folder has only one workspace: one configuration file may serve many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BuildFolders {
    programs: Utf8PathBuf,
    /// The user's folder for what is compiled, if no other workspace has the same.
    compiled: Option<Utf8PathBuf>,
    /// True if Cargo has `build.build-dir`, which Cargo 1.91 has stabilized.
    has_build_folder: bool,
}

impl BuildFolders {
    /// The folders for a build of `workspace`.
    pub(crate) fn of(workspace: &Workspace, config: &CargoConfig) -> Self {
        let metadata = &workspace.metadata;
        let template = config.setting(&["build", "build-dir"]);
        let template = template.as_ref().and_then(toml::Value::as_str);
        let is_own = template.is_some_and(|template| template.contains(OWN_TEMPLATE));
        let name = name(&metadata.workspace_root);
        Self {
            programs: workspace.own_folder().join("workspaces").join(name),
            compiled: metadata.build_directory.clone().filter(|_| is_own),
            has_build_folder: metadata.build_directory.is_some(),
        }
    }

    /// The arguments of Cargo.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = vec!["--target-dir".into(), self.programs.as_str().into()];
        if self.has_build_folder {
            let build_folder = toml::Value::String(self.compiled().to_string());
            arguments.push("--config".into());
            arguments.push(format!("build.build-dir={build_folder}").into());
        }
        arguments
    }

    /// The folder of the programs. A container has everything in it.
    pub(super) fn programs(&self) -> &Utf8Path {
        &self.programs
    }

    /// The folder of everything that is compiled.
    pub(crate) fn compiled(&self) -> &Utf8Path {
        self.compiled.as_ref().unwrap_or(&self.programs)
    }
}

/// A name for the workspace at `root` that no other workspace of this machine has.
fn name(root: &Utf8Path) -> String {
    let real = root.canonicalize_utf8();
    let real = real.as_deref().unwrap_or(root);
    let hash = blake3::hash(real.as_str().as_bytes()).to_hex();
    hash[..16].to_owned()
}
