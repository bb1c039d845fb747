//! What was not made by Cargo is packed and answers, with its files beside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::architecture::Architecture;
use crate::emulator::{Emulator, Package};
use crate::packing::pack;
use crate::parts::{output, program, repository};

fn fixture(file: &str) -> PathBuf {
    repository().join("fixtures/ready").join(file)
}

/// A folder with what the functions read.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs_err::copy(fixture("greeting.txt"), folder.path().join("greeting.txt")).unwrap();
    folder
}

fn package(folder: &Path) -> Package {
    Package::new(Architecture::OWN, &folder.join("handler.zip"))
}

#[track_caller]
fn greets(package: &Package) {
    let mut emulator = Emulator::start(package);
    for name in ["Ada", "Žofia"] {
        let event = json!({"name": name});
        let answer = json!({"greeting": "Grüß Gott", "event": event});
        assert_eq!(emulator.invoke(&event), Ok(answer));
    }
}

#[test]
#[ignore = "needs AWS's emulator and a C compiler for musl: run tests/run"]
fn a_program_in_c_answers() {
    let folder = folder();
    output(
        Command::new(program("musl-gcc"))
            .args(["-Wall", "-Wextra", "-Werror", "-static", "-o"])
            .arg(folder.path().join("handler"))
            .arg(fixture("function.c")),
    );

    pack(folder.path(), &["handler", "greeting.txt"]);

    greets(&package(folder.path()));
}

#[test]
#[ignore = "needs AWS's emulator and a static bash: run tests/run"]
fn a_script_answers() {
    let folder = folder();
    fs_err::copy(fixture("function.sh"), folder.path().join("handler")).unwrap();

    let architecture = Architecture::OWN.name();
    let args = ["handler", "greeting.txt", "--arch", architecture];
    pack(folder.path(), &args);

    let bash = program("bash-static");
    greets(&package(folder.path()).mount(&bash, "bin/bash"));
}
