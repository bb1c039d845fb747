//! Cargo's configuration, wherever it stands, is honoured; and what is unusual in it breaks
//! nothing.

use crate::support::cargo::{AARCH64, X86_64};
use crate::support::project::{Project, orders};

const CONFIG: &str = ".cargo/config.toml";

#[track_caller]
fn has(project: &Project, target: &str, expected: &str) {
    let options = project.codegen_options("orders", target);
    assert!(
        options.iter().any(|option| option == expected),
        "{expected} is missing: {options:?}"
    );
}

#[track_caller]
fn has_no(project: &Project, target: &str, unwanted: &str) {
    let options = project.codegen_options("orders", target);
    assert!(
        !options.iter().any(|option| option.starts_with(unwanted)),
        "{unwanted}: {options:?}"
    );
}

#[test]
fn the_default_number_of_jobs_may_be_said_so() {
    let project = orders().file(CONFIG, "[build]\njobs = \"default\"\n");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);

    let project = orders();
    let run = project.command(&[]);
    run.env("CARGO_BUILD_JOBS", "default").run().exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn beside_the_default_number_of_jobs_a_linker_still_counts() {
    let linker = format!("[target.{X86_64}]\nlinker = \"my-linker\"\n");
    let project = orders().file(CONFIG, &format!("[build]\njobs = \"default\"\n{linker}"));
    project.run(&[]).exits(0);
    has(&project, X86_64, "linker=my-linker");

    let project = orders();
    let run = project.command(&[]).env("CARGO_BUILD_JOBS", "default");
    run.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER", "my-linker")
        .run()
        .exits(0);
    has(&project, X86_64, "linker=my-linker");
}

#[test]
fn beside_the_default_number_of_jobs_the_build_target_still_counts() {
    let config = format!("[build]\njobs = \"default\"\ntarget = \"{AARCH64}\"\n");
    let project = orders().file(CONFIG, &config);
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip"]);

    let project = orders();
    let run = project.command(&[]).env("CARGO_BUILD_JOBS", "default");
    run.env("CARGO_BUILD_TARGET", AARCH64).run().exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip"]);
}

#[test]
fn beside_the_default_number_of_jobs_offline_still_means_offline() {
    let config = "[build]\njobs = \"default\"\n[net]\noffline = true\n";
    let project = orders().file(CONFIG, config);
    project.stage().uninstall_target(AARCH64);
    project.run(&["--arch", "arm64"]).exits(3);
    assert!(project.stage().rustup_calls().is_empty());

    let project = orders();
    project.stage().uninstall_target(AARCH64);
    let run = project.command(&["--arch", "arm64"]);
    run.env("CARGO_BUILD_JOBS", "default")
        .env("CARGO_NET_OFFLINE", "true")
        .run()
        .exits(3);
    assert!(project.stage().rustup_calls().is_empty());
}

#[test]
fn a_file_that_is_included_counts_where_cargo_reads_it() {
    // Older Cargos warn of the key and do not read the file. Whether this one does is
    // seen by where it builds.
    let included = format!(
        "[build]\ntarget-dir = \"elsewhere\"\n\
         [target.{X86_64}]\nlinker = \"my-linker\"\n\
         [profile.lambda]\ninherits = \"release\"\nlto = \"fat\"\n"
    );
    let project = orders()
        .file(CONFIG, "include = [\"inc.toml\"]\n")
        .file(".cargo/inc.toml", &included);
    project.run(&[]).exits(0);
    if project.path("elsewhere").exists() {
        assert_eq!(project.files("elsewhere/lambda-zip"), ["orders-x86_64.zip"]);
        has(&project, X86_64, "linker=my-linker");
        has(&project, X86_64, "lto=fat");
        has_no(&project, X86_64, "codegen-units");
        has_no(&project, X86_64, "strip=symbols");
    } else {
        assert_eq!(project.zips(), ["orders-x86_64.zip"]);
    }
}

#[test]
fn a_linker_for_a_cfg_on_the_command_line_is_left_alone() {
    let project = orders();
    let config = "target.\"cfg(unix)\".linker=\"my-linker\"";
    project.run(&["--config", config]).exits(0);
    has(&project, X86_64, "linker=my-linker");
    let options = project.codegen_options("orders", X86_64);
    let linkers = options
        .iter()
        .filter(|option| option.starts_with("linker="));
    assert_eq!(linkers.count(), 1);
}

#[test]
fn quiet_may_come_from_the_configuration() {
    let project = orders();
    let outcome = project.run(&["--config", "term.quiet=true"]);
    outcome.exits(0).prints_nothing();
    assert_eq!(outcome.stderr, "");

    let project = orders().file(CONFIG, "[term]\nquiet = true\n");
    assert_eq!(project.run(&[]).exits(0).stderr, "");
    // The command line is stronger.
    project.run(&["-v"]).exits(0).says("orders-x86_64.zip");
}

#[test]
fn one_key_of_the_lambda_profile_in_the_environment_leaves_the_others() {
    let project = orders();
    let run = project.command(&[]);
    run.env("CARGO_PROFILE_LAMBDA_OPT_LEVEL", "z")
        .run()
        .exits(0);
    for option in [
        "opt-level=z",
        "lto=thin",
        "codegen-units=1",
        "strip=symbols",
    ] {
        has(&project, X86_64, option);
    }
}

#[test]
fn a_key_of_the_lambda_profile_in_the_environment_is_not_overridden() {
    let project = orders();
    let run = project.command(&[]);
    run.env("CARGO_PROFILE_LAMBDA_LTO", "fat").run().exits(0);
    for option in ["opt-level=3", "lto=fat", "codegen-units=1", "strip=symbols"] {
        has(&project, X86_64, option);
    }
}

#[test]
fn an_empty_config_file_is_no_obstacle() {
    let project = orders().file(CONFIG, "");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}
