//! The workspace as `cargo metadata` describes it, and what a selection means in it.

mod answers;
mod features;
mod lockfile;
mod native;
mod select;
mod spec;
mod tree;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};

pub(crate) use features::{arguments_for, check as check_features};
pub(crate) use native::{NativeCrate, NativeSearch};
pub(crate) use select::{packages, select};

use crate::cli::CargoOptions;
use crate::error::{Error, Result};
use crate::process;

/// A binary or example of a selected package that fits the target selection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) package: &'a Package,
    pub(crate) target: &'a cargo_metadata::Target,
    /// Whether its required features are enabled, as far as can be told without resolving.
    pub(crate) expected: bool,
}

impl Candidate<'_> {
    /// Whether both are the same binary or example.
    pub(crate) fn is(self, other: Candidate<'_>) -> bool {
        let name = |c: Candidate<'_>| (is_example(c.target), c.target.name.clone());
        self.package.id == other.package.id && name(self) == name(other)
    }
}

/// Everything `cargo metadata` says without resolving dependencies, which takes no lock and no
/// network.
pub(crate) struct Workspace {
    pub(crate) metadata: Metadata,
    /// Where Cargo puts what it builds, `--target-dir` considered.
    pub(crate) target_folder: Utf8PathBuf,
}

impl Workspace {
    pub(crate) fn load(options: &CargoOptions, current_folder: &Utf8Path) -> Result<Self> {
        let process = process::cargo()
            .args(["metadata", "--format-version=1", "--no-deps"])
            .args(options.manifest.arguments())
            .args(options.compilation.settings());
        let output = process.output(process::INSTALL_RUST)?;
        if !output.status.success() {
            return Err(Error::metadata(&output));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let metadata = MetadataCommand::parse(text).map_err(|error| Error::Metadata {
            stderr: format!("`{process}` wrote what cannot be read: {error}"),
        })?;
        let target_folder = match &options.compilation.target_dir {
            Some(folder) => current_folder.join(folder),
            None => metadata.target_directory.clone(),
        };
        Ok(Self {
            metadata,
            target_folder,
        })
    }

    /// What this tool keeps for itself between runs, out of the way of the zips.
    pub(crate) fn own_folder(&self) -> Utf8PathBuf {
        self.target_folder.join(".lambda-zip")
    }

    /// The manifest at the root of the workspace.
    pub(crate) fn root_manifest(&self) -> Utf8PathBuf {
        self.metadata.workspace_root.join("Cargo.toml")
    }

    /// Whether the workspace has a `metadata.lambda-zip`.
    pub(crate) fn has_metadata(&self) -> bool {
        has_table(&self.metadata.workspace_metadata)
    }
}

/// Whether a package has a `metadata.lambda-zip`.
pub(crate) fn has_metadata(package: &Package) -> bool {
    has_table(&package.metadata)
}

fn has_table(metadata: &serde_json::Value) -> bool {
    metadata.get("lambda-zip").is_some()
}

/// Whether a target is an example rather than a binary.
pub(crate) fn is_example(target: &cargo_metadata::Target) -> bool {
    target.kind.contains(&TargetKind::Example)
}

/// Whether a target becomes an executable.
pub(crate) fn is_executable(target: &cargo_metadata::Target) -> bool {
    use cargo_metadata::CrateType;
    target.kind.contains(&TargetKind::Bin)
        || (is_example(target) && target.crate_types.contains(&CrateType::Bin))
}
