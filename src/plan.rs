//! What will be built and written: decided, and every problem found, before anything compiles.

use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::PackageId;

use crate::build::{BuiltBinary, Driver, ExtraFlags, Invocation};
use crate::builder::Builder;
use crate::cli::{CargoOptions, FeatureOptions};
use crate::config::{OutputTemplate, Settings, Values};
use crate::error::{Error, Result};
use crate::include::IncludedFile;
use crate::kind::Kind;
use crate::lint::LayerFacts;
use crate::target::{Libc, Target};
use crate::workspace::{self, Candidate, is_example};

/// A binary with its settings.
pub(crate) struct Choice<'a> {
    pub(crate) candidate: Candidate<'a>,
    pub(crate) settings: Settings,
    /// What builds it.
    pub(crate) driver: Driver,
    /// What goes into its zip beside it, in the order of names.
    pub(crate) files: Vec<IncludedFile>,
    /// What is known of its layers.
    pub(crate) layers: Vec<LayerFacts>,
}

/// Whether Cargo is asked for a binary.
pub(crate) fn is_built(candidate: &Candidate<'_>, settings: &Settings) -> bool {
    candidate.expected && settings.kind != Kind::Skip
}

impl Choice<'_> {
    fn is_built(&self) -> bool {
        is_built(&self.candidate, &self.settings)
    }

    /// The targets as its builder is given them: for zigbuild with the glibc of the runtime, so
    /// that what it links starts there.
    fn build_targets(&self) -> impl Iterator<Item = Target> {
        let chooses_glibc = matches!(self.driver, Driver::Zigbuild(_));
        let glibc = self.settings.runtime.glibc();
        self.settings.targets.iter().map(move |&target| Target {
            glibc: target
                .glibc
                .or((chooses_glibc && target.libc == Libc::Gnu).then_some(glibc)),
            ..target
        })
    }

    /// The CPU that rustc is to be told of.
    pub(crate) fn rustc_cpu(&self, target: Target) -> Option<&str> {
        let cpu = self.settings.cpus.get(target.architecture)?;
        cpu.rustc_name(target.architecture)
    }

    /// The runs of its builder: all targets in one, but for builders that take one at a time, and
    /// for flags that differ.
    fn runs(
        &self,
        extra_flags: &dyn Fn(&Self, Target) -> ExtraFlags,
    ) -> Vec<(Vec<Target>, ExtraFlags)> {
        let mut runs: Vec<(Vec<Target>, ExtraFlags)> = Vec::new();
        for target in self.build_targets() {
            let flags = extra_flags(self, target);
            match runs.iter_mut().find(|(_, others)| *others == flags) {
                Some((targets, _)) if !self.driver.takes_one_target() => targets.push(target),
                _ => runs.push((vec![target], flags)),
            }
        }
        runs
    }
}

/// A binary that is to be packaged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedBinary {
    pub(crate) package: PackageId,
    pub(crate) package_name: String,
    pub(crate) package_version: String,
    pub(crate) name: String,
    pub(crate) example: bool,
    /// Whether Cargo is expected to build it; only resolving its features would tell for certain.
    pub(crate) expected: bool,
    pub(crate) settings: Settings,
    pub(crate) builder: Builder,
    /// What goes into its zip beside it, in the order of names.
    pub(crate) files: Vec<IncludedFile>,
    /// What is known of its layers.
    pub(crate) layers: Vec<LayerFacts>,
    /// Where its zip goes, by target.
    pub(crate) outputs: BTreeMap<Target, Utf8PathBuf>,
}

/// All of a run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) invocations: Vec<Invocation>,
    pub(crate) binaries: Vec<PlannedBinary>,
    pub(crate) profile: String,
}

impl Plan {
    /// Plans the packaging of `choices`.
    ///
    /// # Errors
    /// [`Error::Usage`] if nothing is left to package, or if zips would collide.
    pub(crate) fn new(
        choices: &[Choice<'_>],
        options: &CargoOptions,
        default_output: &OutputTemplate,
        extra_flags: &dyn Fn(&Choice<'_>, Target) -> ExtraFlags,
    ) -> Result<Self> {
        let profile = options.compilation.profile();
        let binaries: Vec<PlannedBinary> = choices
            .iter()
            .filter(|choice| choice.settings.kind != Kind::Skip)
            .map(|choice| planned(choice, profile, default_output))
            .collect();
        if binaries.is_empty() {
            return Err(Error::usage(
                "every selected binary is configured with `kind = \"skip\"`",
                "select another with `-p` or `--bin`, or remove the key from its metadata",
            ));
        }
        check_outputs(&binaries)?;
        Ok(Self {
            invocations: invocations(choices, options, extra_flags),
            binaries,
            profile: profile.to_owned(),
        })
    }

    /// The plan for something that was built, and where its zip goes, if it is to be packaged.
    pub(crate) fn binary(&self, built: &BuiltBinary) -> Option<(&PlannedBinary, &Utf8Path)> {
        let binary = self.binaries.iter().find(|binary| {
            binary.package == built.package
                && binary.name == built.name
                && binary.example == built.example
        })?;
        // The builder may have been given a glibc that the plan does not name.
        let mut outputs = binary.outputs.iter();
        let triple = built.target.triple();
        let (_, output) = outputs.find(|(target, _)| target.triple() == triple)?;
        Some((binary, output))
    }

    /// Every target that something is built for, sorted. Even cross compiles with the standard
    /// library of the toolchain that is active here.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let targets = self
            .invocations
            .iter()
            .flat_map(|i| i.targets.iter().copied());
        let mut targets: Vec<Target> = targets.collect();
        targets.sort_unstable();
        targets.dedup_by_key(|target| target.triple());
        targets
    }

    /// The zips that may be written.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (&PlannedBinary, Target, &Utf8PathBuf)> {
        self.binaries.iter().flat_map(|binary| {
            let outputs = binary.outputs.iter();
            outputs.map(move |(target, path)| (binary, *target, path))
        })
    }

    /// The zips that are expected to be written.
    pub(crate) fn expected(&self) -> impl Iterator<Item = (&PlannedBinary, Target, &Utf8PathBuf)> {
        self.outputs().filter(|(binary, ..)| binary.expected)
    }
}

fn planned(
    Choice {
        candidate,
        settings,
        driver,
        files,
        layers,
    }: &Choice<'_>,
    profile: &str,
    default_output: &OutputTemplate,
) -> PlannedBinary {
    let Candidate {
        package, target, ..
    } = candidate;
    let version = package.version.to_string();
    let template = settings.output.as_ref().unwrap_or(default_output);
    let output = |built_for: Target| {
        template.render(&Values {
            bin: &target.name,
            package: package.name.as_str(),
            version: &version,
            arch: built_for.architecture.name(),
            target: built_for.triple(),
            profile,
        })
    };
    PlannedBinary {
        package: package.id.clone(),
        package_name: package.name.to_string(),
        package_version: version.clone(),
        name: target.name.clone(),
        example: is_example(target),
        expected: candidate.expected,
        settings: settings.clone(),
        builder: driver.builder(),
        files: files.clone(),
        layers: layers.clone(),
        outputs: settings
            .targets
            .iter()
            .map(|target| (*target, output(*target)))
            .collect(),
    }
}

/// Refuses two zips at one place. Names that differ only in case are one place on many systems.
fn check_outputs(binaries: &[PlannedBinary]) -> Result<()> {
    let mut taken: BTreeMap<String, (&PlannedBinary, Target)> = BTreeMap::new();
    for binary in binaries {
        for (target, path) in &binary.outputs {
            match taken.entry(path.as_str().to_lowercase()) {
                btree_map::Entry::Vacant(place) => {
                    place.insert((binary, *target));
                }
                btree_map::Entry::Occupied(place) => {
                    let (other, other_target) = *place.get();
                    return Err(collision(other, other_target, binary, *target, path));
                }
            }
        }
    }
    Ok(())
}

fn collision(
    one: &PlannedBinary,
    one_target: Target,
    other: &PlannedBinary,
    other_target: Target,
    path: &Utf8PathBuf,
) -> Error {
    let message = format!(
        "two zips would be written to `{path}`: {} and {}",
        described(one, one_target),
        described(other, other_target)
    );
    let help = if one.package != other.package {
        vec![
            "tell them apart with `--output`, for instance `--output '{package}/{arch}/{bin}.zip'`"
                .to_owned(),
            format!("or build only one of them with `-p {}`", one.package_name),
        ]
    } else if one.example != other.example && one.name == other.name {
        vec!["build one of them at a time, with `--bin` or `--example`".to_owned()]
    } else if one_target == other_target {
        vec!["use the placeholder `{bin}` in the output".to_owned()]
    } else if one_target.architecture == other_target.architecture {
        vec!["use the placeholder `{target}` in the output".to_owned()]
    } else {
        vec!["use the placeholder `{arch}` in the output".to_owned()]
    };
    Error::Usage { message, help }
}

fn described(binary: &PlannedBinary, target: Target) -> String {
    let what = if binary.example { "example" } else { "binary" };
    format!(
        "the {what} `{}` of package `{}` for {target}",
        binary.name, binary.package_name
    )
}

/// One invocation for all that the same builder builds for the same targets with the same flags.
///
/// Where that is everything, the selection is passed on in the user's own words. Where it is not,
/// or where a binary is to be skipped, what is wanted is named one by one. Two binaries of one
/// name never share an invocation: Cargo would build both at one path.
fn invocations(
    choices: &[Choice<'_>],
    options: &CargoOptions,
    extra_flags: &dyn Fn(&Choice<'_>, Target) -> ExtraFlags,
) -> Vec<Invocation> {
    let names_repeat = names_repeat(choices);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for choice in choices.iter().filter(|choice| choice.is_built()) {
        for (targets, flags) in choice.runs(extra_flags) {
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
    groups
        .into_iter()
        .map(|group| {
            let is_everything = group.choices.len() == built && !skips && !names_repeat;
            // cross runs in the workspace's folder, where the defaults are others.
            // And examples may be libraries, which musl targets cannot build.
            let in_the_users_words = is_everything
                && group.driver.uses_local_toolchain()
                && !options.targets.wants_examples();
            Invocation {
                selection: if in_the_users_words {
                    let mut selection = options.packages.arguments();
                    selection.extend(options.targets.arguments());
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
        .collect()
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
    let mut packages: Vec<String> = Vec::new();
    let mut targets: Vec<(&str, &str)> = Vec::new();
    for choice in choices {
        let package = choice.candidate.package;
        packages.push(format!("{}@{}", package.name, package.version));
        let target = choice.candidate.target;
        let flag = if is_example(target) {
            "--example"
        } else {
            "--bin"
        };
        targets.push((flag, &target.name));
    }
    packages.dedup();
    targets.sort_unstable();
    let packages = packages
        .into_iter()
        .flat_map(|p| ["--package".into(), p.into()]);
    let targets = targets
        .into_iter()
        .flat_map(|(flag, name)| [flag.into(), name.into()]);
    let here: Vec<_> = choices
        .iter()
        .map(|choice| choice.candidate.package)
        .collect();
    let selected: Vec<_> = all.iter().map(|choice| choice.candidate.package).collect();
    let known = workspace::features_known_to(&here, &selected, features);
    let features = features.arguments_with(&known);
    packages.chain(targets).chain(features).collect()
}
