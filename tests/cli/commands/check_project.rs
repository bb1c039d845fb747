//! `check` in a Cargo project: what its manifests say of packages holds for zips that are there.

use forge::{Elf, Forged, Forgery, Machine};

use crate::support::project::Project;

const TABLE: &str = "[package.metadata.lambda-zip]\n";

fn zip(machine: Machine) -> Vec<u8> {
    let elf = Elf::static_pie(machine).bytes();
    Forgery::of([Forged::file("bootstrap", 0o755, elf)]).bytes()
}

/// A package with this in its table, and a zip beside it.
fn package(table: &str) -> Project {
    with_zip(Project::package("orders", &format!("{TABLE}{table}")))
}

fn with_zip(project: Project) -> Project {
    project.write("f.zip", zip(Machine::X86_64));
    project
}

#[test]
fn levels_budgets_runtime_and_layers_are_those_of_the_package() {
    let old = "runtime = 'provided.al2'\n";
    let run = |table: &str| package(table).run(&["check", "f.zip"]);
    run("").exits(0).never_says("warning");
    run(old).exits(0).says("warning[deprecated-runtime]");
    let denied = format!("{old}lints = {{ deprecated-runtime = 'deny' }}\n");
    run(&denied).exits(1).says("error[deprecated-runtime]");
    run("max-zip-size = '100 B'\n").exits(1).says("over-budget");
    run("max-unzipped-size = '100 B'\n")
        .exits(1)
        .says("over-budget");
    run("layers = ['250 MiB']\n")
        .exits(1)
        .says("unzipped-too-large");
    run("architectures = ['arm64']\n")
        .exits(1)
        .says("wrong-architecture");
    run("architectures = ['arm64', 'x86_64']\n").exits(0);
}

#[test]
fn environment_and_flags_are_stronger() {
    let project = package("runtime = 'provided.al2'\nlints = { deprecated-runtime = 'deny' }\n");
    let check = ["check", "f.zip"];
    let args = [&check[..], &["-W", "deprecated-runtime"]].concat();
    project
        .run(&args)
        .exits(0)
        .says("warning[deprecated-runtime]");
    let args = [&check[..], &["--runtime", "provided.al2023"]].concat();
    project.run(&args).exits(0).never_says("deprecated-runtime");
    let run = |name, value| project.command(&check).env(name, value).run();
    run("CARGO_LAMBDA_ZIP_RUNTIME", "provided.al2023").exits(0);
    let plain = with_zip(Project::empty());
    let run = |value, more: &[&str]| {
        let args = [&check[..], more].concat();
        plain
            .command(&args)
            .env("CARGO_LAMBDA_ZIP_ARCH", value)
            .run()
    };
    run("arm64", &[]).exits(1).says("wrong-architecture");
    run("arm64", &["--arch", "x86_64"]).exits(0);
    run("arm64,x86_64", &[]).exits(0);
}

#[test]
fn the_workspace_counts_below_the_package() {
    let workspace = "[workspace.metadata.lambda-zip]\nruntime = 'provided.al2'\n\
                     lints = { deprecated-runtime = 'deny' }\n";
    let member = "[package.metadata.lambda-zip]\nlints = { deprecated-runtime = 'warn' }\n";
    let project = Project::workspace(workspace).member("orders", member);
    let project = with_zip(project);
    project.run(&["check", "f.zip"]).exits(1);
    let inside = project.command(&["check", "../../../f.zip"]);
    let inside = inside.from("crates/orders/src").run();
    inside.exits(0).says("warning[deprecated-runtime]");
    let manifest = ["--manifest-path", "crates/orders/Cargo.toml"];
    let args = [&["check", "f.zip"][..], &manifest].concat();
    project
        .run(&args)
        .exits(0)
        .says("warning[deprecated-runtime]");
}

#[test]
fn the_layers_of_a_function_are_not_those_of_a_layer() {
    let project = package("layers = ['250 MiB']\nruntime = 'provided.al2'\n");
    let args = ["check", "f.zip", "--kind", "layer"];
    project
        .run(&args)
        .exits(0)
        .says("deprecated-runtime")
        .never_says("unzipped-too-large");
}

#[test]
fn what_is_wrong_in_a_table_is_shown_where_it_is() {
    let project = package("runtme = 'provided.al2'\n");
    let outcome = project.run(&["check", "f.zip"]);
    outcome
        .exits(2)
        .says("did you mean `runtime`?")
        .says("^^^^^^");
}

#[test]
fn a_broken_manifest_is_an_error_where_it_may_say_something() {
    let broken = with_zip(Project::empty().file("Cargo.toml", "[package\n"));
    broken.run(&["check", "f.zip"]).exits(0);
    let args = ["check", "f.zip", "--manifest-path", "Cargo.toml"];
    broken.run(&args).exits(2).says("Cargo.toml:1");
    let table = format!("[package\n{TABLE}");
    let broken = with_zip(Project::empty().file("Cargo.toml", &table));
    broken
        .run(&["check", "f.zip"])
        .exits(2)
        .says("Cargo.toml:1");
    let args = ["check", "f.zip", "--manifest-path", "nowhere/Cargo.toml"];
    broken.run(&args).exits(3).says("nowhere/Cargo.toml");
}
