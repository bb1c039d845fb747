//! The name to deploy as: that of the binary or of the settings, with the architecture if there are
//! several.

use crate::support::project::Project;

/// `NAME ARCHITECTURES` of each package of a dry run.
#[track_caller]
fn names(project: &Project, args: &[&str]) -> Vec<String> {
    let args = [args, &["--dry-run", "--message-format", "json"]].concat();
    let report = project.run(&args).exits(0).json();
    let archives = report["archives"].as_array().unwrap().iter();
    let names = archives.map(|archive| {
        let (name, architectures) = (&archive["name"], &archive["architectures"]);
        format!("{name} {architectures}").replace('"', "")
    });
    names.collect()
}

fn orders(table: &str) -> Project {
    Project::package("orders", &format!("[package.metadata.lambda-zip]\n{table}"))
}

#[test]
fn a_name_tells_several_architectures_apart_also_if_only_one_is_built() {
    let one = orders("architectures = ['arm64']");
    assert_eq!(names(&one, &[]), ["orders [arm64]"]);
    assert_eq!(names(&one, &["--arch", "x86_64"]), ["orders [x86_64]"]);
    let both = ["orders-x86_64 [x86_64]", "orders-arm64 [arm64]"];
    assert_eq!(names(&one, &["--arch", "arm64,x86_64"]), both);
    let several = orders("architectures = ['arm64', 'x86_64']");
    assert_eq!(names(&several, &[]), both);
    assert_eq!(names(&several, &["--arch", "arm64"]), both[1..]);
    let variable = several
        .command(&["--dry-run", "--message-format", "json"])
        .env("CARGO_LAMBDA_ZIP_ARCH", "arm64");
    let report = variable.run().exits(0).json();
    assert_eq!(report["archives"][0]["name"], "orders-arm64");
    // Two targets of one architecture are one function.
    let targets = "targets = ['x86_64-unknown-linux-musl', 'x86_64-unknown-linux-gnu']";
    let names = names(&orders(targets), &["--builder", "cargo"]);
    assert_eq!(names, ["orders [x86_64]"; 2]);
}

#[test]
fn the_settings_name_a_function() {
    let project = orders("name = 'shop-orders'\n");
    assert_eq!(names(&project, &[]), ["shop-orders [x86_64]"]);
    let both = ["shop-orders-x86_64 [x86_64]", "shop-orders-arm64 [arm64]"];
    assert_eq!(names(&project, &["--arch", "x86_64,arm64"]), both);
    let bin = "[package.metadata.lambda-zip.bin.import]\nname = 'bulk_Import'\n";
    let project = orders(&format!("name = 'shop-orders'\n{bin}")).bin("", "import");
    assert_eq!(
        names(&project, &[]),
        ["bulk_Import [x86_64]", "shop-orders [x86_64]"]
    );
}

#[test]
fn layers_and_extensions_have_names_too() {
    let layers = "[package.metadata.lambda-zip.layer.certs]\ninclude = ['certs']\n\
                  [package.metadata.lambda-zip.layer.tools]\nbins = ['orders']\n\
                  architectures = ['arm64', 'x86_64']\nname = 'shop-tools'\n\
                  [package.metadata.lambda-zip.layer.each]\ninclude = ['certs']\n\
                  architectures = ['arm64', 'x86_64']\n";
    let table = format!("name = 'shop-orders'\nkind = 'extension'\n{layers}");
    let project = orders(&table).with(&["certs/ca.pem"]);
    assert_eq!(names(&project, &[]), ["shop-orders [x86_64]"]);
    let mut found = names(&project, &["layer"]);
    found.sort();
    let expected = [
        "certs []",
        "each-arm64 [arm64]",
        "each-x86_64 [x86_64]",
        "shop-tools-arm64 [arm64]",
        "shop-tools-x86_64 [x86_64]",
    ];
    assert_eq!(found, expected);
    let arm = names(&project, &["layer", "each", "--arch", "arm64"]);
    assert_eq!(arm, ["each-arm64 [arm64]"]);
}

#[test]
fn an_executable_and_a_zip_are_named_by_their_files() {
    let folder = crate::support::packing::folder();
    assert_eq!(names(&folder, &["pack", "handler"]), ["handler [x86_64]"]);
    folder.run(&["pack", "handler", "-o", "f.zip"]).exits(0);
    let check = folder.run(&["check", "f.zip", "--message-format", "json"]);
    let report = check.exits(0).json();
    assert_eq!(report["archives"][0]["name"], "f");
}

#[test]
fn a_name_that_lambda_refuses_is_pointed_at() {
    for name in ["a.b", "", "{bin}", &"x".repeat(65)] {
        let project = orders(&format!("name = '{name}'\n"));
        let outcome = project.run(&["--dry-run"]);
        outcome.exits(2).says("Lambda accepts up to 64 letters");
        outcome.says("Cargo.toml:7:8").says("^");
    }
    let project = orders(&format!("name = '{}'\n", "x".repeat(60)));
    project.run(&["--dry-run"]).exits(0);
    let outcome = project.run(&["--dry-run", "--arch", "arm64,x86_64"]);
    outcome.exits(2).says("it has more than 64 characters");
}

#[test]
fn one_name_is_not_given_to_two_functions() {
    let project = orders("name = 'shop'\n").bin("", "import");
    let outcome = project.run(&["--dry-run"]);
    outcome.exits(2).says("would be deployed as `shop`");
    outcome.says("[package.metadata.lambda-zip.bin.NAME]");
    project.run(&["--dry-run", "--bin", "import"]).exits(0);
    let project =
        Project::workspace("[workspace.metadata.lambda-zip]\nname = 'shop'\n").member("orders", "");
    let outcome = project.run(&["--dry-run"]);
    outcome.exits(2).says("`name` is the name of one function");
    outcome.says("Cargo.toml:5:1");
}
