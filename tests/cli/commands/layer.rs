//! `layer`: what unpacks below /opt, of files and of the workspace's binaries.

use forge::{Elf, Machine};

use crate::support::cargo::{AARCH64, X86_64};
use crate::support::project::Project;
use crate::support::run::Run;

/// A package with three binaries, one of which is configured as an extension.
fn shop() -> Project {
    let agent = "[package.metadata.lambda-zip.bin.agent]\nkind = \"extension\"\n";
    Project::package("orders", agent)
        .bin("", "tool")
        .bin("", "agent")
        .with(&["certs/ca.pem", "conf/a"])
}

fn layer<'a>(project: &'a Project, args: &[&str]) -> Run<'a> {
    project.command(&[&["layer"], args].concat())
}

#[track_caller]
fn made(project: &Project, args: &[&str]) {
    layer(project, args).run().exits(0);
}

#[track_caller]
fn report(project: &Project, args: &[&str]) -> serde_json::Value {
    let args = [args, &["--message-format", "json"]].concat();
    layer(project, &args).run().exits(0).json()["archives"][0].take()
}

#[test]
fn binaries_lie_where_lambda_finds_them_unless_said_otherwise() {
    let project = shop();
    let args = [
        "tools",
        "--bin",
        "tool",
        "--bin",
        "agent",
        "--bin",
        "orders=lib/o",
    ];
    made(&project, &args);
    assert_eq!(project.zips(), ["tools-x86_64.zip"]);
    let zip = project.zip("tools-x86_64.zip");
    assert_eq!(zip.names(), ["bin/tool", "extensions/agent", "lib/o"]);
    for entry in &zip.entries {
        assert_eq!(entry.mode, 0o100_755, "{}", entry.name);
    }
    // What follows the executable's end tells one from another.
    assert!(zip.entry("lib/o").data.ends_with(b"orders orders\n"));
    assert!(zip.entry("bin/tool").data.ends_with(b"orders tool\n"));
}

#[test]
fn there_is_a_zip_for_each_architecture() {
    let project = shop();
    made(
        &project,
        &["tools", "--bin", "tool", "--arch", "arm64,x86_64"],
    );
    assert_eq!(project.zips(), ["tools-arm64.zip", "tools-x86_64.zip"]);
    assert_eq!(project.build_calls().len(), 1, "in one build");
    let arm = project.zip("tools-arm64.zip");
    assert!(
        arm.only_entry()
            .data
            .starts_with(&Elf::fixed(Machine::Aarch64).bytes())
    );
}

#[test]
fn nothing_else_is_built() {
    let project = shop();
    made(&project, &["tools", "--bin", "tool"]);
    assert_eq!(project.compiled(), ["tool"]);
    made(&project, &["certs", "--include", "certs"]);
    assert_eq!(project.build_calls().len(), 1, "for files, nothing at all");
}

#[test]
fn a_layer_of_files_is_one_zip_for_all_architectures() {
    let project = shop();
    for arch in [&[][..], &["-o", "dist/{arch}-{bin}.zip"]] {
        made(
            &project,
            &[&["certs", "--include", "certs=certs"], arch].concat(),
        );
    }
    assert_eq!(project.zips(), ["certs.zip"]);
    assert_eq!(project.files("dist"), ["any-certs.zip"]);
    assert_eq!(project.zip("certs.zip").names(), ["certs/ca.pem"]);

    let archive = report(&project, &["certs", "--include", "certs"]);
    for field in ["architecture", "target", "profile", "builder", "binary"] {
        assert!(archive[field].is_null(), "{field}");
    }
    assert_eq!(archive["fresh"], true);
}

#[test]
fn a_layer_of_files_is_for_what_it_is_said_to_be_for() {
    let project = shop();
    made(
        &project,
        &["certs", "--include", "certs", "--arch", "arm64"],
    );
    assert_eq!(project.zips(), ["certs-arm64.zip"]);
}

#[test]
fn a_layer_of_libraries_is_for_the_architecture_of_these() {
    for (machine, architecture) in [(Machine::Aarch64, "arm64"), (Machine::X86_64, "x86_64")] {
        let project = shop();
        project.write("lib/libx.so", Elf::dynamic(machine).bytes());
        let archive = report(&project, &["native", "--include", "lib"]);
        assert_eq!(archive["architecture"], architecture);
        assert_eq!(project.zips(), [format!("native-{architecture}.zip")]);
    }
}

#[test]
fn files_and_binaries_go_together() {
    let project = shop();
    let args = [
        "mixed",
        "--bin",
        "tool",
        "--include",
        "certs",
        "--include",
        "conf=etc",
    ];
    let args = [&args[..], &["--exclude-file", "*.bak"]].concat();
    made(&project, &args);
    let zip = project.zip("mixed-x86_64.zip");
    assert_eq!(zip.names(), ["bin/tool", "certs/ca.pem", "etc/a"]);
}

#[test]
fn a_binary_that_is_no_function_can_go_into_a_layer() {
    let skip = "[package.metadata.lambda-zip.bin.tool]\nskip = true\n";
    let project = Project::package("orders", skip).bin("", "tool");
    made(&project, &["tool", "--bin", "tool"]);
    assert_eq!(project.zip("tool-x86_64.zip").names(), ["bin/tool"]);
}

#[test]
fn the_report_calls_it_a_layer_by_its_name() {
    let project = shop();
    let archive = report(&project, &["tools", "--bin", "tool"]);
    for (field, value) in [
        ("bin", "tools"),
        ("kind", "layer"),
        ("architecture", "x86_64"),
        ("target", X86_64),
        ("profile", "lambda"),
        ("builder", "cargo"),
        ("runtime", "provided.al2023"),
    ] {
        assert_eq!(archive[field], value, "{field}");
    }
    for field in ["package", "package_version", "handler", "binary"] {
        assert!(archive[field].is_null(), "{field}");
    }
    assert_eq!(archive["entries"][0]["path"], "bin/tool");
    assert_eq!(
        archive["zipped_bytes"],
        project.read("target/lambda-zip/tools-x86_64.zip").len()
    );
}

#[test]
fn what_is_there_already_is_fresh() {
    let project = shop();
    let args = ["tools", "--bin", "tool", "--include", "conf"];
    layer(&project, &args).run().says("Packaged tools x86_64");
    layer(&project, &args)
        .run()
        .exits(0)
        .says("Fresh tools x86_64");
    project.write("conf/a", "other");
    layer(&project, &args).run().exits(0).says("Packaged");
}

#[test]
fn a_dry_run_shows_commands_and_zips_and_does_nothing() {
    let project = shop();
    let args = ["tools", "--bin", "tool", "--arch", "arm64", "--dry-run"];
    let outcome = layer(&project, &args).run();
    outcome
        .exits(0)
        .prints(" build ")
        .prints("tool")
        .prints(AARCH64);
    outcome.prints("tools arm64 target/lambda-zip/tools-arm64.zip");
    assert!(project.build_calls().is_empty());
    assert!(!project.path("target/lambda-zip").exists());

    let folder = Project::empty().with(&["lib/a"]);
    let outcome = layer(&folder, &["files", "--include", "lib", "--dry-run"]).run();
    outcome.exits(0).prints("files files.zip");
    assert_eq!(folder.files(""), ["lib/a"]);
}

#[test]
fn namesakes_of_two_packages_each_keep_their_own_code() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("refunds", "")
        .bin("crates/orders/", "tool")
        .bin("crates/refunds/", "tool")
        .bin("crates/refunds/", "other");
    // The one of `refunds` is in nobody's way, though its package is built too.
    let args = ["-p", "orders", "tools", "--bin", "tool"];
    made(&project, &args);
    let table = "[package.metadata.lambda-zip.layer.all]\nbins = [\"tool\", \"other\"]\n";
    let manifest = project.read("crates/refunds/Cargo.toml");
    let manifest = [&manifest[..], table.as_bytes()].concat();
    project.write("crates/refunds/Cargo.toml", manifest);
    made(
        &project,
        &["-p", "orders", "-p", "refunds", "all", "--bin", "orders"],
    );
    let zip = project.zip("all-x86_64.zip");
    assert_eq!(zip.names(), ["bin/orders", "bin/other", "bin/tool"]);
    assert!(zip.entry("bin/tool").data.ends_with(b"refunds tool\n"));
    let zip = project.zip("tools-x86_64.zip");
    assert!(zip.only_entry().data.ends_with(b"orders tool\n"));
}

#[test]
fn options_of_cargo_and_of_compression_reach_it() {
    let project = shop();
    made(
        &project,
        &["tools", "--bin", "tool", "--release", "--compression", "0"],
    );
    let calls = project.build_calls();
    assert!(
        calls[0]
            .windows(2)
            .any(|pair| pair == ["--profile", "release"]),
        "{calls:?}"
    );
    assert_eq!(
        project.zip("release/tools-x86_64.zip").only_entry().method,
        0
    );
}
