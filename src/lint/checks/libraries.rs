//! The shared libraries that a program loads, directly or through other libraries.

use std::collections::BTreeSet;

use crate::inspect::{BinaryFacts, Linkage, Machine};
use crate::lambda::{self, GlibcVersion, Runtime};
use crate::lint::fs::{DynamicDeps, Loaded, Program, RuntimeFs, has_glibc_loader, static_help};
use crate::lint::{Diagnostic, Lint, List, Package, list};
use crate::text::quoted_name;

/// Checks the libraries of a program.
pub(crate) fn check(
    program: &Program<'_>,
    facts: &BinaryFacts,
    fs: &RuntimeFs<'_>,
) -> Vec<Diagnostic> {
    if facts.linkage != Linkage::Dynamic || facts.machine != Machine::Lambda(program.architecture) {
        return Vec::new();
    }
    let deps = DynamicDeps::of(program, facts, fs);
    // A loader in the package loads the C library of the runtime, too.
    let has_runtimes_libc = has_glibc_loader(facts) || deps.guaranteed.contains("libc.so.6");
    [
        glibc_too_new(program, &deps).filter(|_| has_runtimes_libc),
        libstdcxx_too_new(program, &deps).filter(|_| has_runtimes_libc),
        missing_library(program, &deps),
        unguaranteed_library(program, &deps),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The libraries that the `programs` of a package need, and that neither the runtime nor the package
/// nor a layer is known to have. `programs` are paths in the zip.
pub(crate) fn missing_libraries(package: &Package<'_>, programs: &[&str]) -> BTreeSet<String> {
    let mut fs = RuntimeFs::of(package);
    fs.has_unknown_layers = false;
    let missing = programs.iter().filter_map(|name| {
        let file = package.files.iter().find(|file| *file.name == **name)?;
        let program = Program {
            name,
            at: &format!("{}/{name}", package.mount_point.path()),
            bytes: file.bytes,
            architecture: package.architecture,
            runtime: package.runtime,
        };
        Some(DynamicDeps::of(&program, file.binary()?, &fs).missing)
    });
    missing.flatten().collect()
}

/// Checks the versions of the runtime's libraries that a program or library needs itself.
pub(crate) fn too_new(
    program: &Program<'_>,
    facts: &BinaryFacts,
    fs: &RuntimeFs<'_>,
) -> Vec<Diagnostic> {
    let mut deps = DynamicDeps::of(program, facts, fs);
    deps.loaded.truncate(1);
    if !deps.guaranteed.contains("libc.so.6") {
        return Vec::new();
    }
    let found = [
        glibc_too_new(program, &deps),
        libstdcxx_too_new(program, &deps),
    ];
    found.into_iter().flatten().collect()
}

/// A path as users know it.
fn known_as(at: &str) -> String {
    quoted_name(at.strip_prefix("/var/task/").unwrap_or(at))
}

/// A loaded file as the subject of a sentence.
fn subject(loaded: &Loaded<'_>, program: &Program<'_>) -> String {
    let name = quoted_name(program.name);
    if loaded.at == program.at {
        name
    } else {
        format!("{}, which {name} loads,", known_as(&loaded.at))
    }
}

fn glibc_too_new(program: &Program<'_>, deps: &DynamicDeps<'_>) -> Option<Diagnostic> {
    let runtime = program.runtime;
    let newest = deps
        .loaded
        .iter()
        .rev() // the first of several that need the same version
        .max_by_key(|loaded| loaded.facts.glibc)?;
    let needed = newest.facts.glibc?;
    let what = subject(newest, program);
    // A program with relative relocations (DT_RELR) may need no symbol of that version.
    let is_relr = newest.facts.has_relr && newest.facts.glibc_symbols.is_empty();
    let version = if is_relr {
        "GLIBC_ABI_DT_RELR".to_owned()
    } else {
        format!("GLIBC_{needed}")
    };
    let symbols = list(&newest.facts.glibc_symbols);
    let for_symbols = symbols.as_ref();
    let for_symbols = for_symbols.map_or_else(String::new, |all| format!(" (for {all})"));
    (needed > runtime.facts().glibc).then(|| Diagnostic {
        lint: Lint::GlibcTooNew,
        message: format!(
            "{what} needs {version}{for_symbols}, but {runtime} has glibc {}: it would fail with \
             `version `{version}' not found`",
            runtime.facts().glibc
        ),
        help: newer_runtime_help(needed, program),
        names: symbols.unwrap_or_default(),
    })
}

/// Finds the first file that needs newer libraries of GCC than the runtime has.
fn libstdcxx_too_new(program: &Program<'_>, deps: &DynamicDeps<'_>) -> Option<Diagnostic> {
    let runtime = program.runtime;
    let gcc = &runtime.facts().gcc;
    let is_too_new = |version: &&String| {
        lambda::library_of(version).is_some_and(|library| deps.guaranteed.contains(library))
            && gcc.is_too_old_for(version)
    };
    let (loaded, version, library) = deps.loaded.iter().find_map(|loaded| {
        let version = loaded.facts.gcc_versions.iter().find(is_too_new)?;
        Some((loaded, version, lambda::library_of(version)?))
    })?;
    let newest = Runtime::default();
    let newer = if newest.facts().gcc.is_too_old_for(version) {
        String::new()
    } else {
        format!(", or deploy on {newest} (`--runtime {newest}`)")
    };
    let shown = quoted_name(version);
    let version = shown.trim_matches('`');
    Some(Diagnostic {
        lint: Lint::LibstdcxxTooNew,
        message: format!(
            "{} needs {version} of {library}, but that of {runtime} is of GCC {}: it would fail \
             with `version `{version}' not found`",
            subject(loaded, program),
            gcc.version
        ),
        help: format!(
            "link it statically (`-static-libstdc++ -static-libgcc`), or build it with an older \
             GCC{newer}; Lambda would not load a copy in `lib/`"
        ),
        names: List::default(),
    })
}

fn newer_runtime_help(needed: GlibcVersion, program: &Program<'_>) -> String {
    let newest = Runtime::default();
    let mut fixes = vec![
        static_help(program.architecture),
        format!(
            "link it against an older glibc, on the runtime's own system or with zig (in Rust: \
             `--builder zigbuild --target {}-unknown-linux-gnu`)",
            program.architecture.rust_name()
        ),
    ];
    if needed <= newest.facts().glibc && program.runtime != newest {
        fixes.push(format!("deploy on {newest} (`--runtime {newest}`)"));
    }
    fixes.join(", or ")
}

fn missing_library(program: &Program<'_>, deps: &DynamicDeps<'_>) -> Option<Diagnostic> {
    let first = deps.missing.first()?;
    let missing = list(&deps.missing)?;
    Some(Diagnostic {
        lint: Lint::MissingLibrary,
        message: format!(
            "{} needs {missing}, which {} neither in {} nor readable in the package or its layers: it would \
             fail with `error while loading shared libraries: {}: cannot open shared object file`",
            quoted_name(program.name),
            missing.either("is", "are"),
            program.runtime,
            quoted_name(first).trim_matches('`'),
        ),
        help:
            "link it statically (in Rust: a musl target, or the `vendored` or `bundled` feature of \
               the crate that needs it), or put it into `lib/` of the package or of a layer"
                .to_owned(),
        names: missing,
    })
}

fn unguaranteed_library(program: &Program<'_>, deps: &DynamicDeps<'_>) -> Option<Diagnostic> {
    let found = list(&deps.incidental)?;
    Some(Diagnostic {
        lint: Lint::UnguaranteedLibrary,
        message: format!(
            "{} needs {found}, which {} has today, but which AWS does not guarantee: an update \
             of the runtime may change or remove it",
            quoted_name(program.name),
            program.runtime
        ),
        help:
            "link it statically (in Rust: a musl target, or the `vendored` or `bundled` feature of \
               the crate that needs it)"
                .to_owned(),
        names: found,
    })
}
