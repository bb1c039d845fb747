//! The layers of configuration, merged for every candidate.

use super::Job;
use crate::archive::Compression;
use crate::build;
use crate::config::{Fallback, Layer, ManifestFile, Owner, Settings, Table};
use crate::error::Result;
use crate::target::Target;
use crate::workspace::{self, Candidate};

/// Merges the layers of configuration for every candidate.
///
/// `root` is the manifest of the workspace, `outside` the layers of environment and command
/// line, which are stronger than any manifest.
pub(super) fn configure<'a>(
    job: &Job<'_>,
    candidates: &[Candidate<'a>],
    root: &ManifestFile,
    outside: &[Layer],
) -> Result<Vec<(Candidate<'a>, Settings)>> {
    let common = if job.workspace.has_metadata() {
        root.table(Owner::Workspace, &[])?
    } else {
        Table::default()
    };
    let fallback = fallback(job, root);
    let mut configured = Vec::with_capacity(candidates.len());
    // Candidates of one package follow each other, so that its manifest is read once.
    for candidates in candidates.chunk_by(|a, b| a.package.id == b.package.id) {
        let table = package_table(candidates[0])?;
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
fn fallback(job: &Job<'_>, root: &ManifestFile) -> Fallback {
    let mut targets = job.config.build_targets();
    if targets.is_empty() {
        targets.push(Target::default());
    }
    let profile = job.cli.cargo.compilation.profile();
    Fallback {
        targets,
        compression: if build::is_dev_profile(profile, &root.profiles(), job.config) {
            Compression::FAST
        } else {
            Compression::Default
        },
    }
}

fn package_table(candidate: Candidate<'_>) -> Result<Table> {
    let package = candidate.package;
    if !workspace::has_metadata(package) {
        return Ok(Table::default());
    }
    let bins: Vec<&str> = package
        .targets
        .iter()
        .filter(|target| workspace::is_executable(target))
        .map(|target| target.name.as_str())
        .collect();
    ManifestFile::read(&package.manifest_path)?.table(Owner::Package, &bins)
}
