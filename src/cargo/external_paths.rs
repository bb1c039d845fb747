//! The packages of a build that lie outside of the workspace.

use camino::{Utf8Path, Utf8PathBuf};

use super::config::CargoConfig;
use super::lockfile::Lockfile;
use super::options::CargoOptions;
use super::process;
use super::workspace::{Workspace, parse};
use crate::error::Result;

/// A package in a folder outside of the workspace.
pub(crate) struct ExternalPackage {
    pub(crate) folder: Utf8PathBuf,
    /// `name-version`, which is the same on every machine.
    pub(crate) name: String,
}

impl Workspace {
    /// The packages outside of the workspace and of `cargo_home`, the folder of Cargo itself: those
    /// of `path`, `[patch]`, `paths` and of sources that are folders. A folder comes before those
    /// inside it.
    ///
    /// # Errors
    /// [`Error::Metadata`](crate::error::Error::Metadata) if Cargo cannot resolve the workspace.
    pub(crate) fn external_packages(
        &self,
        cargo_home: Option<&Utf8Path>,
        options: &CargoOptions,
        config: &CargoConfig,
    ) -> Result<Vec<ExternalPackage>> {
        let root = &self.metadata.workspace_root;
        // Resolving all dependencies takes time.
        if Lockfile::read(root).is_some_and(|lockfile| self.has_resolved(&lockfile, config)) {
            return Ok(Vec::new());
        }
        let command = process::cargo()
            .args(["metadata", "--format-version=1"])
            .args(options.manifest.arguments())
            .args(options.compilation.settings())
            .with_given(&config.environment);
        let output = self.leaving_lockfile(|| command.stdout())?;
        let metadata = parse(&command, &output)?;
        let is_outside = |folder: &Utf8Path| {
            !folder.starts_with(root) && !cargo_home.is_some_and(|home| folder.starts_with(home))
        };
        let packages = metadata.packages.iter();
        let mut outside: Vec<ExternalPackage> = packages
            .filter_map(|package| {
                let folder = package.manifest_path.parent()?;
                is_outside(folder).then(|| ExternalPackage {
                    folder: folder.to_owned(),
                    name: format!("{}-{}", package.name, package.version),
                })
            })
            .collect();
        outside.sort_by(|a, b| a.folder.cmp(&b.folder));
        Ok(outside)
    }
}
