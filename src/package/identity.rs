//! The identity of a package in reports.

use crate::cargo::builders::Builder;
use crate::config::LayerSource;
use crate::paths::normalized;
use crate::plan::{OutputSpec, PackagePlan};
use crate::report::{ArchiveReport, LayerReport};

/// The report of a planned package: everything that is known before anything is built.
pub(super) fn report(package: &PackagePlan, output: &OutputSpec, profile: &str) -> ArchiveReport {
    let owner = package.owner.as_ref();
    let layers = package.settings.layers.iter().zip(&package.layers);
    let layers = layers.map(|(layer, facts)| layer_report(layer, Some(facts.bytes)));
    ArchiveReport {
        package: owner.map(|owner| owner.name.clone()),
        package_version: owner.map(|owner| owner.version.clone()),
        bin: package.name.clone(),
        name: output.deploy_name.clone(),
        kind: package.kind,
        architecture: output.architecture,
        architectures: output.architecture.into_iter().collect(),
        target: output.target,
        profile: output.target.map(|_| profile.to_owned()),
        builder: package.builder.map(Builder::name),
        runtime: package.settings.runtime,
        handler: package.kind.handler(),
        path: output.path.clone(),
        folder: output.folder.clone(),
        layers: layers.collect(),
        ..ArchiveReport::default()
    }
}

/// The report of a layer that a function takes, of `bytes` unzipped if its size is known.
pub(crate) fn layer_report(layer: &LayerSource, bytes: Option<u64>) -> LayerReport {
    LayerReport {
        path: match layer {
            LayerSource::Zip(path) => Some(normalized(path)),
            LayerSource::Size(_) => None,
        },
        bytes,
        ..LayerReport::default()
    }
}
