//! Binaries that need a feature of a dependency: Cargo alone resolves those, so that plan and run
//! have to agree with it.

use crate::support::project::Project;

const LIBRARY: &str = "[package]\nname = \"lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                       [features]\nstd = []\n";

/// A package with a binary that needs `lib/std`, beside a library that has it.
fn needing_std(dependency: &str, features: &str) -> Project {
    needing_std_of(LIBRARY, dependency, features)
}

fn needing_std_of(library: &str, dependency: &str, features: &str) -> Project {
    let manifest = format!(
        "{dependency}\n[features]\n{features}\n\
         [[bin]]\nname = \"console\"\nrequired-features = [\"lib/std\"]\n"
    );
    Project::package("orders", &manifest)
        .bin("", "console")
        .file("lib/Cargo.toml", library)
        .file("lib/src/lib.rs", "")
}

const PLAIN: &str = "[dependencies]\nlib = { path = \"lib\" }";

/// The console is promised and packaged.
#[track_caller]
fn has_std(project: &Project, args: &[&str]) {
    let both = ["console-x86_64.zip", "orders-x86_64.zip"];
    assert_eq!(project.plan(args), both);
    project.run(args).exits(0);
    assert_eq!(project.zips(), both);
}

#[test]
fn a_dependencys_feature_may_come_from_the_default_feature() {
    has_std(&needing_std(PLAIN, "default = [\"lib/std\"]"), &[]);
}

#[test]
fn a_dependencys_feature_may_come_through_other_features() {
    let features = "default = [\"full\"]\nfull = [\"lib/std\"]";
    has_std(&needing_std(PLAIN, features), &[]);
}

#[test]
fn a_dependencys_feature_may_come_from_the_table_of_dependencies() {
    let dependency = "[dependencies]\nlib = { path = \"lib\", features = [\"std\"] }";
    has_std(&needing_std(dependency, ""), &[]);
}

#[test]
fn a_dependencys_feature_may_come_from_the_command_line() {
    has_std(&needing_std(PLAIN, ""), &["--features", "lib/std"]);
}

#[test]
fn a_dependencys_feature_that_nobody_enables_leaves_the_binary_out() {
    let project = needing_std(PLAIN, "");
    assert_eq!(project.plan(&[]), ["orders-x86_64.zip"]);
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

/// A library that enables the feature itself.
const STD_BY_DEFAULT: &str = "[package]\nname = \"lib\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                              [features]\ndefault = [\"std\"]\nstd = []\n";

#[test]
fn what_cargo_builds_against_expectation_is_packaged_with_all_that_belongs_to_it() {
    let project = needing_std_of(STD_BY_DEFAULT, PLAIN, "");
    let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
    let table = "[package.metadata.lambda-zip]\ninclude = [\"data.txt\"]\n";
    let project = project
        .file("Cargo.toml", &format!("{manifest}{table}"))
        .with(&["data.txt"]);
    project.run(&[]).exits(0);
    for zip in ["orders-x86_64.zip", "console-x86_64.zip"] {
        assert_eq!(project.zip(zip).names(), ["bootstrap", "data.txt"], "{zip}");
    }
}

#[test]
fn what_cargo_builds_against_expectation_never_shares_a_zip() {
    let project = needing_std_of(STD_BY_DEFAULT, PLAIN, "");
    let outcome = project.run(&["-o", "dist/one.zip"]);
    outcome.promise(outcome.code != Some(0), "an error: two binaries, one zip");
}

#[test]
fn what_cargo_builds_against_expectation_replaces_nothing_but_zips() {
    let project = needing_std_of(STD_BY_DEFAULT, PLAIN, "");
    let project = project.file("dist/console", "precious");
    let outcome = project.run(&["-o", "dist/{bin}"]);
    outcome.exits(2).says("dist/console");
    assert_eq!(project.read("dist/console"), b"precious");
}

/// Ways to name `lib/std` that enable it for nothing that is built here.
const IDLE: [(&str, &str); 4] = [
    (
        "[dependencies]\nlib = { path = \"lib\" }\n\
         [dev-dependencies]\nlib = { path = \"lib\", features = [\"std\"] }",
        "",
    ),
    (
        "[dependencies]\nlib = { path = \"lib\" }\n\
         [target.'cfg(windows)'.dependencies]\nlib = { path = \"lib\", features = [\"std\"] }",
        "",
    ),
    (
        "[dependencies]\nlib = { path = \"lib\", features = [\"std\"], optional = true }",
        "",
    ),
    (
        "[dependencies]\nlib = { path = \"lib\", optional = true }",
        "default = [\"lib?/std\"]",
    ),
];

#[test]
fn what_cargo_leaves_out_is_never_silently_missing() {
    for (dependency, features) in IDLE {
        let project = needing_std(dependency, features);
        let promised = project.plan(&[]);
        let outcome = project.run(&[]);
        if outcome.code == Some(0) {
            assert_eq!(project.zips(), promised, "{dependency}");
        } else {
            outcome.exits(3).prints_nothing().says("console");
            assert!(project.zips().is_empty(), "all or nothing");
        }
    }
}

#[test]
fn what_cargo_leaves_out_is_missing_where_it_is_asked_for_by_name() {
    for (dependency, features) in IDLE {
        let project = needing_std(dependency, features);
        let outcome = project.run(&["--bin", "console"]);
        outcome
            .promise(outcome.code != Some(0), "an error")
            .says("lib/std");
        assert!(project.zips().is_empty());
    }
}

#[test]
fn what_enables_nothing_to_cargo_leaves_the_binary_out_of_plan_and_run() {
    for (dependency, features) in IDLE {
        let project = needing_std(dependency, features);
        assert_eq!(project.plan(&[]), ["orders-x86_64.zip"], "{dependency}");
        project.run(&[]).exits(0);
        assert_eq!(project.zips(), ["orders-x86_64.zip"], "{dependency}");
    }
}

#[test]
fn what_cargo_leaves_out_does_not_fail_beside_a_skipped_binary() {
    for (dependency, features) in IDLE {
        let project = needing_std(dependency, features).bin("", "helper");
        let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
        let skip = "[package.metadata.lambda-zip.bin.helper]\nskip = true\n";
        let project = project.file("Cargo.toml", &format!("{manifest}{skip}"));
        project.run(&[]).exits(0);
        assert_eq!(project.zips(), ["orders-x86_64.zip"], "{dependency}");
    }
}

#[test]
fn a_feature_of_a_dependency_for_other_systems_leaves_the_binary_out_beside_a_skipped_one() {
    let dependency = "[target.'cfg(windows)'.dependencies]\nlib = { path = \"lib\" }";
    let skip = "[package.metadata.lambda-zip.bin.helper]\nskip = true\n";
    let project = needing_std(dependency, "default = [\"lib/std\"]").bin("", "helper");
    let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
    let project = project.file("Cargo.toml", &format!("{manifest}{skip}"));
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}
