//! The folders that a build writes to.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};

use super::config::CargoConfig;
use super::options::CompilationOptions;
use super::sharing;
use super::workspace::Workspace;

/// The folders for programs and for everything that Cargo compiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BuildFolders {
    /// Cargo's target folder, for a Cargo that has no build folder.
    Target(Utf8PathBuf),
    /// Programs in a folder that only this tool writes to. What Cargo compiles stays in the user's
    /// own build folder, so that other builds share it.
    ///
    /// Without it, any other `cargo build` could replace `<target>/<triple>/<profile>/NAME` between
    /// Cargo's message and the moment when the file is opened.
    Programs {
        folder: Utf8PathBuf,
        build_folder: Utf8PathBuf,
    },
    /// Everything in one folder that only this tool writes to, and only for this workspace. Cargo
    /// takes the packages of another workspace for those of this one, if they have the same name and
    /// version and one build folder.
    Workspace {
        folder: Utf8PathBuf,
        /// True if Cargo has `build.build-dir`, which Cargo 1.91 has stabilized.
        has_build_folder: bool,
    },
}

impl BuildFolders {
    /// The folders for a build of `workspace` with the profile `profile`.
    pub(crate) fn of(workspace: &Workspace, config: &CargoConfig, profile: &str) -> Self {
        let metadata = &workspace.metadata;
        let target_folder = &workspace.target_folder;
        let configured = metadata.build_directory.as_ref();
        // Unless it is configured, the build folder is the target folder, which a flag may set.
        let build_folder = configured
            .filter(|configured| **configured != metadata.target_directory)
            .unwrap_or(target_folder);
        let own_folder = workspace.own_folder();
        if sharing::may_be_shared(build_folder, workspace, config, profile) {
            let name = sharing::name(&metadata.workspace_root);
            return Self::Workspace {
                folder: own_folder.join("workspaces").join(name),
                has_build_folder: configured.is_some(),
            };
        }
        match configured {
            None => Self::Target(target_folder.clone()),
            Some(_) => Self::Programs {
                folder: own_folder.join("artifacts"),
                build_folder: build_folder.clone(),
            },
        }
    }

    /// The arguments of Cargo.
    pub(super) fn arguments(&self, options: &CompilationOptions) -> Vec<OsString> {
        let (folder, build_folder) = match self {
            Self::Target(_) => return options.target_dir_argument(),
            Self::Programs {
                folder,
                build_folder,
            } => (folder, Some(build_folder)),
            Self::Workspace {
                folder,
                has_build_folder,
            } => (folder, has_build_folder.then_some(folder)),
        };
        let mut arguments = vec!["--target-dir".into(), folder.as_str().into()];
        if let Some(build_folder) = build_folder {
            let build_folder = toml::Value::String(build_folder.to_string());
            arguments.push("--config".into());
            arguments.push(format!("build.build-dir={build_folder}").into());
        }
        arguments
    }

    /// The target folder of a container, which has one folder for everything.
    pub(super) fn of_container<'a>(&'a self, target_folder: &'a Utf8Path) -> &'a Utf8Path {
        match self {
            Self::Target(_) | Self::Programs { .. } => target_folder,
            Self::Workspace { folder, .. } => folder,
        }
    }

    /// The folder of everything that is compiled.
    pub(crate) fn compiled(&self) -> &Utf8Path {
        match self {
            Self::Target(folder) | Self::Workspace { folder, .. } => folder,
            Self::Programs { build_folder, .. } => build_folder,
        }
    }

    /// True if only this tool writes to the folder of the programs.
    pub(crate) fn has_own_programs(&self) -> bool {
        !matches!(self, Self::Target(_))
    }
}
