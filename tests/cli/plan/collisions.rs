//! Two binaries that would write one zip: said before anything is compiled, with the way out.

use forge::{Elf, Machine};

use crate::support::project::Project;

/// Two packages whose binaries are both called `handler`.
fn namesakes() -> Project {
    let handler = "[[bin]]\nname = \"handler\"\npath = \"src/main.rs\"\n";
    Project::workspace("")
        .member("orders", handler)
        .member("refunds", handler)
}

#[track_caller]
fn collides(project: &Project, args: &[&str], names: &[&str]) {
    let outcome = project.run(args);
    outcome.exits(2).prints_nothing();
    for name in names {
        outcome.says(name);
    }
    assert!(project.build_calls().is_empty(), "nothing is built");
    assert_eq!(project.zips(), [""; 0]);
}

#[test]
fn namesakes_of_two_packages_are_both_named_and_shown_the_way_out() {
    let names = [
        "handler",
        "orders",
        "refunds",
        "handler-x86_64.zip",
        "{package}",
    ];
    collides(&namesakes(), &[], &names);
}

#[test]
fn a_fixed_output_cannot_hold_two_binaries() {
    let project = Project::package("orders", "").bin("", "import");
    let args = ["--output", "dist/function.zip"];
    collides(&project, &args, &["orders", "import", "{bin}"]);
}

#[test]
fn an_output_without_the_architecture_cannot_hold_two() {
    let project = Project::package("orders", "");
    let args = ["--arch", "arm64,x86_64", "--output", "dist/{bin}.zip"];
    collides(&project, &args, &["x86_64", "aarch64", "{arch}"]);
}

#[test]
fn a_zip_in_the_folder_that_another_would_have_to_be() {
    let outputs = "[package.metadata.lambda-zip.bin]\n\
                   orders.output = \"dist/f.zip\"\nimport.output = \"dist/f.zip/g.zip\"\n";
    let project = Project::package("orders", outputs).bin("", "import");
    collides(&project, &[], &["orders", "import", "dist/f.zip"]);
}

#[test]
fn two_spellings_of_one_path_collide_too() {
    let to = |output: &str| format!("[package.metadata.lambda-zip]\noutput = \"{output}\"\n");
    let project = Project::workspace("")
        .member("orders", &to("../../dist/f.zip"))
        .member("refunds", &to("./../../dist/./f.zip"));
    collides(&project, &[], &["orders", "refunds"]);
}

#[test]
fn choosing_one_of_the_packages_is_a_way_out() {
    let project = namesakes();
    project.run(&["-p", "orders"]).exits(0);
    assert_eq!(project.zips(), ["handler-x86_64.zip"]);
}

#[test]
fn an_output_with_the_package_is_a_way_out_and_each_zip_holds_its_own() {
    // In one build Cargo puts both executables at one path, warns of it, and the slower one wins.
    let orders = Elf::static_pie(Machine::X86_64).payload("takes orders");
    let refunds = Elf::static_pie(Machine::X86_64).payload("pays back");
    let project = namesakes()
        .compiles_to("orders/handler", &orders)
        .compiles_to("refunds/handler", &refunds);
    project
        .run(&["--output", "target/lambda-zip/{package}/{bin}.zip"])
        .exits(0)
        .never_says("output filename collision");

    assert_eq!(
        project.zips(),
        ["orders/handler.zip", "refunds/handler.zip"]
    );
    for (package, elf) in [("orders", orders), ("refunds", refunds)] {
        let zip = project.zip(&format!("{package}/handler.zip"));
        assert!(zip.only_entry().data == elf.bytes(), "{package}'s own code");
    }
}

#[test]
fn a_skipped_namesake_is_in_nobodys_way() {
    let orders = Elf::static_pie(Machine::X86_64).payload("takes orders");
    let handler = "[[bin]]\nname = \"handler\"\npath = \"src/main.rs\"\n";
    let skip = "[package.metadata.lambda-zip.bin.handler]\nskip = true\n";
    let project = Project::workspace("")
        .member("orders", handler)
        .member("refunds", &format!("{handler}{skip}"))
        .bin("crates/refunds/", "audit")
        .compiles_to("orders/handler", &orders)
        .compiles_to("refunds/handler", &Elf::static_pie(Machine::Riscv64));
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["audit-x86_64.zip", "handler-x86_64.zip"]);
    let zip = project.zip("handler-x86_64.zip");
    assert!(zip.only_entry().data == orders.bytes());
}

#[test]
fn a_binary_and_an_example_of_one_name_collide() {
    let project = Project::package("orders", "").file("examples/orders.rs", "fn main() {}\n");
    collides(&project, &["--bins", "--examples"], &["orders", "example"]);
}
