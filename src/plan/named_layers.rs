//! The plans of the main job and of `layer`: with the layers that packages take by their names, which
//! are made in the same run.

use std::sync::Arc;

use cargo_metadata::Package;

use super::layer_request::LayerRequest;
use super::model::Plan;
use super::named_layer_error::{ambiguous, not_for, refuse_cycles, unknown};
use super::package::{OutputSpec, Owner, PackagePlan};
use super::taken_layer::MadeLayer;
use crate::bytes;
use crate::cargo::{
    self, Candidate, CargoOptions, FeatureOptions, PackageOptions, Project, TargetOptions,
    features, is_example,
};
use crate::config::{self, LayerName, ManifestFile, PartialSettings};
use crate::error::Result;
use crate::lambda::Kind;
use crate::lint::LayerFacts;

/// Plans a package for each binary that `targets` selects, and the layers that these take.
///
/// # Errors
/// Every problem that can be found before anything compiles.
pub(crate) fn functions(
    project: &Project<'_>,
    targets: &TargetOptions,
    sources: &[PartialSettings],
) -> Result<Plan> {
    with_layers(
        project,
        super::functions::plan(project, targets, sources)?,
        sources,
    )
}

/// Plans the layers that `request` asks for, and those that these take.
///
/// # Errors
/// Every problem that can be found before anything compiles.
pub(crate) fn layers(
    project: &Project<'_>,
    request: &LayerRequest<'_>,
    sources: &[PartialSettings],
) -> Result<Plan> {
    with_layers(
        project,
        super::layers::plan(project, request, sources)?,
        sources,
    )
}

/// Adds to a plan the layers that its packages take by name, and those that these take in turn.
///
/// They are built by themselves: the features of functions are those that the command line asks for.
fn with_layers(project: &Project<'_>, mut plan: Plan, sources: &[PartialSettings]) -> Result<Plan> {
    let takes_names = |package: &PackagePlan| package.taken_names().next().is_some();
    let flags = sources.iter().flat_map(|source| &source.layers);
    let mut flags = flags.filter_map(|layer| layer.name()).peekable();
    if flags.peek().is_none() && !plan.packages.iter().any(takes_names) {
        return Ok(plan);
    }
    let own = sources.iter().map(PartialSettings::for_taken_layers);
    let own: Vec<PartialSettings> = own.collect();
    let known = known_layers(project, &own)?;
    for name in flags {
        // An extension takes none of them.
        if !known.iter().any(|layer| layer.name == *name) {
            return Err(unknown(project, None, name, names_of(&known)));
        }
    }
    let mut position = 0;
    while position < plan.packages.len() {
        let names: Vec<LayerName> = plan.packages[position].taken_names().cloned().collect();
        for name in names {
            let taker = &plan.packages[position];
            let layer = find(project, &known, taker, &name)?;
            if !plan.packages.iter().any(|package| layer.is(package)) {
                let of = layer
                    .package
                    .map_or_else(String::new, |p| format!(" of package `{}`", p.name));
                let message = format!("the layer `{name}`{of}, which `{}` takes", taker.name);
                project.shell.status("Adding", message);
                let mut layer = layer.plan(project, &own, !plan.builds.is_empty())?;
                (layer.packages.iter_mut()).for_each(|package| package.is_taken = true);
                plan.append(layer)?;
            }
        }
        position += 1;
    }
    connect(project, &mut plan, &known)?;
    refuse_cycles(&plan)?;
    Ok(plan)
}

/// A layer that the workspace makes.
struct KnownLayer<'a> {
    name: LayerName,
    /// The package that it is of; `None` for one of the workspace.
    package: Option<&'a Package>,
    /// The binary of an extension; `None` for a layer with a table of its own.
    extension: Option<Candidate<'a>>,
}

/// All layers that tables describe, and all extensions.
fn known_layers<'a>(
    project: &Project<'a>,
    sources: &[PartialSettings],
) -> Result<Vec<KnownLayer<'a>>> {
    let root = ManifestFile::read(&project.workspace.root_manifest())?;
    let members = project.workspace.metadata.workspace_packages();
    let of_table = |name: &LayerName, package| KnownLayer {
        name: name.clone(),
        package,
        extension: None,
    };
    let common = config::workspace_table(project, &root)?;
    let mut known: Vec<_> = common
        .layers
        .keys()
        .map(|name| of_table(name, None))
        .collect();
    for package in &members {
        let table = config::package_table(package)?;
        known.extend(
            table
                .layers
                .keys()
                .map(|name| of_table(name, Some(*package))),
        );
    }
    let binaries: Vec<Candidate<'a>> = cargo::executables(&members).collect();
    for (binary, settings) in config::configure(project, &binaries, &root, sources)? {
        let is_extension = settings.kind == Kind::Extension && !settings.skip;
        let name = binary.target.name.parse();
        known.extend(name.ok().filter(|_| is_extension).map(|name| KnownLayer {
            name,
            package: Some(binary.package),
            extension: Some(binary),
        }));
    }
    Ok(known)
}

/// The layer that `taker` means by `name`: of several, that of its own package.
fn find<'k, 'a>(
    project: &Project<'_>,
    known: &'k [KnownLayer<'a>],
    taker: &PackagePlan,
    name: &LayerName,
) -> Result<&'k KnownLayer<'a>> {
    let named: Vec<_> = known.iter().filter(|layer| layer.name == *name).collect();
    let is_near = |layer: &&&KnownLayer<'_>| layer.package.map(Owner::of) == taker.owner;
    let near: Vec<_> = named.iter().filter(is_near).copied().collect();
    match (&near[..], &named[..]) {
        ([one], _) | (_, [one]) => Ok(one),
        ([one, other, ..], _) | (_, [one, other, ..]) => {
            Err(ambiguous(name, &one.described(), &other.described()))
        }
        (_, []) => Err(unknown(project, Some(taker), name, names_of(known))),
    }
}

fn names_of<'k>(known: &'k [KnownLayer<'_>]) -> impl Iterator<Item = &'k str> + Clone {
    known.iter().map(|layer| layer.name.as_str())
}

impl KnownLayer<'_> {
    fn described(&self) -> String {
        let what = if self.extension.is_some() {
            "the extension"
        } else {
            "the layer"
        };
        match self.package {
            Some(package) => format!("{what} of package `{}`", package.name),
            None => format!("{what} of the workspace"),
        }
    }

    /// True if `package` is this layer.
    fn is(&self, package: &PackagePlan) -> bool {
        match &self.extension {
            Some(binary) => package.kind == Kind::Extension && package.has(&binary.id()),
            None => {
                package.kind == Kind::Layer
                    && package.name == self.name.as_str()
                    && package.owner == self.package.map(Owner::of)
            }
        }
    }

    /// Plans the layer alone, for a run with other builds if it `is_beside_builds`.
    fn plan(
        &self,
        project: &Project<'_>,
        sources: &[PartialSettings],
        is_beside_builds: bool,
    ) -> Result<Plan> {
        // Every partition makes the layers that its packages take.
        let project = &Project {
            partition: None,
            ..*project
        };
        let mut options: CargoOptions = project.options.clone();
        if let Some(package) = self.package {
            options.packages = PackageOptions {
                package: vec![format!("{}@{}", package.name, package.version)],
                ..PackageOptions::default()
            };
        }
        let Some(binary) = &self.extension else {
            let request = LayerRequest {
                name: Some(&self.name),
                bins: &[],
                has_contents: false,
                is_for_functions: true,
                is_beside_builds,
            };
            let project = &Project {
                options: &options,
                ..*project
            };
            return super::layers::plan(project, &request, sources);
        };
        if features::check(&[binary.package], &options.features).is_err() {
            // The features are those of the functions.
            options.features = FeatureOptions::default();
        }
        let mut targets = TargetOptions::default();
        let names = if is_example(binary.target) {
            &mut targets.example
        } else {
            &mut targets.bin
        };
        names.push(binary.target.name.clone());
        let project = &Project {
            options: &options,
            ..*project
        };
        super::functions::plan(project, &targets, sources)
    }
}

/// Tells each package of a complete plan which zips of the plan are its layers.
///
/// # Errors
/// [`Error::Usage`](crate::error::Error::Usage) for a layer that is not made for an architecture.
fn connect(project: &Project<'_>, plan: &mut Plan, known: &[KnownLayer<'_>]) -> Result<()> {
    let mut found = Vec::new();
    for (taker_position, taker) in plan.packages.iter().enumerate() {
        for (output_position, output) in taker.outputs.iter().enumerate() {
            for (nth, taken) in output.layers.iter().enumerate() {
                let Some(name) = taken.source.name() else {
                    continue;
                };
                let layer = find(project, known, taker, name)?;
                let mut packages = plan.packages.iter().enumerate();
                let Some((package, made)) = packages.find(|(_, package)| layer.is(package)) else {
                    continue;
                };
                let zip = zip_for(output, made).ok_or_else(|| not_for(taker, output, made))?;
                let place = MadeLayer {
                    package,
                    path: zip.path.clone(),
                };
                let facts = Arc::new(foreseen_facts(made, zip));
                found.push(((taker_position, output_position, nth), place, facts));
            }
        }
    }
    for ((package, output, nth), place, facts) in found {
        let layer = &mut plan.packages[package].outputs[output].layers[nth];
        layer.made = Some(place);
        layer.facts = facts;
    }
    Ok(())
}

/// The zip of a layer that fits a function's; of several, that for the same target.
fn zip_for<'p>(function: &OutputSpec, layer: &'p PackagePlan) -> Option<&'p OutputSpec> {
    let fits = |zip: &&OutputSpec| {
        zip.architecture.is_none()
            || function.architecture.is_none()
            || zip.architecture == function.architecture
    };
    let fitting = || layer.outputs.iter().filter(fits);
    let same = fitting().find(|zip| zip.target == function.target);
    same.or_else(|| fitting().next())
}

/// The facts about a layer that are known before its programs are built. Any file may be in it.
fn foreseen_facts(layer: &PackagePlan, zip: &OutputSpec) -> LayerFacts {
    LayerFacts {
        name: zip.path.file_name().unwrap_or_default().to_owned(),
        ..LayerFacts::of_size(bytes::sum(layer.files.iter().map(|file| file.bytes)))
    }
}
