//! Builds, and packages each zip as soon as its programs are built.

use std::borrow::Cow;
use std::sync::Arc;

use camino::Utf8Path;

use super::input::PackageInput;
use super::packer::{CheckedPackage, Packer};
use super::pending::{PendingPackages, ReadyPackage};
use super::pool::PackagingPool;
use crate::cargo::Interrupt;
use crate::cargo::builders::{self, BuiltBinary};
use crate::error::Result;
use crate::inspect::ExecutableFile;
use crate::plan::{self, Build, Plan};
use crate::shell::Shell;

/// Carries out the builds of a plan and packages what they make.
///
/// No zip takes its place before everything is built: a failed build leaves every zip as it was.
///
/// # Errors
/// The error of a build or of a package, or
/// [`Error::Interrupted`](crate::error::Error::Interrupted).
pub(super) fn build_and_package(
    plan: &Arc<Plan>,
    pool: &mut PackagingPool,
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<CheckedPackage>> {
    let pending = Arc::new(PendingPackages::new(Arc::clone(plan)));
    for ready in pending.ready() {
        let plan = Arc::clone(plan);
        pool.start(move |packer| Ok(vec![package(&plan, packer, &ready)?]));
    }
    let mut checked: Vec<CheckedPackage> = Vec::new();
    for build in &plan.builds {
        let Build {
            process,
            targets,
            paths,
        } = build;
        shell.verbose("Running", process);
        builders::run(process, targets, paths, interrupt, |built| {
            // Cargo also reports artifact dependencies, which are not asked for.
            if plan.wants(&built) {
                let (plan, pending) = (Arc::clone(plan), Arc::clone(&pending));
                pool.start(move |packer| add(&plan, &pending, packer, &built));
            }
        })?;
        // The next build may replace a binary of the same name, so that packaging ends first.
        checked.extend(pool.finish(interrupt, shell)?);
    }
    checked.extend(pool.finish(interrupt, shell)?);
    warn_of_missing(plan, &checked, shell);
    Ok(checked)
}

/// Warns of binaries that Cargo has left out: it has the last word on features.
fn warn_of_missing(plan: &Plan, checked: &[CheckedPackage], shell: &Shell) {
    let is_there = |path: &Utf8Path| checked.iter().any(|checked| checked.path() == path);
    for (package, output) in plan
        .expected()
        .filter(|(_, output)| !is_there(&output.path))
    {
        shell.warning(format_args!(
            "{} was not built: features it requires are off",
            package.described(output)
        ));
    }
}

/// Packages everything that waited only for `built`.
fn add(
    plan: &Plan,
    pending: &PendingPackages,
    packer: &Packer,
    built: &BuiltBinary,
) -> Result<Vec<CheckedPackage>> {
    let file = ExecutableFile::read(&built.path, "the executable that Cargo reported,")?;
    let ready = pending.add(built, file).into_iter();
    ready.map(|ready| package(plan, packer, &ready)).collect()
}

fn package(plan: &Plan, packer: &Packer, ready: &ReadyPackage) -> Result<CheckedPackage> {
    let (package, output) = (
        &plan.packages[ready.package],
        &plan.packages[ready.package].outputs[ready.output],
    );
    let files = if ready.is_fresh {
        Cow::Borrowed(&package.files)
    } else {
        // A build script may have made or changed some of them.
        let names = package.programs.iter().map(|program| program.path.as_str());
        Cow::Owned(plan::files(&package.settings, names)?)
    };
    packer.package(&PackageInput {
        package,
        output,
        profile: &plan.profile,
        programs: &ready.programs,
        files: &files,
    })
}
