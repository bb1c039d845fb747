//! What reaches Cargo: its own options, unchanged, in one invocation.

use crate::support::cargo::{AARCH64, Call, X86_64};
use crate::support::project::Project;

const FEATURES: &str = "[features]\ndefault = [\"base\"]\nbase = []\nadmin = []\nextra = []\n";

fn project() -> Project {
    Project::package("orders", FEATURES).locked("orders")
}

/// The one `cargo build` of a successful run.
#[track_caller]
fn build(project: &Project, args: &[&str]) -> Call {
    project.run(args).exits(0);
    only(project)
}

#[track_caller]
fn only(project: &Project) -> Call {
    let mut calls = project.build_calls();
    assert_eq!(calls.len(), 1, "one invocation: {calls:?}");
    calls.remove(0)
}

/// Whether `words` stand in the call one after another, or as `--option=value`.
fn has(call: &Call, words: &[&str]) -> bool {
    let joined = words.join("=");
    call.windows(words.len()).any(|window| window == words) || call.contains(&joined)
}

#[track_caller]
fn passes(args: &[&str], words: &[&str]) {
    let call = build(&project(), args);
    assert!(has(&call, words), "{words:?} is missing: {call:?}");
}

#[test]
fn all_targets_are_one_invocation() {
    let call = build(&project(), &["--arch", "arm64,x86_64"]);
    assert!(has(&call, &["--target", X86_64]), "{call:?}");
    assert!(has(&call, &["--target", AARCH64]), "{call:?}");
}

#[test]
fn several_packages_of_one_workspace_are_one_invocation() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "");
    build(&project, &["--arch", "arm64,x86_64"]);
}

#[test]
fn diagnostics_are_left_to_cargo() {
    let call = build(&project(), &[]);
    let format = ["--message-format", "json-render-diagnostics"];
    assert!(has(&call, &format), "{call:?}");
}

#[test]
fn features_have_cargos_meaning() {
    // Cargo tells the compiler which features hold.
    let features_with = |args: &[&str]| {
        let project = project();
        build(&project, args);
        let call = project.stage().rustc_calls().remove(0);
        let on = |word: &&String| word.starts_with("feature=");
        let mut features: Vec<String> = call.iter().filter(on).cloned().collect();
        features.sort();
        features.join(" ").replace("feature=", "").replace('"', "")
    };
    assert_eq!(features_with(&[]), "base default");
    assert_eq!(features_with(&["--no-default-features"]), "");
    assert_eq!(features_with(&["-F", "admin"]), "admin base default");
    assert_eq!(
        features_with(&["--features", "admin,extra", "--no-default-features"]),
        "admin extra"
    );
    assert_eq!(
        features_with(&["-F", "admin extra", "-F", "base"]),
        "admin base default extra"
    );
    assert_eq!(
        features_with(&["--all-features"]),
        "admin base default extra"
    );
}

#[test]
fn jobs_are_passed_on() {
    for args in [&["-j", "1"][..], &["-j1"], &["--jobs", "1"], &["--jobs=1"]] {
        let call = build(&project(), args);
        let jobs = has(&call, &["-j", "1"]) || has(&call, &["--jobs", "1"]) || has(&call, &["-j1"]);
        assert!(jobs, "{args:?} is missing: {call:?}");
    }
}

#[test]
fn keep_going_is_passed_on() {
    passes(&["--keep-going"], &["--keep-going"]);
}

#[test]
fn ignore_rust_version_is_passed_on() {
    passes(&["--ignore-rust-version"], &["--ignore-rust-version"]);
}

#[test]
fn timings_are_passed_on() {
    passes(&["--timings"], &["--timings"]);
}

#[test]
fn verbosity_is_passed_on() {
    let call = build(&project(), &["-vv"]);
    let verbose = call
        .iter()
        .filter(|word| *word == "-v" || *word == "--verbose")
        .count();
    assert!(verbose == 2 || has(&call, &["-vv"]), "{call:?}");
}

#[test]
fn colour_is_passed_on() {
    passes(&["--color", "never"], &["--color", "never"]);
}

#[test]
fn unstable_flags_are_passed_on() {
    let project = project();
    project
        .command(&["-Z", "unstable-options", "-Zgitoxide"])
        .env("RUSTC_BOOTSTRAP", "1")
        .run()
        .exits(0);
    let call = only(&project);
    for flag in ["unstable-options", "gitoxide"] {
        let passed = has(&call, &["-Z", flag]) || call.contains(&format!("-Z{flag}"));
        assert!(passed, "{flag} is missing: {call:?}");
    }
}

#[test]
fn lock_and_network_flags_reach_every_cargo_that_runs() {
    for flag in ["--locked", "--offline", "--frozen"] {
        let project = project();
        build(&project, &[flag]);
        for call in project.stage().cargo_calls() {
            if ["build", "metadata"].contains(&call[0].as_str()) {
                assert!(call.iter().any(|word| word == flag), "{flag}: {call:?}");
            }
        }
    }
}

#[test]
fn a_stale_lockfile_is_refused_under_locked() {
    let project = Project::package("orders", "").locked("other");
    project.run(&["--locked"]).says("--locked");
    assert_eq!(project.compiled(), [""; 0]);
    assert!(project.zips().is_empty());
}

#[test]
fn a_config_value_counts_as_it_does_for_cargo() {
    let project = project();
    project
        .run(&[
            "--config",
            "build.rustflags=[\"-C\", \"target-cpu=neoverse-n1\"]",
        ])
        .exits(0);
    let options = project.codegen_options("orders", X86_64);
    assert!(
        options.contains(&"target-cpu=neoverse-n1".to_owned()),
        "{options:?}"
    );
}

#[test]
fn a_config_value_decides_for_us_too() {
    let project = project();
    project
        .run(&["--config", "build.target-dir=\"elsewhere\""])
        .exits(0);
    assert_eq!(project.files("elsewhere/lambda-zip"), ["orders-x86_64.zip"]);
}

#[test]
fn a_manifest_can_be_named_from_anywhere() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "");
    let manifest = project.path("crates/stock/Cargo.toml");
    let manifest = manifest.to_str().unwrap();
    let elsewhere = Project::empty();
    project
        .command(&["--manifest-path", manifest])
        .from(elsewhere.path("").to_str().unwrap())
        .run()
        .exits(0);
    assert_eq!(project.zips(), ["stock-x86_64.zip"]);
}

#[test]
fn a_relative_manifest_path_is_relative_to_the_current_folder() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "");
    project
        .command(&["--manifest-path", "../stock/Cargo.toml"])
        .from("crates/orders")
        .run()
        .exits(0);
    assert_eq!(project.zips(), ["stock-x86_64.zip"]);
}

#[test]
fn the_zips_follow_the_target_folder() {
    let project = project();
    project.run(&["--target-dir", "built here"]).exits(0);
    assert_eq!(
        project.files("built here/lambda-zip"),
        ["orders-x86_64.zip"]
    );
    assert!(!project.path("target").exists());
}

#[test]
fn the_target_folder_of_environment_and_config_is_honoured() {
    let project = project();
    project
        .command(&[])
        .env("CARGO_TARGET_DIR", "by env")
        .run()
        .exits(0);
    assert_eq!(project.files("by env/lambda-zip"), ["orders-x86_64.zip"]);

    let project = project.file(
        ".cargo/config.toml",
        "[build]\ntarget-dir = \"by config\"\n",
    );
    project.run(&[]).exits(0);
    assert_eq!(project.files("by config/lambda-zip"), ["orders-x86_64.zip"]);
}

#[test]
fn the_cargo_that_runs_us_is_the_cargo_we_run() {
    let project = project();
    project
        .command(&[])
        .env("PATH", "/usr/bin:/bin")
        .run()
        .exits(0);
    assert_eq!(project.build_calls().len(), 1);
}
