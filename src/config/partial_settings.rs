//! One layer of the configuration.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::Deserialize;

use super::output_template::{FolderTemplate, OutputTemplate};
use super::{environment, layer_source};
use crate::archive::Compression;
use crate::bytes::Size;
use crate::cargo::builders::Builder;
use crate::cli::{CheckOptions, ContentOptions, Packaging};
use crate::include::{Include, Pattern, Symlinks};
use crate::lambda::{Architecture, Cpus, Kind, Runtime, Target};
use crate::lint::{Level, Subject};

/// One layer: what one table, or the command line, says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Layer {
    pub(crate) architectures: Option<Vec<Architecture>>,
    pub(crate) targets: Option<Vec<Target>>,
    pub(crate) runtime: Option<Runtime>,
    pub(crate) builder: Option<Builder>,
    #[serde(default)]
    pub(crate) include: Vec<Include>,
    #[serde(default)]
    pub(crate) exclude: Vec<Pattern>,
    pub(crate) symlinks: Option<Symlinks>,
    #[serde(default)]
    pub(crate) layers: Vec<layer_source::Layer>,
    pub(crate) output: Option<OutputTemplate>,
    pub(crate) compression: Option<Compression>,
    pub(crate) max_zip_size: Option<Size>,
    pub(crate) max_unzipped_size: Option<Size>,
    pub(crate) cpu: Option<Cpus>,
    pub(crate) reproducible: Option<bool>,
    pub(crate) folder: Option<FolderTemplate>,
    pub(crate) kind: Option<Kind>,
    #[serde(default)]
    pub(crate) lints: BTreeMap<Subject, Level>,
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
            folder: contents.folder.as_deref().map(str::parse).transpose()?,
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
            folder: None,
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
        self.folder = self.folder.take().map(|template| template.below(folder));
        each(&mut self.include, |include| include.below(folder));
        each(&mut self.exclude, |pattern| pattern.below(folder));
        each(&mut self.layers, |layer| layer.below(folder));
    }

    /// The targets this layer asks for, by either key.
    pub(crate) fn targets(&self) -> Option<Vec<Target>> {
        let by_architecture = |list: &Vec<Architecture>| list.iter().map(|&a| a.into()).collect();
        self.targets
            .clone()
            .or_else(|| self.architectures.as_ref().map(by_architecture))
    }
}
