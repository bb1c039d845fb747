//! The settings of each binary, merged from all sources.

use cargo_metadata::Package;

use super::manifest::{ManifestFile, Owner};
use super::metadata::Table;
use super::settings_table::{PartialSettings, Settings};
use crate::archive::Compression;
use crate::cargo::{self, Candidate, Project};
use crate::error::Result;
use crate::lambda::Target;

/// The manifest at the root of the workspace, which has the profile that is asked for.
///
/// # Errors
/// If it cannot be read, or if there is no such profile.
pub(crate) fn root_manifest(project: &Project<'_>) -> Result<ManifestFile> {
    let root = ManifestFile::read(&project.workspace.root_manifest())?;
    cargo::profile::check(project.profile(), &root.profiles(), project.config)?;
    Ok(root)
}

/// Merges the settings of every candidate. `root` is the manifest of the workspace; `outside` are
/// sources with a higher precedence than any manifest, the lowest first.
///
/// # Errors
/// [`Error::Manifest`](crate::error::Error::Manifest) for a mistake in a table.
pub(crate) fn configure<'a>(
    project: &Project<'_>,
    candidates: &[Candidate<'a>],
    root: &ManifestFile,
    outside: &[PartialSettings],
) -> Result<Vec<(Candidate<'a>, Settings)>> {
    let common = workspace_table(project, root)?;
    let defaults = defaults(project, root);
    let mut configured = Vec::with_capacity(candidates.len());
    // Candidates of one package follow each other, so that its manifest is read once.
    for candidates in candidates.chunk_by(|a, b| a.package.id == b.package.id) {
        let table = package_table(candidates[0].package)?;
        for candidate in candidates {
            let own = table.bins.get(&candidate.target.name);
            let sources: Vec<&PartialSettings> = [&defaults, &common.settings, &table.settings]
                .into_iter()
                .chain(own)
                .chain(outside)
                .collect();
            configured.push((*candidate, Settings::merge(&sources)));
        }
    }
    Ok(configured)
}

/// The defaults that depend on Cargo's own configuration: the source of the lowest precedence.
pub(crate) fn defaults(project: &Project<'_>, root: &ManifestFile) -> PartialSettings {
    let mut targets = project.config.build_targets();
    if targets.is_empty() {
        targets.push(Target::default());
    }
    let profile = project.profile();
    let is_dev = cargo::is_dev(profile, &root.profiles(), project.config);
    PartialSettings {
        targets: Some(targets),
        compression: is_dev.then_some(Compression::FAST),
        ..PartialSettings::default()
    }
}

/// The table of the workspace.
pub(crate) fn workspace_table(project: &Project<'_>, root: &ManifestFile) -> Result<Table> {
    if !project.workspace.has_metadata() {
        return Ok(Table::default());
    }
    let members = project.workspace.metadata.workspace_packages();
    let bins: Vec<&str> = members.into_iter().flat_map(executables).collect();
    root.table(Owner::Workspace, &bins)
}

/// The table of a package.
pub(crate) fn package_table(package: &Package) -> Result<Table> {
    if !cargo::has_metadata(package) {
        return Ok(Table::default());
    }
    let bins: Vec<&str> = executables(package).collect();
    ManifestFile::read(&package.manifest_path)?.table(Owner::Package, &bins)
}

/// The names of its binaries and examples.
fn executables(package: &Package) -> impl Iterator<Item = &str> {
    let targets = package.targets.iter();
    let executables = targets.filter(|target| cargo::is_executable(target));
    executables.map(|target| target.name.as_str())
}
