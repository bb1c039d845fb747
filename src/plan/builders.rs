//! A builder for everything that is to be built.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::cargo::builders::{self, Builder, Decision, Driver};
use crate::cargo::{self, Candidate, NativeCrate, NativeSearch};
use crate::commands::Job;
use crate::config::Settings;
use crate::error::Result;
use crate::lambda::Target;
use crate::plan::{Choice, is_built};

/// Decides on a builder for every way that users ask for one.
pub(crate) fn choose<'a>(
    job: &Job<'_>,
    configured: Vec<(Candidate<'a>, Settings)>,
) -> Result<Vec<Choice<'a>>> {
    let mut decisions: BTreeMap<Builder, Driver> = BTreeMap::new();
    let built = || {
        configured
            .iter()
            .filter(|(candidate, s)| is_built(candidate, s))
    };
    for (_, settings) in built() {
        if decisions.contains_key(&settings.builder) {
            continue;
        }
        let group: Vec<_> = built()
            .filter(|(_, s)| s.builder == settings.builder)
            .collect();
        let is_everything = group.len() == built().count();
        let selection = selection(job, &group, &configured, is_everything);
        let decision = decide(job, settings.builder, &group, &selection)?;
        let builder = decision.driver.builder();
        let in_turn = if decision.driver.takes_one_target() {
            "; one target after the other"
        } else {
            ""
        };
        job.shell.detail(
            "Building",
            format_args!("with {builder}: {}{in_turn}", decision.reason),
        );
        decisions.insert(settings.builder, decision.driver);
    }
    let choices = configured.into_iter().map(|(candidate, settings)| {
        let driver = decisions.get(&settings.builder).cloned();
        Choice {
            candidate,
            settings,
            driver: driver.unwrap_or(Driver::Cargo),
        }
    });
    Ok(choices.collect())
}

/// The decision for all that asks for `wanted`.
fn decide(
    job: &Job<'_>,
    wanted: Builder,
    group: &[&(Candidate<'_>, Settings)],
    selection: &[OsString],
) -> Result<Decision> {
    let root = &job.workspace.metadata.workspace_root;
    // Compiling the standard library leaves the C library to zig.
    let wanted = match wanted {
        Builder::Auto if job.cli.packaging.build_std => Builder::Zigbuild,
        wanted => wanted,
    };
    if wanted != Builder::Auto {
        return builders::decide(wanted, None, &[], job.config, root);
    }
    let mut targets: Vec<Target> = group.iter().flat_map(|(_, s)| s.targets.clone()).collect();
    targets.sort_unstable();
    targets.dedup();
    let native = native_crates(job, group, &targets, selection)?;
    let requirement = builders::requirement(&targets, &native, job.config)?;
    builders::decide(wanted, requirement.as_ref(), &native, job.config, root)
}

/// What is built together, in the terms of Cargo's options: features are unified over it.
fn selection(
    job: &Job<'_>,
    group: &[&(Candidate<'_>, Settings)],
    configured: &[(Candidate<'_>, Settings)],
    is_everything: bool,
) -> Vec<OsString> {
    let options = &job.cli.cargo;
    if is_everything {
        let mut selection = options.packages.arguments();
        selection.extend(options.features.arguments());
        return selection;
    }
    let here: Vec<_> = group
        .iter()
        .map(|(candidate, _)| candidate.package)
        .collect();
    let selected: Vec<_> = configured
        .iter()
        .map(|(candidate, _)| candidate.package)
        .collect();
    cargo::arguments_for(&here, &selected, &options.features)
}

/// For each of `targets`, a crate that compiles C for it, if there is one.
fn native_crates(
    job: &Job<'_>,
    group: &[&(Candidate<'_>, Settings)],
    targets: &[Target],
    selection: &[OsString],
) -> Result<Vec<(Target, NativeCrate)>> {
    let mut native = Vec::new();
    let search = NativeSearch::begin(job.workspace, &job.cli.cargo, job.config);
    let Some(search) = search else {
        return Ok(native);
    };
    for &target in targets {
        let for_target = group.iter().filter(|(_, s)| s.targets.contains(&target));
        let packages: Vec<_> = for_target.map(|(candidate, _)| candidate.package).collect();
        let found = search.find(&packages, target, selection.to_vec())?;
        native.extend(found.map(|krate| (target, krate)));
    }
    Ok(native)
}
