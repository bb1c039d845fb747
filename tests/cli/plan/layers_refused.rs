//! Layers that cannot be made: said before anything is built, and the zip of the last time stays.

use forge::{Elf, Machine};

use crate::support::project::Project;
use crate::support::run::Outcome;

fn orders() -> Project {
    let layer = "[package.metadata.lambda-zip.layer.tools]\ninclude = [\"conf\"]\n";
    Project::package("orders", layer)
        .bin("", "tool")
        .with(&["conf/a", "b"])
}

#[track_caller]
fn refuses(project: &Project, args: &[&str], said: &[&str]) -> Outcome {
    let outcome = project.run(&[&["layer"], args].concat());
    outcome.exits(2).prints_nothing();
    for fragment in said {
        outcome.says(fragment);
    }
    assert!(project.build_calls().is_empty(), "nothing is built");
    assert!(!project.path("target/lambda-zip").exists());
    outcome
}

#[test]
fn a_misspelt_layer() {
    refuses(&orders(), &["tols"], &["`tols`", "`tools`", "--include"]);
    let none = Project::package("orders", "");
    refuses(&none, &["tools"], &["`tools`", "--include", "--bin"]);
    refuses(&none, &[], &["no layer is configured", "NAME"]);
}

#[test]
fn a_name_that_lambda_does_not_take() {
    for name in ["a.b", "../a", "a/b", "ä"] {
        refuses(&orders(), &[name, "--include", "conf"], &[name, "letters"]);
    }
}

#[test]
fn a_misspelt_binary() {
    refuses(&orders(), &["tools", "--bin", "tol"], &["`tol`", "`tool`"]);
    refuses(&orders(), &["--bin", "tool"], &["NAME"]);
    refuses(&orders(), &["tools", "--bin", "tool=../x"], &["../x"]);
    refuses(&orders(), &["tools", "--bin", "tool", "-F", "x"], &["`x`"]);
}

#[test]
fn a_binary_of_two_packages() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("refunds", "")
        .bin("crates/orders/", "tool")
        .bin("crates/refunds/", "tool");
    let said = ["`orders`", "`refunds`", "`-p PACKAGE`"];
    refuses(&project, &["tools", "--bin", "tool"], &said);
    project
        .run(&["layer", "tools", "--bin", "tool", "-p", "refunds"])
        .exits(0);
}

#[test]
fn a_layer_of_two_packages() {
    let layer = "[package.metadata.lambda-zip.layer.tools]\ninclude = [\"src\"]\n";
    let project = Project::workspace("")
        .member("orders", layer)
        .member("refunds", layer);
    refuses(
        &project,
        &["tools"],
        &["`orders`", "`refunds`", "-p PACKAGE"],
    );
    refuses(
        &project,
        &[],
        &["the layer `tools` of package `orders`", "{package}"],
    );
    project.run(&["layer", "tools", "-p", "refunds"]).exits(0);
    let output = ["-o", "dist/{package}-{bin}.zip"];
    project.run(&[&["layer"], &output[..]].concat()).exits(0);
    assert_eq!(
        project.files("dist"),
        ["orders-tools.zip", "refunds-tools.zip"]
    );
}

#[test]
fn two_programs_or_files_of_one_name() {
    let twice = ["tools", "--bin", "tool", "--bin", "orders=bin/tool"];
    refuses(&orders(), &twice, &["`bin/tool`", "tools"]);
    let file = ["tools", "--bin", "tool", "--include", "b=bin/tool"];
    refuses(&orders(), &file, &["bin/tool", "`exclude`"]);
    let below = ["tools", "--bin", "tool=bin/x/y", "--bin", "orders=bin/x"];
    refuses(&orders(), &below, &["`bin/x`"]);
}

#[test]
fn a_layer_of_nothing() {
    let empty = "[package.metadata.lambda-zip.layer.tools]\nruntime = \"provided.al2023\"\n";
    let project = Project::package("orders", empty);
    refuses(
        &project,
        &["tools"],
        &["nothing goes into", "--include", "`bins`"],
    );
}

#[test]
fn what_cannot_be_included() {
    let outcome = orders().run(&["layer", "tools", "--include", "nowhere"]);
    outcome.exits(3).says("nowhere").says("does not exist");
    refuses(
        &orders(),
        &["tools", "--include", "a*"],
        &["matches nothing"],
    );
    refuses(
        &orders(),
        &["tools", "--bin", "orders="],
        &["`orders=` has no path"],
    );
}

#[test]
fn libraries_of_two_architectures_and_no_word_which_is_meant() {
    let project = orders();
    project.write("lib/a.so", Elf::dynamic(Machine::X86_64).bytes());
    project.write("lib/b.so", Elf::dynamic(Machine::Aarch64).bytes());
    let said = ["`lib/a.so` for x86_64", "`lib/b.so` for arm64", "--arch"];
    refuses(&project, &["native", "--include", "lib"], &said);
}

#[test]
fn the_place_of_a_functions_zip() {
    let project = Project::package("orders", "").with(&["conf/a"]);
    let args = ["orders", "--bin", "orders"];
    let said = ["orders-x86_64.zip", "the binary `orders`", "--output"];
    refuses(&project, &args, &said);
    project
        .run(&["layer", "orders", "--bin", "orders", "-o", "l.zip"])
        .exits(0);
    // For any architecture it has a place of its own.
    project
        .run(&["layer", "orders", "--include", "conf"])
        .exits(0);
}

#[test]
fn the_place_of_a_functions_zip_for_an_architecture_it_is_not_built_for_yet() {
    let project = Project::package("orders", "")
        .bin("", "billing")
        .with(&["conf/a"]);
    let args = ["orders", "--bin", "billing", "--arch", "arm64"];
    let said = ["orders-arm64.zip", "the binary `orders`", "--output"];
    refuses(&project, &args, &said);
    let fixed = [
        "-o",
        "target/lambda-zip/Billing-{arch}.zip",
        "--arch",
        "x86_64",
    ];
    let args = [&["common", "--include", "conf"], &fixed[..]].concat();
    refuses(
        &project,
        &args,
        &["Billing-x86_64.zip", "the binary `billing`"],
    );
}

#[test]
fn a_binary_that_two_layers_want_built_in_different_ways() {
    let layers = "[package.metadata.lambda-zip.layer]\n\
                  one = { bins = [\"orders\"], cpu = \"lambda\" }\n\
                  two = { bins = [\"orders\"] }\n";
    let project = Project::package("orders", layers);
    refuses(
        &project,
        &[],
        &["`one`", "`two`", "`orders`", "one at a time"],
    );
    project.run(&["layer", "one"]).exits(0);
}

#[test]
fn an_output_of_what_a_layer_has_not() {
    let args = ["tools", "-o", "dist/{target}.zip"];
    refuses(&orders(), &args, &["`{target}`", "`{bin}`"]);
    let args = ["new", "--include", "conf", "-o", "{package}.zip"];
    refuses(&orders(), &args, &["`{package}`"]);
}

#[test]
fn outside_a_project_there_is_nothing_configured_and_nothing_to_build() {
    let folder = Project::empty().with(&["lib/a"]);
    refuses(&folder, &[], &["not in a Cargo project", "--include"]);
    refuses(&folder, &["tools"], &["nothing goes into", "--include"]);
    refuses(&folder, &["tools", "--bin", "tool"], &["Cargo.toml"]);
}

#[test]
fn a_library_for_another_architecture_is_rejected() {
    let project = orders();
    project.write("lib/a.so", Elf::dynamic(Machine::X86_64).bytes());
    let run =
        |args: &[&str]| project.run(&[&["layer", "native", "--include", "lib"], args].concat());
    let outcome = run(&["--arch", "arm64"]);
    outcome
        .exits(1)
        .says("wrong-architecture")
        .says("`lib/a.so`")
        .says("native arm64");
    assert!(project.zips().is_empty());
    run(&["--arch", "x86_64"]).exits(0);

    project.write("lib/a.so", Elf::dynamic(Machine::Riscv64).bytes());
    run(&[]).exits(1).says("wrong-architecture").says("riscv64");
    run(&["-A", "wrong-architecture"]).exits(0);
}

#[test]
fn a_program_for_another_architecture_is_rejected() {
    let project = orders().compiles_to("orders/tool", &Elf::fixed(Machine::Aarch64));
    let outcome = project.run(&["layer", "new", "--bin", "tool"]);
    outcome
        .exits(1)
        .says("wrong-architecture")
        .says("`bin/tool`");
}

#[test]
fn a_build_that_fails_leaves_the_zips_of_all_layers() {
    let layers = "[package.metadata.lambda-zip.layer]\n\
                  files = { include = [\"src\"] }\nbad = { bins = [\"tool\"] }\n";
    let project = Project::package("orders", layers)
        .bin("", "tool")
        .fails_with("orders/tool", "mismatched types")
        .file("target/lambda-zip/files.zip", "old");
    project.run(&["layer"]).exits(101);
    assert_eq!(project.zips(), ["files.zip"]);
    assert_eq!(project.read("target/lambda-zip/files.zip"), b"old");
}

#[test]
fn features_that_a_program_requires_are_cargos_to_ask_for() {
    let bin = "[[bin]]\nname = \"tool\"\npath = \"src/main.rs\"\nrequired-features = [\"x\"]\n\
               [features]\nx = []\n";
    let project = Project::package("orders", bin);
    project
        .run(&["layer", "new", "--bin", "tool"])
        .exits(101)
        .says("--features");
    assert!(project.zips().is_empty());
    project
        .run(&["layer", "new", "--bin", "tool", "-F", "x"])
        .exits(0);
}
