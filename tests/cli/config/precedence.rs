//! Workspace < package < binary < environment < command line, for every binary in one run.

use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::Run;

const RUNTIME: &str = "CARGO_LAMBDA_ZIP_RUNTIME";
const AL2: &str = "provided.al2";
const AL2023: &str = "provided.al2023";

/// Of each archive: the binary, and one more field.
fn of_each<'a>(report: &'a Value, field: &str) -> Vec<(&'a str, &'a str)> {
    let archives = report["archives"].as_array().unwrap();
    let mut pairs: Vec<_> = archives
        .iter()
        .map(|archive| (&archive["bin"], &archive[field]))
        .map(|(bin, value)| (bin.as_str().unwrap(), value.as_str().unwrap()))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// A workspace on AL2 with one package on AL2023, of which one binary is back on AL2.
fn layered() -> Project {
    Project::workspace("[workspace.metadata.lambda-zip]\nruntime = \"provided.al2\"\n")
        .member("orders", "")
        .member(
            "stock",
            "[package.metadata.lambda-zip]\nruntime = \"provided.al2023\"\n\
             [package.metadata.lambda-zip.bin.audit]\nruntime = \"provided.al2\"\n",
        )
        .bin("crates/stock/", "audit")
}

/// Whatever the manifests of [`layered`] say.
#[track_caller]
fn all_are_for(runtime: &str, command: Run<'_>) {
    let report = command.env("CARGO_LAMBDA_ZIP_MESSAGE_FORMAT", "json");
    assert_eq!(
        of_each(&report.run().exits(0).json(), "runtime"),
        [("audit", runtime), ("orders", runtime), ("stock", runtime)]
    );
}

#[test]
fn a_binary_beats_its_package_and_a_package_its_workspace() {
    let report = layered().report(&[]);
    assert_eq!(
        of_each(&report, "runtime"),
        [("audit", AL2), ("orders", AL2), ("stock", AL2023)]
    );
}

#[test]
fn the_environment_beats_every_manifest() {
    let project = layered();
    all_are_for(AL2023, project.command(&[]).env(RUNTIME, AL2023));
}

#[test]
fn the_command_line_beats_the_environment() {
    let project = layered();
    let command = project.command(&["--runtime", AL2023]);
    all_are_for(AL2023, command.env(RUNTIME, AL2));
}

#[test]
fn each_package_has_its_own_architectures_in_one_run() {
    let project =
        Project::workspace("[workspace.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n")
            .member("orders", "")
            .member(
                "stock",
                "[package.metadata.lambda-zip]\narchitectures = [\"x86_64\", \"arm64\"]\n",
            )
            .member(
                "audit",
                "[package.metadata.lambda-zip.bin.audit]\narchitectures = [\"x86_64\"]\n",
            );
    project.run(&[]).exits(0);
    assert_eq!(
        project.zips(),
        [
            "audit-x86_64.zip",
            "orders-arm64.zip",
            "stock-arm64.zip",
            "stock-x86_64.zip"
        ]
    );
}

#[test]
fn the_environment_takes_a_list_too() {
    let project = Project::package("orders", "");
    project
        .command(&[])
        .env("CARGO_LAMBDA_ZIP_ARCH", "arm64,x86_64")
        .run()
        .exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip", "orders-x86_64.zip"]);
}

#[test]
fn an_architecture_in_the_manifest_may_have_any_of_its_names() {
    let table = "[package.metadata.lambda-zip]\narchitectures = [\"amd64\", \"aarch64\"]\n";
    let project = Project::package("orders", table);
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip", "orders-x86_64.zip"]);
}

#[test]
fn an_output_is_relative_to_the_manifest_that_names_it() {
    let workspace = "[workspace.metadata.lambda-zip]\noutput = \"dist/{bin}.zip\"\n";
    let project = Project::workspace(workspace).member("orders", "").member(
        "stock",
        "[package.metadata.lambda-zip]\noutput = \"dist/{bin}.zip\"\n",
    );
    project
        .command(&["--workspace"])
        .from("crates")
        .run()
        .exits(0);
    assert_eq!(project.files("dist"), ["orders.zip"]);
    assert_eq!(project.files("crates/stock/dist"), ["stock.zip"]);
}

#[test]
fn an_output_on_the_command_line_is_relative_to_the_current_folder() {
    let project = Project::workspace("").member("orders", "");
    project
        .command(&["--output", "dist/{bin}.zip"])
        .from("crates/orders")
        .run()
        .exits(0);
    assert_eq!(project.files("crates/orders/dist"), ["orders.zip"]);
}

#[test]
fn an_output_fills_in_every_placeholder() {
    let project = Project::package("orders", "").bin("", "import");
    let template = "dist/{package}-{version}/{arch}/{target}/{profile}/{bin}.zip";
    project
        .run(&["--bin", "import", "--output", template])
        .exits(0);
    assert_eq!(
        project.files("dist"),
        ["orders-0.1.0/x86_64/x86_64-unknown-linux-musl/lambda/import.zip"]
    );
}

#[test]
fn an_extension_keeps_its_own_name_in_the_zip() {
    let table = "[package.metadata.lambda-zip.bin.telemetry]\nkind = \"extension\"\n";
    let project = Project::package("orders", table).bin("", "telemetry");
    let report = project.report(&[]);
    assert_eq!(
        of_each(&report, "kind"),
        [("orders", "function"), ("telemetry", "extension")]
    );
    let zip = project.zip("telemetry-x86_64.zip");
    assert_eq!(zip.only_entry().name, "extensions/telemetry");
    assert_eq!(zip.only_entry().mode, 0o100_755);
}
