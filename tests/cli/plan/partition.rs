//! `--partition`: the work of one command, shared by several machines.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::project::Project;

const NAMES: [&str; 7] = [
    "orders", "refunds", "stock", "mail", "audit", "search", "login",
];

fn shop(names: &[&str]) -> Project {
    let project = Project::package(names[0], "");
    let rest = names.iter().skip(1);
    rest.fold(project, |project, name| project.bin("", name))
}

/// The archives of a run, each as the whole document has it.
fn archives(project: &Project, partition: Option<&str>) -> Vec<Value> {
    let mut args = vec!["--arch", "x86_64,arm64"];
    args.extend(partition.map(|_| "--partition"));
    args.extend(partition);
    let report = project.report(&args);
    assert_eq!(report["partition"].as_str(), partition, "{report}");
    report["archives"].as_array().unwrap().clone()
}

fn names(archives: &[Value]) -> BTreeSet<String> {
    let names = archives
        .iter()
        .map(|a| a["bin"].as_str().unwrap().to_owned());
    names.collect()
}

#[test]
fn partitions_are_a_whole_run_together_and_stay_when_functions_are_added() {
    let project = shop(&NAMES);
    let mut parts = Vec::new();
    for partition in ["1/3", "2/3", "3/3"] {
        let part = archives(&project, Some(partition));
        // Both architectures of a binary are together.
        assert_eq!(part.len(), 2 * names(&part).len(), "{partition}");
        parts.extend(part);
    }
    let key = |archive: &Value| (archive["bin"].to_string(), archive["target"].to_string());
    parts.sort_by_key(key);
    let mut whole = archives(&shop(&NAMES), None);
    whole.sort_by_key(key);
    let essence = |archives: &[Value]| -> Vec<(Value, Value, Value)> {
        let essence = |a: &Value| (a["name"].clone(), a["sha256"].clone(), a["entries"].clone());
        archives.iter().map(essence).collect()
    };
    assert_eq!(essence(&parts), essence(&whole));
    let before = names(&archives(&project, Some("2/3")));
    let more: Vec<&str> = NAMES.into_iter().chain(["new", "newer"]).collect();
    let after = names(&archives(&shop(&more), Some("2/3")));
    assert!(after.is_superset(&before), "{before:?} {after:?}");
}

#[test]
fn other_partitions_are_neither_compiled_nor_stale() {
    let project = shop(&NAMES);
    let all = archives(&project, None);
    let mut seen = 0;
    for partition in ["1/2", "2/2"] {
        let args = [
            "--partition",
            partition,
            "--arch",
            "x86_64,arm64",
            "--prune",
        ];
        project
            .run(&args)
            .exits(0)
            .never_says("stale")
            .never_says("Removed");
        let args = [
            "--partition",
            partition,
            "--dry-run",
            "--message-format",
            "json",
        ];
        let planned = project.run(&args).json();
        let bins = names(planned["archives"].as_array().unwrap());
        let commands = planned["commands"].to_string();
        for name in NAMES {
            let is_built = commands.contains(&format!("--bin {name}"));
            assert_eq!(is_built, bins.contains(name), "{name}: {commands}");
        }
        seen += bins.len();
    }
    assert_eq!(seen, NAMES.len());
    assert_eq!(project.zips().len(), all.len());
}

#[test]
fn a_partition_without_packages_is_done() {
    let project = shop(&["orders"]);
    let done: Vec<bool> = ["1/2", "2/2"]
        .iter()
        .map(|partition| {
            let outcome = project.run(&["--partition", partition, "--message-format", "json"]);
            let is_empty = outcome.exits(0).json()["archives"] == json!([]);
            if is_empty {
                outcome.says(&format!("note: no package is in partition {partition}"));
            }
            is_empty
        })
        .collect();
    assert_ne!(done[0], done[1]);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn what_is_no_partition_is_refused() {
    let project = shop(&["orders"]);
    for wrong in ["0/8", "9/8", "x/y", "3"] {
        project
            .run(&["--partition", wrong])
            .exits(2)
            .says("is not a partition");
    }
}

#[test]
fn every_partition_makes_the_layers_that_its_functions_take() {
    let table = "[workspace.metadata.lambda-zip]\nlayers = [\"certs\", \"agent\"]\n\
                 [workspace.metadata.lambda-zip.layer.certs]\ninclude = \"certs\"\n";
    let extension = "[package.metadata.lambda-zip]\nkind = \"extension\"\n";
    let project = Project::workspace(table)
        .with(&["certs/ca.pem"])
        .member("agent", extension);
    let names = ["orders", "refunds", "stock", "mail", "audit"];
    let project = (names.iter()).fold(project, |project, name| project.member(name, ""));
    let whole = project.report(&[]);
    let whole = whole["archives"].as_array().unwrap();
    let mut functions = 0;
    for partition in ["1/2", "2/2"] {
        let part = project.report(&["--partition", partition]);
        let part = part["archives"].as_array().unwrap();
        let bins = self::names(part);
        assert!(bins.contains("agent") && bins.contains("certs"), "{bins:?}");
        functions += bins.len() - 2;
        for archive in part {
            let same = |other: &&Value| other["path"] == archive["path"];
            let other = whole.iter().find(same).expect("it is in a whole run");
            for key in ["sha256", "layers", "entries"] {
                assert_eq!(archive[key], other[key], "{archive}");
            }
        }
        // The extension is built with the functions, with the features of a whole run.
        project
            .run(&["--partition", partition])
            .never_says("Adding the layer `agent`");
    }
    assert_eq!(functions, names.len());
}

#[test]
fn layers_have_partitions_too() {
    let tables = ["a", "b", "c", "d", "e"]
        .map(|name| format!("[workspace.metadata.lambda-zip.layer.{name}]\ninclude = \"certs\"\n"));
    let project = Project::workspace(&tables.concat())
        .with(&["certs/ca.pem"])
        .member("orders", "");
    let layers = |partition: &str| {
        let report = project.run(&[
            "layer",
            "--partition",
            partition,
            "--message-format",
            "json",
        ]);
        let report = report.exits(0).json();
        names(report["archives"].as_array().unwrap())
    };
    let (one, other) = (layers("1/2"), layers("2/2"));
    assert!(one.is_disjoint(&other), "{one:?} {other:?}");
    assert_eq!(one.len() + other.len(), tables.len());
    // A layer of files outside of any project is in one of them.
    let folder = Project::empty().with(&["certs/ca.pem"]);
    let made = ["1/2", "2/2"].map(|partition| {
        let args = [
            "layer",
            "certs",
            "--include",
            "certs",
            "--message-format",
            "json",
        ];
        let report = folder.run(&[&args[..], &["--partition", partition]].concat());
        let report = report.exits(0).json();
        assert_eq!(report["partition"], partition);
        report["archives"].as_array().unwrap().len()
    });
    assert_eq!(made.iter().sum::<usize>(), 1);
}

#[test]
fn a_binary_whose_features_are_off_does_not_fail_its_partition() {
    let more = "[features]\nextra = []\n\n[[bin]]\nname = \"migrate\"\n\
                required-features = [\"extra\"]\n";
    let project = Project::package("orders", more).bin("", "migrate");
    for number in 1..=8 {
        project
            .run(&["--partition", &format!("{number}/8")])
            .exits(0);
    }
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn a_template_is_about_all_packages() {
    let project = shop(&["orders"]);
    let outcome = project.run(&["template", "sam", "--partition", "1/2"]);
    outcome.exits(2).says("unknown argument `--partition`");
    let all = project.run(&["template", "sam"]).exits(0).stdout.clone();
    let variable = project.command(&["template", "sam"]);
    let template = variable.env("CARGO_LAMBDA_ZIP_PARTITION", "9/9").run();
    assert_eq!(template.exits(0).stdout, all);
    let variable = project.command(&["--dry-run", "--message-format", "json"]);
    let report = variable
        .env("CARGO_LAMBDA_ZIP_PARTITION", "1/1")
        .run()
        .json();
    assert_eq!(report["partition"], "1/1");
    assert_eq!(report["archives"][0]["bin"], "orders");
}
