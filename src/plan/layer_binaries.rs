//! The binaries that Cargo builds for layers.

use cargo_metadata::Package;

use super::binary::BinaryPlan;
use super::layer_request::LayerSpec;
use crate::cargo::{self, Candidate, PackageOptions, TargetOptions, is_example};
use crate::config::Settings;
use crate::error::{Error, Result};

/// The packages of the binaries, as options of Cargo.
pub(crate) fn packages_of(layers: &[LayerSpec<'_>]) -> PackageOptions {
    let candidates = layers.iter().flat_map(LayerSpec::candidates);
    let spec = |package: &Package| format!("{}@{}", package.name, package.version);
    let mut package: Vec<String> = candidates.map(|c| spec(c.package)).collect();
    package.sort_unstable();
    package.dedup();
    PackageOptions {
        package,
        ..PackageOptions::default()
    }
}

/// The binaries, as options of Cargo.
pub(crate) fn targets_of(binaries: &[BinaryPlan<'_>]) -> TargetOptions {
    let mut targets = TargetOptions::default();
    for binary in binaries.iter().filter(|binary| binary.is_wanted()) {
        let target = binary.candidate.target;
        let names = if is_example(target) {
            &mut targets.example
        } else {
            &mut targets.bin
        };
        names.push(target.name.clone());
    }
    targets
}

/// All binaries of the packages, each with its settings: those of the layers that have it, or the
/// settings of a skipped binary.
///
/// # Errors
/// [`Error::Usage`] if two layers need one binary built in different ways.
pub(crate) fn configured<'a>(layers: &[LayerSpec<'a>]) -> Result<Vec<(Candidate<'a>, Settings)>> {
    let candidates = layers.iter().flat_map(LayerSpec::candidates);
    let mut packages: Vec<&'a Package> = candidates.map(|c| c.package).collect();
    packages.sort_by_key(|package| &package.id);
    packages.dedup_by_key(|package| &package.id);
    let mut configured = Vec::new();
    for package in packages {
        for candidate in cargo::executables(&[package]) {
            let wanting: Vec<_> = layers.iter().filter(|l| l.has(candidate)).collect();
            configured.push((candidate, settings(candidate, &wanting)?));
        }
    }
    Ok(configured)
}

/// The settings that `candidate` is built with for the layers that have it.
fn settings(candidate: Candidate<'_>, wanting: &[&LayerSpec<'_>]) -> Result<Settings> {
    let Some((first, others)) = wanting.split_first() else {
        return Ok(Settings::skipped());
    };
    let mut settings = first.settings.clone();
    for other in others {
        if !settings.builds_like(&other.settings) {
            return Err(Error::usage(
                format!(
                    "the layers `{}` and `{}` need different builds of the binary `{}`: their \
                     `runtime`, `builder`, `cpu`, `reproducible` or `debug-file` differ",
                    first.name, other.name, candidate.target.name
                ),
                "package them one at a time: `cargo lambda-zip layer NAME`",
            ));
        }
        settings.targets.extend(&other.settings.targets);
    }
    settings.targets.sort_unstable();
    settings.targets.dedup();
    Ok(settings)
}
