//! The identity of a package in reports.

use crate::cargo::builders::Builder;
use crate::plan::{OutputSpec, PackagePlan};
use crate::report::ArchiveReport;

/// The report of a planned package: everything that is known before anything is built.
pub(super) fn report(package: &PackagePlan, output: &OutputSpec, profile: &str) -> ArchiveReport {
    let owner = package.owner.as_ref();
    ArchiveReport {
        package: owner.map(|owner| owner.name.clone()),
        package_version: owner.map(|owner| owner.version.clone()),
        bin: package.name.clone(),
        kind: package.kind,
        architecture: output.architecture,
        target: output.target,
        profile: output.target.map(|_| profile.to_owned()),
        builder: package.builder.map(Builder::name),
        runtime: package.settings.runtime,
        handler: package.kind.handler(),
        path: output.path.clone(),
        folder: output.folder.clone(),
        ..ArchiveReport::default()
    }
}
