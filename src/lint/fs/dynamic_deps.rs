//! The libraries that a program needs, found as its loader finds them.

use std::collections::{BTreeSet, VecDeque};

use super::program::{Program, absolute};
use super::rpath_tokens::{expand, is_beyond_musl};
use super::runtime_fs::{Found, RuntimeFs};
use crate::inspect::{BinaryFacts, Machine};
use crate::lambda::{Presence, Runtime};
use crate::lint::File;

/// The folders outside of the runtime in which the loader searches for libraries.
///
/// Source: `LD_LIBRARY_PATH` in the Lambda developer guide, "Defined runtime environment
/// variables": `/lib64:/usr/lib64:$LAMBDA_RUNTIME_DIR:$LAMBDA_RUNTIME_DIR/lib:$LAMBDA_TASK_ROOT:
/// $LAMBDA_TASK_ROOT/lib:/opt/lib`.
const LIBRARY_PATH: [&str; 3] = ["/var/task", "/var/task/lib", "/opt/lib"];

/// A file that is loaded: the program itself, or a library.
pub(crate) struct Loaded<'a> {
    /// Its path, without links.
    pub(crate) at: String,
    /// The path by which it was opened, with links: `$ORIGIN` is the folder of this path. For the
    /// program, Linux has followed the links.
    opened: String,
    pub(crate) facts: &'a BinaryFacts,
    /// The index of the file that needs it, among all that are loaded.
    loader: Option<usize>,
}

/// All libraries that a program needs, directly or through other libraries.
pub(crate) struct DynamicDeps<'a> {
    /// The files in the package or its layers, the program first.
    pub(crate) loaded: Vec<Loaded<'a>>,
    pub(crate) missing: Vec<String>,
    /// Libraries that every version of the runtime has.
    pub(crate) guaranteed: BTreeSet<&'a str>,
    /// Libraries that the runtime has, but that AWS does not guarantee.
    pub(crate) incidental: Vec<String>,
}

/// The place of a library.
enum Source<'a> {
    File {
        file: &'a File,
        at: String,
        opened: String,
    },
    Runtime,
    Incidental,
    /// It may be in a layer of which only the size is known.
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

/// The C library whose loader loads the libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Libc {
    Glibc,
    /// Its loader is the C library itself.
    Musl,
}

impl Libc {
    fn of(program: &BinaryFacts) -> Self {
        let loader = program.interpreter.as_deref().unwrap_or_default();
        let (_, loader) = loader.rsplit_once('/').unwrap_or_default();
        let is_of_musl = |name: &String| name == "libc.so" || name.starts_with("libc.musl");
        // glibc's loader loads no other C library.
        if loader.starts_with("ld-linux") {
            return Self::Glibc;
        }
        if loader.starts_with("ld-musl") || program.needed.iter().any(is_of_musl) {
            Self::Musl
        } else {
            Self::Glibc
        }
    }
}

/// The search for the libraries of a program.
struct Search<'s, 'a> {
    machine: &'s Machine,
    libc: Libc,
    runtime: Runtime,
    fs: &'s RuntimeFs<'a>,
}

impl<'a> Search<'_, 'a> {
    /// Finds `library` as the loader does for the `nth` of the `loaded` files.
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
        // If a file has a RUNPATH, glibc ignores every RPATH.
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
            // The runtime or the package has it.
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

    /// The library in the first folder of the run paths that has it.
    fn first<'l>(
        &self,
        library: &str,
        loaded: impl Iterator<Item = &'l Loaded<'l>>,
    ) -> Option<Source<'a>> {
        let folders = loaded.flat_map(|loaded| self.run_paths(loaded));
        // Beyond the limit of the walk, the library counts as missing.
        folders
            .take_while(|_| !self.fs.is_exhausted())
            .find_map(|folder| self.at(format!("{folder}/{library}")))
    }

    /// The run paths of a program or library. A relative one begins in the folder in which the function
    /// is started. Source: ld.so(8).
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

    /// The library at the path `opened`.
    fn at(&self, opened: String) -> Option<Source<'a>> {
        const READ: u32 = 0o4;
        let Found::File(file, at) = self.fs.find(&opened) else {
            return None;
        };
        // The loader skips libraries that it may not read, or that are for another machine.
        let is_closed = file.permissions.is_some() && !file.allows_others(READ);
        let fits = file.contents.is_none()
            || file
                .binary()
                .is_some_and(|library| library.machine == *self.machine);
        (fits && !is_closed).then_some(Source::File { file, at, opened })
    }
}

/// A loaded file, the file that needs it, and so on up to the program.
fn chain<'l>(loaded: &'l [Loaded<'l>], nth: usize) -> impl Iterator<Item = &'l Loaded<'l>> {
    let mut next = Some(nth);
    std::iter::from_fn(move || {
        let loaded = loaded.get(next?)?;
        next = loaded.loader;
        Some(loaded)
    })
}

impl Loaded<'_> {
    /// The folder in which it was opened.
    fn origin(&self) -> &str {
        let folder = self.opened.rsplit_once('/').map(|(folder, _)| folder);
        folder.unwrap_or_default()
    }
}
