//! Checks of whole packages.

mod clients;
mod layers;
mod libraries;
mod loaders;
mod places;

use std::slice::from_ref;
use std::sync::Arc;

use crate::archive::read::Method;
use crate::inspect::{BinaryFacts, Contents, Executable, Linkage, Machine, ScriptFacts};
use crate::lambda::{Architecture, MountPoint, Runtime};
use crate::lint::*;

const X86: Machine = Machine::Lambda(Architecture::X86_64);

fn gnu(glibc: &str, needed: &[&str]) -> BinaryFacts {
    BinaryFacts {
        soname: None,
        machine: X86,
        linkage: Linkage::Dynamic,
        bad_start: None,
        interpreter: Some("/lib64/ld-linux-x86-64.so.2".to_owned()),
        needed: needed.iter().map(ToString::to_string).collect(),
        run_paths: Vec::new(),
        has_runpath: false,
        gcc_versions: Vec::new(),
        glibc: Some(glibc.parse().unwrap()),
        has_relr: false,
        glibc_symbols: vec!["arc4random".to_owned()],
        debug_bytes: 0,
        lacks_client: false,
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
        name: name.into(),
        kind: FileKind::Regular,
        permissions: Some(permissions),
        bytes: 1,
        contents: Some(Contents {
            executable: executable.ok_or_else(|| "not an ELF file".into()),
            secret: None,
        }),
    }
}

fn binary(name: &str, facts: BinaryFacts) -> File {
    file(name, 0o755, Some(Executable::Binary(facts.into())))
}

fn script(name: &str, interpreter: &str) -> File {
    let interpreter = interpreter.to_owned();
    let has_crlf = false;
    let facts = ScriptFacts {
        interpreter,
        has_crlf,
    };
    file(name, 0o755, Some(Executable::Script(facts.into())))
}

fn link(name: &str, target: &str) -> File {
    File {
        kind: FileKind::Link(target.to_owned()),
        ..file(name, 0o777, None)
    }
}

fn layer(files: Vec<File>) -> Arc<LayerFacts> {
    Arc::new(LayerFacts {
        files: Some(files),
        ..LayerFacts::default()
    })
}

fn unknown() -> Arc<LayerFacts> {
    Arc::default()
}

fn found(
    mount_point: MountPoint,
    files: &[File],
    layers: &[Arc<LayerFacts>],
    runtime: Runtime,
) -> Vec<Diagnostic> {
    check_package(&Package {
        runtime,
        ..Package::of(mount_point, files, layers)
    })
}

fn lints(files: &[File], layers: &[Arc<LayerFacts>]) -> Vec<Lint> {
    let found = found(MountPoint::Task, files, layers, Runtime::Al2023);
    found
        .into_iter()
        .map(|diagnostic| diagnostic.lint)
        .collect()
}

#[track_caller]
fn accepts(files: &[File]) {
    assert_eq!(lints(files, &[]), []);
}

#[track_caller]
fn says(files: &[File], lint: Lint, words: &str) {
    let found = found(MountPoint::Task, files, &[], Runtime::Al2023);
    let [only] = &found[..] else {
        panic!("one diagnostic: {found:?}")
    };
    assert_eq!(only.lint, lint);
    assert!(only.message.contains(words), "{}", only.message);
}
