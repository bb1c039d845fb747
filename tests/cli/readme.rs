//! What the README shows, done as it is shown.

use std::env;
use std::path::Path;
use std::process::Command;

use fs_err as fs;

use crate::support::project::Project;
use crate::support::run::Outcome;

/// The code block of the README that contains `text`.
fn block(text: &str) -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let mut fences = readme.split("```").skip(1).step_by(2);
    let block = fences.find(|block| block.contains(text)).unwrap();
    let (_language, code) = block.split_once('\n').unwrap();
    code.to_owned()
}

/// The table of lints is the tool's own.
#[test]
fn the_table_of_lints_is_that_of_check() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, section) = readme.split_once("\n### Lints\n").unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with("|---"));
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    let shown: Vec<Vec<String>> = rows
        .map(|row| {
            let cells = row.trim_matches('|').split(" | ");
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect();
    let outcome = Project::empty().run(&["check", "--list"]);
    let listed: Vec<Vec<String>> = outcome
        .exits(0)
        .stdout
        .lines()
        .map(|line| {
            let (name, rest) = line.split_once(' ').unwrap();
            let (level, meaning) = rest.trim().split_once(' ').unwrap();
            vec![
                format!("`{name}`"),
                level.to_owned(),
                meaning.trim().to_owned(),
            ]
        })
        .collect();
    assert_eq!(shown, listed);
}

/// Runs a program where the tool is installed: on the PATH, as Cargo looks for its subcommands.
#[track_caller]
fn run(project: &Project, program: &Path, args: &[&str]) -> Outcome {
    let installed = Path::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    let mut command = Command::new(program);
    project.stage().dress(&mut command);
    let folders = [
        project.stage().path("bin"),
        installed.parent().unwrap().to_owned(),
    ];
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(folders.into_iter().chain(env::split_paths(&path)));
    let output = command
        .env("PATH", path.unwrap())
        .args(args)
        .current_dir(project.path(""))
        .output()
        .unwrap();
    Outcome::new(format!("{} {}", program.display(), args.join(" ")), output)
}

/// A workspace with the lockfile that `--locked` asks for.
fn shop() -> Project {
    Project::workspace("").member("orders", "").locked("orders")
}

#[test]
fn the_alias_works_through_cargo_itself() {
    let project = shop().file(".cargo/config.toml", &block("[alias]"));
    let cargo = project.stage().path("bin/cargo");
    let outcome = run(&project, &cargo, &["functions"]);
    outcome.exits(0).prints_nothing();
    let both = ["arm64/orders.zip", "x86_64/orders.zip"];
    assert_eq!(project.zips(), both);
}

#[test]
fn an_alias_takes_further_options() {
    let project = shop().file(".cargo/config.toml", &block("[alias]"));
    let cargo = project.stage().path("bin/cargo");
    let args = ["functions", "--message-format", "json"];
    let report = run(&project, &cargo, &args).exits(0).json();
    assert_eq!(report["archives"].as_array().unwrap().len(), 2);
}

#[test]
fn the_hook_says_nothing_when_all_is_well_and_stops_at_a_warning() {
    let hook = block("--quiet -D warnings");
    let project = shop().file("pre-push", &hook);
    let hook = project.path("pre-push");
    let args = [hook.to_str().unwrap()];
    let outcome = run(&project, Path::new("/bin/sh"), &args);
    outcome.exits(0).prints_nothing();
    assert_eq!(outcome.stderr, "");

    let old = "[workspace.metadata.lambda-zip]\nruntime = \"provided.al2\"\n";
    let manifest = project.read("Cargo.toml");
    let manifest = format!("{}\n{old}", String::from_utf8(manifest).unwrap());
    project.write("Cargo.toml", &manifest);
    let outcome = run(&project, Path::new("/bin/sh"), &args);
    outcome.exits(1).says("deprecated-runtime");
}
