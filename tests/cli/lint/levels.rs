//! `-A`, `-W` and `-D`, as in rustc. The lint here is one that costs nothing to break: a package
//! for `provided.al2`, which is deprecated.

use forge::{Elf, Machine};

use crate::support::project::Project;
use crate::support::run::Outcome;

const LINT: &str = "deprecated-runtime";

fn on_al2(lints: &str) -> Project {
    let table = "[package.metadata.lambda-zip]\nruntime = \"provided.al2\"\n";
    Project::package("orders", &format!("{table}{lints}"))
}

#[track_caller]
fn warns(outcome: &Outcome) {
    outcome.exits(0).says("warning").says(LINT);
}

#[track_caller]
fn rejects(outcome: &Outcome) {
    outcome.exits(1).says("error").says(LINT);
}

#[track_caller]
fn is_silent(outcome: &Outcome) {
    outcome.exits(0).never_says(LINT);
}

#[test]
fn a_warning_says_what_to_do_and_keeps_no_zip_from_being_written() {
    let project = on_al2("");
    let outcome = project.run(&[]);
    warns(&outcome);
    outcome.says("provided.al2023");
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn a_denied_lint_rejects_the_package() {
    let project = on_al2("");
    for deny in [
        &["-D", LINT][..],
        &["--deny", LINT],
        &["-Ddeprecated-runtime"],
    ] {
        rejects(&project.run(deny));
    }
    assert!(project.zips().is_empty());
}

#[test]
fn denied_warnings_reject_what_would_only_be_warned_of() {
    let project = on_al2("");
    rejects(&project.run(&["-D", "warnings"]));
    assert!(project.zips().is_empty());
}

#[test]
fn denied_warnings_reject_nothing_that_is_in_order() {
    Project::package("orders", "")
        .run(&["-D", "warnings"])
        .exits(0);
}

#[test]
fn an_allowed_lint_is_silent() {
    let project = on_al2("");
    is_silent(&project.run(&["-A", LINT]));
    is_silent(&project.run(&["-D", "warnings", "-A", LINT]));
}

#[test]
fn of_two_levels_for_one_lint_the_last_counts() {
    let project = on_al2("");
    rejects(&project.run(&["-A", LINT, "-D", LINT]));
    warns(&project.run(&["-D", LINT, "-W", LINT]));
}

#[test]
fn a_manifest_sets_levels_too() {
    rejects(&on_al2("lints = { deprecated-runtime = \"deny\" }\n").run(&[]));
    is_silent(&on_al2("lints = { deprecated-runtime = \"allow\" }\n").run(&[]));
}

#[test]
fn a_flag_beats_the_manifest() {
    let project = on_al2("lints = { deprecated-runtime = \"deny\" }\n");
    warns(&project.run(&["-W", LINT]));
    is_silent(&project.run(&["-A", LINT]));
}

#[test]
fn denied_warnings_leave_alone_what_the_manifest_allows() {
    let project = on_al2("lints = { deprecated-runtime = \"allow\" }\n");
    is_silent(&project.run(&["-D", "warnings"]));
}

#[test]
fn levels_are_layered_per_package_and_binary() {
    let workspace = "[workspace.metadata.lambda-zip]\nruntime = \"provided.al2\"\n\
                     lints = { deprecated-runtime = \"allow\" }\n";
    let loud = "[package.metadata.lambda-zip]\nlints = { deprecated-runtime = \"warn\" }\n\
                [package.metadata.lambda-zip.bin.hushed]\nlints = { deprecated-runtime = \"allow\" }\n";
    let project = Project::workspace(workspace)
        .member("quiet", "")
        .member("loud", loud)
        .bin("crates/loud/", "hushed");
    let report = project.report(&[]);
    for archive in report["archives"].as_array().unwrap() {
        let findings = archive["findings"].as_array().unwrap().len();
        assert_eq!(findings, usize::from(archive["bin"] == "loud"), "{archive}");
    }
}

#[test]
fn what_is_denied_by_default_can_be_warned_of_instead() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.36"]);
    let project = Project::package("orders", "").compiles_to("orders/orders", &elf);
    let args = [
        "--target",
        "x86_64-unknown-linux-gnu",
        "-W",
        "glibc-too-new",
    ];
    project
        .run(&args)
        .exits(0)
        .says("warning")
        .says("glibc-too-new");
    assert_eq!(project.zips(), ["orders-x86_64-gnu.zip"]);
}
