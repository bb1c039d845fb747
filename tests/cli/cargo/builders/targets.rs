//! Which targets are built, and what happens when one is not installed.

use forge::{Elf, Machine};

use crate::support::cargo::{AARCH64, X86_64, X86_64_GNU};
use crate::support::project::{Project, orders};

const BOTH: [&str; 2] = ["orders-arm64.zip", "orders-x86_64.zip"];

#[track_caller]
fn promises(args: &[&str], zips: &[&str]) {
    assert_eq!(orders().plan(args), zips, "{args:?}");
}

#[test]
fn x86_64_is_the_default() {
    promises(&[], &["orders-x86_64.zip"]);
}

#[test]
fn an_architecture_has_the_names_of_aws_docker_and_rust() {
    for arm64 in ["arm64", "aarch64"] {
        promises(&["--arch", arm64], &["orders-arm64.zip"]);
    }
    for x86_64 in ["x86_64", "amd64", "x86-64"] {
        promises(&["--arch", x86_64], &["orders-x86_64.zip"]);
    }
}

#[test]
fn architectures_are_a_list_or_repeated() {
    promises(&["--arch", "arm64,x86_64"], &BOTH);
    promises(&["--arch", "arm64", "--arch", "x86_64"], &BOTH);
}

#[test]
fn an_architecture_said_twice_is_built_once() {
    promises(&["--arch", "arm64,aarch64"], &["orders-arm64.zip"]);
}

#[test]
fn targets_are_rust_triples() {
    promises(&["--target", AARCH64], &["orders-arm64.zip"]);
    promises(&["--target", AARCH64, "--target", X86_64], &BOTH);
    promises(&["--target", X86_64_GNU], &["orders-x86_64-gnu.zip"]);
}

#[test]
fn a_glibc_version_in_the_target_is_honoured_or_refused_never_dropped() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.34"]);
    let project = orders().compiles_to("orders/orders", &elf);
    let outcome = project.run(&["--target", "x86_64-unknown-linux-gnu.2.26"]);
    outcome.promise(
        outcome.code != Some(0),
        "an error: plain Cargo cannot link against glibc 2.26",
    );
    assert!(project.zips().is_empty());
}

#[test]
fn a_target_lambda_cannot_run_is_refused() {
    for target in [
        "riscv64gc-unknown-linux-gnu",
        "x86_64-pc-windows-msvc",
        "aarch64-apple-darwin",
        "wasm32-wasip1",
    ] {
        let project = orders();
        project.run(&["--target", target]).exits(2).says(target);
        assert!(project.build_calls().is_empty(), "nothing is built");
    }
}

#[test]
fn the_build_target_of_cargo_is_the_default_where_lambda_can_run_it() {
    let project = orders();
    project
        .command(&[])
        .env("CARGO_BUILD_TARGET", AARCH64)
        .run()
        .exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip"]);

    for target in [
        format!("\"{AARCH64}\""),
        format!("[\"{AARCH64}\", \"{X86_64}\"]"),
    ] {
        let config = format!("[build]\ntarget = {target}\n");
        let project = orders().file(".cargo/config.toml", &config);
        project.run(&[]).exits(0);
        assert!(
            project.zips().contains(&"orders-arm64.zip".to_owned()),
            "{target}"
        );
    }
}

#[test]
fn a_build_target_lambda_cannot_run_does_not_count() {
    let project = orders();
    project
        .command(&[])
        .env("CARGO_BUILD_TARGET", "wasm32-wasip1")
        .run()
        .exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn the_manifest_beats_the_build_target_of_cargo() {
    let table = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n";
    let project = Project::package("orders", table);
    project
        .command(&[])
        .env("CARGO_BUILD_TARGET", X86_64)
        .run()
        .exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip"]);
}

#[test]
fn the_command_line_beats_the_manifest() {
    let table = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n";
    let project = Project::package("orders", table);
    project.run(&["--arch", "x86_64"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);

    let project = Project::package("orders", table);
    project.run(&["--target", X86_64]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn a_missing_target_is_added_and_said() {
    let project = orders();
    project.stage().uninstall_target(AARCH64);
    project
        .run(&["--arch", "arm64,x86_64"])
        .exits(0)
        .says(AARCH64);
    assert_eq!(project.zips(), BOTH);

    let added = added_targets(&project);
    assert!(added.contains(&AARCH64.to_owned()), "{added:?}");
    assert!(!added.contains(&X86_64.to_owned()), "{added:?}");
}

#[test]
fn an_installed_target_is_not_added_again() {
    let project = orders();
    project.run(&["--arch", "arm64,x86_64"]).exits(0);
    assert_eq!(added_targets(&project), [""; 0]);
}

#[test]
fn a_missing_target_is_not_fetched_offline_but_the_command_is_given() {
    for flag in ["--offline", "--frozen"] {
        let project = orders().locked("orders");
        project.stage().uninstall_target(AARCH64);
        project
            .run(&[flag, "--arch", "arm64"])
            .exits(3)
            .prints_nothing()
            .says(&format!("rustup target add {AARCH64}"));
        assert_eq!(added_targets(&project), [""; 0], "{flag}");
        assert!(project.build_calls().is_empty(), "nothing is built");
    }
}

#[test]
fn a_target_rustup_cannot_add_ends_the_run_with_the_command() {
    let project = orders();
    project.stage().uninstall_target(AARCH64);
    project.stage().make_rustup_fail();
    project
        .run(&["--arch", "arm64"])
        .exits(3)
        .says(&format!("rustup target add {AARCH64}"));
    assert!(project.build_calls().is_empty(), "nothing is built");
}

#[test]
fn a_binary_of_a_glibc_target_is_named_by_it_in_the_report() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.34"]);
    let project = orders().compiles_to("orders/orders", &elf);
    let report = project.report(&["--target", X86_64_GNU]);
    assert_eq!(report["archives"][0]["target"], X86_64_GNU);
    assert_eq!(report["archives"][0]["architecture"], "x86_64");
}

/// What `rustup target add` was asked for.
fn added_targets(project: &Project) -> Vec<String> {
    let calls = project.stage().rustup_calls();
    let added = calls.iter().filter(|call| call.contains(&"add".to_owned()));
    added
        .flatten()
        .filter(|word| word.contains("-linux-"))
        .cloned()
        .collect()
}
