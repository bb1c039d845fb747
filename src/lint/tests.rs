//! Whole packages, judged.

use std::slice::from_ref;

use super::*;
use crate::inspect::{BinaryFacts, Contents, Executable, Linkage, Machine, ScriptFacts};
use crate::target::Architecture;

const X86: Machine = Machine::Lambda(Architecture::X86_64);

fn gnu(glibc: &str, needed: &[&str]) -> BinaryFacts {
    BinaryFacts {
        machine: X86,
        linkage: Linkage::Dynamic,
        interpreter: Some("/lib64/ld-linux-x86-64.so.2".to_owned()),
        needed: needed.iter().map(ToString::to_string).collect(),
        run_paths: Vec::new(),
        has_runpath: false,
        gcc_versions: Vec::new(),
        glibc: Some(glibc.parse().unwrap()),
        glibc_symbols: vec!["arc4random".to_owned()],
        debug_bytes: 0,
    }
}

fn library(glibc: &str, needed: &[&str]) -> BinaryFacts {
    BinaryFacts {
        linkage: Linkage::Shared,
        interpreter: None,
        ..gnu(glibc, needed)
    }
}

fn file(name: &str, permissions: u32, executable: Option<Executable>) -> File {
    File {
        name: name.to_owned(),
        kind: FileKind::Regular,
        permissions: Some(permissions),
        bytes: 1,
        contents: Some(Contents {
            executable: executable.ok_or_else(|| "not an ELF file".to_owned()),
            secret: None,
        }),
    }
}

fn binary(name: &str, facts: BinaryFacts) -> File {
    file(name, 0o755, Some(Executable::Binary(facts)))
}

fn script(name: &str, interpreter: &str) -> File {
    let interpreter = interpreter.to_owned();
    let has_crlf = false;
    let facts = ScriptFacts {
        interpreter,
        has_crlf,
    };
    file(name, 0o755, Some(Executable::Script(facts)))
}

fn link(name: &str, target: &str) -> File {
    File {
        kind: FileKind::Link(target.to_owned()),
        ..file(name, 0o777, None)
    }
}

fn layer(files: Vec<File>) -> LayerFacts {
    LayerFacts {
        files: Some(files),
        ..LayerFacts::default()
    }
}

fn unknown() -> LayerFacts {
    LayerFacts::default()
}

fn found(root: Root, files: &[File], layers: &[LayerFacts], runtime: Runtime) -> Vec<Observation> {
    judge(&Package {
        runtime,
        ..Package::of(root, files, layers)
    })
}

fn lints(files: &[File], layers: &[LayerFacts]) -> Vec<Lint> {
    let found = found(Root::Task, files, layers, Runtime::Al2023);
    found
        .into_iter()
        .map(|observation| observation.lint)
        .collect()
}

#[track_caller]
fn accepts(files: &[File]) {
    assert_eq!(lints(files, &[]), []);
}

#[track_caller]
fn says(files: &[File], lint: Lint, words: &str) {
    let found = found(Root::Task, files, &[], Runtime::Al2023);
    let [only] = &found[..] else {
        panic!("one observation: {found:?}")
    };
    assert_eq!(only.lint, lint);
    assert!(only.message.contains(words), "{}", only.message);
}

#[test]
fn a_dynamic_executable_is_held_against_the_runtimes_glibc() {
    let program = |glibc| {
        [binary(
            "bootstrap",
            gnu(glibc, &["libc.so.6", "libgcc_s.so.1"]),
        )]
    };
    accepts(&program("2.34"));
    says(
        &program("2.36"),
        Lint::GlibcTooNew,
        "GLIBC_2.36 (for `arc4random`)",
    );
    let old = found(Root::Task, &program("2.34"), &[], Runtime::Al2);
    let old: Vec<Lint> = old
        .into_iter()
        .map(|observation| observation.lint)
        .collect();
    assert_eq!(old, [Lint::GlibcTooNew, Lint::DeprecatedRuntime]);
}

#[test]
fn what_is_of_cpp_is_held_against_the_runtimes_gcc() {
    let needing = |version: &str| BinaryFacts {
        gcc_versions: vec![version.to_owned()],
        ..gnu("2.17", &["libstdc++.so.6", "libgcc_s.so.1", "libc.so.6"])
    };
    let copy = |name: &str| binary(name, library("2.17", &["libc.so.6"]));
    accepts(&[binary("bootstrap", needing("GLIBCXX_3.4.33"))]);
    let too_new = [
        binary("bootstrap", needing("GLIBCXX_3.4.99")),
        copy("lib/libstdc++.so.6"),
    ];
    says(
        &too_new,
        Lint::LibstdcxxTooNew,
        "GLIBCXX_3.4.99 of libstdc++.so.6",
    );
    let of_libgcc = [binary("bootstrap", needing("GCC_99.0.0"))];
    says(
        &of_libgcc,
        Lint::LibstdcxxTooNew,
        "GCC_99.0.0 of libgcc_s.so.1",
    );
    let with_path = |has_runpath| BinaryFacts {
        run_paths: vec!["$ORIGIN/vendor".to_owned()],
        has_runpath,
        ..needing("GLIBCXX_3.4.99")
    };
    let copied = |facts| [binary("bootstrap", facts), copy("vendor/libstdc++.so.6")];
    accepts(&copied(with_path(false)));
    says(&copied(with_path(true)), Lint::LibstdcxxTooNew, "GCC 14");
}

#[test]
fn the_newer_kind_of_run_path_is_not_inherited() {
    let needing = |library: &str, has_runpath| BinaryFacts {
        run_paths: vec!["$ORIGIN/vendor".to_owned()],
        has_runpath,
        ..gnu("2.17", &[library])
    };
    let package = |has_runpath| {
        [
            binary("bootstrap", needing("liba.so.1", has_runpath)),
            binary("vendor/liba.so.1", library("2.17", &["libb.so.1"])),
            binary("vendor/libb.so.1", library("2.17", &[])),
        ]
    };
    accepts(&package(false));
    says(&package(true), Lint::MissingLibrary, "`libb.so.1`");
}

#[test]
fn libraries_are_looked_for_where_the_loader_does() {
    let program = |needed: &[&str]| binary("bootstrap", gnu("2.17", needed));
    let needs = program(&["liba.so.1"]);
    says(from_ref(&needs), Lint::MissingLibrary, "`liba.so.1`");
    for place in ["liba.so.1", "lib/liba.so.1"] {
        accepts(&[needs.clone(), binary(place, library("2.17", &[]))]);
    }
    let elsewhere = [needs.clone(), binary("a/liba.so.1", library("2.17", &[]))];
    says(&elsewhere, Lint::MissingLibrary, "`liba.so.1`");
    let in_layer = layer(vec![binary("lib/liba.so.1", library("2.17", &[]))]);
    assert_eq!(lints(from_ref(&needs), &[in_layer]), []);
    assert_eq!(lints(from_ref(&needs), &[unknown()]), []);
    let linked = [
        link("lib/liba.so.1", "../x/a.so"),
        binary("x/a.so", library("2.17", &[])),
    ];
    accepts(&[from_ref(&needs), &linked].concat());
    let mut foreign = library("2.17", &[]);
    foreign.machine = Machine::Lambda(Architecture::Arm64);
    says(
        &[needs, binary("lib/liba.so.1", foreign)],
        Lint::MissingLibrary,
        "`liba.so.1`",
    );
}

#[test]
fn run_paths_are_followed() {
    let mut facts = gnu("2.17", &["liba.so"]);
    facts.run_paths = vec!["$ORIGIN/deps".to_owned()];
    let mut a = library("2.17", &["libb.so"]);
    a.run_paths = vec!["${ORIGIN}/more".to_owned()];
    let files = [
        binary("bootstrap", facts),
        binary("deps/liba.so", a),
        binary("deps/more/libb.so", library("2.17", &[])),
    ];
    accepts(&files);
    says(&files[..2], Lint::MissingLibrary, "`libb.so`");
}

#[test]
fn what_a_library_needs_counts_too() {
    let program = || binary("bootstrap", gnu("2.17", &["liba.so"]));
    let lost = [
        program(),
        binary("lib/liba.so", library("2.17", &["libb.so"])),
    ];
    says(&lost, Lint::MissingLibrary, "`libb.so`");
    let new = [
        program(),
        binary("lib/liba.so", library("2.38", &["libc.so.6"])),
    ];
    says(
        &new,
        Lint::GlibcTooNew,
        "`lib/liba.so`, which `bootstrap` loads, needs GLIBC_2.38",
    );
    let unused = [
        binary("bootstrap", gnu("2.17", &[])),
        binary("lib/liba.so", library("2.38", &["libb.so"])),
    ];
    accepts(&unused);
}

#[test]
fn a_library_that_is_only_there_by_chance_deserves_a_look() {
    let program = binary("bootstrap", gnu("2.17", &["libssl.so.3"]));
    says(from_ref(&program), Lint::UnpromisedLibrary, "`libssl.so.3`");
    accepts(&[program, binary("lib/libssl.so.3", library("2.17", &[]))]);
}

#[test]
fn a_loader_may_be_brought_along() {
    let mut facts = gnu("2.38", &["libc.so", "liba.so"]);
    facts.interpreter = Some("/var/task/lib/ld-musl-x86_64.so.1".to_owned());
    let program = binary("bootstrap", facts);
    let loader = binary("lib/ld-musl-x86_64.so.1", library("2.17", &[]));
    let a = binary("lib/liba.so", library("2.17", &[]));
    accepts(&[program.clone(), loader.clone(), a.clone()]);
    let closed = File {
        permissions: Some(0o644),
        ..loader
    };
    let files = [program.clone(), closed, a.clone()];
    says(&files, Lint::NotExecutable, "ld-musl-x86_64.so.1");
    says(
        &[program, a],
        Lint::MissingInterpreter,
        "ld-musl-x86_64.so.1",
    );
}

#[test]
fn scripts_are_held_against_what_is_there() {
    for interpreter in [
        "/bin/sh",
        "/usr/bin/bash -e",
        "/usr/bin/env bash",
        "/usr/bin/awk -f",
    ] {
        accepts(&[script("bootstrap", interpreter)]);
    }
    for interpreter in [
        "/usr/bin/python3",
        "/usr/bin/env python3",
        "/opt/bin/python3",
    ] {
        let files = [script("bootstrap", interpreter)];
        says(&files, Lint::MissingInterpreter, "python3");
        let python = layer(vec![binary("bin/python3", gnu("2.17", &[]))]);
        let expected: &[Lint] = if interpreter.starts_with("/usr/bin/p") {
            &[Lint::MissingInterpreter]
        } else {
            &[]
        };
        assert_eq!(lints(&files, &[python]), expected, "{interpreter}");
    }
    assert_eq!(
        lints(&[script("bootstrap", "/opt/bin/php")], &[unknown()]),
        []
    );
    let own = [
        script("bootstrap", "/var/task/php"),
        file("php", 0o644, None),
    ];
    let found = lints(&own, &[]);
    assert_eq!(found, [Lint::NotExecutable, Lint::NotAnExecutable]);
}

#[test]
fn the_bootstrap_is_looked_for_where_lambda_does() {
    let program = |name: &str| binary(name, gnu("2.17", &[]));
    accepts(&[program("bootstrap")]);
    accepts(&[program("app"), link("bootstrap", "app")]);
    says(
        &[program("orders")],
        Lint::MissingBootstrap,
        "Couldn't find valid bootstrap",
    );
    says(
        &[program("x/bootstrap")],
        Lint::MisplacedBootstrap,
        "in a folder",
    );
    says(
        &[program("Bootstrap")],
        Lint::MisplacedBootstrap,
        "misnamed",
    );
    says(
        &[program("bootstrap.exe")],
        Lint::MisplacedBootstrap,
        "misnamed",
    );
    let lost = [link("bootstrap", "app")];
    assert_eq!(
        lints(&lost, &[]),
        [Lint::MissingBootstrap, Lint::DanglingSymlink]
    );
    let in_layer = layer(vec![program("bootstrap")]);
    assert_eq!(lints(&[program("orders")], &[in_layer]), []);
    assert_eq!(lints(&[program("orders")], &[unknown()]), []);
}

#[test]
fn another_user_has_to_be_allowed_to_start_it() {
    let program = |mode| {
        let facts = gnu("2.17", &[]);
        file("bootstrap", mode, Some(Executable::Binary(facts)))
    };
    for mode in [0o755, 0o777, 0o711, 0o555, 0o001] {
        accepts(&[program(mode)]);
    }
    for mode in [0o644, 0o744, 0o770, 0o000] {
        says(&[program(mode)], Lint::NotExecutable, "permission denied");
    }
    let unread = File {
        permissions: Some(0o711),
        ..script("bootstrap", "/bin/sh")
    };
    says(&[unread], Lint::NotExecutable, "may not be read");
    let dos = File {
        permissions: None,
        ..program(0)
    };
    says(&[dos], Lint::NoUnixMode, "permission denied");
}

#[test]
fn data_has_to_be_readable() {
    let program = binary("bootstrap", gnu("2.17", &[]));
    says(
        &[program.clone(), file("a", 0o600, None)],
        Lint::NotReadable,
        "`a` (0600)",
    );
    let dos = File {
        permissions: None,
        ..file("a", 0, None)
    };
    accepts(&[program, dos]);
}

#[test]
fn what_is_no_executable_is_said_once() {
    says(
        &[file("bootstrap", 0o755, None)],
        Lint::NotAnExecutable,
        "not an ELF file",
    );
    let files = [binary("bootstrap", library("2.17", &["libc.so.6"]))];
    says(&files, Lint::NotAnExecutable, "a shared library");
    let mut arm = gnu("2.99", &["libz.so.1"]);
    arm.machine = Machine::Lambda(Architecture::Arm64);
    arm.interpreter = Some("/lib/ld-linux-aarch64.so.1".to_owned());
    says(
        &[binary("bootstrap", arm)],
        Lint::WrongArchitecture,
        "arm64",
    );
}

#[test]
fn extensions_of_a_layer_are_started_too() {
    let lints = |files: &[File]| -> Vec<Lint> {
        let found = found(Root::Opt, files, &[], Runtime::Al2023);
        found
            .into_iter()
            .map(|observation| observation.lint)
            .collect()
    };
    let program = |name: &str| binary(name, gnu("2.17", &[]));
    assert_eq!(lints(&[program("extensions/a"), program("lib/x.so")]), []);
    let closed = File {
        permissions: Some(0o644),
        ..program("extensions/a")
    };
    assert_eq!(lints(from_ref(&closed)), [Lint::NotExecutable]);
    let of_function = found(
        Root::Task,
        &[program("bootstrap")],
        &[layer(vec![closed])],
        Runtime::Al2023,
    );
    let [only] = &of_function[..] else {
        panic!("{of_function:?}")
    };
    assert_eq!(only.lint, Lint::NotExecutable);
    assert_eq!(lints(&[file("python/a.py", 0o644, None)]), []);
    for deep in [
        "mylayer/lib/a.so",
        "opt/bin/a",
        "x/extensions/a",
        "lib/lib/a",
        "a.so.1",
    ] {
        assert_eq!(
            lints(&[program(deep)]),
            [Lint::MisplacedLayerContent],
            "{deep}"
        );
    }
    for right in ["python/lib/a.py", "lib/x/lib/a.so", "share/bin/x", "lib"] {
        assert_eq!(lints(&[program(right)]), [], "{right}");
    }
}

/// What is found in a layer by itself.
fn of_layer(files: &[File]) -> Vec<Lint> {
    let found = found(Root::Opt, files, &[], Runtime::Al2023).into_iter();
    found.map(|observation| observation.lint).collect()
}

#[test]
fn what_a_layer_brings_has_to_be_of_use() {
    let program = |glibc| binary("bin/tool", gnu(glibc, &["libc.so.6", "libx.so"]));
    let lib = |glibc| binary("lib/libx.so", library(glibc, &["libc.so.6", "liby.so"]));
    assert_eq!(of_layer(&[program("2.34"), lib("2.34")]), []);
    assert_eq!(of_layer(&[program("2.36")]), [Lint::GlibcTooNew]);
    assert_eq!(
        of_layer(&[program("2.34"), lib("2.36")]),
        [Lint::GlibcTooNew]
    );
    let closed = File {
        permissions: Some(0o644),
        ..program("2.34")
    };
    assert_eq!(of_layer(from_ref(&closed)), [Lint::NotExecutable]);
    let sourced = File {
        permissions: Some(0o644),
        ..script("bin/activate", "/usr/bin/python3")
    };
    assert_eq!(of_layer(from_ref(&sourced)), []);
    let of_musl = |interpreter: &str| BinaryFacts {
        interpreter: Some(interpreter.to_owned()),
        ..gnu("2.17", &["libc.so"])
    };
    let there = [binary("bin/tool", of_musl("/opt/lib/ld-musl-x86_64.so.1"))];
    assert_eq!(of_layer(&there), [], "another layer may bring it");
    let nowhere = [binary("bin/tool", of_musl("/lib/ld-musl-x86_64.so.1"))];
    assert_eq!(of_layer(&nowhere), [Lint::MissingInterpreter]);
}

#[test]
fn a_layer_that_nobody_could_unzip_is_said_so() {
    let program = [binary("bootstrap", gnu("2.17", &[]))];
    let layer = LayerFacts {
        name: "l.zip".to_owned(),
        format: Format {
            encrypted: vec!["lib/a".to_owned()],
            unsupported: vec![("lib/b".to_owned(), 12)],
            ..Format::default()
        },
        ..layer(vec![file("lib/a", 0o644, None)])
    };
    let found = found(Root::Task, &program, &[layer], Runtime::Al2023);
    let [encrypted, unsupported] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(encrypted.lint, Lint::EncryptedEntry);
    assert!(
        encrypted
            .message
            .starts_with("of the layer `l.zip`, `lib/a`")
    );
    assert_eq!(unsupported.lint, Lint::UnsupportedCompression);
}

#[test]
fn a_link_out_of_the_package_leads_to_what_the_runtime_has() {
    let lints = |target| lints(&[link("bootstrap", target)], &[]);
    assert_eq!(lints("/usr/bin/bash"), [Lint::UnsafePath]);
    let lost = [Lint::MissingBootstrap, Lint::UnsafePath];
    assert_eq!(lints("/usr/bin/python3"), lost);
}

#[test]
fn a_bootstrap_that_is_a_folder_too_is_not_misnamed() {
    let folder = File::empty("bootstrap/", FileKind::Folder);
    let files = [binary("bootstrap", gnu("2.17", &[])), folder];
    let found = found(Root::Task, &files, &[], Runtime::Al2023);
    assert!(found.iter().any(|o| o.lint == Lint::DuplicateEntry));
    assert!(
        found
            .iter()
            .any(|o| o.message.contains("`bootstrap/` is a folder"))
    );
    assert!(!found.iter().any(|o| o.message.contains("misnamed")));
}

#[test]
fn a_loader_that_is_brought_along_takes_the_runtimes_libc() {
    let program = |run_paths: &[&str], has_runpath| BinaryFacts {
        interpreter: Some("/var/task/lib/ld.so".to_owned()),
        run_paths: run_paths.iter().map(ToString::to_string).collect(),
        has_runpath,
        ..gnu("2.38", &["libc.so.6"])
    };
    let package = |facts| {
        [
            binary("bootstrap", facts),
            binary("lib/ld.so", library("2.17", &[])),
            binary("lib/libc.so.6", library("2.17", &[])),
        ]
    };
    accepts(&package(program(&["$ORIGIN/lib"], false)));
    says(
        &package(program(&[], false)),
        Lint::GlibcTooNew,
        "GLIBC_2.38",
    );
    // `LD_LIBRARY_PATH` begins with the runtime's own folders.
    let newer = package(program(&["$ORIGIN/lib"], true));
    says(&newer, Lint::GlibcTooNew, "GLIBC_2.38");
}

#[test]
fn the_runtimes_library_comes_before_that_of_a_newer_run_path() {
    let package = |has_runpath| {
        let program = BinaryFacts {
            run_paths: vec!["libs".to_owned()],
            has_runpath,
            ..gnu("2.17", &["libz.so.1"])
        };
        let own = library("2.36", &["libc.so.6"]);
        [binary("bootstrap", program), binary("libs/libz.so.1", own)]
    };
    accepts(&package(true));
    says(&package(false), Lint::GlibcTooNew, "`libs/libz.so.1`");
}

#[test]
fn a_carriage_return_is_where_it_is() {
    let crlf = |line: &str| {
        let interpreter = line.to_owned();
        let facts = ScriptFacts {
            interpreter,
            has_crlf: true,
        };
        [file("bootstrap", 0o755, Some(Executable::Script(facts)))]
    };
    says(
        &crlf("/bin/sh"),
        Lint::CrlfScript,
        "an interpreter whose name",
    );
    says(
        &crlf("/bin/sh -e"),
        Lint::CrlfScript,
        "an argument that ends",
    );
}

#[test]
fn the_loader_is_at_both_ends_of_a_link() {
    let program = |loader: &str| {
        let interpreter = Some(loader.to_owned());
        let facts = BinaryFacts {
            interpreter,
            ..gnu("2.17", &["libc.so.6"])
        };
        [binary("bootstrap", facts)]
    };
    accepts(&program("/usr/lib64/ld-linux-x86-64.so.2"));
    let other = program("/usr/lib/ld-linux-x86-64.so.2");
    says(&other, Lint::MissingInterpreter, "ld-linux-x86-64.so.2");
}
