//! What is wrong in a manifest is pointed at, before anything is compiled.

use crate::support::project::Project;
use crate::support::run::Outcome;

/// Runs on a package with this table: expects a caret under line `line` of its manifest, where
/// the table itself starts at line 6.
#[track_caller]
fn points_at(line: u32, table: &str, meant: &str) -> Outcome {
    let project = Project::package("orders", table).bin("", "import");
    let outcome = project.run(&[]);
    outcome
        .exits(2)
        .prints_nothing()
        .says("error: ")
        .says("--> ")
        .says(&format!("Cargo.toml:{line}:"))
        .says("^")
        .says(meant);
    assert!(project.build_calls().is_empty(), "nothing is built");
    outcome
}

#[test]
fn a_misspelt_key() {
    let outcome = points_at(
        7,
        "[package.metadata.lambda-zip]\nruntme = \"provided.al2023\"\n",
        "`runtime`",
    );
    outcome.says("runtme");
}

#[test]
fn a_misspelt_key_of_a_binary() {
    points_at(
        7,
        "[package.metadata.lambda-zip.bin.import]\narchitecture = [\"arm64\"]\n",
        "`architectures`",
    );
}

#[test]
fn a_misspelt_key_of_the_workspace() {
    let table =
        "[workspace.metadata.lambda-zip]\nruntime = \"provided.al2023\"\nouptut = \"x.zip\"\n";
    let project = Project::workspace(table).member("orders", "");
    project
        .run(&[])
        .exits(2)
        .says("Cargo.toml:6:")
        .says("^")
        .says("`output`");
}

#[test]
fn a_misspelt_runtime() {
    points_at(
        7,
        "[package.metadata.lambda-zip]\nruntime = \"provided.al2032\"\n",
        "provided.al2023",
    );
}

#[test]
fn a_misspelt_architecture() {
    points_at(
        8,
        "[package.metadata.lambda-zip]\narchitectures = [\n  \"amr64\",\n]\n",
        "arm64",
    );
}

#[test]
fn a_misspelt_kind() {
    points_at(
        7,
        "[package.metadata.lambda-zip]\nkind = \"extention\"\n",
        "extension",
    );
}

#[test]
fn a_kind_that_is_a_key_now() {
    points_at(
        7,
        "[package.metadata.lambda-zip]\nkind = \"skip\"\n",
        "`skip = true`",
    );
}

#[test]
fn a_value_of_the_wrong_type() {
    points_at(
        7,
        "[package.metadata.lambda-zip]\narchitectures = 64\n",
        "expected a list, found the number 64",
    );
}

#[test]
fn a_binary_that_is_not_there() {
    points_at(
        6,
        "[package.metadata.lambda-zip.bin.imprt]\nkind = \"extension\"\n",
        "import",
    );
}

#[test]
fn a_misspelt_lint() {
    points_at(
        7,
        "[package.metadata.lambda-zip]\nlints = { zip-to-large = \"deny\" }\n",
        "zip-too-large",
    );
}

#[test]
fn a_misspelt_lint_level() {
    points_at(
        7,
        "[package.metadata.lambda-zip.lints]\nzip-too-large = \"denny\"\n",
        "deny",
    );
}

#[test]
fn a_misspelt_placeholder() {
    points_at(
        7,
        "[package.metadata.lambda-zip]\noutput = \"dist/{arhc}/{bin}.zip\"\n",
        "`arch`",
    );
}

#[test]
fn the_caret_stands_under_what_is_wrong_even_after_wide_letters() {
    let table = "[package.metadata.lambda-zip]\nlints = { \"zip-to-large\" = \"deny\" } # größer\n";
    let outcome = points_at(7, table, "zip-too-large");
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    let caret = lines.iter().position(|line| line.contains('^')).unwrap();
    let column = |line: &str, what: &str| line.find(what).map(|at| line[..at].chars().count());
    let (shown, carets) = (lines[caret - 1], lines[caret]);
    let start = column(carets, "^").unwrap();
    let at = column(shown, "zip-to-large").unwrap();
    outcome.promise(
        start == at || start + 1 == at,
        "the caret under the misspelt lint",
    );
}

#[test]
fn a_member_that_is_not_selected_is_not_judged() {
    let project = Project::workspace("").member("orders", "").member(
        "refunds",
        "[package.metadata.lambda-zip]\nruntime = \"provided.al2023\"\n",
    );
    project.run(&["-p", "orders"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn the_manifest_of_a_member_is_the_one_pointed_at() {
    let project = Project::workspace("").member("orders", "").member(
        "refunds",
        "[package.metadata.lambda-zip]\nruntme = \"provided.al2023\"\n",
    );
    let manifest = std::path::Path::new("crates")
        .join("refunds")
        .join("Cargo.toml");
    project
        .run(&[])
        .exits(2)
        .says(&format!("{}:7:", manifest.display()));
}

#[test]
fn a_bad_value_in_the_environment_names_the_variable() {
    let project = Project::package("orders", "");
    project
        .command(&[])
        .env("CARGO_LAMBDA_ZIP_RUNTIME", "provided.al2032")
        .run()
        .exits(2)
        .says("CARGO_LAMBDA_ZIP_RUNTIME")
        .says("provided.al2023");
}

#[test]
fn tables_of_other_tools_are_none_of_our_business() {
    let table = "[package.metadata.lambda]\nruntme = 1\n[package.metadata.docs.rs]\nx = 1\n";
    Project::package("orders", table).run(&[]).exits(0);
}
