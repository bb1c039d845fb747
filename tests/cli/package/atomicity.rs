//! A run that fails takes nothing away and leaves nothing half-made.

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::Project;

const ZIP: &str = "target/lambda-zip/orders-x86_64.zip";

/// A project with a zip from an earlier run.
fn packaged_before() -> Project {
    Project::package("orders", "").file(ZIP, "from before")
}

#[track_caller]
fn keeps_the_old_zip(project: &Project) {
    assert_eq!(project.read(ZIP), b"from before");
    assert_eq!(project.zips(), ["orders-x86_64.zip"], "and nothing else");
}

#[test]
fn a_build_that_fails_leaves_the_old_zip() {
    let project = packaged_before().fails_with("orders/orders", "mismatched types");
    project.run(&[]).exits(101);
    keeps_the_old_zip(&project);
}

#[test]
fn a_build_that_fails_is_cargos_to_explain_and_one_line_of_ours() {
    let project = packaged_before().fails_with("orders/orders", "mismatched types");
    let outcome = project.run(&[]);
    outcome
        .exits(101)
        .prints_nothing()
        .says("error: mismatched types");
    outcome.says("could not compile `orders`");
    let after = outcome.stderr.split("could not compile").nth(1).unwrap();
    let lines = after
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .count();
    outcome.promise(lines == 1, "exactly one line after Cargo's last");
}

#[test]
fn a_rejected_binary_leaves_the_old_zip() {
    let project = packaged_before().compiles_to("orders/orders", &Elf::fixed(Machine::Aarch64));
    project.run(&[]).exits(1);
    keeps_the_old_zip(&project);
}

#[test]
fn a_mistake_on_the_command_line_leaves_the_old_zip() {
    let project = packaged_before();
    project.run(&["--arch", "arm46"]).exits(2);
    project.run(&["-p", "refunds"]).exits(2);
    keeps_the_old_zip(&project);
}

#[test]
fn a_new_zip_takes_the_place_of_the_old_one() {
    let project = packaged_before();
    project.run(&[]).exits(0);
    project.zip("orders-x86_64.zip");
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn a_zip_is_replaced_not_rewritten() {
    // Whoever reads the old zip, an upload say, goes on reading the old zip.
    let project = packaged_before();
    fs::hard_link(project.path(ZIP), project.path("reader")).unwrap();
    project.run(&[]).exits(0);
    assert_eq!(project.read("reader"), b"from before");
}
