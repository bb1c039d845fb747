//! What all layers of the configuration come to.

use std::collections::BTreeSet;

use super::layer_source;
use super::output_template::{FolderTemplate, OutputTemplate};
use super::partial_settings::Layer;
use crate::archive::Compression;
use crate::cargo::builders::Builder;
use crate::include::{Include, Pattern, Symlinks};
use crate::lambda::{Architecture, Cpus, Kind, Runtime, Target};
use crate::lint::{Budget, Policy, Setting};

/// What holds for one binary, every layer considered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    /// Sorted, without repetition; not empty of what is built.
    pub(crate) targets: Vec<Target>,
    pub(crate) runtime: Runtime,
    pub(crate) builder: Builder,
    /// Of all layers, the weakest first.
    pub(crate) include: Vec<Include>,
    pub(crate) exclude: Vec<Pattern>,
    pub(crate) symlinks: Symlinks,
    pub(crate) layers: Vec<layer_source::Layer>,
    pub(crate) output: Option<OutputTemplate>,
    pub(crate) compression: Compression,
    pub(crate) budget: Budget,
    pub(crate) cpus: Cpus,
    pub(crate) reproducible: bool,
    pub(crate) folder: Option<FolderTemplate>,
    pub(crate) kind: Kind,
    pub(crate) policy: Policy,
}

/// What the strongest of `layers` that says so is to be built for.
pub(crate) fn targets_named_by(layers: &[&Layer]) -> Option<Vec<Target>> {
    strongest(layers, Layer::targets).map(sorted)
}

fn sorted(mut targets: Vec<Target>) -> Vec<Target> {
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// What the strongest layer says that says anything.
fn strongest<T>(layers: &[&Layer], get: impl Fn(&Layer) -> Option<T>) -> Option<T> {
    layers.iter().rev().find_map(|layer| get(layer))
}

/// What all layers say, each thing with the strength of its layer.
fn of_all<T: Clone>(
    layers: &[&Layer],
    list: impl Fn(&Layer) -> &Vec<T>,
    of_strength: impl Fn(T, usize) -> T,
) -> Vec<T> {
    let lists = layers.iter().enumerate();
    let all =
        lists.flat_map(|(strength, layer)| list(layer).iter().map(move |one| (strength, one)));
    all.map(|(strength, one)| of_strength(one.clone(), strength))
        .collect()
}

/// What holds where no layer says anything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fallback {
    pub(crate) targets: Vec<Target>,
    pub(crate) compression: Compression,
}

impl Settings {
    /// Merges `layers`, the weakest first.
    pub(crate) fn merge(layers: &[&Layer], lints: &[Setting], fallback: &Fallback) -> Self {
        let targets = targets_named_by(layers);
        let metadata_lints = layers.iter().flat_map(|layer| &layer.lints);
        let policy = metadata_lints
            .map(|(&subject, &level)| Setting { subject, level })
            .chain(lints.iter().copied())
            .collect();
        Self {
            targets: targets.unwrap_or_else(|| sorted(fallback.targets.clone())),
            runtime: strongest(layers, |l| l.runtime).unwrap_or_default(),
            builder: strongest(layers, |l| l.builder).unwrap_or_default(),
            include: of_all(layers, |layer| &layer.include, Include::of_strength),
            exclude: of_all(layers, |layer| &layer.exclude, Pattern::of_strength),
            symlinks: strongest(layers, |l| l.symlinks).unwrap_or_default(),
            layers: layers
                .iter()
                .flat_map(|layer| layer.layers.iter().cloned())
                .collect(),
            output: strongest(layers, |l| l.output.clone()),
            compression: strongest(layers, |l| l.compression).unwrap_or(fallback.compression),
            budget: Budget {
                zipped: strongest(layers, |l| l.max_zip_size),
                unzipped: strongest(layers, |l| l.max_unzipped_size),
            },
            cpus: layers
                .iter()
                .filter_map(|layer| layer.cpu.clone())
                .collect(),
            reproducible: strongest(layers, |l| l.reproducible).unwrap_or_default(),
            folder: strongest(layers, |l| l.folder.clone()),
            kind: strongest(layers, |l| l.kind).unwrap_or_default(),
            policy,
        }
    }

    /// Of what is neither built nor packaged.
    pub(crate) fn skipped() -> Self {
        Self {
            kind: Kind::Skip,
            ..Self::merge(&[], &[], &Fallback::default())
        }
    }

    /// The architecture that a function runs on, if these settings leave no choice.
    pub(crate) fn only_architecture(&self) -> Option<Architecture> {
        let architectures = self.targets.iter().map(|target| target.architecture);
        let architectures: BTreeSet<_> = architectures.collect();
        let mut architectures = architectures.into_iter();
        architectures
            .next()
            .filter(|_| architectures.next().is_none())
    }

    /// Whether what is built for a target with either is the same.
    pub(crate) fn builds_like(&self, other: &Self) -> bool {
        let key = |s: &Self| (s.runtime, s.builder, s.cpus.clone(), s.reproducible);
        key(self) == key(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Level, Lint};

    fn layer(toml: &str) -> Layer {
        toml::from_str(toml).unwrap()
    }

    fn merge(layers: &[&Layer]) -> Settings {
        let fallback = Fallback {
            targets: vec![Target::default()],
            ..Fallback::default()
        };
        Settings::merge(layers, &[], &fallback)
    }

    #[test]
    fn without_any_layer_the_defaults_hold() {
        let settings = merge(&[]);
        assert_eq!(settings.targets, [Target::default()]);
        assert_eq!(settings.runtime, Runtime::Al2023);
        assert_eq!(settings.kind, Kind::Function);
    }

    #[test]
    fn each_key_is_taken_from_the_strongest_layer_that_has_it() {
        let workspace = layer("runtime = 'provided.al2'\narchitectures = ['arm64']");
        let package = layer("architectures = ['x86_64', 'arm64', 'x86_64']");
        let settings = merge(&[&workspace, &package]);
        assert_eq!(settings.runtime, Runtime::Al2);
        assert_eq!(
            settings.targets,
            [Architecture::X86_64, Architecture::Arm64].map(Target::from)
        );
    }

    #[test]
    fn lint_levels_of_all_layers_add_up() {
        let workspace = layer("lints = { debug-info = 'deny', zip-too-large = 'deny' }");
        let bin = layer("lints = { debug-info = 'allow' }");
        let policy = merge(&[&workspace, &bin]).policy;
        assert_eq!(policy.level(Lint::DebugInfo), Level::Allow);
        assert_eq!(policy.level(Lint::ZipTooLarge), Level::Deny);
    }
}
