//! A run that fails writes one document, too: for each way of failing, in each format.

use std::process::Command;

use forge::{Elf, Forged, Forgery, Machine};
use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::{Outcome, wait_until};

const VARIABLE: &str = "CARGO_LAMBDA_ZIP_MESSAGE_FORMAT";

/// The only error of a run that ends with `code` and packages nothing.
#[track_caller]
fn error(outcome: &Outcome, code: i32) -> Value {
    let document = outcome.exits(code).json();
    assert_eq!(document["version"], 1, "{outcome}");
    assert_eq!(document["archives"], Value::Array(Vec::new()), "{outcome}");
    let [error] = document["errors"].as_array().unwrap().as_slice() else {
        panic!("one error\n{outcome}")
    };
    assert_eq!(error["code"], code, "{outcome}");
    let message = error["message"].as_str().unwrap();
    // People see the same.
    let first = message.lines().next().unwrap();
    let first = first
        .rsplit_once("Cargo.toml: ")
        .map_or(first, |(_, rest)| rest);
    outcome.says(first);
    error.clone()
}

#[track_caller]
fn fails(project: &Project, args: &[&str], code: i32) -> Value {
    let args = [args, &["--message-format", "json"]].concat();
    error(&project.run(&args), code)
}

fn orders() -> Project {
    Project::package("orders", "")
}

#[test]
fn wrong_usage_is_in_the_document() {
    let found = fails(&orders(), &["-p", "ordesr"], 2);
    assert!(
        found["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `orders`?")
    );
    assert!(found["path"].is_null());
    let project = Project::package("orders", "[package.metadata.lambda-zip]\nruntme = 1\n");
    let found = fails(&project, &[], 2);
    let manifest = project.path("Cargo.toml");
    assert_eq!(found["path"], manifest.to_str().unwrap());
    fails(&Project::empty(), &[], 2);
    fails(&Project::empty(), &["layer"], 2);
}

#[test]
fn arguments_that_cannot_be_parsed_are_in_the_document() {
    let found = fails(&orders(), &["--archs", "arm64"], 2);
    assert_eq!(
        found["message"],
        "unknown argument `--archs`; did you mean `--arch`?"
    );
    assert_eq!(found["help"], "see `cargo lambda-zip --help`");
    for args in [
        &["pack"][..],
        &["pakc"],
        &["check", "--kind", "x"],
        &["layer", "a.b"],
    ] {
        fails(&orders(), args, 2);
    }
    for args in [
        ["--message-format=json", "--arch"],
        ["--message-format=json", "--foo"],
    ] {
        error(&orders().run(&args), 2);
    }
    let run = |args: &[&str]| orders().command(args).env(VARIABLE, "json").run();
    error(&run(&["--arch", "arm46"]), 2);
    error(&run(&["-p", "refunds"]), 2);
    run(&["--arch", "arm46", "--message-format", "human"])
        .exits(2)
        .prints_nothing();
}

#[test]
fn a_wrong_variable_is_in_the_document() {
    let run = |name: &str, value: &str| {
        let project = orders();
        let run = project
            .command(&["--message-format", "json"])
            .env(name, value);
        error(&run.run(), 2)
    };
    run("CARGO_LAMBDA_ZIP_RUNTIME", "provided.al2032");
    run("CARGO_LAMBDA_ZIP_RUNTIM", "provided.al2023");
    run(VARIABLE, "jsno");
}

#[test]
fn what_is_missing_is_in_the_document_with_its_path() {
    let project = orders();
    for (args, name) in [
        (&["--include", "confg"][..], "confg"),
        (&["pack", "handler"], "handler"),
        (&["--env-file", "none.env"], "none.env"),
        (&["check", "none.zip"], "none.zip"),
        (&["layer", "certs", "--include", "certs"], "certs"),
    ] {
        let found = fails(&project, args, 3);
        assert_eq!(
            found["path"],
            project.path(name).to_str().unwrap(),
            "{args:?}"
        );
    }
    let run = project.command(&["--message-format", "json"]);
    error(&run.env("CARGO", "/nowhere/cargo").run(), 3);
}

#[test]
fn failed_input_output_and_builds_are_in_the_document() {
    let project = orders().with(&["dist/x"]);
    project.set_mode("dist", 0o555);
    let run = project.command(&["--output", "dist/{bin}.zip", "--message-format", "json"]);
    error(&run.bound_by_permissions().run(), 4);
    project.set_mode("dist", 0o755);
    let project = orders().fails_with("orders/orders", "mismatched types");
    fails(&project, &[], 101);
}

#[test]
fn an_interrupted_run_writes_its_document() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let project = orders();
        project.stage().hold_compilers();
        let mut tool = project.command(&["--message-format", "json"]).start();
        wait_until("the compiler runs", || project.stage().is_compiling());
        let id = tool.id().to_string();
        Command::new("kill").args([signal, &id]).status().unwrap();
        wait_until("the tool ends", || tool.try_wait().unwrap().is_some());
        project.stage().let_compilers_go();
        let output = tool.wait_with_output().unwrap();
        error(&Outcome::new(signal.to_owned(), output), code);
    }
}

#[test]
fn zips_that_were_checked_before_the_failure_are_in_the_document() {
    let folder = Project::empty();
    let elf = Elf::static_pie(Machine::X86_64).bytes();
    let zip = Forgery::of([Forged::file("bootstrap", 0o755, elf)]).bytes();
    folder.write("good.zip", zip);
    let outcome = folder.run(&["check", "good.zip", "none.zip", "--message-format", "json"]);
    let document = outcome.exits(3).json();
    assert_eq!(document["archives"].as_array().unwrap().len(), 1);
    assert_eq!(document["errors"][0]["code"], 3);
}

#[test]
fn sarif_says_that_the_run_was_not_successful() {
    for args in [
        &["check", "x.zip", "--foo"][..],
        &["--archs"],
        &["-p", "refunds"],
    ] {
        let args = [args, &["--message-format", "sarif"]].concat();
        let document = orders().run(&args).exits(2).json();
        let invocation = &document["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let notification = &invocation["toolExecutionNotifications"][0];
        assert_eq!(notification["level"], "error");
        assert!(notification["message"]["text"].is_string());
        assert_eq!(document["runs"][0]["results"], Value::Array(Vec::new()));
    }
}

#[test]
fn github_prints_an_error() {
    let run = |args: &[&str], code| {
        let args = [args, &["--message-format", "github"]].concat();
        let outcome = orders().run(&args);
        let lines: Vec<&str> = outcome.exits(code).stdout.lines().collect();
        assert_eq!(lines.len(), 1, "{outcome}");
        lines[0].to_owned()
    };
    let line = run(&["check", "x.zip", "--foo"], 2);
    assert!(
        line.starts_with("::error::unknown argument `--foo`%0Ahelp: see "),
        "{line}"
    );
    assert!(run(&["check", "x.zip"], 3).starts_with("::error file=x.zip::"));
    assert!(run(&["--include", "confg"], 3).starts_with("::error file=confg::cannot include"));
}

#[test]
fn every_command_takes_every_format() {
    let project = orders();
    let run = |format, args: &[&str]| project.command(args).env(VARIABLE, format).run();
    let findings = ["--runtime", "provided.al2"];
    run("github", &findings)
        .exits(0)
        .prints("title=deprecated-runtime::orders x86_64: ");
    let document = run("sarif", &findings).exits(0).json();
    let run_of_tool = &document["runs"][0];
    assert_eq!(run_of_tool["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run_of_tool["results"][0]["ruleId"], "deprecated-runtime");
    run("github", &["--dry-run"]).exits(0).prints_nothing();
}

/// The manifest, the output and the report are named by their paths.
#[test]
fn an_error_about_a_file_has_its_path() {
    let project = orders();
    let missing = project.path("none/Cargo.toml");
    let missing = missing.to_str().unwrap();
    let found = fails(&project, &["--manifest-path", missing], 2);
    assert_eq!(found["path"], missing);
    let message = found["message"].as_str().unwrap();
    assert!(!message.contains("error:"), "{message}");

    for (args, path, code) in [
        (["-o", "/dev/full"], "/dev/full", 2),
        (["-o", "/proc/none/x.zip"], "/proc/none", 4),
        (["--report", "/dev/full"], "/dev/full", 2),
        (["--report", "/proc/x.json"], "/proc/x.json", 4),
    ] {
        let found = fails(&project, &args, code);
        assert_eq!(found["path"], path, "{found}");
    }

    project.write("bad.env", "A=1\n=B\n");
    let found = fails(&project, &["--env-file", "bad.env"], 2);
    assert_eq!(found["path"], project.path("bad.env").to_str().unwrap());

    project.write("Cargo.toml", "[package]\nname = \"orders\"\nversion = 1\n");
    let found = fails(&project, &[], 2);
    assert_eq!(found["path"], project.path("Cargo.toml").to_str().unwrap());
    assert_eq!(found["line"], 3);
}

/// Cargo would wait for a pipe to end.
#[test]
fn a_manifest_that_is_a_pipe_is_refused() {
    let project = Project::empty();
    for name in ["Cargo.toml", "other/Cargo.toml"] {
        project.write("other/src/main.rs", "");
        project.add_pipe(name);
        let manifest = project.path(name);
        let manifest = manifest.to_str().unwrap();
        for args in [&[][..], &["--manifest-path", manifest]] {
            let found = fails(&project, args, 2);
            let message = found["message"].as_str().unwrap();
            assert!(message.contains("named pipe"), "{message}");
        }
    }
    let project = orders();
    project.write(".cargo/x", "");
    project.add_pipe(".cargo/config.toml");
    fails(&project, &[], 2);
}

/// A signal before anything is built ends the run at once, with its document.
#[test]
fn a_run_that_is_ended_while_it_plans_writes_a_document() {
    let project = orders();
    let script = "echo $$ >\"$STAGE/asked.new\"; mv \"$STAGE/asked.new\" \"$STAGE/asked\"; \
                  while :; do sleep 0.05; done";
    project.stage().after("metadata", script);
    let tool = project.command(&["--message-format", "json"]).start();
    let asked = project.stage().path("asked");
    wait_until("Cargo is asked", || asked.exists());
    let mut kill = Command::new("kill");
    kill.arg(tool.id().to_string()).status().unwrap();
    let output = tool.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(143));
    let report = crate::support::report::read(&output.stdout);
    assert_eq!(report["errors"][0]["code"], 143);
}
