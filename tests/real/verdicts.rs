//! The emulator's word on packages that Lambda would not run.
//!
//! What the tool calls a defect is judged by these words, so they have to be
//! Lambda's own, and not those of the machine that the tests run on.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, System, ZipWriter};

use crate::architecture::Architecture::{self, Arm64, X86_64};
use crate::emulator::{Emulator, Package};
use crate::failure::Failure;
use crate::shop::shop;
use crate::unpack::unpack;

fn event() -> Value {
    json!({"order": "o-1", "lines": []})
}

/// The package of `orders`, made anew by hand: with another name or mode, or on
/// another system.
struct ByHand {
    architecture: Architecture,
    name: &'static str,
    mode: u32,
    system: System,
}

impl ByHand {
    fn new(architecture: Architecture) -> Self {
        Self {
            architecture,
            name: "bootstrap",
            mode: 0o755,
            system: System::Unix,
        }
    }

    fn write(&self, folder: &TempDir) -> PathBuf {
        let orders = folder.path().join("orders");
        unpack(shop().zip("orders", self.architecture), &orders).unwrap();
        let path = folder.path().join("by-hand.zip");
        let mut zip = ZipWriter::new(fs_err::File::create(&path).unwrap());
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .system(self.system)
            .unix_permissions(self.mode);
        zip.start_file(self.name, options).unwrap();
        zip.write_all(&fs_err::read(orders.join("bootstrap")).unwrap())
            .unwrap();
        zip.finish().unwrap();
        path
    }

    fn invoke(&self) -> Result<Value, Failure> {
        let folder = tempfile::tempdir().unwrap();
        invoke(self.architecture, &self.write(&folder))
    }
}

fn invoke(architecture: Architecture, zip: &Path) -> Result<Value, Failure> {
    Emulator::start(&Package::new(architecture, zip)).invoke(&event())
}

#[track_caller]
fn assert_invalid_entrypoint(answer: &Result<Value, Failure>, reason: &str) {
    assert_eq!(
        answer,
        &Err(Failure {
            error_type: "Runtime.InvalidEntrypoint".to_owned(),
            message: format!("fork/exec /var/task/bootstrap: {reason}"),
        })
    );
}

/// Made by hand, the package still runs: what spoils it below is what was changed.
#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn a_package_made_by_hand_runs() {
    for architecture in Architecture::ALL {
        let answer = ByHand::new(architecture).invoke().unwrap();
        assert_eq!(answer["architecture"], architecture.name());
    }
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn a_file_that_is_not_executable_is_denied() {
    for architecture in Architecture::ALL {
        let package = ByHand {
            mode: 0o644,
            ..ByHand::new(architecture)
        };
        assert_invalid_entrypoint(&package.invoke(), "permission denied");
    }
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn a_file_that_only_its_owner_may_execute_is_denied() {
    for architecture in Architecture::ALL {
        let package = ByHand {
            mode: 0o744,
            ..ByHand::new(architecture)
        };
        assert_invalid_entrypoint(&package.invoke(), "permission denied");
    }
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn a_zip_made_on_dos_has_no_executables() {
    let package = ByHand {
        system: System::Dos,
        ..ByHand::new(X86_64)
    };
    assert_invalid_entrypoint(&package.invoke(), "permission denied");
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn a_program_for_the_other_architecture_is_no_program() {
    for (machine, program) in [(X86_64, Arm64), (Arm64, X86_64)] {
        let answer = invoke(machine, shop().zip("orders", program));
        assert_invalid_entrypoint(&answer, "exec format error");
    }
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn a_bootstrap_of_another_name_is_not_found() {
    let package = ByHand {
        name: "orders",
        ..ByHand::new(X86_64)
    };
    assert_invalid_entrypoint(&package.invoke(), "no such file or directory");
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn a_bootstrap_may_come_from_a_layer() {
    for architecture in Architecture::ALL {
        let folder = tempfile::tempdir().unwrap();
        let code = ByHand {
            name: "orders",
            ..ByHand::new(architecture)
        }
        .write(&folder);
        let package = Package::new(architecture, &code).layer(shop().zip("orders", architecture));

        let answer = Emulator::start(&package).invoke(&event()).unwrap();

        assert_eq!(answer["architecture"], architecture.name());
    }
}

/// An environment that cannot start its function ends, extensions included.
#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn an_extension_is_told_of_the_end() {
    for architecture in Architecture::ALL {
        let folder = tempfile::tempdir().unwrap();
        let code = ByHand {
            name: "orders",
            ..ByHand::new(architecture)
        }
        .write(&folder);
        let package =
            Package::new(architecture, &code).layer(shop().zip("heartbeat", architecture));
        let mut emulator = Emulator::start(&package);

        emulator
            .invoke(&event())
            .expect_err("there is no bootstrap");

        emulator.wait_for("heartbeat: SHUTDOWN");
    }
}
