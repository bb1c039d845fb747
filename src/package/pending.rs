//! Packages that wait for their programs.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cargo::BinaryId;
use crate::cargo::builders::{BuiltBinary, LibrarySearch};
use crate::inspect::ExecutableFile;
use crate::plan::{Build, OutputSpec, PackagePlan, Plan};

/// Collects programs until a package has all of its own.
pub(super) struct PendingPackages {
    plan: Arc<Plan>,
    /// One for each output of the plan, in its order.
    waiting: Mutex<Vec<Waiting>>,
    /// The positions in `waiting` of the zips that a binary is in.
    by_binary: HashMap<BinaryId, BTreeSet<usize>>,
}

/// One zip that is not complete.
struct Waiting {
    /// The positions in the plan of the package and of its output.
    package: usize,
    output: usize,
    /// One for each program of the package; empty once the package was given out.
    programs: Vec<Option<Arc<ExecutableFile>>>,
    /// The search for the programs' shared libraries.
    library_search: Option<LibrarySearch>,
}

/// One zip whose programs are all there.
pub(super) struct ReadyPackage {
    /// The positions in the plan of the package and of its output.
    pub(super) package: usize,
    pub(super) output: usize,
    /// The programs, by their paths in the zip.
    pub(super) programs: Vec<(String, Arc<ExecutableFile>)>,
    /// The search for the programs' shared libraries; `None` if they can need none.
    pub(super) library_search: Option<LibrarySearch>,
}

impl ReadyPackage {
    /// The zip in the plan.
    pub(super) fn output<'p>(&self, plan: &'p Plan) -> &'p OutputSpec {
        &plan.packages[self.package].outputs[self.output]
    }
}

impl Waiting {
    /// Gives the package out if it is complete.
    fn take(&mut self, package: &PackagePlan) -> Option<ReadyPackage> {
        if self.programs.iter().any(Option::is_none) {
            return None;
        }
        let paths = package.programs.iter().map(|program| program.path.clone());
        let programs = std::mem::take(&mut self.programs);
        Some(ReadyPackage {
            package: self.package,
            output: self.output,
            programs: paths.zip(programs.into_iter().flatten()).collect(),
            library_search: self.library_search.take(),
        })
    }
}

impl PendingPackages {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let packages = plan.packages.iter().enumerate();
        let waiting = packages.flat_map(|(position, package)| {
            let programs: Vec<_> = package
                .programs
                .iter()
                .map(|p| p.ready().cloned())
                .collect();
            (0..package.outputs.len()).map(move |output| Waiting {
                package: position,
                output,
                programs: programs.clone(),
                library_search: None,
            })
        });
        let waiting: Vec<Waiting> = waiting.collect();
        let mut by_binary: HashMap<_, BTreeSet<_>> = HashMap::new();
        for (position, waiting) in waiting.iter().enumerate() {
            for binary in plan.packages[waiting.package].binaries() {
                by_binary
                    .entry(binary.clone())
                    .or_default()
                    .insert(position);
            }
        }
        Self {
            plan,
            waiting: Mutex::new(waiting),
            by_binary,
        }
    }

    /// The packages that wait for no build.
    pub(super) fn ready(&self) -> Vec<ReadyPackage> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = waiting.iter_mut();
        ready
            .filter_map(|waiting| waiting.take(&self.plan.packages[waiting.package]))
            .collect()
    }

    /// Takes a program that `source` has built, and gives out the packages that waited only for it.
    pub(super) fn add(
        &self,
        built: &BuiltBinary,
        file: ExecutableFile,
        source: &Build,
    ) -> Vec<ReadyPackage> {
        let library_search = source.library_search(built);
        let file = Arc::new(file);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ready = Vec::new();
        for &position in self.by_binary.get(&built.id).into_iter().flatten() {
            let waiting = &mut waiting[position];
            let package = &self.plan.packages[waiting.package];
            if waiting.programs.is_empty()
                || !package.outputs[waiting.output].is_for(built)
                || !source.packages.contains(&waiting.package)
            {
                continue;
            }
            for position in package.positions_of(built) {
                waiting.programs[position] = Some(Arc::clone(&file));
            }
            match (&mut waiting.library_search, &library_search) {
                (Some(search), Some(more)) => search.extend(more),
                (search @ None, more) => search.clone_from(more),
                (Some(_), None) => {}
            }
            ready.extend(waiting.take(package));
        }
        ready
    }
}
