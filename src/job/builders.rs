//! A builder for everything that is to be built.

use std::collections::BTreeMap;

use super::{Job, contents};
use crate::build::{self, Decision, Driver};
use crate::builder::Builder;
use crate::config::Settings;
use crate::error::Result;
use crate::plan::{Choice, is_built};
use crate::target::Target;
use crate::workspace::{self, Candidate};

/// Decides on a builder for every way that users ask for one.
pub(super) fn choose<'a>(
    job: &Job<'_>,
    configured: Vec<(Candidate<'a>, Settings)>,
) -> Result<Vec<Choice<'a>>> {
    let mut decisions: BTreeMap<Builder, Driver> = BTreeMap::new();
    for (_, settings) in configured
        .iter()
        .filter(|(candidate, s)| is_built(candidate, s))
    {
        if decisions.contains_key(&settings.builder) {
            continue;
        }
        let group: Vec<&(Candidate<'_>, Settings)> = configured
            .iter()
            .filter(|(candidate, s)| is_built(candidate, s) && s.builder == settings.builder)
            .collect();
        let decision = decide(job, settings.builder, &group)?;
        let builder = decision.driver.builder();
        job.shell.detail(
            "Building",
            format_args!("with {builder}: {}", decision.reason),
        );
        decisions.insert(settings.builder, decision.driver);
    }
    configured
        .into_iter()
        .map(|(candidate, settings)| {
            let driver = decisions.get(&settings.builder).cloned();
            contents::choice(candidate, settings, driver.unwrap_or(Driver::Cargo))
        })
        .collect()
}

/// The decision for all that asks for `wanted`.
fn decide(
    job: &Job<'_>,
    wanted: Builder,
    group: &[&(Candidate<'_>, Settings)],
) -> Result<Decision> {
    // Compiling the standard library leaves the C library to zig.
    let wanted = match wanted {
        Builder::Auto if job.cli.packaging.build_std => Builder::Zigbuild,
        wanted => wanted,
    };
    if wanted != Builder::Auto {
        return build::decide(wanted, None, &[], false);
    }
    let mut targets: Vec<Target> = group.iter().flat_map(|(_, s)| s.targets.clone()).collect();
    targets.sort_unstable();
    targets.dedup();
    let mut native = Vec::new();
    // Without targets to look at, nothing is resolved.
    let suspects = if workspace::may_compile_c(job.workspace) {
        targets.as_slice()
    } else {
        &[]
    };
    for &target in suspects {
        let for_target = group.iter().filter(|(_, s)| s.targets.contains(&target));
        let packages = for_target
            .map(|(candidate, _)| &candidate.package.id)
            .collect();
        let options = &job.cli.cargo;
        let found = workspace::find_native_crate(&packages, target, options)?;
        native.extend(found.map(|krate| (target, krate)));
    }
    let need = build::need(&targets, &native, job.config)?;
    let root = job.workspace.metadata.workspace_root.as_std_path();
    build::decide(
        wanted,
        need.as_ref(),
        &native,
        build::cross_is_configured(root),
    )
}
