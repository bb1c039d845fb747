//! What will be built and written: decided, and every problem found, before anything compiles.

mod builders;
mod collisions;
mod functions;
mod invocations;
mod layer_binaries;
mod layer_request;
mod layers;

pub(crate) use builders::choose;
pub(crate) use functions::{KnownLayers, archives, check_exclusions, files};
pub(crate) use layer_binaries::{configured, packages_of, targets_of};
pub(crate) use layer_request::{Wanted, find};
pub(crate) use layers::{Site, check_functions};

use camino::Utf8PathBuf;
use cargo_metadata::{Package, PackageId};

use crate::cargo::builders::{Builder, BuiltBinary, Driver, ExtraFlags, Invocation};
use crate::cargo::{Candidate, CargoOptions, TargetOptions, is_example};
use crate::config::Settings;
use crate::error::Result;
use crate::include::IncludedFile;
use crate::lambda::{Architecture, Kind, Libc, Target};
use crate::lint::LayerFacts;

/// A binary with its settings.
pub(crate) struct Choice<'a> {
    pub(crate) candidate: Candidate<'a>,
    pub(crate) settings: Settings,
    /// What builds it.
    pub(crate) driver: Driver,
}

/// Whether Cargo is asked for a binary.
pub(crate) fn is_built(candidate: &Candidate<'_>, settings: &Settings) -> bool {
    candidate.expected && settings.kind != Kind::Skip
}

impl Choice<'_> {
    /// Whether Cargo is asked for it.
    pub(crate) fn is_built(&self) -> bool {
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
        extra_flags: &dyn Fn(&Self, Target) -> Result<ExtraFlags>,
    ) -> Result<Vec<(Vec<Target>, ExtraFlags)>> {
        let mut runs: Vec<(Vec<Target>, ExtraFlags)> = Vec::new();
        for target in self.build_targets() {
            let flags = extra_flags(self, target)?;
            match runs.iter_mut().find(|(_, others)| *others == flags) {
                Some((targets, _)) if !self.driver.takes_one_target() => targets.push(target),
                _ => runs.push((vec![target], flags)),
            }
        }
        Ok(runs)
    }
}

/// A binary that goes into a zip.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Program {
    pub(crate) package: PackageId,
    pub(crate) name: String,
    pub(crate) example: bool,
    /// Its path in the zip.
    pub(crate) path: String,
}

impl Program {
    /// The binary of `candidate`, at `path` in the zip.
    pub(crate) fn new(candidate: &Candidate<'_>, path: String) -> Self {
        Self {
            package: candidate.package.id.clone(),
            name: candidate.target.name.clone(),
            example: is_example(candidate.target),
            path,
        }
    }

    fn is(&self, built: &BuiltBinary) -> bool {
        self.package == built.package && self.name == built.name && self.example == built.example
    }
}

/// The Cargo package that a zip belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Owner {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Owner {
    pub(crate) fn of(package: &Package) -> Self {
        Self {
            name: package.name.to_string(),
            version: package.version.to_string(),
        }
    }
}

/// Where one zip goes, and what it is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// None of what runs on any.
    pub(crate) architecture: Option<Architecture>,
    /// What its programs are built for, if it has any.
    pub(crate) target: Option<Target>,
    pub(crate) path: Utf8PathBuf,
    /// Where its files are left too, if they are.
    pub(crate) folder: Option<Utf8PathBuf>,
}

impl Place {
    /// Whether what was built may go there. The builder may have been given a glibc that the plan
    /// does not name.
    pub(crate) fn is_for(&self, built: &BuiltBinary) -> bool {
        let triple = self.target.map(Target::triple);
        triple == Some(built.target.triple())
    }
}

/// A package to be made: one zip for each of its places, alike but for what they are built for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedArchive {
    /// That of the binary, or of the layer.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) owner: Option<Owner>,
    pub(crate) programs: Vec<Program>,
    /// What goes into the zip beside them, in the order of names.
    pub(crate) files: Vec<IncludedFile>,
    /// What is known of its layers.
    pub(crate) layers: Vec<LayerFacts>,
    pub(crate) settings: Settings,
    /// What builds the programs.
    pub(crate) builder: Option<Builder>,
    /// Whether Cargo is expected to build it; only resolving its features would tell for certain.
    pub(crate) expected: bool,
    pub(crate) places: Vec<Place>,
}

impl PlannedArchive {
    /// One zip of it, as messages name it.
    pub(crate) fn described(&self, place: &Place) -> String {
        let what = match self.kind {
            Kind::Layer => "layer",
            _ if self.is_example() => "example",
            _ => "binary",
        };
        let mut text = format!("the {what} `{}`", self.name);
        if let Some(owner) = &self.owner {
            text = format!("{text} of package `{}`", owner.name);
        }
        match (place.target, place.architecture) {
            (Some(target), _) => format!("{text} for {target}"),
            (None, Some(architecture)) => format!("{text} for {architecture}"),
            (None, None) => text,
        }
    }

    fn is_example(&self) -> bool {
        self.programs.iter().any(|program| program.example)
    }

    /// The programs of it that `built` is, by their positions.
    pub(crate) fn positions_of(&self, built: &BuiltBinary) -> impl Iterator<Item = usize> {
        let programs = self.programs.iter().enumerate();
        programs.filter_map(|(position, program)| program.is(built).then_some(position))
    }
}

/// All of a run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) invocations: Vec<Invocation>,
    pub(crate) archives: Vec<PlannedArchive>,
    pub(crate) profile: String,
}

impl Plan {
    /// Plans the building of `choices` and the packaging of `archives`.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) if zips would collide.
    pub(crate) fn new(
        choices: &[Choice<'_>],
        archives: Vec<PlannedArchive>,
        options: &CargoOptions,
        targets: &TargetOptions,
        extra_flags: &dyn Fn(&Choice<'_>, Target) -> Result<ExtraFlags>,
    ) -> Result<Self> {
        collisions::check(&archives)?;
        Ok(Self {
            invocations: invocations::invocations(choices, options, targets, extra_flags)?,
            archives,
            profile: options.compilation.profile().to_owned(),
        })
    }

    /// Plans the packaging of `archives`, for which nothing has to be built.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) if zips would collide.
    pub(crate) fn of_archives(archives: Vec<PlannedArchive>) -> Result<Self> {
        collisions::check(&archives)?;
        Ok(Self {
            invocations: Vec::new(),
            archives,
            profile: String::new(),
        })
    }

    /// Whether anything that was built goes into a zip.
    pub(crate) fn wants(&self, built: &BuiltBinary) -> bool {
        self.zips().any(|(archive, place)| {
            place.is_for(built) && archive.positions_of(built).next().is_some()
        })
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
    pub(crate) fn zips(&self) -> impl Iterator<Item = (&PlannedArchive, &Place)> {
        self.archives
            .iter()
            .flat_map(|archive| archive.places.iter().map(move |place| (archive, place)))
    }

    /// The zips that are expected to be written.
    pub(crate) fn expected(&self) -> impl Iterator<Item = (&PlannedArchive, &Place)> {
        self.zips().filter(|(archive, _)| archive.expected)
    }
}
