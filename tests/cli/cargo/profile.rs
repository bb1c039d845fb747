//! The `lambda` profile: small by default, and nothing of the user's overridden. What counts is
//! what the compiler is told in the end.

use crate::support::cargo::X86_64;
use crate::support::project::Project;

#[track_caller]
fn options(project: &Project, args: &[&str]) -> Vec<String> {
    project.run(args).exits(0);
    project.codegen_options("orders", X86_64)
}

#[track_caller]
fn compiles_with(project: &Project, expected: &[&str]) {
    let options = options(project, &[]);
    for option in expected {
        assert!(
            options.iter().any(|one| one == option),
            "{option} is missing: {options:?}"
        );
    }
    for option in ["lto", "codegen-units", "strip", "opt-level", "panic"] {
        let said = options
            .iter()
            .filter(|one| one.split('=').next() == Some(option));
        let expected = expected
            .iter()
            .filter(|one| one.split('=').next() == Some(option));
        assert_eq!(said.count(), expected.count(), "{option}: {options:?}");
    }
}

#[test]
fn is_release_made_small() {
    compiles_with(
        &Project::package("orders", ""),
        &[
            "opt-level=3",
            "lto=thin",
            "codegen-units=1",
            "strip=symbols",
        ],
    );
}

#[test]
fn builds_in_a_folder_of_its_own() {
    let project = Project::package("orders", "");
    options(&project, &[]);
    let folder = project.built(X86_64);
    assert!(folder.join("lambda/orders").exists());
    assert!(!folder.join("release").exists());
}

#[test]
fn keeps_what_the_release_profile_says() {
    let release = "[profile.release]\nlto = \"fat\"\nopt-level = \"z\"\npanic = \"abort\"\n";
    compiles_with(
        &Project::package("orders", release),
        &[
            "opt-level=z",
            "lto=fat",
            "codegen-units=1",
            "strip=symbols",
            "panic=abort",
        ],
    );
}

#[test]
fn keeps_codegen_units_and_symbols_of_the_release_profile() {
    let release = "[profile.release]\ncodegen-units = 7\nstrip = \"debuginfo\"\n";
    compiles_with(
        &Project::package("orders", release),
        &[
            "opt-level=3",
            "lto=thin",
            "codegen-units=7",
            "strip=debuginfo",
        ],
    );
}

#[test]
fn keeps_the_debug_information_that_the_release_profile_has() {
    let keeps = |manifest: &str, args: &[&str], variable: Option<(&str, &str)>| {
        let project = Project::package("orders", manifest);
        let command = project.command(args);
        let command = match variable {
            Some((name, value)) => command.env(name, value),
            None => command,
        };
        command.run().exits(0);
        let options = project.codegen_options("orders", X86_64);
        assert!(options.contains(&"lto=thin".to_owned()), "{options:?}");
        !options.iter().any(|option| option.starts_with("strip"))
    };
    for release in [
        "debug = 1",
        "debug = true",
        "debug = \"line-tables-only\"",
        "split-debuginfo = \"packed\"\ndebug = 2",
    ] {
        let manifest = format!("[profile.release]\n{release}\n");
        assert!(keeps(&manifest, &[], None), "{release}");
    }
    assert!(keeps(
        "[profile.release.package.orders]\ndebug = 1\n",
        &[],
        None
    ));
    assert!(keeps("", &["--config", "profile.release.debug=1"], None));
    assert!(keeps("", &["--config", "profile.lambda.debug=true"], None));
    let variable = ("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only");
    assert!(keeps("", &[], Some(variable)));
    for release in ["debug = 0", "debug = false", "debug = \"none\""] {
        let manifest = format!("[profile.release]\n{release}\n");
        assert!(!keeps(&manifest, &[], None), "{release}");
    }
    // What is stronger counts.
    let manifest = "[profile.release]\ndebug = 1\n";
    assert!(!keeps(
        manifest,
        &["--config", "profile.lambda.debug=false"],
        None
    ));
}

#[test]
fn keeps_the_release_profile_of_a_workspace() {
    let project = Project::workspace("[profile.release]\ncodegen-units = 7\n").member("orders", "");
    compiles_with(
        &project,
        &[
            "opt-level=3",
            "lto=thin",
            "codegen-units=7",
            "strip=symbols",
        ],
    );
}

#[test]
fn keeps_the_release_profile_of_the_config_file() {
    let project = Project::package("orders", "").file(
        ".cargo/config.toml",
        "[profile.release]\nlto = \"fat\"\nstrip = false\n",
    );
    let options = options(&project, &[]);
    assert!(options.contains(&"lto=fat".to_owned()), "{options:?}");
    assert!(
        options.contains(&"codegen-units=1".to_owned()),
        "{options:?}"
    );
    assert!(
        !options.contains(&"strip=symbols".to_owned()),
        "{options:?}"
    );
}

#[test]
fn keeps_the_release_profile_of_the_command_line() {
    let project = Project::package("orders", "");
    let options = options(&project, &["--config", "profile.release.codegen-units=7"]);
    assert!(
        options.contains(&"codegen-units=7".to_owned()),
        "{options:?}"
    );
    assert!(options.contains(&"lto=thin".to_owned()), "{options:?}");
}

#[test]
fn keeps_the_release_profile_of_the_environment() {
    let project = Project::package("orders", "");
    project
        .command(&[])
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "7")
        .env("CARGO_PROFILE_RELEASE_LTO", "fat")
        .run()
        .exits(0);
    let options = project.codegen_options("orders", X86_64);
    assert!(
        options.contains(&"codegen-units=7".to_owned()),
        "{options:?}"
    );
    assert!(options.contains(&"lto=fat".to_owned()), "{options:?}");
    assert!(options.contains(&"strip=symbols".to_owned()), "{options:?}");
}

#[test]
fn of_the_users_own_making_is_left_alone() {
    let lambda = "[profile.lambda]\ninherits = \"release\"\nopt-level = \"s\"\nlto = \"fat\"\n";
    let project = Project::package("orders", lambda);
    let options = options(&project, &[]);
    assert!(options.contains(&"opt-level=s".to_owned()), "{options:?}");
    assert!(options.contains(&"lto=fat".to_owned()), "{options:?}");
    assert!(
        !options.contains(&"codegen-units=1".to_owned()),
        "{options:?}"
    );
    assert!(
        !options.contains(&"strip=symbols".to_owned()),
        "{options:?}"
    );
}

#[test]
fn of_the_users_config_is_left_alone() {
    let project = Project::package("orders", "").file(
        ".cargo/config.toml",
        "[profile.lambda]\ninherits = \"release\"\nlto = \"fat\"\ncodegen-units = 7\n",
    );
    let options = options(&project, &[]);
    assert!(options.contains(&"lto=fat".to_owned()), "{options:?}");
    assert!(
        options.contains(&"codegen-units=7".to_owned()),
        "{options:?}"
    );
    assert!(
        !options.contains(&"strip=symbols".to_owned()),
        "{options:?}"
    );
}

#[test]
fn release_means_cargos_release() {
    for args in [&["-r"][..], &["--release"], &["--profile", "release"]] {
        let project = Project::package("orders", "");
        let options = options(&project, args);
        assert!(options.contains(&"opt-level=3".to_owned()), "{options:?}");
        assert!(
            !options.iter().any(|one| one.starts_with("codegen-units")),
            "{options:?}"
        );
        assert!(project.built(X86_64).join("release/orders").exists());
    }
}

#[test]
fn dev_means_cargos_dev() {
    let project = Project::package("orders", "");
    let options = options(&project, &["--profile", "dev"]);
    assert!(
        !options.iter().any(|one| one.starts_with("opt-level")),
        "{options:?}"
    );
    assert!(project.built(X86_64).join("debug/orders").exists());
    assert_eq!(project.zips(), ["dev/orders-x86_64.zip"]);
}

#[test]
fn is_named_in_the_report() {
    let project = Project::package("orders", "[profile.tiny]\ninherits = \"release\"\n");
    for (args, name) in [
        (&[][..], "lambda"),
        (&["--profile", "tiny"], "tiny"),
        (&["-r"], "release"),
    ] {
        let report = project.report(args);
        assert_eq!(report["archives"][0]["profile"], name);
    }
}

#[test]
fn that_nobody_defined_is_named() {
    let outcome = Project::package("orders", "").run(&["--profile", "tinny"]);
    outcome.says("tinny");
    outcome.promise(
        [Some(2), Some(101)].contains(&outcome.code),
        "exit code 2 or 101",
    );
}
