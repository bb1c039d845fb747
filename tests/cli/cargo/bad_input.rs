//! Everything that can be wrong with what the tool is given: a clear error, the documented exit
//! code, and nothing lost.

use crate::support::project::{Project, orders};

#[test]
fn no_manifest() {
    let outcome = Project::empty().run(&[]);
    outcome.exits(2).prints_nothing().says("Cargo.toml");
}

#[test]
fn a_manifest_path_that_leads_nowhere() {
    let outcome = orders().run(&["--manifest-path", "nowhere/Cargo.toml"]);
    outcome.exits(2).prints_nothing().says("nowhere/Cargo.toml");
}

#[test]
fn a_broken_manifest() {
    let project = orders().file("Cargo.toml", "[package\nname = \"orders\"\n");
    project
        .run(&[])
        .exits(2)
        .prints_nothing()
        .says("Cargo.toml")
        .never_says("panicked");
}

#[test]
fn a_manifest_with_a_mistake_of_cargos_kind() {
    let project = orders().file("Cargo.toml", "[package]\nnmae = \"orders\"\n");
    project.run(&[]).exits(2).says("name");
}

#[test]
fn a_package_that_is_not_there() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "");
    project
        .run(&["-p", "oders"])
        .exits(2)
        .says("oders")
        .says("orders");
    project.run(&["-p", "orders@9.9.9"]).exits(2).says("9.9.9");
    project.run(&["-p", "xyz*"]).exits(2).says("xyz*");
    assert!(project.build_calls().is_empty());
}

#[test]
fn an_excluded_package_that_is_not_there_is_worth_a_word() {
    let project = Project::workspace("").member("orders", "");
    project
        .run(&["--workspace", "--exclude", "oders"])
        .says("oders");
}

#[test]
fn exclude_without_workspace_is_refused_as_cargo_does() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "");
    project
        .run(&["--exclude", "stock"])
        .exits(2)
        .says("--workspace");
}

#[test]
fn a_binary_that_is_not_there() {
    let project = orders().bin("", "import");
    project
        .run(&["--bin", "imprt"])
        .exits(2)
        .says("imprt")
        .says("import");
    project.run(&["--example", "tour"]).exits(2).says("tour");
    assert!(project.build_calls().is_empty());
}

#[test]
fn a_feature_that_is_not_there() {
    let outcome = orders().run(&["-F", "admin"]);
    outcome.prints_nothing().says("admin");
    outcome.promise(
        [Some(2), Some(101)].contains(&outcome.code),
        "exit code 2 or 101",
    );
}

#[test]
fn a_target_that_is_not_there() {
    orders()
        .run(&["--target", "x86_64-lambda"])
        .exits(2)
        .says("x86_64-lambda");
}

#[test]
fn a_workspace_with_no_binary() {
    let project = Project::workspace("")
        .member("money", "")
        .without_main("crates/money/");
    project.run(&[]).exits(2).prints_nothing().says("binar");
    assert!(project.zips().is_empty());
}

#[test]
fn a_package_that_is_only_a_library() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("money", "")
        .without_main("crates/money/");
    project.run(&["-p", "money"]).exits(2).says("money");
    assert!(project.zips().is_empty());
}

#[test]
fn a_workspace_where_everything_is_skipped() {
    let skip = "[package.metadata.lambda-zip]\nskip = true\n";
    Project::package("orders", skip)
        .run(&[])
        .exits(2)
        .says("skip");
}

#[test]
fn a_binary_whose_features_are_off_asked_for_by_name() {
    let table =
        "[features]\nadmin = []\n[[bin]]\nname = \"console\"\nrequired-features = [\"admin\"]\n";
    let project = Project::package("orders", table).bin("", "console");
    let outcome = project.run(&["--bin", "console"]);
    outcome.says("console").says("admin");
    outcome.promise(
        [Some(2), Some(101)].contains(&outcome.code),
        "exit code 2 or 101",
    );
}

#[test]
fn an_output_that_is_a_folder() {
    let project = orders().file("dist/keep", "");
    let outcome = project.run(&["--output", "dist"]);
    outcome.prints_nothing().says("dist");
    outcome.promise(
        [Some(2), Some(4)].contains(&outcome.code),
        "exit code 2 or 4",
    );
    assert_eq!(project.files("dist"), ["keep"]);
}

#[test]
fn an_output_below_a_file() {
    let project = orders().file("dist", "a file");
    project
        .run(&["--output", "dist/{bin}.zip"])
        .exits(2)
        .says("dist`, which is not a folder");
    assert_eq!(project.read("dist"), b"a file");
}

#[test]
fn an_output_with_a_misspelt_placeholder() {
    let project = orders();
    project
        .run(&["--output", "{typo}.zip"])
        .exits(2)
        .says("`typo`")
        .says("`bin`");
    project.run(&["--output", ""]).exits(2);
    assert!(project.build_calls().is_empty());
}

#[test]
fn an_output_with_a_brace_left_open() {
    let project = orders();
    project
        .run(&["--output", "{bin.zip"])
        .exits(2)
        .says("{bin.zip");
    assert!(project.build_calls().is_empty());
}

#[test]
fn an_unreadable_value_for_jobs_is_refused() {
    let outcome = orders().run(&["-j", "many"]);
    outcome.says("many");
    outcome.promise(
        [Some(2), Some(101)].contains(&outcome.code),
        "exit code 2 or 101",
    );
}

#[test]
fn a_surplus_argument() {
    orders().run(&["surplus"]).exits(2).says("surplus");
}

#[test]
fn a_manifest_path_with_spaces_and_letters_of_the_world_works() {
    let project = Project::empty();
    for (name, text) in [
        (
            "Заказы и 注文/Cargo.toml",
            "[package]\nname = \"orders\"\nversion = \"0.1.0\"\n",
        ),
        ("Заказы и 注文/src/main.rs", "fn main() {}\n"),
    ] {
        project.write(name, text);
    }
    project
        .run(&["--manifest-path", "Заказы и 注文/Cargo.toml"])
        .exits(0);
    let zips = project.files("Заказы и 注文/target/lambda-zip");
    assert_eq!(zips, ["orders-x86_64.zip"]);
}

#[test]
fn a_glob_that_is_too_large_says_the_limit() {
    let nested = format!("{}a{}", "{a,".repeat(125), "}".repeat(125));
    let wide = format!("{{{}}}", vec!["a"; 15_000].join(","));
    let project = orders();
    for (glob, said) in [
        (&nested, "at most 32 are allowed"),
        (&wide, "at most 10000 are allowed"),
    ] {
        for option in ["--bin", "--example", "-p", "--include", "--exclude-file"] {
            let outcome = project.run(&[option, glob, "--dry-run"]);
            outcome.exits(2).prints_nothing().says(said);
        }
        let outcome = project.run(&["--workspace", "--exclude", glob, "--dry-run"]);
        outcome.exits(2).prints_nothing().says(said);
        let negated = format!("!{glob}");
        let outcome = project.run(&["--include", "src", "--include", &negated, "--dry-run"]);
        outcome.exits(2).prints_nothing().says(said);
    }
}

#[test]
fn a_glob_in_the_manifest_that_is_too_large_says_the_limit() {
    let wide = format!("{{{}}}", vec!["a"; 150_000].join(","));
    for key in ["include", "exclude"] {
        let table = format!("[package.metadata.lambda-zip]\n{key} = [\"{wide}\"]\n");
        let project = Project::package("orders", &table);
        project
            .run(&[])
            .exits(2)
            .prints_nothing()
            .says("at most 10000 are allowed");
    }
}
