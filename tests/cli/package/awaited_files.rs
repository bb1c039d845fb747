//! Included files that only the build makes, in a checkout that was never built.

use forge::{Elf, Machine};

use crate::support::project::Project;

const CONFIG: &str = "[package.metadata.lambda-zip]\ninclude = [\"gen.txt\", \"assets/*.css\"]\n";
const SCRIPT: &str = "echo made >gen.txt\nmkdir -p assets\necho made >assets/page.css\n";

#[test]
fn files_that_a_build_script_makes_are_awaited() {
    let project = Project::package("orders", CONFIG).build_script("", "orders", SCRIPT);
    let dry = project.run(&["--dry-run"]);
    dry.exits(0)
        .says("nothing is there yet for the include `gen.txt` of `orders`")
        .says("nothing is there yet for the include `assets/*.css` of `orders`");
    project.run(&[]).exits(0).says("Packaged orders");
    let zip = project.zip("orders-x86_64.zip");
    assert_eq!(zip.entry("gen.txt").data, b"made\n");
    assert_eq!(zip.entry("assets/page.css").data, b"made\n");
    project.run(&[]).exits(0).says("Fresh orders");
}

#[test]
fn what_no_build_script_has_made_is_missed_after_the_build() {
    let project = Project::package("orders", CONFIG).build_script("", "orders", "");
    for compiles in [true, false] {
        let outcome = project.run(&[]);
        outcome
            .exits(3)
            .says("cannot include `gen.txt`")
            .says("no build script of this run has made the file");
        assert_eq!(outcome.stderr.contains("Compiling"), compiles);
        assert!(project.zips().is_empty());
    }
    let project = project.file("gen.txt", "").file("assets/page.txt", "");
    let outcome = project.run(&[]);
    outcome.exits(2).says("the glob matches nothing");
    assert!(project.zips().is_empty());
}

/// Where no build script writes, a typing error costs no build.
#[test]
fn what_no_build_could_make_is_missed_before_the_build() {
    let project = Project::workspace("").member("orders", CONFIG);
    let project = project
        .member("rates", "")
        .build_script("crates/rates/", "rates", "");
    let missed = |args: &[&str]| {
        let outcome = project.run(args);
        outcome.exits(3).says("run `cargo build` once before");
        assert!(!outcome.stderr.contains("Compiling"), "{}", outcome.stderr);
    };
    missed(&[]);
    missed(&["-p", "rates", "--include", "/no/such/file=x"]);
    // A layer without a program is not built.
    missed(&["layer", "fonts", "--include", "crates/rates/gen.txt"]);
}

#[test]
fn other_packages_and_the_target_folder_are_places_of_build_scripts() {
    let include = "include = [\"crates/rates/gen.txt\", \"target/made.txt\", \"made.txt\"]";
    let project = Project::workspace(&format!("[workspace.metadata.lambda-zip]\n{include}\n"))
        .member("orders", "")
        .member("rates", "");
    let script = "echo made | tee gen.txt ../../target/made.txt >../../made.txt\n";
    let project = project.build_script("crates/rates/", "rates", script);
    project.run(&[]).exits(0);
    for bin in ["orders", "rates"] {
        let zip = project.zip(&format!("{bin}-x86_64.zip"));
        for name in ["crates/rates/gen.txt", "target/made.txt", "made.txt"] {
            assert_eq!(zip.entry(name).data, b"made\n", "{name} of {bin}");
        }
    }
}

/// Cargo runs the build script of a package only if it builds something of it.
#[test]
fn the_build_script_of_a_library_runs_for_what_is_included_of_it() {
    let config = "[package.metadata.lambda-zip]\ninclude = [\"../rates/gen.txt=gen.txt\"]\n";
    let script = "echo made >gen.txt\n";
    let project = Project::workspace("")
        .member("orders", config)
        .member("rates", "")
        .without_main("crates/rates/")
        .build_script("crates/rates/", "rates", script)
        .member("other", "")
        .without_main("crates/other/");
    let packs = || {
        project
            .zip("orders-x86_64.zip")
            .entry("gen.txt")
            .data
            .clone()
    };
    project.run(&[]).exits(0);
    assert_eq!(packs(), b"made\n");
    project.write("crates/rates/gen.txt", "old");
    project.write("crates/rates/build.rs", "fn main() { /* new */ }");
    project.run(&[]).exits(0);
    assert_eq!(packs(), b"made\n");

    // As for Cargo, a package that is not selected, or of which nothing is, is not built.
    project.write("crates/rates/gen.txt", "old");
    project.write("crates/rates/build.rs", "fn main() { /* newer */ }");
    for args in [&["-p", "orders"][..], &["--bin", "orders"]] {
        project.run(args).exits(0);
        assert_eq!(packs(), b"old");
    }

    let project = Project::workspace("")
        .member("orders", "")
        .member("rates", "")
        .without_main("crates/rates/")
        .build_script("crates/rates/", "rates", script);
    project.run(&[]).exits(0);
    assert!(
        !project.compiled().contains(&"rates".to_owned()),
        "{:?}",
        project.compiled()
    );
}

fn layer_of(orders: &str, layer: &str) -> String {
    format!(
        "[package.metadata.lambda-zip]\n{orders}\n[package.metadata.lambda-zip.layer.lay]\n{layer}\n"
    )
}

/// A layer without programs that a function takes is made after the build of the function.
#[test]
fn layers_of_functions_await_what_a_build_script_makes() {
    let config = layer_of("layers = [\"lay\"]", "include = [\"gen.txt\", \"assets\"]");
    let project = Project::package("orders", &config).build_script("", "orders", SCRIPT);
    let dry = project.run(&["--dry-run"]);
    dry.exits(0)
        .says("nothing is there yet for the include `gen.txt` of `lay`");
    // `layer` alone builds nothing.
    let alone = project.run(&["layer", "lay"]);
    alone.exits(3).says("run `cargo build` once before");
    project.run(&[]).exits(0).says("Packaged lay");
    let zip = project.zip("lay.zip");
    assert_eq!(zip.entry("gen.txt").data, b"made\n");
    assert_eq!(zip.entry("assets/page.css").data, b"made\n");
    project.run(&[]).exits(0).says("Fresh lay");
}

#[test]
fn layers_without_what_no_build_script_has_made_are_refused() {
    let config = layer_of("layers = [\"lay\"]", "include = \"gen.txt\"");
    let project = Project::package("orders", &config).build_script("", "orders", "");
    let outcome = project.run(&[]);
    outcome
        .exits(3)
        .says("cannot include `gen.txt`")
        .says("no build script of this run has made the file");
    assert!(project.zips().is_empty());
}

/// A file for one architecture is not in a layer for all of them.
#[test]
fn the_architecture_of_a_layer_is_that_of_the_files_that_the_build_makes() {
    let script = "cp \"$CARGO_MANIFEST_DIR/ready\" libone.so\n";
    let of = |layer: &str| {
        let config = layer_of(
            "layers = [\"lay\"]",
            &format!("include = \"libone.so=lib/\"\n{layer}"),
        );
        let project = Project::package("orders", &config).build_script("", "orders", script);
        project.write(
            "ready",
            Elf::dynamic(Machine::X86_64).soname("libone.so").bytes(),
        );
        project
    };
    let project = of("");
    let outcome = project.run(&[]);
    outcome
        .exits(2)
        .says("the build has made `lib/libone.so` for x86_64")
        .says("`architectures`");
    assert!(project.zips().is_empty());
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["lay-x86_64.zip", "orders-x86_64.zip"]);

    let project = of("architectures = [\"x86_64\"]");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["lay-x86_64.zip", "orders-x86_64.zip"]);
}

/// The package of the layer has no program, so that Cargo builds its library for its build script.
#[test]
fn the_build_script_of_a_library_runs_for_a_layer() {
    let orders = "[package.metadata.lambda-zip]\nlayers = [\"lay\"]\n";
    let project = Project::workspace("")
        .member("orders", orders)
        .member("rates", &layer_of("", "include = \"gen.txt\""))
        .without_main("crates/rates/")
        .build_script("crates/rates/", "rates", "echo made >gen.txt\n");
    project.run(&[]).exits(0);
    assert_eq!(project.zip("lay.zip").entry("gen.txt").data, b"made\n");
}
