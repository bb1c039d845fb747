//! The shared libraries that a program loads, and those that these load.

use std::collections::{BTreeSet, VecDeque};

use super::list::{list, shown};
use super::package::File;
use super::program::{Program, has_runtimes_loader, static_help};
use super::tree::{Found, Tree};
use super::{Lint, Observation};
use crate::inspect::{BinaryFacts, Executable, Linkage, Machine};
use crate::target::{GlibcVersion, Presence, Runtime};

/// The folders outside the runtime where libraries are looked for.
///
/// Source: `LD_LIBRARY_PATH` in the Lambda developer guide, "Defined runtime environment
/// variables": `/lib64:/usr/lib64:$LAMBDA_RUNTIME_DIR:$LAMBDA_RUNTIME_DIR/lib:$LAMBDA_TASK_ROOT:
/// $LAMBDA_TASK_ROOT/lib:/opt/lib`.
const LIBRARY_PATH: [&str; 3] = ["/var/task", "/var/task/lib", "/opt/lib"];

/// Judges the libraries of a program.
pub(super) fn judge(
    program: &Program<'_>,
    facts: &BinaryFacts,
    tree: &Tree<'_>,
) -> Vec<Observation> {
    if facts.linkage != Linkage::Dynamic || facts.machine != Machine::Lambda(program.architecture) {
        return Vec::new();
    }
    let needs = Needs::of(program, facts, tree);
    [
        // A loader that is brought along comes with its own C library.
        glibc_too_new(program, &needs).filter(|_| has_runtimes_loader(facts, program.runtime)),
        missing_library(program, &needs),
        unpromised_library(program, &needs),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Something that is loaded into a program: itself, or a library.
struct Loaded<'a> {
    /// Its path, without links.
    at: String,
    facts: &'a BinaryFacts,
}

/// All that a program needs, directly or through its own libraries.
struct Needs<'a> {
    /// What is in the package or its layers, the program first.
    loaded: Vec<Loaded<'a>>,
    missing: Vec<String>,
    incidental: Vec<String>,
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
    fn of(program: &Program<'_>, facts: &'a BinaryFacts, tree: &Tree<'a>) -> Self {
        let mut needs = Self {
            loaded: Vec::new(),
            missing: Vec::new(),
            incidental: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        let at = program.at.to_owned();
        let mut queue = VecDeque::from([Loaded { at, facts }]);
        while let Some(loaded) = queue.pop_front() {
            for library in &loaded.facts.needed {
                if !seen.insert(library) {
                    continue;
                }
                match find(library, program, facts, &loaded, tree) {
                    Source::File(file, at) => {
                        queue.extend(binary(file).map(|facts| Loaded { at, facts }));
                    }
                    Source::Incidental => needs.incidental.push(library.clone()),
                    Source::Nowhere => needs.missing.push(library.clone()),
                    Source::Runtime | Source::Unknown => {}
                }
            }
            needs.loaded.push(loaded);
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
    let own = run_paths(loaded.facts, &loaded.at).chain(run_paths(facts, program.at));
    let mut in_run_paths = own.map(|folder| format!("{folder}/{library}"));
    if let Some(found) = in_run_paths.find_map(|path| fits(&path)) {
        return found;
    }
    let presence = program.runtime.library(library);
    if presence == Presence::Certain {
        return Source::Runtime;
    }
    let in_library_path = LIBRARY_PATH.map(|folder| format!("{folder}/{library}"));
    if let Some(found) = in_library_path.iter().find_map(|path| fits(path)) {
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

/// The part of a path that users know.
fn known_as(at: &str) -> String {
    shown(at.strip_prefix("/var/task/").unwrap_or(at))
}

fn glibc_too_new(program: &Program<'_>, needs: &Needs<'_>) -> Option<Observation> {
    let Program { name, runtime, .. } = program;
    let newest = needs
        .loaded
        .iter()
        .rev() // of several that need the same, the first
        .max_by_key(|loaded| loaded.facts.glibc)?;
    let needed = newest.facts.glibc?;
    let what = if newest.at == program.at {
        shown(name)
    } else {
        format!("{}, which {} loads,", known_as(&newest.at), shown(name))
    };
    (needed > runtime.glibc()).then(|| Observation {
        lint: Lint::GlibcTooNew,
        message: format!(
            "{what} needs GLIBC_{needed}{}, but {runtime} has glibc {}: it would fail with \
             `version `GLIBC_{needed}' not found`",
            for_symbols(&newest.facts.glibc_symbols),
            runtime.glibc()
        ),
        help: newer_runtime_help(needed, program),
    })
}

/// ` (for `arc4random`)`, or nothing.
fn for_symbols(symbols: &[String]) -> String {
    let symbols: Vec<String> = symbols.iter().map(|symbol| shown(symbol)).collect();
    list(&symbols).map_or_else(String::new, |symbols| format!(" (for {symbols})"))
}

fn newer_runtime_help(needed: GlibcVersion, program: &Program<'_>) -> String {
    let newest = Runtime::default();
    let mut ways = vec![
        static_help(program.architecture),
        format!(
            "link it against an older glibc (`--builder zigbuild --target {}-unknown-linux-gnu`, \
             which takes the runtime's)",
            program.architecture.rust_name()
        ),
    ];
    if needed <= newest.glibc() && program.runtime != newest {
        ways.push(format!("deploy on {newest} (`--runtime {newest}`)"));
    }
    ways.join(", or ")
}

fn missing_library(program: &Program<'_>, needs: &Needs<'_>) -> Option<Observation> {
    let first = needs.missing.first()?;
    let missing: Vec<String> = needs.missing.iter().map(|name| shown(name)).collect();
    Some(Observation {
        lint: Lint::MissingLibrary,
        message: format!(
            "{} needs {}, which is neither in {} nor to be read in the package or its layers: it would \
             fail with `error while loading shared libraries: {}: cannot open shared object file`",
            shown(program.name),
            list(&missing)?,
            program.runtime,
            shown(first).trim_matches('`'),
        ),
        help: "link it statically (a musl target, or the `vendored` or `bundled` feature of the \
               crate that wants it), or put it into `lib/` of the package or of a layer"
            .to_owned(),
    })
}

fn unpromised_library(program: &Program<'_>, needs: &Needs<'_>) -> Option<Observation> {
    let incidental: Vec<String> = needs.incidental.iter().map(|name| shown(name)).collect();
    let found = list(&incidental)?;
    Some(Observation {
        lint: Lint::UnpromisedLibrary,
        message: format!(
            "{} needs {found}, which {} has today, but which AWS promises to no function: an \
             update of the runtime may change or remove it",
            shown(program.name),
            program.runtime
        ),
        help: "link it statically (a musl target, or the `vendored` or `bundled` feature of the \
               crate that wants it)"
            .to_owned(),
    })
}
