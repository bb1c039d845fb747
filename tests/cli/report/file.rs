//! `--report`: the document in a file, in one step, however the run ends.

use std::process::Command;

use forge::{Elf, Machine};
use fs_err as fs;
use serde_json::{Value, json};

use crate::support::packing;
use crate::support::project::Project;
use crate::support::run::{Run, wait_until};

const VARIABLE: &str = "CARGO_LAMBDA_ZIP_REPORT";

fn orders() -> Project {
    Project::package("orders", "")
}

fn with_key(key: &str) -> Project {
    Project::package("orders", &format!("[package.metadata.lambda-zip]\n{key}\n"))
}

/// The code of the only error in the report of a failed run.
#[track_caller]
fn error(run: Run<'_>, project: &Project, path: &str) -> Value {
    let outcome = run.run();
    let report = project.report_in(path);
    assert_eq!(report["archives"], json!([]), "{outcome}");
    assert_eq!(report["errors"].as_array().unwrap().len(), 1, "{outcome}");
    assert_eq!(
        report["errors"][0]["code"],
        outcome.code.unwrap(),
        "{outcome}"
    );
    report["errors"][0].clone()
}

#[test]
fn is_the_document_with_paths_relative_to_its_folder() {
    let project = orders();
    let args = ["--folder", "dist/orders", "--report", "out/new/report.json"];
    let printed = project.report(&args);
    let mut found = project.report_in("out/new/report.json");
    let archive = &mut found["archives"][0];
    assert_eq!(archive["path"], "../../target/lambda-zip/orders-x86_64.zip");
    assert_eq!(archive["folder"], "../../dist/orders");
    for key in ["path", "folder"] {
        archive[key] = printed["archives"][0][key].clone();
    }
    assert_eq!(found, printed);
    // Nothing is left beside it, and standard output belongs to `--message-format`.
    assert_eq!(project.files("out"), ["new/report.json"]);
    project
        .run(&["--report", "r.json"])
        .exits(0)
        .prints_nothing();
    let path = &project.report_in("r.json")["archives"][0]["path"];
    assert_eq!(path, "target/lambda-zip/orders-x86_64.zip");
    let github = ["--report", "r.json", "--message-format", "github"];
    project.run(&github).exits(0).prints_nothing();
    assert_eq!(project.report_in("r.json")["archives"][0]["fresh"], true);
}

#[test]
fn every_command_that_makes_or_checks_packages_writes_it() {
    let folder = packing::folder().with(&["certs/ca.pem"]);
    let report = |args: &[&str]| {
        let args = [args, &["--report", "out/report.json"]].concat();
        folder.run(&args).exits(0).prints_nothing();
        folder.report_in("out/report.json")["archives"][0].take()
    };
    assert_eq!(report(&["pack", "handler"])["path"], "../handler.zip");
    let layer = report(&["layer", "certs", "--include", "certs"]);
    assert_eq!(layer["path"], "../certs.zip");
    let checked = report(&["check", "handler.zip", "--layer", "certs.zip"]);
    assert_eq!(checked["layers"][0]["path"], "../certs.zip");
    assert!(checked["sha256"].is_string());
    let args = ["pack", "handler", "-o", "-", "--report", "r.json"];
    let output = folder.command(&args).start().wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(folder.report_in("r.json")["archives"][0]["path"], "-");
}

#[test]
fn a_variable_and_a_key_name_it_too() {
    let project = with_key("report = 'out/key.json'");
    project.run(&[]).exits(0);
    assert_eq!(project.files("out"), ["key.json"]);
    let variable = project.command(&[]).env(VARIABLE, "variable.json");
    variable.from("src").run().exits(0);
    assert_eq!(project.report_in("src/variable.json")["version"], 1);
    let flag = project.command(&["--report", "flag.json"]);
    flag.env(VARIABLE, "other.json").run().exits(0);
    assert!(project.path("flag.json").exists() && !project.path("other.json").exists());
    project
        .run(&["layer", "x", "--include", "Cargo.toml"])
        .exits(0);
    assert_eq!(project.report_in("out/key.json")["archives"][0]["bin"], "x");
}

#[test]
fn the_manifest_at_the_root_of_the_workspace_names_it() {
    let project = Project::workspace("[workspace.metadata.lambda-zip]\nreport = 'r.json'\n")
        .member("orders", "")
        .member("stock", "");
    let archives = || {
        let count = project.report_in("r.json")["archives"]
            .as_array()
            .unwrap()
            .len();
        fs::remove_file(project.path("r.json")).unwrap();
        count
    };
    project.run(&[]).exits(0);
    assert_eq!(archives(), 2);
    project.command(&[]).from("crates/stock").run().exits(0);
    assert_eq!(archives(), 1);
    let manifest = ["--manifest-path", "crates/orders/Cargo.toml"];
    project.run(&manifest).exits(0);
    assert_eq!(archives(), 1);
    let member = "[package.metadata.lambda-zip]\nreport = 'r.json'\n";
    let project = Project::workspace("").member("orders", member);
    for args in [&[][..], &["layer", "x", "--include", "Cargo.toml"]] {
        let outcome = project.run(args);
        outcome.exits(2).says("`report` is for a whole run");
        outcome.says("crates/orders/Cargo.toml:7:1");
    }
}

#[test]
fn a_run_that_fails_writes_it_whatever_failed() {
    let project = orders();
    for (args, path) in [
        (&["-p", "ordesr"][..], "a/r.json"),
        (&["--archs", "arm64"], "b/r.json"),
        (&["--arch", "arm46"], "c/r.json"),
        (&["pack"], "d/r.json"),
        (&["pack", "none"], "e/r.json"),
        (&["check", "none.zip"], "f/r.json"),
        (&["layer", "a.b"], "g/r.json"),
        (&["layer", "x", "--include", "none"], "h/r.json"),
    ] {
        let with = [args, &["--report", path]].concat();
        error(project.command(&with), &project, path);
        let run = project.command(args).env(VARIABLE, path);
        error(run, &project, path);
    }
    let error = error(
        project.command(&["pack", "none", "--report", "x/r.json"]),
        &project,
        "x/r.json",
    );
    assert_eq!(error["path"], "../none");
}

#[test]
fn a_failure_before_the_workspace_is_read_reaches_the_key() {
    let project = with_key("report = 'r.json'");
    error(project.command(&["--archs"]), &project, "r.json");
    let run = project.command(&[]).env("CARGO_LAMBDA_ZIP_RUNTIM", "x");
    error(run, &project, "r.json");
    let project = with_key("report = 'r.json'").fails_with("orders/orders", "mismatched types");
    assert_eq!(error(project.command(&[]), &project, "r.json")["code"], 101);
    let project = Project::empty().file("Cargo.toml", "[package");
    let run = project.command(&["--report", "r.json"]);
    assert_eq!(error(run, &project, "r.json")["code"], 2);
}

#[test]
fn a_rejection_and_an_interruption_are_in_it() {
    let project = orders().compiles_to("orders/orders", &Elf::fixed(Machine::Aarch64));
    project.run(&["--report", "r.json"]).exits(1);
    assert_eq!(project.report_in("r.json")["archives"][0]["rejected"], true);

    let project = orders();
    project.stage().hold_compilers();
    let mut tool = project.command(&["--report", "r.json"]).start();
    wait_until("the compiler runs", || project.stage().is_compiling());
    let id = tool.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    wait_until("the tool ends", || tool.try_wait().unwrap().is_some());
    project.stage().let_compilers_go();
    assert_eq!(project.report_in("r.json")["errors"][0]["code"], 143);
}

#[test]
fn a_dry_run_writes_the_plan_if_the_flag_asks_for_it() {
    let project = with_key("report = 'r.json'");
    project
        .run(&["--dry-run", "--report", "plan.json"])
        .exits(0);
    let plan = project.report_in("plan.json");
    assert!(plan["commands"][0].as_str().unwrap().contains("build"));
    let archive = &plan["archives"][0];
    assert_eq!(archive["path"], "target/lambda-zip/orders-x86_64.zip");
    assert_eq!(
        [&archive["sha256"], &archive["zipped_bytes"]],
        [&Value::Null; 2]
    );
    let run = project.command(&["--dry-run"]);
    run.env(VARIABLE, "v.json").run().exits(0);
    project.run(&["--dry-run"]).exits(0);
    assert!(!project.path("v.json").exists() && !project.path("r.json").exists());
}

/// The run is refused before anything is built, and nothing is written.
#[track_caller]
fn refused(project: &Project, args: &[&str], code: i32, message: &str) {
    let before = project.files("");
    let outcome = project.run(args);
    outcome.exits(code).says(message);
    // Cargo writes these before anything is planned.
    let is_cargos = |file: &str| file.starts_with("target/") || file == "Cargo.lock";
    let is_new = |file: &&String| !before.contains(file) && !is_cargos(file);
    let after = project.files("");
    let new: Vec<&String> = after.iter().filter(is_new).collect();
    assert!(new.is_empty(), "{new:?}");
    assert!(
        project.compiled().is_empty() && project.zips().is_empty(),
        "{outcome}"
    );
}

#[test]
fn a_place_that_is_not_for_a_report_is_refused_before_anything_is_built() {
    let project = orders()
        .with(&["out/x", "notes.txt"])
        .file("other.json", "{\"name\": \"x\"}");
    let folder = ["--folder", "dist", "--report", "dist/r.json"];
    let output = ["--output", "o/{bin}", "--report", "o/orders"];
    let below = ["--output", "o/{bin}", "--report", "o/orders/r.json"];
    let taken = ["--include", "out", "--report", "out/r.json"];
    let zip = "target/lambda-zip/orders-x86_64.zip";
    for (args, message) in [
        (&["--report", "out"][..], "out` is a folder"),
        (&["--report", "new/"], "`new/` is a folder; name a file"),
        (&["--report", ""], "the path of the report is empty"),
        (&["--report", "-"], "`--message-format json` writes it"),
        (
            &["--report", "notes.txt"],
            "is not a report; it would be over",
        ),
        (&["--report", "other.json"], "is not a report"),
        (&["--report", "Cargo.toml"], "is not a report"),
        (&["--report", "notes.txt/r.json"], "which is not a folder"),
        (&["--report", "/dev/null"], "is not a regular file"),
        (
            &["--report", zip],
            "in the place of the zip of the binary `orders`",
        ),
        (&output, "in the place of the zip"),
        (&below, "in the place of the zip"),
        (&folder, "would be in the folder of the binary `orders`"),
        (&taken, "would go into the zip of the binary `orders`"),
    ] {
        refused(&project, args, 2, message);
    }
    refused(&with_key("report = 'src'"), &[], 2, "src` is a folder");
    refused(&with_key("report = ''"), &[], 2, "Cargo.toml:7:10");
    let folder = packing::folder();
    let run = folder.run(&["check", "handler", "--report", "handler"]);
    run.exits(2).says("is not a report");
    assert_eq!(folder.read("handler"), packing::elf().bytes());
    let run = folder.run(&["pack", "handler", "--report", "handler.zip"]);
    run.exits(2).says("in the place of the zip");
    assert!(!folder.path("handler.zip").exists());
}

#[test]
fn a_folder_that_cannot_be_written_to_is_an_error_before_anything_is_built() {
    let project = orders().with(&["out/x"]);
    project.set_mode("out", 0o555);
    let run = project.command(&["--report", "out/r.json"]);
    let outcome = run.bound_by_permissions().run();
    project.set_mode("out", 0o755);
    outcome
        .exits(4)
        .says("could not write the report")
        .says("out/r.json`: Permission denied");
    assert!(project.compiled().is_empty());
}

#[test]
fn a_report_that_is_too_large_is_an_error_that_names_it() {
    let folder = packing::folder();
    folder.run(&["pack", "handler", "-o", "f.zip"]).exits(0);
    let check = ["check", "f.zip", "--report", "r.json"];
    let outcome = folder.command(&check).largest_file("1").run();
    outcome
        .exits(4)
        .says("r.json`: File too large")
        .never_says(".lambda-zip-");
    assert_eq!(folder.files(""), ["f.zip", "handler"]);
}

#[test]
fn whoever_reads_it_while_runs_write_it_finds_a_whole_document() {
    let project = orders();
    let args = ["--report", "target/lambda-zip/report.json"];
    project.run(&args).exits(0);
    let mut runs: Vec<_> = (0..4).map(|_| project.command(&args).start()).collect();
    let mut reads = 0;
    while runs.iter_mut().any(|run| run.try_wait().unwrap().is_none()) {
        let report = project.report_in(args[1]);
        assert_eq!(report["archives"].as_array().unwrap().len(), 1);
        reads += 1;
    }
    assert!(reads > 0);
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
    assert_eq!(project.zips(), ["orders-x86_64.zip", "report.json"]);
}

#[test]
fn a_command_without_a_report_writes_none() {
    let project = orders();
    let outcome = project.run(&["invoke", "x.zip", "--report", "r.json"]);
    outcome.exits(2).says("unknown argument `--report`");
    let outcome = project.run(&["template", "sam", "--report", "r.json"]);
    outcome.exits(2).says("reads and writes no report");
    let template = project.command(&["template", "sam"]);
    template.env(VARIABLE, "r.json").run().exits(0);
    let invoke = project.command(&["invoke", "x.zip"]);
    invoke.env(VARIABLE, "r.json").run().exits(3);
    project
        .command(&["check", "--list"])
        .env(VARIABLE, "r.json")
        .run()
        .exits(0);
    assert!(!project.path("r.json").exists());
}
