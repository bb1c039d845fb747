//! The runs of the builders.

use std::collections::BTreeSet;
use std::ffi::OsString;

use super::binary::BinaryPlan;
use crate::cargo::builders::{Driver, ExtraFlags, Invocation};
use crate::cargo::{self, CargoOptions, FeatureOptions, TargetOptions, is_example};
use crate::error::Result;
use crate::lambda::Target;

/// One invocation for all that the same builder builds for the same targets with the same flags.
///
/// Where that is everything, the selection is passed on in the user's own words. Where it is not,
/// or where a binary is to be skipped, what is wanted is named one by one. Two binaries of one
/// name never share an invocation: Cargo would build both at one path.
pub(super) fn invocations(
    binaries: &[BinaryPlan<'_>],
    options: &CargoOptions,
    selected: &TargetOptions,
    extra_flags: &dyn Fn(&BinaryPlan<'_>, Target) -> Result<ExtraFlags>,
) -> Result<Vec<Invocation>> {
    let names_repeat = names_repeat(binaries);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for binary in binaries.iter().filter(|binary| binary.is_built()) {
        for (targets, flags) in binary.runs(extra_flags)? {
            let mine = groups.iter_mut().find(|group| {
                *group.driver == binary.driver
                    && group.targets == targets
                    && group.flags == flags
                    && (!names_repeat || group.is_of_package(binary))
            });
            match mine {
                Some(group) => group.binaries.push(binary),
                None => groups.push(Group {
                    driver: &binary.driver,
                    targets,
                    flags,
                    binaries: vec![binary],
                }),
            }
        }
    }
    let built = binaries.iter().filter(|binary| binary.is_built()).count();
    let skips = binaries.iter().any(|binary| binary.settings.skip);
    let invocations = groups
        .into_iter()
        .map(|group| {
            let is_everything = group.binaries.len() == built && !skips && !names_repeat;
            // cross runs in the workspace's folder, where the defaults are others.
            // And examples may be libraries, which musl targets cannot build.
            let in_the_users_words =
                is_everything && group.driver.uses_local_toolchain() && !selected.wants_examples();
            Invocation {
                selection: if in_the_users_words {
                    let mut selection = options.packages.arguments();
                    selection.extend(selected.arguments());
                    selection.extend(options.features.arguments());
                    selection
                } else {
                    one_by_one(&group.binaries, binaries, &options.features)
                },
                driver: group.driver.clone(),
                targets: group.targets,
                flags: group.flags,
            }
        })
        .collect();
    Ok(invocations)
}

/// An invocation in the making.
struct Group<'a> {
    driver: &'a Driver,
    targets: Vec<Target>,
    flags: ExtraFlags,
    binaries: Vec<&'a BinaryPlan<'a>>,
}

impl Group<'_> {
    fn is_of_package(&self, binary: &BinaryPlan<'_>) -> bool {
        let package = &binary.candidate.package.id;
        self.binaries
            .iter()
            .any(|other| other.candidate.package.id == *package)
    }
}

/// Whether two packages have a binary, or an example, of the same name.
fn names_repeat(binaries: &[BinaryPlan<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    let mut names = binaries.iter().map(|BinaryPlan { candidate, .. }| {
        (
            is_example(candidate.target),
            candidate.target.name.to_lowercase(),
        )
    });
    !names.all(|name| seen.insert(name))
}

/// Arguments that name each package, each binary, and the features that these packages know.
fn one_by_one(
    binaries: &[&BinaryPlan<'_>],
    all: &[BinaryPlan<'_>],
    features: &FeatureOptions,
) -> Vec<OsString> {
    let mut targets: Vec<(&str, &str)> = binaries
        .iter()
        .map(|binary| binary.candidate.target)
        .map(|target| {
            let flag = if is_example(target) {
                "--example"
            } else {
                "--bin"
            };
            (flag, target.name.as_str())
        })
        .collect();
    targets.sort_unstable();
    let here: Vec<_> = binaries.iter().map(|c| c.candidate.package).collect();
    let selected: Vec<_> = all.iter().map(|c| c.candidate.package).collect();
    let mut arguments = cargo::arguments_for(&here, &selected, features);
    arguments.extend(
        targets
            .into_iter()
            .flat_map(|(flag, name)| [flag.into(), name.into()]),
    );
    arguments
}
