//! What a program needs of libraries, found as its loader finds them.

use std::collections::{BTreeSet, VecDeque};

use super::package::File;
use super::program::{Program, has_runtimes_loader};
use super::tree::{Found, Tree};
use crate::inspect::{BinaryFacts, Executable};
use crate::target::Presence;

/// The folders outside the runtime where libraries are looked for.
///
/// Source: `LD_LIBRARY_PATH` in the Lambda developer guide, "Defined runtime environment
/// variables": `/lib64:/usr/lib64:$LAMBDA_RUNTIME_DIR:$LAMBDA_RUNTIME_DIR/lib:$LAMBDA_TASK_ROOT:
/// $LAMBDA_TASK_ROOT/lib:/opt/lib`.
const LIBRARY_PATH: [&str; 3] = ["/var/task", "/var/task/lib", "/opt/lib"];

/// Something that is loaded into a program: itself, or a library.
pub(super) struct Loaded<'a> {
    /// Its path, without links.
    pub(super) at: String,
    pub(super) facts: &'a BinaryFacts,
    /// Where its libraries are looked for before `LD_LIBRARY_PATH`, and after it.
    before: Vec<String>,
    after: Vec<String>,
    /// What of this holds for the libraries that it loads too.
    inherited: Vec<String>,
}

impl<'a> Loaded<'a> {
    /// Source: ld.so(8). To musl's loader both kinds of run paths are one.
    fn new(at: String, facts: &'a BinaryFacts, inherited: &[String], is_of_glibc: bool) -> Self {
        let own: Vec<String> = run_paths(facts, &at).collect();
        let (before, after, inherited) = if is_of_glibc && facts.has_runpath {
            (Vec::new(), own, inherited.to_vec())
        } else {
            let all = [own, inherited.to_vec()].concat();
            (all.clone(), Vec::new(), all)
        };
        Self {
            at,
            facts,
            before,
            after,
            inherited,
        }
    }
}

/// All that a program needs, directly or through its own libraries.
pub(super) struct Needs<'a> {
    /// What is in the package or its layers, the program first.
    pub(super) loaded: Vec<Loaded<'a>>,
    pub(super) missing: Vec<String>,
    /// What the runtime has for sure.
    pub(super) certain: BTreeSet<&'a str>,
    pub(super) incidental: Vec<String>,
}

/// Where a library was found.
enum Source<'a> {
    File(&'a File, String),
    Runtime,
    Incidental,
    /// Only the size is known of what it may be in.
    Unknown,
    Nowhere,
}

impl<'a> Needs<'a> {
    pub(super) fn of(program: &Program<'_>, facts: &'a BinaryFacts, tree: &Tree<'a>) -> Self {
        let mut needs = Self {
            loaded: Vec::new(),
            missing: Vec::new(),
            certain: BTreeSet::new(),
            incidental: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        let is_of_glibc = has_runtimes_loader(facts, program.runtime);
        let loaded =
            |at, facts, inherited: &[String]| Loaded::new(at, facts, inherited, is_of_glibc);
        let mut queue = VecDeque::from([loaded(program.at.to_owned(), facts, &[])]);
        while let Some(loader) = queue.pop_front() {
            for library in &loader.facts.needed {
                if !seen.insert(library) {
                    continue;
                }
                match find(library, program, facts, &loader, tree) {
                    Source::File(file, at) => {
                        let facts = binary(file);
                        queue.extend(facts.map(|facts| loaded(at, facts, &loader.inherited)));
                    }
                    Source::Runtime => {
                        needs.certain.insert(library);
                    }
                    Source::Incidental => needs.incidental.push(library.clone()),
                    Source::Nowhere => needs.missing.push(library.clone()),
                    Source::Unknown => {}
                }
            }
            needs.loaded.push(loader);
        }
        needs
    }
}

fn binary(file: &File) -> Option<&BinaryFacts> {
    match &file.contents.as_ref()?.executable {
        Ok(Executable::Binary(facts)) => Some(facts),
        _ => None,
    }
}

/// Finds `library` as the loader does for `loaded`.
fn find<'a>(
    library: &str,
    program: &Program<'_>,
    facts: &BinaryFacts,
    loaded: &Loaded<'_>,
    tree: &Tree<'a>,
) -> Source<'a> {
    const READ: u32 = 0o4;
    let fits = |path: &str| match tree.find(path) {
        // The loader passes over libraries that it may not read, or that are for another machine.
        Found::File(file, at) => {
            let is_closed = file.permissions.is_some() && !file.allows_others(READ);
            let contents = file.contents.as_ref();
            let fits = contents.is_none()
                || binary(file).is_some_and(|library| library.machine == facts.machine);
            (fits && !is_closed).then_some(Source::File(file, at))
        }
        _ => None,
    };
    if library.contains('/') {
        let path = match library.strip_prefix('/') {
            Some(_) => library.to_owned(),
            None => format!("/var/task/{library}"),
        };
        return fits(&path).unwrap_or(Source::Nowhere);
    }
    let first = |folders: &[String]| {
        let mut paths = folders.iter().map(|folder| format!("{folder}/{library}"));
        paths.find_map(|path| fits(&path))
    };
    if let Some(found) = first(&loaded.before) {
        return found;
    }
    let presence = program.runtime.library(library);
    if presence == Presence::Certain {
        return Source::Runtime;
    }
    let library_path = LIBRARY_PATH.map(str::to_owned);
    if let Some(found) = first(&library_path).or_else(|| first(&loaded.after)) {
        // Whichever of the two it is, it is there.
        return if presence == Presence::Incidental {
            Source::Runtime
        } else {
            found
        };
    }
    // musl's loader is its C library too.
    let is_libc = library.starts_with("libc.") && !has_runtimes_loader(facts, program.runtime);
    match presence {
        Presence::Incidental => Source::Incidental,
        _ if is_libc => Source::Runtime,
        _ if tree.has_unknown_layers => Source::Unknown,
        _ => Source::Nowhere,
    }
}

/// The folders that a program or library at `at` names itself.
fn run_paths<'a>(facts: &'a BinaryFacts, at: &'a str) -> impl Iterator<Item = String> + 'a {
    let origin = at.rsplit_once('/').map_or("", |(folder, _)| folder);
    facts
        .run_paths
        .iter()
        .map(move |path| path.replace("${ORIGIN}", origin).replace("$ORIGIN", origin))
}
