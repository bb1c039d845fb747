//! Crates that link libraries of the system: what is said before anything compiles, and those whose
//! libraries musl has itself.

use std::process::Command;

use crate::architecture::Architecture;
use crate::machine::Machine;
use crate::native::Run;
use crate::parts::{output, repository};
use crate::unpack::unpack;

/// A machine with Rust alone.
fn machine() -> Machine {
    Machine::with_rustup().without_installed_programs()
}

/// The tool's main job on a function of the fixture.
fn lambda_zip(machine: &Machine, function: &str) -> Command {
    let mut tool = machine.command(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    tool.args(["lambda-zip", "--locked", "--package", function])
        .args(["--message-format", "json"])
        .arg("--manifest-path")
        .arg(repository().join("fixtures/system/Cargo.toml"))
        .arg("--target-dir")
        .arg(repository().join("target/system"));
    tool
}

#[test]
#[ignore = "needs the musl targets and QEMU: run tests/run"]
fn a_crate_without_its_library_is_named_with_the_feature_that_brings_it() {
    let machine = machine();
    for (function, krate, feature) in [
        ("database", "pq-sys v0.7", "--features bundled"),
        ("encrypted", "openssl-sys v0.9", "--features vendored"),
        ("stored", "libsqlite3-sys v0.35", "--features bundled"),
    ] {
        for on in Architecture::ALL {
            let run = Run::of(lambda_zip(&machine, function).args(["--arch", on.name()]));
            run.assert_code(3);
            let error = &run.json()["errors"][0];
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(krate), "{message}");
            let help = error["help"].as_str().unwrap();
            assert!(help.contains(feature), "{help}");
            assert!(!run.stderr.contains("Compiling"), "{}", run.stderr);
        }
    }
}

/// libloading links `dl`, and the build script more of what musl has in its libc.
#[test]
#[ignore = "needs the musl targets and QEMU: run tests/run"]
fn libloading_is_built_and_runs() {
    let machine = machine();
    let run = Run::of(lambda_zip(&machine, "loading").args(["--arch", "x86_64,arm64"]));
    run.assert_code(0);
    let report = run.report();
    for on in Architecture::ALL {
        let folder = tempfile::tempdir().unwrap();
        unpack(report.zip("loading", on), folder.path()).unwrap();
        let program = folder.path().join("bootstrap");
        let mut command = match on.qemu() {
            Some(qemu) => {
                let mut command = Command::new(qemu);
                command.arg(program);
                command
            }
            None => Command::new(program),
        };
        assert_eq!(output(&mut command), b"true\n", "{on}");
    }
}
