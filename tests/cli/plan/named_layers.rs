//! Layers that functions take by their names: made in the same run, and judged with the functions.

use forge::{Elf, Machine};
use serde_json::{Value, json};

use crate::support::project::Project;

const CERTS: &str = "[workspace.metadata.lambda-zip.layer.certs]\ninclude = \"certs\"\n";

/// A function and an extension in packages of their own, and a layer of files.
pub(super) fn shop(orders: &str) -> Project {
    Project::workspace(CERTS)
        .with(&["certs/ca.pem"])
        .member(
            "orders",
            &format!("[package.metadata.lambda-zip]\n{orders}\n"),
        )
        .member(
            "agent",
            "[package.metadata.lambda-zip]\nkind = \"extension\"\n",
        )
}

pub(super) fn archive<'r>(report: &'r Value, name: &str) -> &'r Value {
    let archives = report["archives"].as_array().unwrap();
    let mut found = archives.iter().filter(|archive| archive["name"] == name);
    found
        .next()
        .unwrap_or_else(|| panic!("no {name}: {report:#}"))
}

#[test]
fn are_made_in_the_same_run_and_are_in_the_report() {
    let project = shop("layers = [\"certs\", \"agent\", \"1 MiB\"]");
    let report = project.report(&["-p", "orders", "--arch", "arm64,x86_64"]);
    let expected = [
        "agent-arm64.zip",
        "agent-x86_64.zip",
        "certs.zip",
        "orders-arm64.zip",
        "orders-x86_64.zip",
    ];
    assert_eq!(project.zips(), expected);
    let agent = archive(&report, "agent-arm64");
    assert_eq!(agent["kind"], "extension");
    let layers = &archive(&report, "orders-arm64")["layers"];
    let expected = json!([
        { "name": "certs", "path": archive(&report, "certs")["path"], "arn": null, "bytes": 12 },
        { "name": "agent", "path": agent["path"], "arn": null, "bytes": agent["unzipped_bytes"] },
        { "name": null, "path": null, "arn": null, "bytes": 1 << 20 },
    ]);
    assert_eq!(*layers, expected);
    // The next run finds all as it is, and says what it adds.
    let again = project.run(&["-p", "orders", "--arch", "arm64,x86_64"]);
    again
        .exits(0)
        .says("Fresh orders arm64")
        .says("Fresh agent arm64");
    again.says("Adding the layer `agent` of package `agent`, which `orders` takes");
    again.says("Adding the layer `certs`, which `orders` takes");
    again.never_says("Packaged");
}

#[test]
fn of_the_selection_are_built_once() {
    let project = shop("layers = \"agent\"");
    project.run(&[]).exits(0).never_says("Adding");
    assert_eq!(project.build_calls().len(), 1);
    assert_eq!(project.zips(), ["agent-x86_64.zip", "orders-x86_64.zip"]);
    // One build of the extension is for itself and for the layer that has it.
    let project = shop("layers = \"agent\"");
    let layer = "[workspace.metadata.lambda-zip.layer.more]\nbins = \"agent\"\n";
    let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
    project.write("Cargo.toml", format!("{manifest}{layer}"));
    let args = ["-p", "orders", "--layer", "more"];
    project.run(&args).exits(0);
    assert_eq!(project.build_calls().len(), 2);
    let expected = ["agent-x86_64.zip", "more-x86_64.zip", "orders-x86_64.zip"];
    assert_eq!(project.zips(), expected);
}

#[test]
fn of_the_command_line_are_made_too() {
    let project = shop("");
    let args = ["-p", "orders", "--layer", "certs"];
    let report = project.report(&args);
    assert_eq!(archive(&report, "orders")["layers"][0]["name"], "certs");
    let templates = ["-o", "dist/{bin}.zip", "--folder", "dist/{bin}"];
    project.run(&[&args[..], &templates].concat()).exits(0);
    assert!(project.path("dist/certs.zip").is_file() && project.path("dist/certs").is_dir());
    // A place for one zip is that of the function.
    let args = [&args[..], &["-o", "dist/f.zip"]].concat();
    let report = project.report(&args);
    let path = archive(&report, "certs")["path"].as_str().unwrap();
    assert!(path.ends_with("target/lambda-zip/certs.zip"), "{path}");
}

#[test]
fn count_with_what_is_in_them() {
    let project = shop("layers = \"certs\"");
    project.add_hole("certs/large", 250 << 20);
    let outcome = project.run(&["-p", "orders"]);
    outcome
        .exits(1)
        .says("unzipped-too-large")
        .says("Rejected orders x86_64");
    assert!(project.build_calls().is_empty(), "nothing is built");
    let project = shop("layers = [\"certs\", \"1MiB\", \"1MiB\", \"1MiB\", \"1MiB\", \"1MiB\"]");
    let outcome = project.run(&["-p", "orders"]);
    outcome.exits(1).says("too-many-layers");
    let project = shop("layers = [\"agent\", \"agent\"]");
    let outcome = project.run(&["-p", "orders"]);
    outcome
        .exits(1)
        .says("the layer `agent-x86_64.zip` is named twice");
    assert!(project.build_calls().is_empty(), "nothing is built");
}

#[test]
fn have_the_libraries_that_the_function_finds_below_opt() {
    let library = |machine| Elf::dynamic(machine).bytes();
    let needs = Elf::dynamic(Machine::X86_64).needs("libgreet.so", &[]);
    let project = shop("layers = \"native\"").compiles_to("orders/orders", &needs);
    let table = "[workspace.metadata.lambda-zip.layer.native]\ninclude = \"native=.\"\n";
    let manifest = format!("[workspace]\nresolver = \"2\"\nmembers = [\"crates/*\"]\n{table}");
    project.write("Cargo.toml", manifest);
    project.write("native/lib/libgreet.so", library(Machine::X86_64));
    project.run(&["-p", "orders"]).exits(0);
    fs_err::rename(project.path("native/lib"), project.path("native/bin")).unwrap();
    let outcome = project.run(&["-p", "orders"]);
    outcome.exits(1).says("missing-library").says("libgreet.so");
}

#[test]
fn of_programs_are_built_for_the_layer_alone() {
    let table = "[package.metadata.lambda-zip.layer.tools]\nbins = \"tool\"\n";
    let project = Project::workspace("")
        .member(
            "orders",
            "[features]\nextra = []\n[package.metadata.lambda-zip]\nlayers = \"tools\"\n",
        )
        .member("tool", table);
    // The features are those of the function.
    project
        .run(&["-p", "orders", "--features", "extra"])
        .exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "tools-x86_64.zip"]);
    let zip = project.zip("tools-x86_64.zip");
    assert_eq!(zip.names(), ["bin/tool"]);
    assert!(zip.entry("bin/tool").data.ends_with(b"tool tool\n"));
    // In a run for both packages, each zip has its own build of the program.
    project.run(&[]).exits(0);
    let expected = ["orders-x86_64.zip", "tool-x86_64.zip", "tools-x86_64.zip"];
    assert_eq!(project.zips(), expected);
}

#[test]
fn that_are_named_for_all_binaries_are_those_of_functions() {
    let manifest =
        format!("{CERTS}[workspace.metadata.lambda-zip]\nlayers = [\"agent\", \"certs\"]\n");
    let project = Project::workspace(&manifest)
        .with(&["certs/ca.pem"])
        .member("orders", "")
        .member(
            "agent",
            "[package.metadata.lambda-zip]\nkind = \"extension\"\n",
        );
    let report = project.report(&[]);
    assert_eq!(archive(&report, "agent")["layers"], json!([]));
    assert_eq!(
        archive(&report, "orders")["layers"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn that_nobody_makes_are_shown_with_a_caret_and_the_closest_name() {
    let project = shop("layers = [\"certs\", \"agnet\"]");
    let outcome = project.run(&[]);
    outcome
        .exits(2)
        .says("unknown layer `agnet`; did you mean `agent`?");
    outcome
        .says("crates/orders/Cargo.toml:7:20")
        .says("^^^^^^^");
    let outcome = shop("").run(&["-p", "agent", "--layer", "fonts"]);
    outcome.exits(2).says("unknown layer `fonts`");
    let outcome = shop("").run(&["--layer", "fonts"]);
    outcome
        .exits(2)
        .says("unknown layer `fonts`; known are `certs`, `agent`");
    outcome.says("ends in `.zip`");
    let alone = Project::package("orders", "").run(&["--layer", "fonts"]);
    alone
        .exits(2)
        .says("this workspace makes no layer or extension");
}

#[test]
fn that_take_each_other_are_an_error() {
    let tables = "[workspace.metadata.lambda-zip.layer.a]\ninclude = \"certs\"\nlayers = \"b\"\n\
                  [workspace.metadata.lambda-zip.layer.b]\ninclude = \"certs\"\nlayers = \"a\"\n";
    let project = Project::workspace(tables)
        .with(&["certs/ca.pem"])
        .member("orders", "[package.metadata.lambda-zip]\nlayers = \"a\"\n");
    let outcome = project.run(&[]);
    outcome
        .exits(2)
        .says("layers take each other: `a` → `b` → `a`");
    let outcome = project.run(&["layer", "b"]);
    outcome
        .exits(2)
        .says("layers take each other: `b` → `a` → `b`");
    assert!(project.build_calls().is_empty(), "nothing is built");
}

#[test]
fn of_another_architecture_are_an_error() {
    let project = shop("layers = \"agent\"\narchitectures = \"arm64\"");
    let outcome = project.run(&["-p", "orders"]);
    outcome
        .exits(2)
        .says("takes the layer `agent`, which is made for x86_64 only");
    project.run(&["-p", "orders", "--arch", "arm64"]).exits(0);
}

#[test]
fn of_two_packages_are_told_apart_by_the_package_that_takes_them() {
    let table = "[package.metadata.lambda-zip.layer.certs]\ninclude = \"own\"\n";
    let project = Project::workspace(CERTS)
        .with(&["certs/ca.pem", "crates/orders/own/ca.pem"])
        .member(
            "orders",
            &format!("[package.metadata.lambda-zip]\nlayers = \"certs\"\n{table}"),
        )
        .member(
            "bills",
            "[package.metadata.lambda-zip]\nlayers = \"certs\"\n",
        );
    let outcome = project.run(&["-p", "bills"]);
    outcome
        .exits(2)
        .says("there are several layers called `certs`");
}

#[test]
fn are_references_in_templates() {
    let project = shop("layers = [\"certs\", \"agent\"]");
    for (kind, reference) in [
        ("sam", "- !Ref CertsLayer\n        - !Ref AgentLayer\n"),
        (
            "cloudformation",
            "- !Ref CertsLayer\n        - !Ref AgentLayer\n",
        ),
        ("serverless", "- !Ref CertsLayerLambdaLayer\n"),
        ("cdk", "layers: [layer0, layer1]"),
    ] {
        let outcome = project.run(&["template", kind, "-p", "orders"]);
        outcome.exits(0).prints(reference).never_says("add its ARN");
    }
    assert!(project.build_calls().is_empty());
}

#[test]
fn are_refused_where_nothing_makes_them() {
    let project = shop("");
    project.write("f", Elf::fixed(Machine::X86_64).bytes());
    project.run(&["pack", "f"]).exits(0);
    for command in [["pack", "f"], ["check", "f.zip"], ["invoke", "f.zip"]] {
        let outcome = project.run(&[&command[..], &["--layer", "certs"]].concat());
        outcome.exits(2).says("`certs` is the name of a layer");
    }
}

#[test]
fn of_the_configuration_are_unknown_to_check() {
    let project = shop("layers = \"certs\"");
    project.write(
        "f",
        Elf::dynamic(Machine::X86_64).needs("libx.so", &[]).bytes(),
    );
    project.run(&["pack", "f"]).exits(1);
    project.run(&["pack", "f", "--layer", "1 MiB"]).exits(0);
    project.run(&["check", "f.zip"]).exits(1);
    let args = ["check", "../../f.zip", "--message-format", "json"];
    let outcome = project.command(&args).from("crates/orders").run();
    let layers = &outcome.exits(0).json()["archives"][0]["layers"];
    assert_eq!(layers[0]["name"], "certs");
}
