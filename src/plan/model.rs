//! The plan of a run: a value that is complete before anything compiles.

use crate::cargo::builders::{
    self, BuildContext, BuiltBinary, Invocation, LibrarySearch, PathMap, Remaps,
};
use crate::cargo::profile::keeping_debug_information;
use crate::cargo::{self, BinaryId, Process, Project, TargetOptions};
use crate::config::{self, ManifestFile};
use crate::error::Result;
use crate::lambda::{Libc, Target};

use super::binary::BinaryPlan;
use super::package::{OutputSpec, PackagePlan, platforms};
use super::{collisions, flags, foreseen, invocations};

/// The packages of a run, and the builds that they need.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) builds: Vec<Build>,
    pub(crate) packages: Vec<PackagePlan>,
    /// The profile of the builds; empty if nothing is built.
    pub(crate) profile: String,
    /// The CPUs that rustc is given by argument files.
    pub(crate) cpus: Vec<String>,
    /// Warnings: the run can go on.
    pub(crate) warnings: Vec<String>,
    /// Digest of the selection that all partitions together have; `None` without partitions.
    pub(crate) selection: Option<String>,
}

/// One run of a builder.
#[derive(Debug)]
pub(crate) struct Build {
    pub(crate) process: Process,
    pub(crate) targets: Vec<Target>,
    programs: Vec<BinaryId>,
    /// The positions in the plan of the packages that it is run for.
    pub(crate) packages: Vec<usize>,
    /// The paths that the builder reports, and the paths they have here.
    pub(crate) paths: PathMap,
    /// One for each gnu target.
    library_searches: Vec<(Target, LibrarySearch)>,
}

impl Build {
    /// Whether the build is run for `built`. Cargo also reports artifact dependencies, and other
    /// binaries that a selection cannot leave out.
    pub(crate) fn is_for(&self, built: &BuiltBinary) -> bool {
        self.programs.contains(&built.id)
    }

    /// The search for the shared libraries that `built` was linked with; `None` if its target links
    /// everything statically.
    pub(crate) fn library_search(&self, built: &BuiltBinary) -> Option<LibrarySearch> {
        let triple = built.target.triple();
        let mut searches = self.library_searches.iter();
        let (_, search) = searches.find(|(target, _)| target.triple() == triple)?;
        let mut search = search.clone();
        search.add(built.library_folders.iter().cloned());
        Some(search)
    }
}

/// The searches for shared libraries of an invocation.
fn library_searches(
    project: &Project<'_>,
    root: &ManifestFile,
    invocation: &Invocation,
) -> Vec<(Target, LibrarySearch)> {
    let config = project.config;
    let targets = invocation.targets.iter();
    let gnu = targets.filter(|target| target.libc == Libc::Gnu);
    let search = gnu.map(|&target| {
        let flags = project.all_rustflags(target, &root.profiles());
        let search = LibrarySearch::new(&invocation.driver, target, config, &flags);
        (target, search)
    });
    search.collect()
}

impl Plan {
    /// Plans the builds of `binaries`, selected by `selection`, and the packages made of them.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) if zips would collide, or if a builder cannot
    /// do what is asked.
    pub(super) fn new(
        project: &Project<'_>,
        root: &ManifestFile,
        binaries: &[BinaryPlan<'_>],
        mut packages: Vec<PackagePlan>,
        selection: &TargetOptions,
    ) -> Result<Self> {
        collisions::check(&packages)?;
        flags::check_cpus(project, binaries)?;
        foreseen::add(project, &root.profiles(), binaries, &mut packages);
        let mut warnings = Vec::new();
        let remaps = if binaries.iter().any(|binary| binary.settings.reproducible) {
            flags::remaps(project, &mut warnings)?
        } else {
            Remaps::default()
        };
        let profile = project.profile();
        let (debug_settings, warning) =
            keeping_debug_information(profile, &root.profiles(), project.config);
        if binaries
            .iter()
            .any(|b| b.is_wanted() && b.settings.debug_file)
        {
            warnings.extend(warning);
        }
        let extra_flags = |binary: &BinaryPlan<'_>, target| {
            flags::extra(project, binary, target, &remaps, &debug_settings)
        };
        let context = BuildContext {
            options: project.options,
            config: project.config,
            profile: &cargo::injection(profile, &root.profiles(), project.config),
            workspace_root: &project.workspace.metadata.workspace_root,
            target_folder: &project.workspace.target_folder,
            folders: project.build_folders(),
            build_std: project.build_std,
        };
        let invocations =
            invocations::invocations(project, binaries, selection, &extra_flags, &mut warnings)?;
        let builds = invocations.into_iter().map(|invocation| {
            Ok(Build {
                process: builders::process(&invocation, &context)?,
                paths: invocation.driver.path_map(&context),
                library_searches: library_searches(project, root, &invocation),
                targets: invocation.targets,
                programs: invocation.programs,
                packages: (0..packages.len()).collect(),
            })
        });
        let built = binaries.iter().filter(|binary| binary.is_wanted());
        Ok(Self {
            builds: builds.collect::<Result<_>>()?,
            packages,
            profile: profile.to_owned(),
            cpus: built
                .flat_map(BinaryPlan::cpus_in_files)
                .map(str::to_owned)
                .collect(),
            warnings,
            selection: None,
        })
    }

    /// Adds the builds and the packages of another plan. The builds of each are for its own packages,
    /// unless they are the same: one binary may be built with different features.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) if zips would collide.
    pub(super) fn append(&mut self, other: Self) -> Result<()> {
        let first = self.packages.len();
        for mut build in other.builds {
            for position in &mut build.packages {
                *position += first;
            }
            let same = |known: &&mut Build| {
                known.process == build.process && known.programs == build.programs
            };
            match self.builds.iter_mut().find(same) {
                Some(known) => known.packages.extend(build.packages),
                None => self.builds.push(build),
            }
        }
        self.packages.extend(other.packages);
        self.cpus.extend(other.cpus);
        for warning in other.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        collisions::check(&self.packages)
    }

    /// Plans packages for which nothing is built.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) if zips would collide, and for a layer that is
    /// taken by its name, which needs a workspace.
    pub(super) fn without_builds(packages: Vec<PackagePlan>) -> Result<Self> {
        for package in &packages {
            config::refuse_names(&package.settings.layers)?;
        }
        collisions::check(&packages)?;
        Ok(Self {
            builds: Vec::new(),
            packages,
            profile: String::new(),
            cpus: Vec::new(),
            warnings: Vec::new(),
            selection: None,
        })
    }

    /// Every target that something is built for, sorted. cross, too, compiles with the standard
    /// library of the toolchain that is active here.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let builds = self.builds.iter();
        let mut targets: Vec<Target> = builds.flat_map(|b| b.targets.iter().copied()).collect();
        targets.sort_unstable();
        targets.dedup_by_key(|target| target.triple());
        targets
    }

    /// The zips that may be written.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (&PackagePlan, &OutputSpec)> {
        let packages = self.packages.iter();
        packages.flat_map(|package| package.outputs.iter().map(move |output| (package, output)))
    }

    /// The arguments that choose the platforms of all packages; empty if these differ.
    pub(crate) fn platforms(&self) -> Vec<String> {
        let packages = self.packages.iter();
        let of = packages.map(|package| platforms(&package.outputs.iter().collect::<Vec<_>>()));
        let mut of: Vec<Vec<String>> = of.filter(|platforms| !platforms.is_empty()).collect();
        of.dedup();
        match <[Vec<String>; 1]>::try_from(of) {
            Ok([platforms]) => platforms,
            Err(_) => Vec::new(),
        }
    }

    /// The zips that are expected to be written.
    pub(crate) fn expected(&self) -> impl Iterator<Item = (&PackagePlan, &OutputSpec)> {
        self.outputs().filter(|(package, _)| package.expected)
    }
}
