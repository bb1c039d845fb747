//! The selection that Cargo gets: the user's own, so that features are unified as in `cargo build`.

use crate::support::project::Project;

/// A workspace in which `a` turns on the feature that the binary `tool` of `b` requires.
fn with_tool() -> Project {
    let tool = "[features]\nf = []\n[[bin]]\nname = \"tool\"\npath = \"src/tool.rs\"\n\
                required-features = [\"f\"]\n";
    Project::workspace("")
        .member(
            "a",
            "[dependencies]\nb = { path = \"../b\", features = [\"f\"] }\n",
        )
        .bin("crates/a/", "helper")
        .member("b", tool)
        .without_main("crates/b/")
        .file("crates/b/src/tool.rs", "fn main() {}\n")
}

fn skip_helper(project: &Project) {
    let manifest = String::from_utf8(project.read("crates/a/Cargo.toml")).unwrap();
    let skip = "[package.metadata.lambda-zip.bin.helper]\nskip = true\n";
    project.write("crates/a/Cargo.toml", format!("{manifest}\n{skip}"));
}

#[test]
fn a_feature_that_a_dependent_turns_on_counts_beside_a_skipped_binary() {
    let project = with_tool();
    skip_helper(&project);
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["a-x86_64.zip", "tool-x86_64.zip"]);
}

#[test]
fn a_skipped_binary_leaves_the_users_packages_as_they_are() {
    let project = with_tool();
    skip_helper(&project);
    project.run(&["--workspace", "--features", "b/f"]).exits(0);
    let [call] = &project.build_calls()[..] else {
        panic!("one build");
    };
    let has = |words: &[&str]| call.windows(words.len()).any(|window| window == words);
    assert!(
        has(&["--workspace"]) && has(&["--features", "b/f"]),
        "{call:?}"
    );
    assert!(!call.iter().any(|word| word == "--package"), "{call:?}");
}

#[test]
fn a_skipped_binary_is_not_compiled() {
    let project = Project::package("orders", "").bin("", "helper");
    let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
    let skip = "[package.metadata.lambda-zip.bin.helper]\nskip = true\n";
    project.write("Cargo.toml", format!("{manifest}\n{skip}"));
    project.run(&[]).exits(0);
    assert_eq!(project.compiled(), ["orders"]);
}

#[test]
fn a_name_whose_features_are_off_is_cargos_error() {
    let bin = "[features]\nf = []\n[[bin]]\nname = \"tool\"\npath = \"src/tool.rs\"\n\
               required-features = [\"f\"]\n";
    let project = Project::package("orders", bin)
        .file("src/tool.rs", "fn main() {}\n")
        .bin("", "helper");
    project
        .run(&["--bin", "tool", "--bin", "orders"])
        .exits(101)
        .says("requires the features: `f`");
}

#[test]
fn packages_with_a_binary_of_the_same_name_are_built_one_after_the_other_which_is_said() {
    let bin = "[[bin]]\nname = \"bootstrap\"\npath = \"src/main.rs\"\n";
    let project = Project::workspace("")
        .member("a", bin)
        .member("b", bin)
        .member("c", "");
    let output = ["-o", "out/{package}-{bin}.zip"];
    project
        .run(&output)
        .exits(0)
        .says("the packages `a`, `b` have binaries with the same name, such as `bootstrap`");
    assert_eq!(
        project.files("out"),
        ["a-bootstrap.zip", "b-bootstrap.zip", "c-c.zip"]
    );
}

/// A workspace whose binary `a` has another text if the feature `f` of `b` is on, which only the
/// dev-dependencies of `a` turn on.
fn with_dev_feature(table: &str) -> Project {
    let dependencies = "[dependencies]\nb = { path = \"../b\" }\n\
                        [dev-dependencies]\nb = { path = \"../b\", features = [\"f\"] }\n";
    Project::workspace("")
        .member("a", &format!("{dependencies}{table}"))
        .file("crates/a/examples/tour.rs", "fn main() {}\n")
        .member("b", "[features]\nf = []\n")
        .without_main("crates/b/")
}

#[test]
fn examples_that_are_skipped_or_built_with_other_flags_leave_features_as_they_are() {
    for setting in ["", "skip = true", "cpu = \"lambda\""] {
        let table = format!("[package.metadata.lambda-zip.bin.tour]\n{setting}\n");
        let project = with_dev_feature(&table);
        for options in [&["--bins", "--examples"], &["--bin=a", "--example=tour"]] {
            project.run(options).exits(0);
            let data = &project.zip("a-x86_64.zip").only_entry().data.clone();
            let has_feature = String::from_utf8_lossy(data).contains("b b \"f\"");
            assert!(has_feature, "{setting} {options:?}");
        }
    }
}

#[test]
fn nothing_to_package_beside_what_is_skipped_is_an_error() {
    let tool = "[features]\nf = []\n[[bin]]\nname = \"tool\"\npath = \"src/tool.rs\"\n\
                required-features = [\"f\"]\n\
                [package.metadata.lambda-zip.bin.orders]\nskip = true\n";
    let project = Project::package("orders", tool).file("src/tool.rs", "fn main() {}\n");
    project
        .run(&[])
        .exits(2)
        .says("every selected binary requires features that are off");
}

#[test]
fn a_feature_that_a_dependent_turns_on_counts_for_the_only_binary() {
    let tool = "[features]\nf = []\n[[bin]]\nname = \"tool\"\npath = \"src/tool.rs\"\n\
                required-features = [\"f\"]\n";
    let project = Project::workspace("")
        .member(
            "a",
            "[dependencies]\nb = { path = \"../b\", features = [\"f\"] }\n",
        )
        .without_main("crates/a/")
        .member("b", tool)
        .without_main("crates/b/")
        .file("crates/b/src/tool.rs", "fn main() {}\n");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["tool-x86_64.zip"]);
}

#[test]
fn names_say_nothing_beside_all_binaries() {
    let project = Project::package("orders", "");
    project.run(&["--bins", "--bin", "other"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}
