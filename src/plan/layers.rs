//! One package for each layer that is asked for.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::binary::BinaryPlan;
use super::layer_cache::LayerCache;
use super::layer_package::package;
use super::layer_request::{self, LayerRequest, LayerSpec};
use super::model::Plan;
use super::outputs::OutputContext;
use super::package::{OutputSpec, PackagePlan};
use super::{builders, layer_binaries, partition};
use crate::cargo::{self, Candidate, CargoOptions, FeatureOptions, Partition, Project, features};
use crate::config::{self, LayerName, ManifestFile, PartialSettings};
use crate::error::{Error, Result};
use crate::include;
use crate::lambda::Target;

/// Plans the layers that `request` asks for.
///
/// # Errors
/// Every problem that can be found before anything compiles.
pub(super) fn plan(
    project: &Project<'_>,
    request: &LayerRequest<'_>,
    sources: &[PartialSettings],
) -> Result<Plan> {
    let specs = layer_request::find(project, request, sources)?;
    let candidates = specs.iter().flat_map(LayerSpec::candidates);
    let packages: Vec<_> = candidates.map(|candidate| candidate.package).collect();
    let features = &project.options.features;
    let checked = if packages.is_empty() {
        Ok(())
    } else {
        features::check(&packages, features)
    };
    let features = match checked {
        // The features are those of the functions.
        Err(_) if request.is_for_functions => FeatureOptions::default(),
        checked => checked.map(|()| features.clone())?,
    };
    let options = CargoOptions {
        packages: layer_binaries::packages_of(&specs),
        features,
        ..project.options.clone()
    };
    let project = &Project {
        options: &options,
        ..*project
    };
    let root = config::root_manifest(project)?;
    let mut binaries = builders::choose(project, layer_binaries::configured(&specs)?)?;
    let context = OutputContext::of(project);
    let mut cache = LayerCache::default();
    let is_built = request.is_beside_builds || binaries.iter().any(BinaryPlan::is_wanted);
    let may_come = |path: &Utf8Path| is_built && project.workspace.may_make(path);
    let packages = specs
        .iter()
        .map(|layer| package(&context, layer, &binaries, &mut cache, &may_come));
    let mut packages: Vec<_> = packages.collect::<Result<_>>()?;
    include::check_excludes(packages.iter().map(|plan| &plan.unused_excludes[..]))?;
    check_functions(project, &packages, &root, sources)?;
    let selection = partition::keep(project, &mut packages, &mut binaries)?;
    let targets = layer_binaries::targets_of(&binaries);
    let plan = Plan::new(project, &root, &binaries, packages, &targets)?;
    Ok(Plan { selection, ..plan })
}

/// Plans a layer of files, for which no Cargo project is needed. Its zip goes into `folder`, unless
/// its settings name another place. The plan is empty if the layer is not in the `partition`.
///
/// # Errors
/// Every problem that can be found before anything is packed.
pub(crate) fn layer_of_files(
    name: &LayerName,
    sources: &[PartialSettings],
    folder: &Utf8Path,
    partition: Option<Partition>,
) -> Result<Plan> {
    let layer = LayerSpec::without_project(name, sources);
    let context = OutputContext::in_folder(folder);
    let package = package(&context, &layer, &[], &mut LayerCache::default(), &|_| {
        false
    })?;
    include::check_excludes(std::iter::once(&package.unused_excludes[..]))?;
    let packages = vec![package];
    let selection = partition.map(|_| partition::digest(&packages, &FeatureOptions::default()));
    let mut plan = Plan {
        selection,
        ..Plan::without_builds(packages)?
    };
    if partition.is_some_and(|partition| !partition.has(None, name.as_str())) {
        plan.packages.clear();
    }
    Ok(plan)
}

/// Refuses a layer whose zip would replace the zip of a function, for any architecture, or would be
/// replaced by it in a run of the main job.
fn check_functions(
    project: &Project<'_>,
    layers: &[PackagePlan],
    root: &ManifestFile,
    sources: &[PartialSettings],
) -> Result<()> {
    let layers = layers.iter().flat_map(|layer| &layer.outputs);
    let taken: BTreeMap<String, &OutputSpec> = layers.map(|o| (one_name(o), o)).collect();
    let members = project.workspace.metadata.workspace_packages();
    let binaries: Vec<Candidate<'_>> = cargo::executables(&members).collect();
    let context = OutputContext::of(project);
    // The flags of this run are for the layers.
    let environment = sources.get(..1).unwrap_or_default();
    for (binary, mut settings) in config::configure(project, &binaries, root, environment)? {
        if settings.skip {
            continue;
        }
        settings.targets = Target::all().collect();
        settings.name = None;
        let functions = context.of_binary(&binary, &settings)?;
        let mut functions = functions.iter();
        if let Some(output) = functions.find_map(|output| taken.get(&one_name(output))) {
            return Err(Error::usage(
                format!(
                    "`{}` is where the zip of the binary `{}` of package `{}` goes",
                    output.path, binary.target.name, binary.package.name
                ),
                "give the layer another name, or another place with `--output`",
            ));
        }
    }
    Ok(())
}

/// Names that differ only in case are one place on many systems.
fn one_name(output: &OutputSpec) -> String {
    output.path.as_str().to_lowercase()
}
