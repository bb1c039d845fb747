//! `completions`: the scripts, and the answers to the shells that load them.

use crate::support::project::Project;
use crate::support::run::{Outcome, Run};

/// A workspace with names of every kind.
fn workspace() -> Project {
    let layer = "[workspace.metadata.lambda-zip.layer.tools]\ninclude = ['x']\n";
    let extension = "[package.metadata.lambda-zip.bin.agent]\nkind = 'extension'\n";
    Project::workspace(&format!("[profile.small]\ninherits = 'release'\n{layer}"))
        .member("orders", "[features]\nfast = []\nmetrics = []\n")
        .bin("crates/orders/", "archive")
        .file("crates/orders/examples/demo.rs", "fn main() {}\n")
        .member("refunds", &format!("[features]\nslow = []\n{extension}"))
        .bin("crates/refunds/", "agent")
}

fn answer(project: &Project, words: &[&str]) -> Outcome {
    // A shell asks the program itself.
    let args = [&["--", "cargo-lambda-zip"], words].concat();
    let run = Run::new(project, &args);
    run.env("_CARGO_LAMBDA_ZIP_COMPLETE", "fish").run()
}

/// The values that complete the last of `words`.
#[track_caller]
fn values(project: &Project, words: &[&str]) -> Vec<String> {
    let outcome = answer(project, words);
    let lines = outcome.exits(0).stdout.lines();
    let values = lines.filter_map(|line| line.split('\t').next());
    values.map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn the_values_are_those_of_the_workspace() {
    let project = workspace();
    for (words, expected) in [
        (&["-p", ""][..], &["orders", "refunds"][..]),
        (&["--workspace", "--exclude", "or"], &["orders"]),
        (&["--bin", ""], &["agent", "archive", "orders", "refunds"]),
        (
            &["--bin="],
            &[
                "--bin=agent",
                "--bin=archive",
                "--bin=orders",
                "--bin=refunds",
            ],
        ),
        (&["-p", "orders", "--bin", ""], &["archive", "orders"]),
        (&["-porders", "--example", ""], &["demo"]),
        (&["-F", ""], &["fast", "metrics", "slow"]),
        (
            &["-p", "orders", "-F", "fast,"],
            &["fast,fast", "fast,metrics"],
        ),
        (&["-F", "fast m"], &["fast metrics"]),
        (&["--profile", ""], &["dev", "lambda", "release", "small"]),
        (&["layer", "to"], &["tools"]),
        (&["layer", "tools", "--bin", "ar"], &["archive"]),
        (&["--layer", "a"], &["agent"]),
        (&["template", "sam", "-p", "r"], &["refunds"]),
        (&["-D", "warn"], &["warnings"]),
        (&["check", "--explain", "glibc"], &["glibc-too-new"]),
        (&["--arch", "x86_64,a"], &["x86_64,arm64"]),
        (
            &["--target", "aarch64-unknown-linux-m"],
            &["aarch64-unknown-linux-musl"],
        ),
        (&["--compression", "b"], &["best"]),
        (&["--manifest-path", "crates/or"], &["crates/orders/"]),
        (&["comp"], &["completions"]),
        (&["man", "p"], &["pack"]),
        (&["man", "report", ""], &["merge"]),
        (&["man", "pack", ""], &[]),
        (&["completions", ""], &["bash", "zsh", "fish", "powershell"]),
    ] {
        let mut values = values(&project, words);
        values.retain(|value| !value.starts_with('-') || value.contains('='));
        assert_eq!(values, expected, "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_manifest_that_is_named_counts() {
    let project = workspace().file("else/Cargo.toml", "[package]\nname = 'else'\n[workspace]\n");
    let project = project.file("else/src/main.rs", "fn main() {}\n");
    for words in [
        ["--manifest-path", "else/Cargo.toml", "--bin", ""],
        ["--bin", "x", "--manifest-path=else/Cargo.toml", "--bin="],
    ] {
        let found = values(&project, &words);
        assert!(found.len() == 1 && found[0].ends_with("else"), "{found:?}");
    }
}

#[cfg(unix)]
#[test]
fn without_a_workspace_there_are_no_names_and_no_error() {
    let broken = Project::empty().file("Cargo.toml", "[package\n");
    for project in [Project::empty(), broken] {
        for words in [["--bin", ""], ["-p", ""], ["-F", ""], ["layer", "x"]] {
            let outcome = answer(&project, &words);
            outcome.exits(0).prints_nothing();
            assert!(outcome.stderr.is_empty(), "{outcome}");
        }
        assert_eq!(values(&project, &["--profile", "r"]), ["release"]);
    }
}

#[cfg(unix)]
#[test]
fn completing_does_not_run_the_command() {
    let project = workspace();
    answer(&project, &["-p", "orders", "--bin", "o"]).exits(0);
    assert!(project.build_calls().is_empty());
    assert!(!project.path("target").exists());
}

#[test]
fn each_shell_has_a_script() {
    let project = Project::empty();
    for (shell, part) in [
        ("bash", "complete -F _cargo_lambda_zip_behind_cargo cargo\n"),
        ("zsh", "#compdef cargo-lambda-zip\n"),
        ("fish", "complete --command cargo "),
        (
            "powershell",
            "Register-ArgumentCompleter -Native -CommandName cargo-lambda-zip ",
        ),
    ] {
        let outcome = project.run(&["completions", shell]);
        outcome
            .exits(0)
            .prints(part)
            .prints("_CARGO_LAMBDA_ZIP_COMPLETE");
    }
    project
        .run(&["completions"])
        .exits(2)
        .says("`SHELL` is required");
    project
        .run(&["completions", "bahs"])
        .exits(2)
        .says("did you mean `bash`?");
}
