//! One test per documented exit code.

use forge::{Elf, Machine};

use crate::support::cargo::AARCH64;
use crate::support::project::{Project, orders};

#[test]
fn zero_is_done() {
    orders().run(&[]).exits(0);
}

#[test]
fn one_is_a_package_rejected_by_a_lint() {
    orders()
        .compiles_to("orders/orders", &Elf::fixed(Machine::Aarch64))
        .run(&[])
        .exits(1);
}

#[test]
fn two_is_usage_or_configuration() {
    orders().run(&["--no-such-flag"]).exits(2);
    Project::package("orders", "[package.metadata.lambda-zip]\nno-such-key = 1\n")
        .run(&[])
        .exits(2);
}

#[test]
fn three_is_a_missing_target_or_tool() {
    let project = orders();
    project.stage().uninstall_target(AARCH64);
    project.run(&["--offline", "--arch", "arm64"]).exits(3);
    orders()
        .command(&[])
        .env("CARGO", "/nowhere/cargo")
        .run()
        .exits(3)
        .says("/nowhere/cargo");
}

#[test]
fn four_is_input_and_output() {
    let project = orders().with(&["dist/x"]);
    project.set_mode("dist", 0o555);
    project
        .command(&["--output", "dist/{bin}.zip"])
        .bound_by_permissions()
        .run()
        .exits(4)
        .says("dist");
    project.set_mode("dist", 0o755);
}

#[test]
fn a_hundred_and_one_is_a_build_that_failed() {
    orders()
        .fails_with("orders/orders", "mismatched types")
        .run(&[])
        .exits(101);
}
