//! Configuration: layers of optional settings, merged per binary.
//!
//! `[workspace.metadata.lambda-zip]` < `[package.metadata.lambda-zip]` <
//! `[package.metadata.lambda-zip.bin.NAME]` < environment < command line.

mod environment;
mod manifest;
mod output;
mod project;

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use serde::Deserialize;

pub(crate) use environment::message_format;
pub(crate) use manifest::{MadeLayer, ManifestFile, Owner, Table};
pub(crate) use output::{OutputTemplate, Values};
pub(crate) use project::layers_in;

use crate::archive::Compression;
use crate::builder::Builder;
use crate::cli::{CheckOptions, ContentOptions, LintFlags, Packaging};
use crate::cpu::Cpus;
use crate::include::{Include, Pattern, Symlinks};
use crate::kind::Kind;
use crate::layers;
use crate::lint::{Budget, Level, Policy, Setting, Subject};
use crate::size::Size;
use crate::target::{Architecture, Runtime, Target};

/// One layer: what one table, or the command line, says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Layer {
    architectures: Option<Vec<Architecture>>,
    targets: Option<Vec<Target>>,
    runtime: Option<Runtime>,
    builder: Option<Builder>,
    #[serde(default)]
    include: Vec<Include>,
    #[serde(default)]
    exclude: Vec<Pattern>,
    symlinks: Option<Symlinks>,
    #[serde(default)]
    layers: Vec<layers::Layer>,
    output: Option<OutputTemplate>,
    compression: Option<Compression>,
    max_zip_size: Option<Size>,
    max_unzipped_size: Option<Size>,
    cpu: Option<Cpus>,
    reproducible: Option<bool>,
    also_binary: Option<bool>,
    kind: Option<Kind>,
    #[serde(default)]
    lints: BTreeMap<Subject, Level>,
}

impl Layer {
    /// What the environment says, paths relative to `current_folder`.
    pub(crate) fn from_environment(current_folder: &Utf8Path) -> Result<Self, String> {
        environment::layer(current_folder)
    }

    /// What the command line says of contents and output, paths relative to `current_folder`.
    pub(crate) fn from_contents(
        contents: &ContentOptions,
        output: Option<&str>,
        current_folder: &Utf8Path,
    ) -> Result<Self, String> {
        let mut layer = Self {
            output: output.map(str::parse).transpose()?,
            runtime: contents.runtime,
            include: contents.include.clone(),
            exclude: contents.exclude_file.clone(),
            symlinks: contents.symlinks,
            layers: contents.layer.clone(),
            compression: contents.compression,
            also_binary: contents.also_binary.then_some(true),
            max_zip_size: contents.max_zip_size,
            max_unzipped_size: contents.max_unzipped_size,
            ..Self::default()
        };
        layer.resolve_paths(current_folder);
        Ok(layer)
    }

    /// What the command line says of a function whose zip is there already, paths relative to
    /// `current_folder`.
    pub(crate) fn from_check(options: &CheckOptions, current_folder: &Utf8Path) -> Self {
        let mut layer = Self {
            architectures: options.arch.map(|architecture| vec![architecture]),
            runtime: options.runtime,
            layers: options.layer.clone(),
            max_zip_size: options.max_zip_size,
            max_unzipped_size: options.max_unzipped_size,
            ..Self::default()
        };
        layer.resolve_paths(current_folder);
        layer
    }

    /// What the command line says, paths relative to `current_folder`.
    pub(crate) fn from_flags(
        flags: &Packaging,
        contents: &ContentOptions,
        current_folder: &Utf8Path,
    ) -> Result<Self, String> {
        Ok(Self {
            architectures: (!flags.arch.is_empty()).then(|| flags.arch.clone()),
            targets: (!flags.target.is_empty()).then(|| flags.target.clone()),
            builder: flags.builder,
            cpu: Some(flags.cpu.iter().cloned().collect()),
            reproducible: flags.reproducible.then_some(true),
            ..Self::from_contents(contents, flags.output.as_deref(), current_folder)?
        })
    }

    /// What a layer that is made takes over of a table around its own: how to build, pack and
    /// judge, but not what is in a function's zip, and where that goes.
    pub(crate) fn for_made_layer(&self) -> Self {
        Self {
            include: Vec::new(),
            exclude: Vec::new(),
            layers: Vec::new(),
            output: None,
            kind: None,
            ..self.clone()
        }
    }

    /// Makes the layer's paths absolute.
    pub(crate) fn resolve_paths(&mut self, folder: &Utf8Path) {
        /// `below` for each.
        fn each<T>(list: &mut Vec<T>, below: impl Fn(T) -> T) {
            *list = std::mem::take(list).into_iter().map(below).collect();
        }
        self.output = self.output.take().map(|output| output.below(folder));
        each(&mut self.include, |include| include.below(folder));
        each(&mut self.exclude, |pattern| pattern.below(folder));
        each(&mut self.layers, |layer| layer.below(folder));
    }

    /// The targets this layer asks for, by either key.
    fn targets(&self) -> Option<Vec<Target>> {
        let by_architecture = |list: &Vec<Architecture>| list.iter().map(|&a| a.into()).collect();
        self.targets
            .clone()
            .or_else(|| self.architectures.as_ref().map(by_architecture))
    }
}

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
    pub(crate) layers: Vec<layers::Layer>,
    pub(crate) output: Option<OutputTemplate>,
    pub(crate) compression: Compression,
    pub(crate) budget: Budget,
    pub(crate) cpus: Cpus,
    pub(crate) reproducible: bool,
    pub(crate) also_binary: bool,
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
    pub(crate) fn merge(layers: &[&Layer], lints: &LintFlags, fallback: &Fallback) -> Self {
        let targets = targets_named_by(layers);
        let metadata_lints = layers.iter().flat_map(|layer| &layer.lints);
        let policy = metadata_lints
            .map(|(&subject, &level)| Setting { subject, level })
            .chain(lints.0.iter().copied())
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
            also_binary: strongest(layers, |l| l.also_binary).unwrap_or_default(),
            kind: strongest(layers, |l| l.kind).unwrap_or_default(),
            policy,
        }
    }

    /// Of what is neither built nor packaged.
    pub(crate) fn skipped() -> Self {
        Self {
            kind: Kind::Skip,
            ..Self::merge(&[], &LintFlags::default(), &Fallback::default())
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
    use crate::lint::Lint;

    fn layer(toml: &str) -> Layer {
        toml::from_str(toml).unwrap()
    }

    fn merge(layers: &[&Layer]) -> Settings {
        let fallback = Fallback {
            targets: vec![Target::default()],
            ..Fallback::default()
        };
        Settings::merge(layers, &LintFlags::default(), &fallback)
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
