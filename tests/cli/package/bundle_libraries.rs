//! Shared libraries of this machine that a gnu program needs.

use std::os::unix::fs::symlink;

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::cargo::X86_64_GNU;
use crate::support::project::Project;

const GNU: [&str; 4] = ["--target", X86_64_GNU, "--builder", "cargo"];
const ZIP: &str = "orders-x86_64-gnu.zip";

fn library(soname: &str) -> Elf {
    Elf::static_pie(Machine::X86_64).soname(soname)
}

/// A program that needs `libone.so.1`, which needs `libtwo.so.2`. Its build script names two folders.
/// The first has a library for another machine, and the second has `libtwo.so` without a version.
fn project(more: &str) -> Project {
    let needs = Elf::dynamic(Machine::X86_64).needs("libone.so.1", &[]);
    let project = Project::package("orders", more).compiles_to("orders/orders", &needs);
    let one = library("libone.so.1").needs("libtwo.so.2", &[]);
    let two = library("libtwo.so.2").needs("libc.so.6", &[]);
    project.write("arm/libone.so.1", Elf::static_pie(Machine::Aarch64).bytes());
    project.write("libs/libone.so.1.2", one.bytes());
    project.write("libs/libtwo.so", two.bytes());
    project.write("libs/libc.so.6", library("libc.so.6").bytes());
    symlink("libone.so.1.2", project.path("libs/libone.so.1")).unwrap();
    let [arm, libs] = ["arm", "libs"].map(|folder| project.path(folder));
    let script = format!(
        "echo 'cargo:rustc-link-search=native={}'\necho 'cargo:rustc-link-search={}'\n",
        arm.display(),
        libs.display()
    );
    project.build_script("", "orders", &script)
}

fn names(project: &Project) -> Vec<String> {
    let zip = project.zip(ZIP);
    zip.entries.iter().map(|entry| entry.name.clone()).collect()
}

#[test]
fn the_finding_says_where_they_are() {
    let project = project("");
    let libs = project.path("libs").canonicalize().unwrap();
    let include = |from: &str, to| format!("--include '{}={to}'`", libs.join(from).display());
    // The second build is fresh, and knows the folders too.
    for _ in 0..2 {
        project
            .run(&GNU)
            .exits(1)
            .says("error[missing-library]")
            .says(&include("libone.so.1.2", "lib/libone.so.1"))
            .says(&include("libtwo.so", "lib/libtwo.so.2"))
            .says("`--bundle-libraries`");
    }
    // What the finding says is the way out.
    let [one, two] = [
        ("libone.so.1.2", "libone.so.1"),
        ("libtwo.so", "libtwo.so.2"),
    ]
    .map(|(from, to)| format!("{}=lib/{to}", libs.join(from).display()));
    let args = [&GNU[..], &["--include", &one, "--include", &two]].concat();
    project.run(&args).exits(0).never_says("missing-library");
}

#[test]
fn they_are_bundled_with_what_they_need_in_turn() {
    let project = project("");
    let args = [&GNU[..], &["--bundle-libraries"]].concat();
    let outcome = project.run(&args);
    outcome
        .exits(0)
        .never_says("missing-library")
        .says("Packaged");
    let expected = ["bootstrap", "lib/libone.so.1", "lib/libtwo.so.2"];
    assert_eq!(names(&project), expected);
    let zip = project.zip(ZIP);
    assert_eq!(zip.entries[1].data, project.read("libs/libone.so.1.2"));
    assert_eq!(zip.entries[2].data, project.read("libs/libtwo.so"));
    project.run(&args).exits(0).says("Fresh");

    // A library that has changed is noticed, although Cargo has nothing to do.
    let changed = library("libtwo.so.2").payload("other code");
    project.write("libs/libtwo.so", changed.bytes());
    project.run(&args).exits(0).says("Packaged");
    assert_eq!(project.zip(ZIP).entries[2].data, changed.bytes());

    // What the package has already stays, and brings what it needs.
    project.write("lib/libone.so.1", library("libone.so.1").bytes());
    let included = [&args[..], &["--include", "lib"]].concat();
    project.run(&included).exits(0);
    assert_eq!(names(&project), ["bootstrap", "lib/libone.so.1"]);
}

#[test]
fn a_library_that_is_nowhere_is_named() {
    let project = project("");
    fs::remove_file(project.path("libs/libtwo.so")).unwrap();
    let args = [&GNU[..], &["--bundle-libraries"]].concat();
    project
        .run(&args)
        .exits(1)
        .says("error[missing-library]")
        .says("`bundle-libraries` has not found `libtwo.so.2`");
    assert_eq!(project.zips(), [""; 0]);
    // A library of another name does not stand in for it.
    project.write("libs/libtwo.so", library("libtwo.so.3").bytes());
    project
        .run(&args)
        .exits(1)
        .says("has not found `libtwo.so.2`");
}

#[test]
fn no_library_of_glibc_and_none_over_an_included_file_is_bundled() {
    let project = project("");
    project.write("libs/libnsl.so.1", library("libnsl.so.1").bytes());
    project.write("libs/libone.so.1.2", library("libone.so.1").bytes());
    let needs = Elf::dynamic(Machine::X86_64)
        .needs("libone.so.1", &[])
        .needs("libnsl.so.1", &[]);
    project.prepare("orders/orders", &needs);
    let args = [&GNU[..], &["--bundle-libraries"]].concat();
    let outcome = project.run(&args);
    outcome.exits(1).says("has not found `libnsl.so.1`");

    project.prepare(
        "orders/orders",
        &Elf::dynamic(Machine::X86_64).needs("libone.so.1", &[]),
    );
    project.write("src/main.rs", "fn main() { }\n");
    project.write("lib/libone.so.1", "not a library");
    let included = [&args[..], &["--include", "lib"]].concat();
    project.run(&included).exits(1).says("needs `libone.so.1`");
}

#[test]
fn the_setting_is_a_key_and_a_variable_and_musl_needs_none() {
    let keyed = project("[package.metadata.lambda-zip]\nbundle-libraries = true\n");
    keyed.run(&GNU).exits(0);
    assert_eq!(names(&keyed).len(), 3);
    let project = project("");
    let variable = |value| {
        let run = project.command(&GNU);
        run.env("CARGO_LAMBDA_ZIP_BUNDLE_LIBRARIES", value).run()
    };
    variable("false").exits(1).says("missing-library");
    variable("true").exits(0);
    project.prepare("orders/orders", &Elf::static_pie(Machine::X86_64));
    project
        .run(&["--bundle-libraries"])
        .exits(0)
        .never_says("bundle");
}

#[test]
fn a_layer_gets_them_too_and_unknown_layers_are_not_relied_on() {
    let project = project("");
    let layer = ["layer", "tools", "--bin", "orders", "--bundle-libraries"];
    project.run(&[&layer[..], &GNU].concat()).exits(0);
    let zip = project.zip("tools-x86_64-gnu.zip");
    let names: Vec<_> = zip.entries.iter().map(|entry| &*entry.name).collect();
    assert_eq!(names, ["bin/orders", "lib/libone.so.1", "lib/libtwo.so.2"]);

    let sized = [&GNU[..], &["--bundle-libraries", "--layer", "1 MiB"]].concat();
    project.run(&sized).exits(0);
    assert_eq!(self::names(&project).len(), 3);
}
