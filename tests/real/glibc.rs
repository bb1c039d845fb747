//! Programs that link with glibc: with that of this machine, Lambda would not start
//! them; with the one that zig is told to link for, it does.
//!
//! This machine's is Debian 12's, glibc 2.36. Amazon Linux 2023 has 2.34.

use serde_json::Value;

use crate::machine::Machine;
use crate::native::{Run, lambda_zip};

const PACKAGES: [&str; 4] = ["-p", "entropy", "-p", "plain"];

fn target() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

/// What the report says of one binary.
fn archive<'a>(report: &'a Value, bin: &str) -> &'a Value {
    let archives = report["archives"].as_array().unwrap();
    archives
        .iter()
        .find(|archive| archive["bin"] == bin)
        .unwrap_or_else(|| panic!("nothing about {bin} in {report}"))
}

#[test]
#[ignore = "needs rustup, and glibc 2.36: run tests/run"]
fn linked_with_this_machines_glibc_they_are_rejected_for_a_symbol_of_it() {
    let machine = Machine::with_rustup();
    let run = Run::of(lambda_zip(&machine, "cargo-gnu").args(PACKAGES).args([
        "--builder",
        "cargo",
        "--target",
        &target(),
    ]));

    run.assert_code(1);
    let report = run.json();
    for (bin, version, symbol) in [
        ("entropy", "GLIBC_2.36", "arc4random"),
        // In Rust alone, and with a function that every glibc has.
        ("plain", "GLIBC_2.35", "hypot"),
    ] {
        let findings = archive(&report, bin)["findings"].as_array().unwrap();
        let finding = findings
            .iter()
            .find(|finding| finding["lint"] == "glibc-too-new")
            .unwrap_or_else(|| panic!("{bin} is not found to need {version}: {findings:?}"));
        assert_eq!(finding["level"], "deny", "{bin}");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(version), "{message}");
        assert!(message.contains(&format!("`{symbol}`")), "{message}");
    }
}

fn linked_by_zig_they_are_accepted(runtime: &str, newest: [u32; 2]) {
    let machine = Machine::with_rustup().zig();
    let run = Run::of(
        lambda_zip(&machine, &format!("zig-{runtime}"))
            .args(PACKAGES)
            .args(["--builder", "zigbuild", "--target", &target()])
            .args(["--runtime", runtime]),
    );

    run.assert_code(0);
    let report = run.json();
    for bin in ["entropy", "plain"] {
        let needed = archive(&report, bin)["binary"]["glibc"].as_str().unwrap();
        let parts: Vec<u32> = needed.split('.').map(|n| n.parse().unwrap()).collect();
        assert!(parts[..2] <= newest[..], "{bin} needs glibc {needed}");
    }
}

#[test]
#[ignore = "needs zig: run tests/run"]
fn the_same_sources_linked_by_zig_are_accepted_for_amazon_linux_2023() {
    linked_by_zig_they_are_accepted("provided.al2023", [2, 34]);
}

#[test]
#[ignore = "needs zig: run tests/run"]
fn the_same_sources_linked_by_zig_are_accepted_for_amazon_linux_2() {
    linked_by_zig_they_are_accepted("provided.al2", [2, 26]);
}
