//! `--dry-run` says what would be done, on stdout, and does none of it.

use crate::support::cargo::{AARCH64, X86_64};
use crate::support::project::Project;

#[test]
fn shows_the_command_and_the_zips() {
    let project = Project::package("orders", "");
    let outcome = project.run(&["--dry-run", "--arch", "arm64,x86_64", "-F", "x"]);
    outcome.promise(
        outcome.code != Some(0),
        "an unknown feature to be an error even here",
    );

    let outcome = project.run(&["--dry-run", "--arch", "arm64,x86_64"]);
    outcome
        .exits(0)
        .prints(" build ")
        .prints(X86_64)
        .prints(AARCH64)
        .prints("--profile")
        .prints("target/lambda-zip/orders-x86_64.zip")
        .prints("target/lambda-zip/orders-arm64.zip");
}

#[test]
fn promises_exactly_what_a_run_then_writes() {
    let project =
        Project::workspace("[workspace.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n")
            .member("orders", "")
            .member("stock", "[package.metadata.lambda-zip]\nskip = true\n")
            .member(
                "audit",
                "[package.metadata.lambda-zip]\narchitectures = [\"x86_64\"]\n",
            );
    let promised = project.plan(&[]);
    assert_eq!(promised, ["audit-x86_64.zip", "orders-arm64.zip"]);
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), promised);
}

#[test]
fn builds_and_writes_nothing() {
    let project = Project::package("orders", "");
    project.run(&["--dry-run"]).exits(0);
    assert!(project.build_calls().is_empty());
    assert_eq!(project.compiled(), [""; 0]);
    assert!(!project.path("target/lambda-zip").exists());
}

#[test]
fn fetches_no_target() {
    let project = Project::package("orders", "");
    project.stage().uninstall_target(AARCH64);
    project.run(&["--dry-run", "--arch", "arm64"]);
    let calls = project.stage().rustup_calls();
    assert!(
        !calls.iter().flatten().any(|word| word == "add"),
        "{calls:?}"
    );
}

#[test]
fn finds_what_can_be_found_before_compiling() {
    let project = Project::package("orders", "").bin("", "import");
    project
        .run(&["--dry-run", "--output", "one.zip"])
        .exits(2)
        .says("{bin}");
    project
        .run(&["--dry-run", "-p", "refunds"])
        .exits(2)
        .says("refunds");
}

#[test]
fn leaves_out_what_is_skipped() {
    let skip = "[package.metadata.lambda-zip.bin.seed]\nskip = true\n";
    let project = Project::package("orders", skip).bin("", "seed");
    let outcome = project.run(&["--dry-run"]);
    outcome.exits(0).prints("orders-x86_64.zip");
    outcome.promise(!outcome.stdout.contains("seed-"), "no zip of `seed`");
}

#[test]
fn says_no_to_what_a_run_would_not_do() {
    let project = Project::package("orders", "");
    project
        .command(&["--dry-run"])
        .env("SOURCE_DATE_EPOCH", "yesterday")
        .run()
        .exits(2)
        .says("SOURCE_DATE_EPOCH");
    project.add_hole("model.bin", 300 << 20);
    for args in [&["--dry-run"][..], &[]] {
        project
            .run(&[args, &["--include", "model.bin"]].concat())
            .exits(1)
            .says("`model.bin` 300.0 MiB; the programs that are still to be built come on top");
        let six = ["--layer", "1 MiB"].repeat(6);
        let outcome = project.run(&[args, &six].concat());
        outcome.exits(1).says("too-many-layers");
    }
    assert!(project.build_calls().is_empty());
    let report = project.run(&["--include", "model.bin", "--message-format", "json"]);
    let archive = report.exits(1).json()["archives"][0].take();
    assert_eq!(archive["findings"][0]["lint"], "unzipped-too-large");
}

#[test]
fn judges_what_can_be_judged_without_a_build() {
    let project = Project::package("orders", "")
        .file(".DS_Store", "A=1")
        .file("handler", "x");
    let args = [
        "--dry-run",
        "--runtime",
        "provided.al2",
        "--include",
        ".DS_Store",
    ];
    let outcome = project.run(&args);
    outcome
        .exits(0)
        .says("warning[deprecated-runtime]")
        .says("warning[stray-file]");
    outcome.prints("orders x86_64 target");
    let denied = project.run(&[&args[..], &["-D", "warnings"]].concat());
    denied
        .exits(1)
        .says("error[stray-file]")
        .prints("orders x86_64 target");
    let json = project.run(&[&args[..], &["--message-format", "json"]].concat());
    let findings = json.exits(0).json()["archives"][0]["findings"].take();
    assert_eq!(findings.as_array().unwrap().len(), 2);
    let pack = project.run(&["pack", "handler", "--dry-run"]);
    pack.exits(1)
        .says("not-an-executable")
        .prints("handler.zip");
    let layer = ["layer", "conf", "--include", ".DS_Store", "--dry-run"];
    project
        .run(&layer)
        .exits(0)
        .says("warning[stray-file]")
        .prints("conf");
}

#[test]
fn an_early_rejection_hides_no_other_package() {
    let small = "[package.metadata.lambda-zip]\nmax-unzipped-size = 1\ninclude = [\"a\"]\n";
    let project = Project::workspace("")
        .member("orders", small)
        .member("stock", small);
    let project = project.member("audit", "");
    let project = project
        .file("crates/orders/a", "12")
        .file("crates/stock/a", "12");
    let outcome = project.run(&["--dry-run"]);
    outcome.exits(1).says("orders x86_64 and stock x86_64: ");
    outcome
        .says("2 of 3 packages rejected")
        .prints("audit x86_64 ");
    let outcome = project.run(&[]);
    outcome
        .exits(1)
        .says("Rejected orders")
        .says("Rejected stock");
    outcome.says("Skipped audit x86_64: no zip was written");
    assert!(project.build_calls().is_empty() && project.zips().is_empty());
}

#[test]
fn leaves_the_lockfile_as_it_is() {
    let project = Project::package("orders", "");
    project.run(&["--dry-run"]).exits(0);
    assert!(!project.path("Cargo.lock").exists());
    let project = Project::package("orders", "").locked("other");
    let before = project.read("Cargo.lock");
    for args in [&["--dry-run"][..], &["--dry-run", "--reproducible"]] {
        project.run(args).exits(0);
        assert_eq!(project.read("Cargo.lock"), before);
    }
    project.run(&[]).exits(0);
    assert_ne!(project.read("Cargo.lock"), before);
}
