//! Which runs of which builder.

use std::collections::BTreeSet;
use std::ffi::OsString;

use crate::cargo::builders::{Driver, ExtraFlags, Invocation};
use crate::cargo::{self, CargoOptions, FeatureOptions, TargetOptions, is_example};
use crate::error::Result;
use crate::lambda::{Kind, Target};
use crate::plan::Choice;

/// One invocation for all that the same builder builds for the same targets with the same flags.
///
/// Where that is everything, the selection is passed on in the user's own words. Where it is not,
/// or where a binary is to be skipped, what is wanted is named one by one. Two binaries of one
/// name never share an invocation: Cargo would build both at one path.
pub(super) fn invocations(
    choices: &[Choice<'_>],
    options: &CargoOptions,
    binaries: &TargetOptions,
    extra_flags: &dyn Fn(&Choice<'_>, Target) -> Result<ExtraFlags>,
) -> Result<Vec<Invocation>> {
    let names_repeat = names_repeat(choices);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for choice in choices.iter().filter(|choice| choice.is_built()) {
        for (targets, flags) in choice.runs(extra_flags)? {
            let mine = groups.iter_mut().find(|group| {
                *group.driver == choice.driver
                    && group.targets == targets
                    && group.flags == flags
                    && (!names_repeat || group.is_of_package(choice))
            });
            match mine {
                Some(group) => group.choices.push(choice),
                None => groups.push(Group {
                    driver: &choice.driver,
                    targets,
                    flags,
                    choices: vec![choice],
                }),
            }
        }
    }
    let built = choices.iter().filter(|choice| choice.is_built()).count();
    let skips = choices
        .iter()
        .any(|choice| choice.settings.kind == Kind::Skip);
    let invocations = groups
        .into_iter()
        .map(|group| {
            let is_everything = group.choices.len() == built && !skips && !names_repeat;
            // cross runs in the workspace's folder, where the defaults are others.
            // And examples may be libraries, which musl targets cannot build.
            let in_the_users_words =
                is_everything && group.driver.uses_local_toolchain() && !binaries.wants_examples();
            Invocation {
                selection: if in_the_users_words {
                    let mut selection = options.packages.arguments();
                    selection.extend(binaries.arguments());
                    selection.extend(options.features.arguments());
                    selection
                } else {
                    one_by_one(&group.choices, choices, &options.features)
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
    choices: Vec<&'a Choice<'a>>,
}

impl Group<'_> {
    fn is_of_package(&self, choice: &Choice<'_>) -> bool {
        let package = &choice.candidate.package.id;
        self.choices
            .iter()
            .any(|other| other.candidate.package.id == *package)
    }
}

/// Whether two packages have a binary, or an example, of the same name.
fn names_repeat(choices: &[Choice<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    let mut names = choices.iter().map(|Choice { candidate, .. }| {
        (
            is_example(candidate.target),
            candidate.target.name.to_lowercase(),
        )
    });
    !names.all(|name| seen.insert(name))
}

/// Arguments that name each package, each binary, and the features that these packages know.
fn one_by_one(
    choices: &[&Choice<'_>],
    all: &[Choice<'_>],
    features: &FeatureOptions,
) -> Vec<OsString> {
    let mut targets: Vec<(&str, &str)> = choices
        .iter()
        .map(|choice| choice.candidate.target)
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
    let here: Vec<_> = choices.iter().map(|c| c.candidate.package).collect();
    let selected: Vec<_> = all.iter().map(|c| c.candidate.package).collect();
    let mut arguments = cargo::arguments_for(&here, &selected, features);
    arguments.extend(
        targets
            .into_iter()
            .flat_map(|(flag, name)| [flag.into(), name.into()]),
    );
    arguments
}
