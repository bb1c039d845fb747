//! The layers of configuration, merged for every candidate.

use cargo_metadata::Package;

use super::manifest::{ManifestFile, Owner};
use super::partial_settings::Layer;
use super::settings::{Fallback, Settings};
use super::table::Table;
use crate::archive::Compression;
use crate::cargo::{self, Candidate};
use crate::commands::Job;
use crate::error::Result;
use crate::lambda::Target;

/// Merges the layers of configuration for every candidate.
///
/// `root` is the manifest of the workspace, `outside` the layers of environment and command
/// line, which are stronger than any manifest.
pub(crate) fn configure<'a>(
    job: &Job<'_>,
    candidates: &[Candidate<'a>],
    root: &ManifestFile,
    outside: &[Layer],
) -> Result<Vec<(Candidate<'a>, Settings)>> {
    let common = workspace_table(job, root)?;
    let fallback = fallback(job, root);
    let mut configured = Vec::with_capacity(candidates.len());
    // Candidates of one package follow each other, so that its manifest is read once.
    for candidates in candidates.chunk_by(|a, b| a.package.id == b.package.id) {
        let table = package_table(candidates[0].package)?;
        for candidate in candidates {
            let own = table.bins.get(&candidate.target.name);
            let layers: Vec<&Layer> = [&common.layer, &table.layer]
                .into_iter()
                .chain(own)
                .chain(outside)
                .collect();
            let settings = Settings::merge(&layers, &job.cli.lints, &fallback);
            configured.push((*candidate, settings));
        }
    }
    Ok(configured)
}

/// What holds where no layer says anything: Cargo's own configuration is asked.
pub(crate) fn fallback(job: &Job<'_>, root: &ManifestFile) -> Fallback {
    let mut targets = job.config.build_targets();
    if targets.is_empty() {
        targets.push(Target::default());
    }
    let profile = job.cli.cargo.compilation.profile();
    Fallback {
        targets,
        compression: if cargo::is_dev(profile, &root.profiles(), job.config) {
            Compression::FAST
        } else {
            Compression::Default
        },
    }
}

/// The table of the workspace.
pub(crate) fn workspace_table(job: &Job<'_>, root: &ManifestFile) -> Result<Table> {
    if !job.workspace.has_metadata() {
        return Ok(Table::default());
    }
    let members = job.workspace.metadata.workspace_packages();
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
