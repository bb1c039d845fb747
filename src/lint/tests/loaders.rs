//! Loaders and interpreters.

use crate::lint::tests::*;

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
fn a_carriage_return_is_where_it_is() {
    let crlf = |line: &str| {
        let interpreter = line.to_owned();
        let facts = ScriptFacts {
            interpreter,
            has_crlf: true,
        };
        [file(
            "bootstrap",
            0o755,
            Some(Executable::Script(facts.into())),
        )]
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
