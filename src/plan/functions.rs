//! One package for each binary that is selected.

use camino::Utf8Path;

use super::binary::BinaryPlan;
use super::layer_cache::LayerCache;
use super::model::Plan;
use super::origin::Origin;
use super::outputs::OutputContext;
use super::package::{Owner, PackagePlan, ProgramPlan};
use super::{builders, contents, partition};
use crate::cargo::{self, Project, TargetOptions};
use crate::config::{self, PartialSettings};
use crate::error::{Error, Result};
use crate::include;

/// Plans a package for each binary that `targets` selects.
///
/// # Errors
/// Every problem that can be found before anything compiles.
pub(super) fn plan(
    project: &Project<'_>,
    targets: &TargetOptions,
    sources: &[PartialSettings],
) -> Result<Plan> {
    let root = config::root_manifest(project)?;
    let candidates = cargo::select(project.workspace, project.options, targets)?;
    let configured = config::configure(project, &candidates, &root, sources)?;
    let mut binaries = builders::choose(project, configured)?;
    let mut packages = packages(project, &binaries)?;
    let selection = partition::keep(project, &mut packages, &mut binaries)?;
    let plan = Plan::new(project, &root, &binaries, packages, targets)?;
    Ok(Plan { selection, ..plan })
}

/// The packages of all binaries that are not skipped.
///
/// # Errors
/// [`Error::Usage`] if all are skipped, or the error of an include or a layer.
fn packages(project: &Project<'_>, binaries: &[BinaryPlan<'_>]) -> Result<Vec<PackagePlan>> {
    // A binary that is not expected may be built all the same: Cargo has the last word on features.
    let packaged = binaries.iter().filter(|b| !b.settings.skip);
    let context = OutputContext::of(project);
    let mut layers = LayerCache::default();
    let plans: Vec<PackagePlan> = packaged
        .map(|binary| package(project, binary, &context, &mut layers))
        .collect::<Result<_>>()?;
    include::check_excludes(plans.iter().map(|plan| &plan.unused_excludes[..]))?;
    if plans.is_empty() {
        return Err(Error::usage(
            "every selected binary is configured with `skip = true`",
            "select another with `-p` or `--bin`, or remove the key from its metadata",
        ));
    }
    Ok(plans)
}

fn package(
    project: &Project<'_>,
    binary: &BinaryPlan<'_>,
    context: &OutputContext<'_>,
    layers: &mut LayerCache,
) -> Result<PackagePlan> {
    let BinaryPlan {
        candidate,
        settings,
        driver,
    } = binary;
    let name = &candidate.target.name;
    let path = settings.kind.entry_name(name);
    let may_come = |path: &Utf8Path| project.workspace.may_make(path);
    let included = contents::files(settings, [path.as_str()], &may_come)?;
    let mut outputs = context.of_binary(candidate, settings)?;
    for output in &mut outputs {
        output.layers = layers.of(settings, output.architecture)?;
    }
    Ok(PackagePlan {
        outputs,
        name: name.clone(),
        kind: settings.kind,
        programs: vec![ProgramPlan::built(candidate, path)],
        files: included.files,
        unused_excludes: included.unused_excludes,
        awaited: included.awaited,
        settings: settings.clone(),
        builder: Some(driver.builder()),
        origin: Some(Origin::of_binary(candidate)),
        expected: candidate.expected,
        is_taken: false,
        owner: Some(Owner::of(candidate.package)),
    })
}
