//! With a wrapper of rustc, which may be a cache, no path of a checkout is in the arguments for crates
//! that all checkouts share.

use fs_err as fs;

use crate::support::cargo::X86_64;
use crate::support::project::Project;

/// The program `shop`, and the library `pricing` in the folder of Cargo, where Cargo keeps the
/// packages of registries. The wrapper writes its calls down.
fn project() -> Project {
    let manifest = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}")
    };
    let tables = "[dependencies]\npricing = { path = \"../home/pricing\" }\n[workspace]\n";
    let project = Project::empty()
        .file("home/pricing/src/lib.rs", "")
        .file("home/pricing/Cargo.toml", &manifest("pricing", ""))
        .file("shop/src/main.rs", "fn main() {}\n")
        .file("shop/Cargo.toml", &manifest("shop", tables))
        .file(
            "wrapper",
            "#!/bin/sh\necho \"$PATH\" >>\"$STAGE/wrapper.log\"\nexec \"$@\"\n",
        );
    project.set_mode("wrapper", 0o755);
    project
}

/// Builds with `args`, and returns whether rustc was called by the wrapper.
#[track_caller]
fn build(project: &Project, args: &[&str], wrapper: &str) -> bool {
    let home = project.path("home");
    let args = [&["--manifest-path", "shop/Cargo.toml"], args].concat();
    let run = project
        .command(&args)
        .env("CARGO_HOME", home.to_str().unwrap())
        .env("RUSTC_WRAPPER", wrapper);
    run.run().exits(0);
    project.stage().path("wrapper.log").is_file()
}

/// The new names that folders have in a crate.
fn new_names(project: &Project, name: &str) -> Vec<String> {
    let calls = project.stage().rustc_calls();
    let call = calls.iter().rfind(|call| call[1] == name).unwrap();
    let flags = call.iter().filter_map(|argument| {
        let remap = argument.strip_prefix("--remap-path-prefix=")?;
        Some(remap.rsplit_once('=')?.1.to_owned())
    });
    flags.collect()
}

fn linker(project: &Project) -> String {
    let options = project.codegen_options("shop", X86_64);
    let mut linkers = options
        .iter()
        .filter_map(|option| option.strip_prefix("linker="));
    linkers.next().unwrap().to_owned()
}

#[test]
fn finds_the_linker_by_its_name() {
    let project = project();
    let wrapper = project.path("wrapper");
    assert!(build(&project, &[], wrapper.to_str().unwrap()));
    assert_eq!(linker(&project), "rust-lld-0");
    let log = fs::read_to_string(project.stage().path("wrapper.log")).unwrap();
    let (folder, _) = log.lines().last().unwrap().split_once(':').unwrap();
    let link = fs::canonicalize(format!("{folder}/rust-lld-0")).unwrap();
    assert_eq!(
        link,
        fs::canonicalize(env!("CARGO_BIN_EXE_cargo-lambda-zip")).unwrap()
    );
}

#[test]
fn without_one_the_linker_has_its_path() {
    let project = project();
    assert!(!build(&project, &[], ""));
    assert!(linker(&project).ends_with("/.lambda-zip/linker/rust-lld"));
}

#[test]
fn gets_the_folders_of_the_workspace_for_its_own_crates_only() {
    let own = ["/cargo", "/workspace", "/target"];
    let project = project();
    let wrapper = project.path("wrapper");
    assert!(build(
        &project,
        &["--reproducible"],
        wrapper.to_str().unwrap()
    ));
    assert_eq!(new_names(&project, "shop"), own);
    assert_eq!(new_names(&project, "pricing"), ["/cargo"]);

    // Without a wrapper, all crates have the same flags.
    build(&project, &["--reproducible"], "");
    assert_eq!(new_names(&project, "shop"), own);
    assert_eq!(new_names(&project, "pricing"), own);
}

#[test]
fn gets_all_folders_for_packages_elsewhere() {
    let project = project();
    let wrapper = project.path("wrapper");
    let home = project.path("shop/home");
    let args = ["--manifest-path", "shop/Cargo.toml", "--reproducible"];
    let run = project
        .command(&args)
        .env("CARGO_HOME", home.to_str().unwrap())
        .env("RUSTC_WRAPPER", wrapper.to_str().unwrap());
    run.run().exits(0);
    let names = [
        "/cargo",
        "/dependencies/pricing-0.1.0",
        "/workspace",
        "/target",
    ];
    assert_eq!(new_names(&project, "pricing"), names);
}

#[test]
fn of_the_configuration_is_called_too() {
    let project = project();
    let wrapper = project.path("wrapper");
    let setting = format!("build.rustc-wrapper={:?}", wrapper.to_str().unwrap());
    let home = project.path("home");
    let args = [
        "--manifest-path",
        "shop/Cargo.toml",
        "--reproducible",
        "--config",
        &setting,
    ];
    let run = project
        .command(&args)
        .env("CARGO_HOME", home.to_str().unwrap());
    run.run().exits(0);
    assert_eq!(new_names(&project, "pricing"), ["/cargo"]);
    assert!(project.stage().path("wrapper.log").is_file());
}
