//! Layers count: their sizes towards Lambda's 250 MiB, and themselves towards five.

use forge::{Elf, Forged, Forgery, Machine};

use crate::support::project::{Project, orders};
use crate::support::run::Outcome;

const MIB: u64 = 1 << 20;

/// Rejected, and before the work of compressing: no zip has a size or a digest.
#[track_caller]
fn rejects(project: &Project, args: &[&str], lint: &str) -> Outcome {
    let json = ["--message-format", "json"];
    let outcome = project.run(&[&json[..], args].concat());
    let report = outcome.exits(1).says(lint).json();
    let archive = &report["archives"][0];
    assert_eq!(archive["findings"][0]["lint"], lint);
    assert_eq!(archive["findings"][0]["level"], "deny");
    for field in ["zipped_bytes", "sha256", "code_sha256", "direct_upload"] {
        assert!(archive[field].is_null(), "{field}: {archive}");
    }
    assert_eq!(archive["fresh"], false);
    assert!(project.zips().is_empty());
    outcome
}

#[test]
fn a_layer_that_leaves_no_room_for_the_code_is_too_large() {
    let project = orders().file("data.bin", &"x".repeat(5000));
    let args = ["--layer", "250MiB", "--include", "data.bin"];
    let outcome = rejects(&project, &args, "unzipped-too-large");
    outcome.says("`data.bin` 5 KiB").says("come on top");
    outcome.says("layers").says("262144000");
    assert!(project.build_calls().is_empty());
    let room = (250_u64 << 20) - 5000 - 100;
    let args = ["--layer", &room.to_string(), "--include", "data.bin"];
    let outcome = rejects(&project, &args, "unzipped-too-large");
    outcome.says("`data.bin` 5 KiB").says("`bootstrap`");
}

#[test]
fn a_layer_that_leaves_room_is_none_of_our_business() {
    let project = orders();
    let outcome = project.run(&["--layer", "249 MiB"]);
    outcome.exits(0).never_says("warning");
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn sizes_of_several_layers_add_up() {
    let args = ["--layer", "100MiB", "--layer", "150 MB"];
    rejects(&orders(), &args, "unzipped-too-large");
}

#[test]
fn sizes_may_have_fractions() {
    let fits = ["--layer", "249.75MiB", "--layer", ".125 MiB"];
    orders().run(&fits).exits(0);
    let args = ["--layer", "249.75MiB", "--layer", ".25 MiB"];
    rejects(&orders(), &args, "unzipped-too-large");
}

#[test]
fn a_sixth_layer_is_one_too_many() {
    let layers = ["--layer", "1KiB"].repeat(6);
    orders().run(&layers[..10]).exits(0);
    rejects(&orders(), &layers, "too-many-layers").says("6 layers");
}

#[test]
fn layers_of_manifest_and_command_line_add_up() {
    let table = "[package.metadata.lambda-zip]\n\
                 layers = [\"1KiB\", \"1KiB\", \"1KiB\", \"1KiB\", \"1KiB\"]\n";
    let project = Project::package("orders", table);
    rejects(&project, &["--layer", "1KiB"], "too-many-layers");
    project.run(&[]).exits(0);
}

#[test]
fn a_layers_zip_counts_with_what_it_unzips_to() {
    let project = orders();
    project.add_hole("zeros", 10 * MIB);
    let layer = ["--include", "zeros", "-o", "layer.zip"];
    project.run(&layer).exits(0);
    assert!(project.read("layer.zip").len() < 100_000);

    let args = ["--layer", "layer.zip", "--layer"];
    let too_much = [&args[..], &["241MiB"]].concat();
    rejects(&project, &too_much, "unzipped-too-large");
    project.run(&[&args[..], &["239MiB"]].concat()).exits(0);
}

#[test]
fn a_layers_zip_in_a_manifest_is_relative_to_it() {
    let table = "[package.metadata.lambda-zip]\nlayers = [\"layer.zip\"]\n";
    let project = Project::workspace("").member("orders", table);
    let missing = project.run(&[]);
    missing.exits(3).says("crates/orders/layer.zip");
    project.run(&["-o", "crates/orders/layer.zip"]).exits(3);
}

#[test]
fn a_layer_that_is_not_there_is_said_before_anything_is_built() {
    let project = orders();
    let outcome = project.run(&["--layer", "layer.zip"]);
    outcome.exits(3).prints_nothing().says("layer.zip");
    assert!(project.build_calls().is_empty(), "nothing is built");
}

#[test]
fn a_layer_that_is_no_zip_is_said_before_anything_is_built() {
    let project = orders().file("layer.zip", "no zip");
    let outcome = project.run(&["--layer", "layer.zip"]);
    outcome.exits(4).prints_nothing().says("layer.zip");
    assert!(project.build_calls().is_empty(), "nothing is built");
}

#[test]
fn a_library_of_a_layer_is_for_the_functions_architecture() {
    let project = orders()
        .compiles_to(
            "orders/orders",
            &Elf::dynamic(Machine::X86_64).needs("libgreet.so", &[]),
        )
        .file("src/main.rs", "fn main() {}\n");
    let layer = |machine| {
        let library = Forged::file("lib/libgreet.so", 0o755, Elf::dynamic(machine).bytes());
        project.write("layer.zip", Forgery::of([library]).bytes());
    };
    layer(Machine::X86_64);
    project.run(&["--layer", "layer.zip"]).exits(0);
    layer(Machine::Aarch64);
    let outcome = project.run(&["--layer", "layer.zip"]);
    outcome.exits(1).says("missing-library").says("libgreet.so");
}

#[test]
fn a_layer_that_is_damaged_is_said_before_anything_is_built() {
    let project = orders();
    let mut layer = Forgery::of([Forged::file("data", 0o644, "something")]).bytes();
    let place = layer.windows(9).position(|bytes| bytes == b"something");
    layer[place.unwrap()] ^= 1;
    project.write("layer.zip", layer);
    let outcome = project.run(&["--layer", "layer.zip"]);
    outcome
        .exits(4)
        .prints_nothing()
        .says("layer.zip")
        .says("checksum");
    assert!(project.build_calls().is_empty(), "nothing is built");
}
