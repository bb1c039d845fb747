//! The choice of builders.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::binary::BinaryPlan;
use crate::cargo::builders::{self, Builder, Decision, Driver};
use crate::cargo::{Candidate, NativeCrate, NativeSearch, Project};
use crate::config::Settings;
use crate::error::Result;
use crate::lambda::Target;

/// Chooses a builder for each value of the setting `builder`.
pub(crate) fn choose<'a>(
    project: &Project<'_>,
    configured: Vec<(Candidate<'a>, Settings)>,
) -> Result<Vec<BinaryPlan<'a>>> {
    let mut decisions: BTreeMap<Builder, Driver> = BTreeMap::new();
    let built = || configured.iter().filter(|(_, settings)| !settings.skip);
    for (_, settings) in built() {
        if decisions.contains_key(&settings.builder) {
            continue;
        }
        let group: Vec<_> = built()
            .filter(|(_, s)| s.builder == settings.builder)
            .collect();
        let decision = decide(project, settings.builder, &group)?;
        let builder = decision.driver.builder();
        let in_turn = if decision.driver.takes_one_target() {
            "; one target after the other"
        } else {
            ""
        };
        project.shell.verbose(
            "Building",
            format_args!("with {builder}: {}{in_turn}", decision.reason),
        );
        decisions.insert(settings.builder, decision.driver);
    }
    let binaries = configured.into_iter().map(|(candidate, settings)| {
        let driver = decisions.get(&settings.builder).cloned();
        BinaryPlan {
            candidate,
            settings,
            driver: driver.unwrap_or(Driver::Cargo),
        }
    });
    Ok(binaries.collect())
}

/// The decision for the binaries with the setting `wanted`.
fn decide(
    project: &Project<'_>,
    wanted: Builder,
    group: &[&(Candidate<'_>, Settings)],
) -> Result<Decision> {
    let root = &project.workspace.metadata.workspace_root;
    // Compiling the standard library leaves the C library to zig.
    let wanted = match wanted {
        Builder::Auto if project.build_std => Builder::Zigbuild,
        wanted => wanted,
    };
    if wanted != Builder::Auto {
        return builders::decide(wanted, None, &[], project.config, root);
    }
    let mut targets: Vec<Target> = group.iter().flat_map(|(_, s)| s.targets.clone()).collect();
    targets.sort_unstable();
    targets.dedup();
    let native = native_crates(project, group, &targets)?;
    let requirement = builders::requirement(&targets, &native, project.config)?;
    builders::decide(wanted, requirement.as_ref(), &native, project.config, root)
}

/// The arguments that select packages and features: features are unified over them.
fn selection(project: &Project<'_>) -> Vec<OsString> {
    let mut selection = project.options.packages.arguments();
    selection.extend(project.options.features.arguments());
    selection
}

/// For each of `targets`, a crate that compiles C for it, and one that links a library of the system.
fn native_crates(
    project: &Project<'_>,
    group: &[&(Candidate<'_>, Settings)],
    targets: &[Target],
) -> Result<Vec<(Target, NativeCrate)>> {
    let mut native = Vec::new();
    let search = NativeSearch::begin(project.workspace, project.options, project.config);
    let Some(search) = search else {
        return Ok(native);
    };
    for &target in targets {
        let for_target = group.iter().filter(|(_, s)| s.targets.contains(&target));
        let packages: Vec<_> = for_target.map(|(candidate, _)| candidate.package).collect();
        let found = search.find(&packages, target, selection(project))?;
        native.extend(found.into_iter().map(|krate| (target, krate)));
    }
    Ok(native)
}
