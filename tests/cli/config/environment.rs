//! `CARGO_LAMBDA_ZIP_*`: above manifests and below the command line; and what Cargo's own variables
//! ask of this tool.

use crate::support::cargo::{AARCH64, X86_64};
use crate::support::project::{Project, orders};

const ALL: [&str; 14] = [
    "REPRODUCIBLE",
    "ARCH",
    "TARGET",
    "RUNTIME",
    "BUILDER",
    "OUTPUT",
    "FOLDER",
    "COMPRESSION",
    "CPU",
    "MAX_ZIP_SIZE",
    "MAX_UNZIPPED_SIZE",
    "MESSAGE_FORMAT",
    "NO_INSTALL",
    "BUILD_STD",
];

#[test]
fn an_architecture_on_the_command_line_beats_a_target_in_the_environment() {
    let project = orders();
    let run = project.command(&["--arch", "arm64"]);
    run.env("CARGO_LAMBDA_ZIP_TARGET", X86_64).run().exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip"]);
}

#[test]
fn a_target_on_the_command_line_beats_an_architecture_in_the_environment() {
    let project = orders();
    let run = project.command(&["--target", AARCH64]);
    run.env("CARGO_LAMBDA_ZIP_ARCH", "x86_64").run().exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip"]);
}

#[test]
fn a_target_in_the_environment_beats_an_architecture_in_the_manifest() {
    let table = "[package.metadata.lambda-zip]\narchitectures = [\"x86_64\"]\n";
    let project = Project::package("orders", table);
    let run = project.command(&[]);
    run.env("CARGO_LAMBDA_ZIP_TARGET", AARCH64).run().exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip"]);
}

#[test]
fn an_architecture_and_a_target_in_the_environment_exclude_each_other() {
    let project = orders();
    let outcome = project
        .command(&[])
        .env("CARGO_LAMBDA_ZIP_ARCH", "arm64")
        .env("CARGO_LAMBDA_ZIP_TARGET", AARCH64)
        .run();
    outcome.exits(2).prints_nothing();
    outcome.says("CARGO_LAMBDA_ZIP_ARCH");
    outcome.says("CARGO_LAMBDA_ZIP_TARGET");
    assert!(project.build_calls().is_empty(), "nothing is built");
}

#[test]
fn an_empty_variable_says_nothing() {
    // An empty variable is how CI systems and shells leave an option unset.
    for name in ALL {
        let table = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n";
        let project = Project::package("orders", table);
        let run = project.command(&[]);
        let outcome = run.env(&format!("CARGO_LAMBDA_ZIP_{name}"), "").run();
        outcome.exits(0).prints_nothing();
        assert_eq!(project.zips(), ["orders-arm64.zip"], "{name}");
    }
}

#[test]
fn a_wrong_value_names_its_variable_and_what_was_meant() {
    for (name, value, meant) in [
        ("ARCH", "arm46", "arm64"),
        ("ARCH", "arm64,x68_64", "x86_64"),
        ("TARGET", "x86_64-unkown-linux-musl", X86_64),
        ("RUNTIME", "provided.al2032", "provided.al2023"),
        ("BUILDER", "carg", "cargo"),
        ("OUTPUT", "{bim}.zip", "`bin`"),
        ("COMPRESSION", "fsat", "fast"),
        ("CPU", "arm46=lambda", "arm64"),
        ("MAX_ZIP_SIZE", "12 MeB", "12 MiB"),
        ("MAX_UNZIPPED_SIZE", "much", "12 MiB"),
        ("MESSAGE_FORMAT", "jsno", "json"),
        ("REPRODUCIBLE", "tru", "`true`"),
        ("FOLDER", "{bim}", "`bin`"),
        ("NO_INSTALL", "maybe", "`off`"),
        ("BUILD_STD", "fasle", "`false`"),
        // The name is wrong.
        ("OUTPT", "x.zip", "CARGO_LAMBDA_ZIP_OUTPUT"),
        ("INCLUDE", "x", "_MAX_ZIP_SIZE"),
    ] {
        let project = orders();
        let variable = format!("CARGO_LAMBDA_ZIP_{name}");
        let outcome = project.command(&[]).env(&variable, value).run();
        outcome.exits(2).prints_nothing();
        outcome.says(&variable).says(meant);
        assert!(project.build_calls().is_empty(), "nothing is built");
    }
}

#[test]
fn a_misspelt_variable_is_refused_by_every_command_that_reads_some() {
    let project = orders();
    let misspelt = |args: &[&str]| {
        let run = project.command(args);
        run.env("CARGO_LAMBDA_ZIP_RUNTIM", "provided.al2").run()
    };
    for command in [
        &["pack", "Cargo.toml"][..],
        &["layer", "x"],
        &["check", "x.zip"],
        &["size", "x.zip"],
        &["invoke", "x.zip"],
        &["template", "sam"],
    ] {
        misspelt(command).exits(2).says("CARGO_LAMBDA_ZIP_RUNTIME");
    }
    project.run(&["--report", "r.json"]).exits(0);
    for command in [
        &["init", "--dry-run"][..],
        &["report", "merge", "r.json"],
        &["schema"],
        &["completions", "bash"],
        &["man", "pack"],
    ] {
        misspelt(command).exits(0);
    }
}

#[test]
fn an_output_of_the_environment_is_relative_to_the_current_folder() {
    let project = Project::workspace("").member("orders", "");
    project
        .command(&[])
        .env("CARGO_LAMBDA_ZIP_OUTPUT", "dist/{bin}.zip")
        .from("crates/orders")
        .run()
        .exits(0);
    assert_eq!(project.files("crates/orders/dist"), ["orders.zip"]);
}

#[test]
fn the_message_format_may_come_from_the_environment() {
    let project = orders();
    let run = project.command(&[]);
    let outcome = run.env("CARGO_LAMBDA_ZIP_MESSAGE_FORMAT", "json").run();
    assert_eq!(outcome.exits(0).json()["version"], 1);
}

#[test]
fn cargos_offline_variable_keeps_a_missing_target_from_being_fetched() {
    let project = orders();
    project.stage().uninstall_target(AARCH64);
    let run = project.command(&["--arch", "arm64"]);
    let outcome = run.env("CARGO_NET_OFFLINE", "true").run();
    outcome.exits(3).prints_nothing();
    outcome.says(&format!("rustup target add {AARCH64}"));
    assert!(project.stage().rustup_calls().is_empty());
    assert!(project.build_calls().is_empty(), "nothing is built");
}

#[test]
fn no_install_keeps_a_missing_target_from_being_fetched() {
    let run_with = |value: &str| {
        let project = orders();
        project.stage().uninstall_target(AARCH64);
        let run = project.command(&["--arch", "arm64"]);
        run.env("CARGO_LAMBDA_ZIP_NO_INSTALL", value).run()
    };
    for on in ["1", "true", "Yes", "on"] {
        run_with(on).exits(3).says("--no-install");
    }
    for off in ["0", "false", "No", "off"] {
        run_with(off).exits(0);
    }
}

#[test]
fn an_architecture_in_the_environment_counts_for_a_script_that_is_packed() {
    let project = Project::empty().file("handler", "#!/bin/sh\n");
    for (architectures, packed_for) in [("arm64", "arm64"), ("arm64,x86_64", "x86_64")] {
        let report = project
            .command(&["pack", "handler", "--message-format", "json"])
            .env("CARGO_LAMBDA_ZIP_ARCH", architectures)
            .run();
        let archive = report.exits(0).json()["archives"][0].take();
        assert_eq!(archive["architecture"], packed_for, "{architectures}");
    }
}
