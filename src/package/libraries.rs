//! The shared libraries of this machine that programs need, and that the runtime does not have.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::input::PackageInput;
use crate::archive::Mode;
use crate::cargo::builders::LibrarySearch;
use crate::include::IncludedFile;
use crate::inspect::{BinaryFacts, Contents, Executable, ExecutableFile, Linkage, Machine};
use crate::lambda::{self, Architecture};
use crate::lint::{self, File, Named, list};
use crate::paths::{Taken, plain};
use crate::text::quoted;

/// The libraries that programs need, and that neither the runtime nor the package has.
#[derive(Default)]
pub(super) struct Libraries {
    /// Those that are on this machine, for the folder `lib/` of the package.
    pub(super) found: Vec<IncludedFile>,
    /// The names of those that are not.
    missing: Vec<String>,
}

impl Libraries {
    /// Finds the libraries of the programs of `input`, with what those need in turn.
    pub(super) fn find(input: &PackageInput<'_>, search: &LibrarySearch) -> Self {
        let mut search = search.clone();
        let programs = input.programs.iter();
        let programs: Vec<&BinaryFacts> = programs.filter_map(|(_, file)| facts(file)).collect();
        let is_dynamic = |facts: &&BinaryFacts| facts.linkage == Linkage::Dynamic;
        let Some(architecture) = input
            .output
            .architecture
            .filter(|_| programs.iter().any(is_dynamic))
        else {
            return Self::default();
        };
        for program in programs {
            search.add(run_paths(program));
        }
        let mut taken = Taken::default();
        for name in input.programs.iter().map(|(name, _)| name) {
            taken.take(name.as_str(), ());
        }
        for file in input.files {
            taken.take(file.name.clone(), ());
        }
        let mut files = input.files.to_vec();
        let mut found = Vec::new();
        let mut sought = BTreeSet::new();
        loop {
            let names = missing(input, &files);
            let new: Vec<String> = (names.iter())
                .filter(|name| sought.insert((*name).clone()))
                .cloned()
                .collect();
            let mut is_over = true;
            for name in new {
                // A file at its place is unreadable, or for another machine.
                let is_taken = taken.in_the_way(&format!("lib/{name}")).is_some();
                let is_unfit = is_taken || name.contains('/') || lambda::is_of_glibc(&name);
                let Some((file, facts)) = (!is_unfit)
                    .then(|| library(&name, &search, architecture))
                    .flatten()
                else {
                    continue;
                };
                search.add(file.path.parent().map(Utf8Path::to_owned));
                search.add(run_paths(&facts));
                files.push(file.clone());
                found.push(file);
                is_over = false;
            }
            if is_over {
                return Self {
                    found,
                    missing: names.into_iter().collect(),
                };
            }
        }
    }

    /// The end of the help for missing libraries, if they `are_bundled` or not.
    pub(super) fn help(&self, are_bundled: bool) -> String {
        if are_bundled {
            return list(&self.missing).map_or_else(String::new, |missing| {
                format!(
                    "; `bundle-libraries` has not found {missing} on this machine for this \
                     architecture"
                )
            });
        }
        let includes = self.found.iter().map(|file| {
            let include = format!("{}={}", file.path, file.name);
            Named::unnamed(format!("`--include {}`", quoted(include)))
        });
        list(includes).map_or_else(String::new, |includes| {
            format!(
                "; this machine has {}: {includes}, or all of them with `--bundle-libraries`",
                includes.either("one", "some")
            )
        })
    }
}

/// The names of the libraries that the programs of `input` lack beside `files`.
fn missing(input: &PackageInput<'_>, files: &[IncludedFile]) -> BTreeSet<String> {
    let input = PackageInput {
        files,
        library_help: String::new(),
        ..*input
    };
    let entries = input.entries();
    let mut checked = input.checked_files(&entries);
    for file in &mut checked {
        let is_it =
            |included: &&IncludedFile| included.name == file.name && included.link.is_none();
        if let Some(included) = files.iter().find(is_it) {
            read_library(file, &included.path);
        }
    }
    let programs: Vec<&str> = input.programs.iter().map(|(name, _)| &**name).collect();
    input.with_package(&checked, |package| {
        lint::missing_libraries(package, &programs)
    })
}

/// Reads the facts of a file that may be a library.
fn read_library(file: &mut File, path: &Utf8Path) {
    if file.name.contains(".so")
        && let Ok(library) = ExecutableFile::open(path, "the library")
    {
        file.contents = Some(Contents {
            executable: library.executable,
            secret: None,
        });
    }
}

fn facts(file: &ExecutableFile) -> Option<&BinaryFacts> {
    match &file.executable {
        Ok(Executable::Binary(facts)) => Some(facts),
        Ok(Executable::Script(_)) | Err(_) => None,
    }
}

/// The folders in which the loader of this machine would look for what a program or library needs.
fn run_paths(facts: &BinaryFacts) -> impl Iterator<Item = Utf8PathBuf> {
    let paths = facts.run_paths.iter();
    paths
        .filter(|path| !path.contains('$'))
        .map(Utf8PathBuf::from)
}

/// The library with the soname `name`, as it goes into the package.
fn library(
    name: &str,
    search: &LibrarySearch,
    architecture: Architecture,
) -> Option<(IncludedFile, BinaryFacts)> {
    search.candidates(name).find_map(|candidate| {
        let real = candidate.canonicalize_utf8().ok()?;
        let path = Utf8PathBuf::from(&*plain(real.as_str()));
        let library = ExecutableFile::open(&path, "the library").ok()?;
        let facts = facts(&library)?.clone();
        let is_it = candidate.file_name() == Some(name) || facts.soname.as_deref() == Some(name);
        let fits = is_it && facts.machine == Machine::Lambda(architecture);
        let file = IncludedFile {
            name: format!("lib/{name}").into(),
            mode: Mode::Plain,
            bytes: fs::metadata(&path).ok()?.len(),
            path: path.into(),
            link: None,
        };
        fits.then_some((file, facts))
    })
}
