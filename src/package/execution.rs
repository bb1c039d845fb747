//! Building and packaging, side by side.

use std::borrow::Cow;
use std::sync::Arc;

use camino::Utf8Path;

use super::input::{Image, Parcel};
use super::packer::{Judged, Packer};
use super::pending::{Assembly, Complete};
use super::pool::Workshop;
use crate::cargo::builders::{self, BuildContext, BuiltBinary, Invocation, PathMap};
use crate::cargo::{Interrupt, Process};
use crate::error::Result;
use crate::plan::{self, Plan, PlannedArchive};
use crate::shell::Shell;

/// An invocation, and how it is run.
pub(crate) struct Command<'a> {
    invocation: &'a Invocation,
    pub(crate) process: Process,
    paths: PathMap,
}

impl<'a> Command<'a> {
    pub(crate) fn new(invocation: &'a Invocation, context: &BuildContext<'_>) -> Result<Self> {
        Ok(Self {
            invocation,
            process: builders::process(invocation, context)?,
            paths: invocation.driver.path_map(context),
        })
    }
}

/// Builds, packaging each zip as soon as its programs are there.
///
/// Nothing takes its place before all is built: a build that fails leaves every zip as it was.
pub(crate) fn build_and_package(
    plan: &Arc<Plan>,
    workshop: &mut Workshop,
    commands: &[Command<'_>],
    interrupt: &Interrupt,
    shell: &Shell,
) -> Result<Vec<Judged>> {
    let assembly = Arc::new(Assembly::new(Arc::clone(plan)));
    let waits_for_nothing = |(archive, _): &(&PlannedArchive, _)| archive.programs.is_empty();
    for (archive, place) in plan.zips().filter(waits_for_nothing) {
        let (plan, archive, place) = (Arc::clone(plan), archive.clone(), place.clone());
        workshop.start(move |packer| {
            let zip = Complete {
                archive: &archive,
                place: &place,
                programs: Vec::new(),
                is_fresh: true,
            };
            Ok(vec![package_one(&plan, packer, &zip)?])
        });
    }
    let mut judged: Vec<Judged> = Vec::new();
    for command in commands {
        shell.detail("Running", &command.process);
        let Command {
            invocation,
            process,
            paths,
        } = command;
        builders::run(process, &invocation.targets, paths, interrupt, |built| {
            // Something may be built beside what was asked for: an artifact dependency.
            if plan.wants(&built) {
                let (plan, assembly) = (Arc::clone(plan), Arc::clone(&assembly));
                workshop.start(move |packer| package(&plan, &assembly, packer, &built));
            }
        })?;
        // Packaging included: the next invocation may build another binary of the same name at
        // the same path.
        judged.extend(workshop.finish(interrupt, shell)?);
    }
    judged.extend(workshop.finish(interrupt, shell)?);
    say_what_is_missing(plan, &judged, shell);
    Ok(judged)
}

/// Cargo has the last word on features, so that it may have left out what was expected.
fn say_what_is_missing(plan: &Plan, judged: &[Judged], shell: &Shell) {
    let is_there = |path: &Utf8Path| judged.iter().any(|judged| judged.place() == path);
    for (archive, place) in plan.expected().filter(|(_, place)| !is_there(&place.path)) {
        shell.warning(format_args!(
            "{} was not built: features it requires are off",
            archive.described(place)
        ));
    }
}

/// Packages what is complete now that `built` is there.
fn package(
    plan: &Plan,
    assembly: &Assembly,
    packer: &Packer,
    built: &BuiltBinary,
) -> Result<Vec<Judged>> {
    let image = Image::read(&built.path, "the executable that Cargo reported,")?;
    let complete = assembly.add(built, image).into_iter();
    complete
        .map(|zip| package_one(plan, packer, &zip))
        .collect()
}

fn package_one(plan: &Plan, packer: &Packer, zip: &Complete<'_>) -> Result<Judged> {
    let Complete {
        archive,
        place,
        programs,
        is_fresh,
    } = zip;
    let files = if *is_fresh {
        Cow::Borrowed(&archive.files)
    } else {
        // A build script may have made some of them, or may have changed them.
        let names = archive.programs.iter().map(|program| program.path.as_str());
        Cow::Owned(plan::files(&archive.settings, names)?)
    };
    let parcel = Parcel::planned(archive, place, &plan.profile, programs, &files);
    packer.package(&parcel)
}
