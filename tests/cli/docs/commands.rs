//! Commands and manifests in the documentation are tried as they are written.

use std::env;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use forge::{Elf, Machine};

use super::{Block, block, blocks, page, pages, repository};
use crate::support::project::Project;
use crate::support::run::Outcome;

/// Commands that no test of this file runs, by a part of their line: they compile or install something, or
/// run the tests themselves, start a program, or need another tool. `tests/real` runs the ones with zig and the fixture.
const NOT_RUN: [&str; 15] = [
    "cargo install ",
    "cargo binstall ",
    "pip install ",
    "cargo run ",
    "cargo test",
    "cargo bench",
    "UPDATE_DOCS=1",
    "tests/run",
    "tests/fuzz/run",
    "benches/compare",
    ".ci/run",
    "--builder zigbuild",
    "lambda-zip invoke",
    "/usr/lib64/",
    "jq -r ",
];

fn is_run(command: &str) -> bool {
    !NOT_RUN.iter().any(|part| command.contains(part))
}

/// The package that the documentation is about, with everything that it names.
pub(super) fn shop() -> Project {
    let project = Project::package("orders", "")
        .bin("", "convert")
        .bin("", "agent")
        .bin("", "migrate")
        .locked("orders")
        .with(&["config/a.toml", "config/local.toml", "config/old.bak"])
        .with(&["assets/logo.svg", "assets/raw/logo.xcf", "certs/ca.pem"])
        .file("shop/Cargo.toml", "[package]\nname = \"shop\"\n");
    let program = Elf::fixed(Machine::X86_64).bytes();
    for path in ["build/handler", "build/orders", "handler"] {
        project.write(path, &program);
    }
    project.run(&["pack", "handler", "-o", "f.zip"]).exits(0);
    project
        .run(&["layer", "a", "--include", "certs", "-o", "a.zip"])
        .exits(0);
    let copies = [
        ("f.zip", "orders.zip"),
        ("f.zip", "refunds.zip"),
        ("f.zip", "php.zip"),
        ("a.zip", "b.zip"),
        ("a.zip", "agent.zip"),
        ("a.zip", "bref.zip"),
        ("a.zip", "python.zip"),
        ("a.zip", "layers/fonts-x86_64.zip"),
    ];
    for (from, to) in copies {
        project.write(to, project.read(from));
    }
    let function = "Type: 'AWS::Serverless::Function', Properties: {CodeUri: orders.zip, \
                    Handler: bootstrap, Runtime: provided.al2023}";
    project.write(
        "template.yaml",
        format!("Transform: AWS::Serverless-2016-10-31\nResources: {{Orders: {{{function}}}}}"),
    );
    let aws = repository().join("tests/support/fake/aws");
    symlink(aws, project.stage().path("bin/aws")).unwrap();
    project
}

/// Runs a program where the tool is installed: on the PATH, as Cargo looks for its subcommands.
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
        .env("ROLE_ARN", "arn:aws:iam::123456789012:role/orders")
        .env("BUCKET", "releases")
        .args(args)
        .current_dir(project.path(""))
        .output()
        .unwrap();
    Outcome::new(format!("{} {}", program.display(), args.join(" ")), output)
}

pub(super) fn sh(project: &Project, script: &str) -> Outcome {
    run(project, Path::new("/bin/sh"), &["-euc", script])
}

#[test]
fn commands_run_as_they_are_written() {
    let mut count = 0;
    let mut failures = Vec::new();
    for block in blocks() {
        let mut commands = block.commands();
        commands.retain(|command| is_run(command));
        if commands.is_empty() {
            continue;
        }
        let project = shop();
        let builds = |command: &String| {
            command.starts_with("cargo lambda-zip") && !command.contains(" check ")
        };
        if block.code.contains("layer tools\n") || block.code.contains("layer tools --arch") {
            configure(&project, &super::block("layer.tools]"));
        }
        // What is deployed was built before.
        if !commands.iter().any(builds) {
            let args = ["layer", "tools", "--bin", "convert", "--arch", "arm64"];
            project.run(&args).exits(0);
            project.run(&["--arch", "arm64"]).exits(0);
        }
        let outcome = sh(&project, &commands.join("\n"));
        if outcome.code != Some(0) {
            failures.push(format!("{}\n{outcome}\n", block.place));
        }
        count += commands.len();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count > 30, "only {count} commands were found");
}

#[test]
fn commands_that_are_not_run_exist() {
    let all: Vec<String> = blocks().iter().flat_map(Block::commands).collect();
    let pages: String = pages().into_iter().map(|page| page.text).collect();
    for part in NOT_RUN {
        assert!(pages.contains(part), "no page has `{part}` any more");
    }
    for command in all.iter().filter(|command| !is_run(command)) {
        let program = command.split_whitespace().next().unwrap();
        let is_there = !program.contains('/') || repository().join(program).exists();
        assert!(is_there, "{command}");
    }
}

#[test]
fn commands_of_the_lints_run() {
    let text = page("docs/lints.md");
    let lines = text.lines().filter_map(|line| line.strip_prefix("    "));
    let commands: Vec<&str> = lines
        .filter(|line| line.starts_with("cargo lambda-zip") && is_run(line))
        .collect();
    assert!(commands.len() > 6, "{commands:?}");
    let project = shop();
    for command in commands {
        sh(&project, command).exits(0);
    }
}

/// Adds tables to the manifest of the package.
fn configure(project: &Project, tables: &str) {
    let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
    project.write("Cargo.toml", format!("{manifest}\n{tables}"));
}

#[test]
fn manifests_are_understood() {
    let mut failures = Vec::new();
    for block in blocks() {
        if block.language != "toml" {
            continue;
        }
        if block.code.contains("metadata.lambda-zip") || block.code.contains("[profile") {
            let project = shop();
            configure(
                &project,
                &block
                    .code
                    .replace("[workspace.", "[workspace]\n[workspace."),
            );
            let outcome = project.run(&["--dry-run"]);
            if outcome.code != Some(0) {
                failures.push(format!("{}\n{outcome}\n", block.place));
            }
        } else {
            let known = ["[alias]", "pre-release-hook"];
            let is_known = known.iter().any(|key| block.code.contains(key));
            assert!(is_known, "no test reads the block at {}", block.place);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_alias_works_through_cargo_itself() {
    let project = shop().file(".cargo/config.toml", &block("[alias]"));
    let cargo = project.stage().path("bin/cargo");
    let outcome = run(&project, &cargo, &["functions", "--bin", "orders"]);
    outcome.exits(0).prints_nothing();
    let both = ["orders-arm64.zip", "orders-x86_64.zip"];
    assert_eq!(project.zips(), both);
}

#[test]
fn an_alias_takes_further_options() {
    let project = shop().file(".cargo/config.toml", &block("[alias]"));
    let cargo = project.stage().path("bin/cargo");
    let args = ["functions", "--bin", "orders", "--message-format", "json"];
    let report = run(&project, &cargo, &args).exits(0).json();
    assert_eq!(report["archives"].as_array().unwrap().len(), 2);
}

#[test]
fn the_hook_of_cargo_release_is_a_command_that_stops_at_a_warning() {
    let hook: toml::Table = block("pre-release-hook").parse().unwrap();
    let hook = hook["pre-release-hook"].as_array().unwrap();
    let hook: Vec<&str> = hook.iter().map(|word| word.as_str().unwrap()).collect();
    let project = shop();
    run(&project, Path::new(hook[0]), &hook[1..]).exits(0);
    configure(
        &project,
        "[package.metadata.lambda-zip]\nruntime = \"provided.al2\"\n",
    );
    let outcome = run(&project, Path::new(hook[0]), &hook[1..]);
    outcome.exits(1).says("deprecated-runtime");
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

    configure(
        &project,
        "[package.metadata.lambda-zip]\nruntime = \"provided.al2\"\n",
    );
    let outcome = run(&project, Path::new("/bin/sh"), &args);
    outcome.exits(1).says("deprecated-runtime");
}
