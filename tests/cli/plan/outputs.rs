//! The default places of zips: no zip replaces that of another target or profile.

use forge::{Elf, Machine};

use crate::support::project::orders;

const GNU: &str = "x86_64-unknown-linux-gnu";

#[test]
fn a_gnu_target_after_a_musl_target_leaves_the_other_zip_alone() {
    let project = orders();
    project.run(&[]).exits(0);
    let musl = project.zip("orders-x86_64.zip").only_entry().data.clone();
    project.prepare(
        "orders/orders",
        &Elf::static_pie(Machine::X86_64).payload("gnu"),
    );
    project
        .run(&["--target", GNU, "--builder", "cargo"])
        .exits(0)
        .says("target/lambda-zip/orders-x86_64-gnu.zip");
    assert_eq!(
        project.zips(),
        ["orders-x86_64-gnu.zip", "orders-x86_64.zip"]
    );
    assert!(project.zip("orders-x86_64.zip").only_entry().data == musl);
    assert!(project.zip("orders-x86_64-gnu.zip").only_entry().data != musl);
}

#[test]
fn both_targets_of_an_architecture_can_be_packaged_in_one_run() {
    let both = format!("x86_64-unknown-linux-musl,{GNU}");
    assert_eq!(
        orders().plan(&["--target", &both, "--builder", "cargo"]),
        ["orders-x86_64-gnu.zip", "orders-x86_64.zip"]
    );
}

#[test]
fn another_profile_has_a_folder_of_its_own_and_is_named_in_each_line() {
    let project = orders();
    project
        .run(&[])
        .exits(0)
        .says("Packaged orders x86_64 ")
        .never_says("(lambda)");
    let before = project.read("target/lambda-zip/orders-x86_64.zip");
    project.write("data.bin", "x");
    let args = ["--include", "data.bin"];
    for (profile, name) in [
        (&["--profile", "dev"][..], "dev"),
        (&["-r"], "release"),
        (&["--profile", "lambda"], "lambda"),
    ] {
        let outcome = project.run(&[&args[..], profile, &["--dry-run"]].concat());
        let (subject, place) = match name {
            "lambda" => ("orders x86_64".to_owned(), String::new()),
            _ => (format!("orders x86_64 ({name})"), format!("{name}/")),
        };
        let zip = format!("target/lambda-zip/{place}orders-x86_64.zip");
        outcome.exits(0).prints(&format!("{subject} {zip}\n"));
    }
    project
        .run(&[&args[..], &["--profile", "dev", "-v"]].concat())
        .exits(0)
        .says("Packaged orders x86_64 (dev) ")
        .says("target/lambda-zip/dev/orders-x86_64.zip");
    project
        .run(&[&args[..], &["-r", "-o", "dist/{bin}.zip"]].concat())
        .exits(0)
        .says("Packaged orders x86_64 (release) ")
        .says("dist/orders.zip");
    assert_eq!(
        project.zips(),
        ["dev/orders-x86_64.zip", "orders-x86_64.zip"]
    );
    assert!(project.read("target/lambda-zip/orders-x86_64.zip") == before);
}

#[test]
fn a_layer_of_files_is_the_same_in_every_profile() {
    let project = orders().with(&["certs/ca.pem"]);
    let args = ["layer", "certs", "--include", "certs", "--profile", "dev"];
    project
        .run(&args)
        .exits(0)
        .says("Packaged certs ")
        .never_says("(dev)");
    assert_eq!(project.zips(), ["certs.zip"]);
}

#[test]
fn a_layer_and_a_function_that_share_a_file_name_collide() {
    let project = orders().with(&["certs/ca.pem"]);
    let args = ["layer", "orders-arm64", "--include", "certs"];
    project
        .run(&args)
        .exits(2)
        .says("orders-arm64.zip")
        .says("the binary `orders`");
}
