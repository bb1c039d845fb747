//! The identity of a package in reports.

use std::sync::Arc;

use fs_err as fs;

use crate::cargo::builders::Builder;
use crate::config::LayerSource;
use crate::lambda::quotas;
use crate::lint::LayerFacts;
use crate::paths::normalized;
use crate::plan::{OutputSpec, PackagePlan};
use crate::report::{ArchiveReport, LayerReport};

/// The report of a planned package: everything that is known before anything is built.
/// `layers` are the facts about the layers of the output.
pub(super) fn report(
    package: &PackagePlan,
    output: &OutputSpec,
    profile: &str,
    layers: &[Arc<LayerFacts>],
) -> ArchiveReport {
    let owner = package.owner.as_ref();
    let layers = output.layers.iter().zip(layers);
    let layers = layers.map(|(layer, facts)| {
        let made = layer.made.as_ref().map(|made| made.path.clone());
        let report = layer_report(&layer.source, facts);
        LayerReport {
            path: made.or(report.path),
            ..report
        }
    });
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

/// The report of a layer that a function takes.
pub(crate) fn layer_report(layer: &LayerSource, facts: &LayerFacts) -> LayerReport {
    let report = LayerReport::default();
    let known = Some(facts.bytes);
    // Without its files, a layer that has some is not known.
    let read = known.filter(|_| facts.files.is_some());
    match layer {
        LayerSource::Name(name) => LayerReport {
            name: Some(name.to_string()),
            bytes: read,
            ..report
        },
        LayerSource::Zip(path) => LayerReport {
            path: Some(normalized(path)),
            bytes: read,
            direct_upload: fs::metadata(path)
                .is_ok_and(|zip| zip.len() >= quotas::ZIPPED)
                .then_some(false),
            ..report
        },
        LayerSource::Arn(arn, size) => LayerReport {
            arn: Some(arn.clone()),
            bytes: known.filter(|_| size.is_some()),
            ..report
        },
        LayerSource::Size(_) => LayerReport {
            bytes: known,
            ..report
        },
    }
}
