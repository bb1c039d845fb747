//! Only a zip is ever replaced: whatever else lies at the output stays, and nothing is built.

use std::os::unix::fs::symlink;

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::cargo::{X86_64, X86_64_GNU};
use crate::support::project::{Project, orders};
use crate::support::run::Outcome;
use crate::support::zip::Zip;

#[track_caller]
fn refuses(project: &Project, output: &str) -> Outcome {
    let outcome = project.run(&["-o", output]);
    outcome.exits(2).prints_nothing().says(output);
    assert!(project.build_calls().is_empty(), "nothing is built");
    outcome
}

#[test]
fn a_manifest_or_source_named_by_mistake_is_not_replaced() {
    for output in ["Cargo.toml", "src/main.rs"] {
        let project = orders();
        let before = project.read(output);
        refuses(&project, output);
        assert_eq!(project.read(output), before);
    }
}

#[test]
fn a_folder_is_not_replaced() {
    refuses(&orders(), "src");
}

#[test]
fn a_pipe_is_neither_read_nor_replaced() {
    for output in ["pipe", "pipe.zip"] {
        let project = orders();
        project.add_pipe(output);
        refuses(&project, output);
    }
}

#[test]
fn a_device_is_neither_read_nor_replaced() {
    refuses(&orders(), "/dev/null");
}

#[test]
fn a_zip_of_another_extension_is_replaced() {
    let project = orders();
    let args = ["-o", "dist/orders.pkg"];
    project.run(&args).exits(0);
    let first = project.read("dist/orders.pkg");

    let elf = Elf::static_pie(Machine::X86_64).payload("other code");
    let project = project.compiles_to("orders/orders", &elf);
    project.write("src/main.rs", "fn main() { /* changed */ }\n");
    project.run(&args).exits(0);
    let second = project.read("dist/orders.pkg");
    assert!(second != first);
    assert!(Zip::parse(&second).only_entry().data == elf.bytes());
}

#[test]
fn a_foreign_file_that_is_called_a_zip_is_replaced() {
    for contents in ["", "no zip at all", "PK but no zip"] {
        let project = orders().file("dist/orders.zip", contents);
        project.run(&["-o", "dist/orders.zip"]).exits(0);
        Zip::parse(&project.read("dist/orders.zip")).only_entry();
    }
}

#[test]
fn an_empty_file_is_nobodys_loss() {
    // As `mktemp` makes them.
    let project = orders().file("out.tmp", "");
    project.run(&["-o", "out.tmp"]).exits(0);
    Zip::parse(&project.read("out.tmp")).only_entry();
}

#[test]
fn what_a_link_at_the_output_leads_to_is_not_written_to() {
    let project = orders();
    let manifest = project.read("Cargo.toml");
    symlink("Cargo.toml", project.path("orders.zip")).unwrap();
    project.run(&["-o", "orders.zip"]).exits(0);
    assert_eq!(project.read("Cargo.toml"), manifest);
    Zip::parse(&project.read("orders.zip")).only_entry();
}

#[test]
fn a_folder_of_the_output_that_is_a_link_is_followed() {
    let project = orders();
    fs::create_dir(project.path("elsewhere")).unwrap();
    symlink("elsewhere", project.path("dist")).unwrap();
    project.run(&["-o", "dist/orders.zip"]).exits(0);
    assert_eq!(project.files("elsewhere"), ["orders.zip"]);
}

#[test]
fn of_a_binary_and_an_example_of_one_name_one_at_a_time_is_the_way_out() {
    let project = orders().file("examples/orders.rs", "fn main() {}\n");
    let outcome = project.run(&["--bins", "--examples"]);
    outcome.exits(2).says("--bin").says("--example");
    assert!(project.build_calls().is_empty(), "nothing is built");
    project.run(&["--bins"]).exits(0);
    project.run(&["--example", "orders"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn of_two_targets_of_one_architecture_the_target_is_the_way_out() {
    let project = orders();
    let targets = ["--target", X86_64, "--target", X86_64_GNU];
    let outcome = project.run(&[&targets[..], &["-o", "dist/{bin}-{arch}.zip"]].concat());
    outcome.exits(2).says(X86_64).says(X86_64_GNU);
    outcome.says("`{target}`").never_says("`{arch}`");
    assert!(project.build_calls().is_empty(), "nothing is built");

    let output = ["-o", "dist/{target}.zip"];
    project.run(&[&targets[..], &output].concat()).exits(0);
    assert_eq!(
        project.files("dist"),
        [format!("{X86_64_GNU}.zip"), format!("{X86_64}.zip")]
    );
}

#[test]
fn a_zip_where_an_include_takes_it_is_refused_the_first_time_already() {
    let project = orders().with(&["conf/a"]);
    project.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    symlink("conf", project.path("link")).unwrap();
    let include = |rule: &'static str| ["--include", rule, "-o", "conf/x.zip"];
    for rule in ["conf", "conf=other", "conf/*", "**/[ax]*", "link"] {
        for command in [&["pack", "handler"][..], &[]] {
            let outcome = project.run(&[command, &include(rule)].concat());
            outcome.exits(2).says("contain itself").says("`exclude`");
            outcome.says("x.zip").says("--output");
            assert_eq!(project.files("conf"), ["a"], "{rule}");
        }
    }
    let left_out = ["--exclude-file", "*.zip"];
    for args in [
        &include("conf/[ab]*")[..],
        &[&include("conf")[..], &left_out].concat(),
    ] {
        for _ in 0..2 {
            project.run(args).exits(0);
        }
        fs::remove_file(project.path("conf/x.zip")).unwrap();
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_needs_not_be_where_nothing_is_to_be_written() {
    let project = orders();
    let args = ["-o", "dist/orders.zip"];
    project.run(&args).exits(0);
    project.set_mode("dist", 0o555);
    let run = |args: &[&str]| project.command(args).bound_by_permissions().run();
    run(&args).exits(0).says("Fresh");
    let changed = [&args[..], &["--include", "Cargo.toml"]].concat();
    run(&changed).exits(4).says("dist");
    let builds = project.build_calls().len();
    run(&["-o", "dist/other.zip"])
        .exits(4)
        .says("could not write to the output folder");
    assert_eq!(project.build_calls().len(), builds, "nothing is built");
    project.set_mode("dist", 0o755);
}
