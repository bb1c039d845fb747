//! Flags, commands and tables of cargo-lambda are answered with what they are called here.

use crate::support::project::Project;

#[track_caller]
fn explains(args: &[&str], said: &[&str]) {
    let project = Project::package("orders", "");
    let outcome = project.run(args);
    outcome.exits(2).prints_nothing().says("cargo-lambda");
    for fragment in said {
        outcome.says(fragment);
    }
    assert!(outcome.stderr.lines().count() <= 2, "{outcome}");
    assert!(project.build_calls().is_empty());
}

#[test]
fn flags_are_named_as_they_are_here() {
    explains(&["--arm64"], &["`--arm64`", "`--arch arm64`"]);
    explains(&["--x86-64"], &["`--arch x86_64`"]);
    explains(
        &["--output-format", "zip"],
        &["leave out `--output-format`"],
    );
    explains(&["--output-format=binary"], &["--folder"]);
    explains(&["-o", "zip"], &["is a format of cargo-lambda"]);
    explains(&["--lambda-dir", "dist"], &["--output 'DIR/{bin}.zip'"]);
    explains(&["--extension"], &["kind = \"extension\""]);
    explains(
        &["--extension", "--internal"],
        &["`--extension`, `--internal`", "layer"],
    );
    explains(&["--flatten", "orders"], &["--folder"]);
    explains(&["--skip-target-check"], &["--no-install"]);
    explains(&["--compiler", "cross"], &["--builder"]);
    explains(&["-c", "cross"], &["--builder"]);
    explains(&["--disable-optimizations"], &["--profile"]);
}

#[test]
fn a_whole_command_line_has_one_answer() {
    explains(
        &["build", "--release", "--arm64", "--output-format", "zip"],
        &[
            "`build`, `--arm64`, `--output-format`",
            "leave out `build`",
            "`--arch arm64`",
        ],
    );
}

#[test]
fn commands_without_a_counterpart_have_a_way_out() {
    for command in ["deploy", "watch", "start", "new"] {
        explains(&[command], &[&format!("`{command}`"), "no counterpart"]);
    }
}

#[cfg(unix)]
#[test]
fn tables_are_one_note_where_there_is_none_of_ours() {
    let note = "note: the configuration of cargo-lambda has no effect here";
    let theirs = "[package.metadata.lambda.build]\ninclude = [\"a\"]\n";
    let outcome = Project::package("orders", theirs).run(&[]);
    outcome.exits(0).says(note);
    let outcome = Project::package("orders", "")
        .file("CargoLambda.toml", "")
        .run(&[]);
    outcome.exits(0).says(note);
    assert_eq!(outcome.stderr.matches("note: ").count(), 1);
    let both = format!("{theirs}[package.metadata.lambda-zip]\nruntime = \"provided.al2023\"\n");
    Project::package("orders", &both)
        .run(&[])
        .exits(0)
        .never_says("cargo-lambda");
    Project::package("orders", theirs)
        .run(&["-q"])
        .exits(0)
        .never_says("cargo-lambda");
}
