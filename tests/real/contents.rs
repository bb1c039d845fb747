//! What lies beside a program is there for it when it runs: a file of its package, and
//! an extension in a layer.

use serde_json::{Value, json};

use crate::architecture::Architecture::{self, Arm64, X86_64};
use crate::emulator::{Emulator, Package};
use crate::packing::pack;
use crate::shop::shop;
use crate::unpack::unpack;

fn grinder_to(country: &str) -> Value {
    let lines = json!([{"item": "grinder", "quantity": 1}]);
    json!({"order": "o-30", "lines": lines, "country": country})
}

#[track_caller]
fn assert_tax(emulator: &mut Emulator, country: &str, cents: u64) {
    let answer = emulator.invoke(&grinder_to(country)).unwrap();
    assert_eq!(answer["tax_cents"], cents, "{country}: {answer}");
}

fn the_included_file_is_read_and_the_extension_is_beside_it(architecture: Architecture) {
    let package = Package::new(architecture, shop().zip("invoice", architecture))
        .layer(shop().zip("heartbeat", architecture));
    let mut emulator = Emulator::start(&package);

    assert_tax(&mut emulator, "AT", 1780);
    assert_tax(&mut emulator, "LU", 1513);
    let unknown = emulator.invoke(&grinder_to("XX")).unwrap_err();
    assert_eq!(unknown.message, "no tax is known for `XX`");
    emulator.wait_for("heartbeat: INVOKE ");
}

/// The same program, packed with another file, answers otherwise.
fn it_is_the_packages_own_file_that_is_read(architecture: Architecture) {
    let folder = tempfile::tempdir().unwrap();
    let handler = folder.path().join("invoice");
    unpack(shop().zip("invoice", architecture), &handler).unwrap();
    fs_err::write(folder.path().join("none.json"), r#"{"AT": 0}"#).unwrap();

    let args = ["invoice/bootstrap", "none.json=config/tax.json"];
    pack(folder.path(), &[&args[..], &["-o", "packed.zip"]].concat());

    let packed = folder.path().join("packed.zip");
    let mut emulator = Emulator::start(&Package::new(architecture, &packed));
    assert_tax(&mut emulator, "AT", 0);
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn the_included_file_is_read_and_the_extension_is_beside_it_on_x86_64() {
    the_included_file_is_read_and_the_extension_is_beside_it(X86_64);
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn the_included_file_is_read_and_the_extension_is_beside_it_on_arm64() {
    the_included_file_is_read_and_the_extension_is_beside_it(Arm64);
}

#[test]
#[ignore = "needs AWS's emulator and the musl targets: run tests/run"]
fn it_is_the_packages_own_file_that_is_read_on_x86_64() {
    it_is_the_packages_own_file_that_is_read(X86_64);
}

#[test]
#[ignore = "needs AWS's emulator, QEMU and the musl targets: run tests/run"]
fn it_is_the_packages_own_file_that_is_read_on_arm64() {
    it_is_the_packages_own_file_that_is_read(Arm64);
}
