//! Features mean what they mean to Cargo, also where one run of Cargo does not do.

use crate::support::cargo::Call;
use crate::support::project::Project;

/// A binary that only the feature `extra` lets Cargo build, in a package that has it.
const CONSOLE: &str = "[features]\nextra = []\n\
                       [[bin]]\nname = \"console\"\nrequired-features = [\"extra\"]\n";

const SKIP: &str = "[package.metadata.lambda-zip]\nskip = true\n";
const ARM64: &str = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n";
const HANDLER: &str = "[[bin]]\nname = \"handler\"\npath = \"src/main.rs\"\n";

/// Of these packages only `orders` has the feature. A package that is skipped, another
/// architecture and binaries of one name each make the selection too much for the user's own
/// words, or for one run of Cargo.
fn shops() -> Vec<Project> {
    let per_package = "[workspace.metadata.lambda-zip]\n\
                       output = \"target/lambda-zip/{package}/{bin}.zip\"\n";
    let shop = |workspace: &str, more: &str| {
        Project::workspace(workspace)
            .member("orders", CONSOLE)
            .bin("crates/orders/", "console")
            .member("refunds", more)
    };
    vec![
        shop("", ""),
        shop("", SKIP),
        shop("", ARM64),
        shop(per_package, HANDLER).member("stock", HANDLER),
    ]
}

/// The crates that were compiled with the feature.
fn with_extra(project: &Project) -> Vec<String> {
    let has_it = |call: &Call| call.iter().any(|word| word == "feature=\"extra\"");
    let calls = project.stage().rustc_calls();
    let mut crates: Vec<String> = calls
        .into_iter()
        .filter(has_it)
        .map(|mut call| call.remove(1))
        .collect();
    crates.sort();
    crates.dedup();
    crates
}

#[track_caller]
fn builds_the_console(args: &[&str]) {
    for project in shops() {
        let promised = project.plan(args);
        let console = |zip: &&String| zip.contains("console");
        assert_eq!(promised.iter().filter(console).count(), 1, "{promised:?}");
        project.run(args).exits(0);
        assert_eq!(project.zips(), promised);
        assert_eq!(with_extra(&project), ["console", "orders"]);
    }
}

#[test]
fn one_package_of_a_workspace_may_have_a_feature_that_others_have_not() {
    builds_the_console(&["--workspace", "--features", "extra"]);
}

#[test]
fn a_feature_may_be_named_with_its_package() {
    builds_the_console(&["--workspace", "--features", "orders/extra"]);
}

#[test]
fn all_features_are_those_that_a_package_has() {
    builds_the_console(&["--workspace", "--all-features"]);
}

#[test]
fn several_features_are_separated_by_commas_or_spaces() {
    for list in ["extra,orders/extra", "extra orders/extra"] {
        builds_the_console(&["--workspace", "--features", list]);
    }
}

#[test]
fn without_the_feature_its_binary_is_not_promised_either() {
    for project in shops() {
        let promised = project.plan(&["--workspace"]);
        project.run(&["--workspace"]).exits(0);
        assert_eq!(project.zips(), promised);
        assert_eq!(with_extra(&project), [""; 0]);
    }
}

#[test]
fn a_feature_of_another_package_reaches_it_from_every_part_of_a_run() {
    // The architectures differ, so that `audit` and `orders` are built by runs of their own; yet
    // the library of `orders` is part of both.
    let project = Project::workspace("")
        .member("orders", "[features]\nextra = []\n")
        .file("crates/orders/src/lib.rs", "")
        .member(
            "audit",
            &format!(
                "[dependencies]\norders = {{ path = \"../orders\" }}\n\
                 [[bin]]\nname = \"console\"\nrequired-features = [\"orders/extra\"]\n{ARM64}"
            ),
        )
        .bin("crates/audit/", "console");
    let args = ["--workspace", "--features", "orders/extra"];
    let all = ["audit-arm64.zip", "console-arm64.zip", "orders-x86_64.zip"];
    assert_eq!(project.plan(&args), all);
    project.run(&args).exits(0);
    assert_eq!(project.zips(), all);
}
