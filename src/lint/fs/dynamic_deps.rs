//! What a program needs of libraries, found as its loader finds them.

use std::collections::{BTreeSet, VecDeque};

use super::program::{Program, absolute};
use super::rpath_tokens::{expand, is_beyond_musl};
use super::runtime_fs::{Found, RuntimeFs};
use crate::inspect::{BinaryFacts, Machine};
use crate::lambda::{Presence, Runtime};
use crate::lint::File;

/// The folders outside the runtime where libraries are looked for.
///
/// Source: `LD_LIBRARY_PATH` in the Lambda developer guide, "Defined runtime environment
/// variables": `/lib64:/usr/lib64:$LAMBDA_RUNTIME_DIR:$LAMBDA_RUNTIME_DIR/lib:$LAMBDA_TASK_ROOT:
/// $LAMBDA_TASK_ROOT/lib:/opt/lib`.
const LIBRARY_PATH: [&str; 3] = ["/var/task", "/var/task/lib", "/opt/lib"];

/// Something that is loaded into a program: itself, or a library.
pub(crate) struct Loaded<'a> {
    /// Its path, without links.
    pub(crate) at: String,
    /// The path that it was opened by, links and all: loaders follow none themselves, so that
    /// `$ORIGIN` is the folder where a library was found. For the program, Linux has followed them.
    opened: String,
    pub(crate) facts: &'a BinaryFacts,
    /// The place of what has it loaded, before it.
    loader: Option<usize>,
}

/// All that a program needs, directly or through its own libraries.
pub(crate) struct DynamicDeps<'a> {
    /// What is in the package or its layers, the program first.
    pub(crate) loaded: Vec<Loaded<'a>>,
    pub(crate) missing: Vec<String>,
    /// What the runtime has for sure.
    pub(crate) guaranteed: BTreeSet<&'a str>,
    pub(crate) incidental: Vec<String>,
}

/// Where a library was found.
enum Source<'a> {
    File {
        file: &'a File,
        at: String,
        opened: String,
    },
    Runtime,
    Incidental,
    /// Only the size is known of what it may be in.
    Unknown,
    Nowhere,
}

impl<'a> DynamicDeps<'a> {
    pub(crate) fn of(program: &Program<'_>, facts: &'a BinaryFacts, fs: &RuntimeFs<'a>) -> Self {
        let mut deps = Self {
            loaded: Vec::new(),
            missing: Vec::new(),
            guaranteed: BTreeSet::new(),
            incidental: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        let search = Search {
            machine: &facts.machine,
            libc: Libc::of(facts),
            runtime: program.runtime,
            fs,
        };
        let mut queue = VecDeque::from([Loaded {
            at: program.at.to_owned(),
            opened: program.at.to_owned(),
            facts,
            loader: None,
        }]);
        while let Some(next) = queue.pop_front() {
            deps.loaded.push(next);
            let nth = deps.loaded.len() - 1;
            for library in &deps.loaded[nth].facts.needed {
                if !seen.insert(library) {
                    continue;
                }
                match search.find(library, &deps.loaded, nth) {
                    Source::File { file, at, opened } => {
                        queue.extend(file.binary().map(|facts| Loaded {
                            at,
                            opened,
                            facts,
                            loader: Some(nth),
                        }));
                    }
                    Source::Runtime => {
                        deps.guaranteed.insert(library);
                    }
                    Source::Incidental => deps.incidental.push(library.clone()),
                    Source::Nowhere => deps.missing.push(library.clone()),
                    Source::Unknown => {}
                }
            }
        }
        deps
    }
}

/// Whose loader loads the libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Libc {
    Glibc,
    /// It is its own C library, whose name it knows.
    Musl,
}

impl Libc {
    fn of(program: &BinaryFacts) -> Self {
        let loader = program.interpreter.as_deref().unwrap_or_default();
        let (_, loader) = loader.rsplit_once('/').unwrap_or_default();
        let is_of_musl = |name: &String| name == "libc.so" || name.starts_with("libc.musl");
        if loader.starts_with("ld-musl") || program.needed.iter().any(is_of_musl) {
            Self::Musl
        } else {
            Self::Glibc
        }
    }
}

/// What all libraries of a program are looked for with.
struct Search<'s, 'a> {
    machine: &'s Machine,
    libc: Libc,
    runtime: Runtime,
    fs: &'s RuntimeFs<'a>,
}

impl<'a> Search<'_, 'a> {
    /// Finds `library` as the loader does for the last of what is loaded, the `nth`.
    fn find(&self, library: &str, loaded: &[Loaded<'_>], nth: usize) -> Source<'a> {
        let is_glibc = self.libc == Libc::Glibc;
        let own = &loaded[nth];
        if library.contains('/') {
            let paths = if is_glibc {
                expand(library, own.origin(), self.machine)
            } else {
                vec![library.to_owned()]
            };
            let found = paths.iter().find_map(|path| self.at(absolute(path)));
            return found.unwrap_or(Source::Nowhere);
        }
        // Where a library has the newer kind, glibc looks into no older ones at all.
        let is_old = |loaded: &&Loaded<'_>| !(is_glibc && loaded.facts.has_runpath);
        let chain = || chain(loaded, nth).filter(is_old);
        let before = || is_glibc && is_old(&own);
        if before()
            && let Some(found) = self.first(library, chain())
        {
            return found;
        }
        let presence = self.runtime.facts().library(library);
        if presence == Presence::Guaranteed {
            return Source::Runtime;
        }
        let mut library_path = LIBRARY_PATH.iter();
        let found = library_path
            .find_map(|folder| self.at(format!("{folder}/{library}")))
            .or_else(|| match self.libc {
                Libc::Glibc => self.first(library, [own].into_iter().filter(|_| !before())),
                Libc::Musl => self.first(library, chain()),
            });
        if let Some(found) = found {
            // Whichever of the two it is, it is there.
            return if presence == Presence::Incidental {
                Source::Runtime
            } else {
                found
            };
        }
        match presence {
            Presence::Incidental => Source::Incidental,
            _ if !is_glibc && library.starts_with("libc.") => Source::Runtime,
            _ if self.fs.has_unknown_layers => Source::Unknown,
            _ => Source::Nowhere,
        }
    }

    /// The library in the first folder that has it, of those that the `loaded` name.
    fn first<'l>(
        &self,
        library: &str,
        loaded: impl Iterator<Item = &'l Loaded<'l>>,
    ) -> Option<Source<'a>> {
        let folders = loaded.flat_map(|loaded| self.run_paths(loaded));
        // Whoever has asked for more places than anybody needs is told that it is in none.
        folders
            .take_while(|_| !self.fs.is_exhausted())
            .find_map(|folder| self.at(format!("{folder}/{library}")))
    }

    /// The folders that a program or library names itself. Source: ld.so(8); a relative one begins
    /// where the function is started.
    fn run_paths<'l>(
        &self,
        loaded: &'l Loaded<'_>,
    ) -> impl Iterator<Item = String> + use<'l, '_, 'a> {
        let paths = &loaded.facts.run_paths;
        let is_known = self.libc == Libc::Glibc || !paths.iter().any(|path| is_beyond_musl(path));
        let paths = paths.iter().filter(move |_| is_known);
        paths
            .flat_map(|path| expand(path, loaded.origin(), self.machine))
            .map(|path| absolute(&path))
    }

    fn at(&self, opened: String) -> Option<Source<'a>> {
        const READ: u32 = 0o4;
        let Found::File(file, at) = self.fs.find(&opened) else {
            return None;
        };
        // The loader passes over libraries that it may not read, or that are for another machine.
        let is_closed = file.permissions.is_some() && !file.allows_others(READ);
        let fits = file.contents.is_none()
            || file
                .binary()
                .is_some_and(|library| library.machine == *self.machine);
        (fits && !is_closed).then_some(Source::File { file, at, opened })
    }
}

/// What is loaded, what has it loaded, and so on.
fn chain<'l>(loaded: &'l [Loaded<'l>], nth: usize) -> impl Iterator<Item = &'l Loaded<'l>> {
    let mut next = Some(nth);
    std::iter::from_fn(move || {
        let loaded = loaded.get(next?)?;
        next = loaded.loader;
        Some(loaded)
    })
}

impl Loaded<'_> {
    /// The folder that it was opened in.
    fn origin(&self) -> &str {
        let folder = self.opened.rsplit_once('/').map(|(folder, _)| folder);
        folder.unwrap_or_default()
    }
}
