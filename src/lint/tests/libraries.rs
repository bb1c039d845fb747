//! The libraries that a program needs.

use crate::lint::tests::*;

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
    let relr = BinaryFacts {
        has_relr: true,
        glibc_symbols: Vec::new(),
        ..gnu("2.36", &["libc.so.6"])
    };
    says(
        &[binary("bootstrap", relr)],
        Lint::GlibcTooNew,
        "`version `GLIBC_ABI_DT_RELR' not found`",
    );
    let old = found(MountPoint::Task, &program("2.34"), &[], Runtime::Al2);
    let old: Vec<Lint> = old.into_iter().map(|diagnostic| diagnostic.lint).collect();
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
    assert_eq!(
        lints(&[needs, binary("lib/liba.so.1", foreign)], &[]),
        [Lint::MissingLibrary, Lint::UnusableHelper]
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

/// A program with `lib/liba.so`, a link to `vendor/liba.so`, which looks for `libb.so` by a path.
fn with_linked_library(path: &str, b: &str) -> [File; 4] {
    let a = BinaryFacts {
        run_paths: vec![path.to_owned()],
        has_runpath: true,
        ..library("2.17", &["libb.so"])
    };
    [
        binary("bootstrap", gnu("2.17", &["liba.so"])),
        link("lib/liba.so", "../vendor/liba.so"),
        binary("vendor/liba.so", a),
        binary(b, library("2.17", &[])),
    ]
}

#[test]
fn the_origin_of_a_library_is_where_it_was_found() {
    let with = |b| with_linked_library("$ORIGIN/deps", b);
    accepts(&with("lib/deps/libb.so"));
    says(
        &with("vendor/deps/libb.so"),
        Lint::MissingLibrary,
        "`libb.so`",
    );
    let mut program = gnu("2.17", &["liba.so"]);
    program.run_paths = vec!["$ORIGIN/deps".to_owned()];
    let linked_program = [
        link("bootstrap", "bin/app"),
        binary("bin/app", program),
        binary("bin/deps/liba.so", library("2.17", &[])),
    ];
    accepts(&linked_program);
}

#[test]
fn tokens_beside_the_origin_are_expanded() {
    let with = with_linked_library;
    accepts(&with("/var/task/$LIB", "lib64/libb.so"));
    accepts(&with("$ORIGIN/../${PLATFORM}", "haswell/libb.so"));
    let nowhere = with("/var/task/$LIB", "lib32/libb.so");
    says(&nowhere, Lint::MissingLibrary, "`libb.so`");
    let by_path = [
        binary("bootstrap", gnu("2.17", &["$ORIGIN/deps/liba.so"])),
        binary("deps/liba.so", library("2.17", &[])),
    ];
    accepts(&by_path);
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
    says(
        from_ref(&program),
        Lint::UnguaranteedLibrary,
        "`libssl.so.3`",
    );
    accepts(&[program, binary("lib/libssl.so.3", library("2.17", &[]))]);
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
