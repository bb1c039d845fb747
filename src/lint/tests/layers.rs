//! Layers: as the package that is checked, and beside one.

use crate::lint::tests::*;

#[test]
fn extensions_of_a_layer_are_started_too() {
    let lints = |files: &[File]| -> Vec<Lint> {
        let found = found(MountPoint::Opt, files, &[], Runtime::Al2023);
        found
            .into_iter()
            .map(|diagnostic| diagnostic.lint)
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
        MountPoint::Task,
        &[program("bootstrap")],
        &[layer(vec![closed])],
        Runtime::Al2023,
    );
    let [only] = &of_function[..] else {
        panic!("{of_function:?}")
    };
    assert_eq!(only.lint, Lint::NotExecutable);
    assert!(only.message.starts_with("`/opt/extensions/a`"));
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

/// The names that are reported as misplaced.
fn misplaced(files: &[File]) -> Vec<String> {
    let found = found(MountPoint::Opt, files, &[], Runtime::Al2023).into_iter();
    let found = found.filter(|found| found.lint == Lint::MisplacedLayerContent);
    found.map(|found| found.message).collect()
}

#[test]
fn what_nothing_would_find_is_misplaced() {
    let library = |name: &str| binary(name, library("2.17", &[]));
    let program = |name: &str| binary(name, gnu("2.17", &[]));
    let text = |name: &str| file(name, 0o644, None);
    for (files, folder) in [
        ([library("lib64/libx.so.1"), text("a.md")], "`lib64/`"),
        (
            [library("usr/lib64/libx.so.1"), text("a.md")],
            "`usr/lib64/`",
        ),
        ([program("Extensions/a"), text("a.md")], "`Extensions/`"),
        ([program("extension/a"), text("a.md")], "`extension/`"),
        ([program("extensions/a/a"), text("a.md")], "`extensions/a/`"),
        (
            [text("node_modules/a/index.js"), text("package.json")],
            "/opt/nodejs/node_modules",
        ),
        (
            [text("a/__init__.py"), text("a-1.dist-info/METADATA")],
            "/opt/python",
        ),
    ] {
        let found = misplaced(&files);
        assert!(found.len() == 1 && found[0].contains(folder), "{found:?}");
    }
}

#[test]
fn what_code_may_find_by_itself_is_not_misplaced() {
    let by_path = |path: &str| BinaryFacts {
        run_paths: vec![path.to_owned()],
        ..gnu("2.17", &[])
    };
    let text = |name: &str| file(name, 0o644, None);
    let of_own_path = binary("bin/a", by_path("$ORIGIN/../lib64"));
    let library = binary("lib64/libx.so", library("2.17", &[]));
    for files in [
        vec![of_own_path, library],
        vec![
            script("extensions/a", "/bin/sh"),
            script("extensions/b/c", "/bin/sh"),
        ],
        vec![text("extension/readme.md")],
        vec![text("node_modules/a/index.js"), text("wrapper.js")],
        vec![text("a/__init__.py"), text("models/b.bin")],
        vec![text("data/b.json")],
        vec![],
    ] {
        assert_eq!(misplaced(&files), [""; 0], "{files:?}");
    }
}

#[test]
fn code_for_several_platforms_may_lie_side_by_side() {
    let foreign = |name: &str| {
        let arm = Machine::Lambda(Architecture::Arm64);
        let facts = BinaryFacts {
            machine: arm,
            ..library("2.17", &[])
        };
        binary(name, facts)
    };
    let prebuilt = "node_modules/x/prebuilds/linux-arm64/x.node";
    assert_eq!(of_layer(&[foreign(&format!("nodejs/{prebuilt}"))]), []);
    for name in ["lib/libx.so", "bin/x"] {
        assert_eq!(of_layer(&[foreign(name)]), [Lint::WrongArchitecture]);
    }
    let bootstrap = || binary("bootstrap", gnu("2.17", &[]));
    let own = "node_modules/x/prebuilds/linux-x64/x.node";
    let own = binary(own, library("2.17", &[]));
    accepts(&[bootstrap(), foreign(prebuilt), own]);
    let found = lints(&[bootstrap(), foreign(prebuilt)], &[]);
    assert_eq!(found, [Lint::UnusableHelper], "nothing is there for x86_64");
}

#[test]
fn extensions_in_a_linked_folder_are_started_too() {
    let agent = file("ext/agent", 0o644, None);
    let found = of_layer(&[link("extensions", "ext"), agent]);
    assert_eq!(found, [Lint::NotExecutable, Lint::NotAnExecutable]);
}

/// The lints of a layer that is checked by itself.
fn of_layer(files: &[File]) -> Vec<Lint> {
    let found = found(MountPoint::Opt, files, &[], Runtime::Al2023).into_iter();
    found.map(|diagnostic| diagnostic.lint).collect()
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
fn a_layer_that_cannot_be_unzipped_is_reported() {
    let program = [binary("bootstrap", gnu("2.17", &[]))];
    let layer = LayerFacts {
        anomalies: ZipAnomalies {
            encrypted: vec!["lib/a".to_owned()],
            unsupported: vec![("lib/b".to_owned(), Method::Other(12))],
            ..ZipAnomalies::default()
        },
        ..LayerFacts::of_files("l.zip".to_owned(), vec![file("lib/a", 0o644, None)])
    };
    let found = found(
        MountPoint::Task,
        &program,
        &[Arc::new(layer)],
        Runtime::Al2023,
    );
    let [encrypted, unsupported] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(encrypted.lint, Lint::EncryptedEntry);
    assert!(
        encrypted
            .message
            .starts_with("in the layer `l.zip`, `lib/a`")
    );
    assert_eq!(unsupported.lint, Lint::UnsupportedCompression);
}
