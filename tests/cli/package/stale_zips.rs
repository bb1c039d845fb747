//! Zips of earlier runs that no run writes again: told once, and removed with `--prune`.

use fs_err as fs;
use serde_json::Value;

use crate::support::project::Project;

/// A workspace of `orders`, with the binaries `orders` and `import`, and of `stock`.
fn shop() -> Project {
    Project::workspace("")
        .member("orders", "")
        .bin("crates/orders/", "import")
        .member("stock", "")
}

/// The file names of the zips that a run calls stale.
#[track_caller]
fn stale(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|f| f["lint"] == "stale-zip"));
    let paths = findings.iter().flat_map(|f| f["paths"].as_array().unwrap());
    paths.map(name).collect()
}

fn name(path: &Value) -> String {
    let (_, name) = path.as_str().unwrap().split_once("lambda-zip/").unwrap();
    name.to_owned()
}

fn remove_member(project: &Project, name: &str) {
    fs::remove_dir_all(project.path(&format!("crates/{name}"))).unwrap();
}

#[test]
fn a_binary_that_was_renamed_leaves_a_stale_zip_that_is_told_once() {
    let project = shop();
    project.run(&["--arch", "arm64,x86_64"]).exits(0);
    let bin = |name: &str| project.path(&format!("crates/orders/src/bin/{name}.rs"));
    fs::rename(bin("import"), bin("export")).unwrap();
    let outcome = project.run(&[]);
    outcome
        .exits(0)
        .says("warning[stale-zip]: `target/lambda-zip/import-arm64.zip` (the binary `import` of package `orders` no longer exists) and `target/lambda-zip/import-x86_64.zip`")
        .says("are left over from earlier runs")
        .says("help: remove stale zips with `--prune`");
    assert_eq!(outcome.stderr.matches("stale-zip").count(), 1);
    let report = project.report(&[]);
    assert_eq!(stale(&report), ["import-arm64.zip", "import-x86_64.zip"]);
    assert_eq!(report["findings"][0]["level"], "warn");
    assert_eq!(project.zips().len(), 7);
}

#[test]
fn a_stale_zip_is_a_result_for_code_scanning_too() {
    let project = shop();
    project.run(&["--arch", "arm64,x86_64"]).exits(0);
    remove_member(&project, "stock");
    let sarif = project.run(&["--message-format", "sarif"]).exits(0).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1, "{sarif:#}");
    assert_eq!(results[0]["ruleId"], "stale-zip");
    let locations = results[0]["locations"].as_array().unwrap().iter();
    let uris = locations.map(|l| &l["physicalLocation"]["artifactLocation"]["uri"]);
    let uris: Vec<String> = uris.map(name).collect();
    assert_eq!(uris, ["stock-arm64.zip", "stock-x86_64.zip"]);
    let denied = ["-D", "stale-zip", "--message-format", "github"];
    let outcome = project.run(&denied);
    outcome.exits(1);
    outcome.prints("::error file=target/lambda-zip/stock-arm64.zip,title=stale-zip::`target/");
    assert_eq!(outcome.stdout.lines().count(), 1);
}

#[test]
fn prune_removes_what_is_stale_and_nothing_else() {
    let project = shop();
    project.run(&[]).exits(0);
    project.run(&["-p", "stock", "--profile", "dev"]).exits(0);
    remove_member(&project, "stock");
    project.write("target/lambda-zip/mine-x86_64.zip", "PK");
    project.write("target/lambda-zip/notes.txt", "mine");
    let dry = project.run(&["--prune", "--dry-run"]);
    dry.exits(0).says("stale-zip").says("stock-x86_64.zip");
    assert_eq!(project.zips().len(), 6);

    let report = project.report(&["--prune"]);
    assert_eq!(stale(&report), [""; 0]);
    let pruned = report["pruned"].as_array().unwrap().iter().map(name);
    let pruned: Vec<String> = pruned.collect();
    assert_eq!(pruned, ["dev/stock-x86_64.zip", "stock-x86_64.zip"]);
    let rest = [
        "import-x86_64.zip",
        "mine-x86_64.zip",
        "notes.txt",
        "orders-x86_64.zip",
    ];
    assert_eq!(project.zips(), rest);
    assert!(!project.path("target/lambda-zip/dev").exists());
    let again = project.run(&["--prune"]);
    again.exits(0).never_says("stale").never_says("Removed");
}

#[test]
fn a_zip_that_was_changed_since_is_not_ours() {
    let project = shop();
    project.run(&[]).exits(0);
    remove_member(&project, "stock");
    project.write("target/lambda-zip/stock-x86_64.zip", "PK changed");
    assert_eq!(stale(&project.report(&["--prune"])), [""; 0]);
    assert_eq!(
        project.read("target/lambda-zip/stock-x86_64.zip"),
        b"PK changed"
    );
}

#[test]
fn what_a_run_does_not_select_is_not_stale() {
    let project = shop();
    project
        .run(&["--arch", "arm64,x86_64", "--examples", "--bins"])
        .exits(0);
    for args in [
        &["-p", "orders"][..],
        &["--bin", "orders"],
        &["--arch", "arm64"],
        &["-p", "stock", "--profile", "dev"],
    ] {
        let args = [args, &["--prune"]].concat();
        assert_eq!(stale(&project.report(&args)), [""; 0], "{args:?}");
    }
    assert_eq!(project.zips().len(), 7);
}

#[test]
fn what_manifests_take_away_from_the_default_place_is_stale() {
    let project = shop();
    project.run(&[]).exits(0);
    let manifest = |name: &str, table: &str| {
        let package = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n");
        let path = format!("crates/{name}/Cargo.toml");
        project.write(
            &path,
            format!("{package}[package.metadata.lambda-zip]\n{table}\n"),
        );
    };
    manifest("stock", "skip = true");
    manifest("orders", "bin.import.output = \"import.zip\"");
    let report = project.report(&[]);
    assert_eq!(stale(&report), ["import-x86_64.zip", "stock-x86_64.zip"]);
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("is skipped"), "{message}");
    assert!(message.contains("`output`"), "{message}");
}

#[test]
fn layers_are_stale_when_their_table_or_their_programs_are_gone() {
    let layers = "[package.metadata.lambda-zip.layer]\n\
                  files = { include = [\"src\"] }\ntools = { bins = [\"import\"] }\n";
    let project = Project::package("orders", layers).bin("", "import");
    project.run(&["layer"]).exits(0);
    for args in [["alone", "--bin", "import"], ["plain", "--include", "src"]] {
        let outcome = project.run(&[&["layer"][..], &args].concat());
        outcome.exits(0).never_says("stale-zip");
    }
    assert_eq!(stale(&project.report(&[])), [""; 0]);
    let manifest = "[package]\nname = \"orders\"\nversion = \"0.1.0\"\n[workspace]\n";
    project.write("Cargo.toml", manifest);
    let tables = ["files.zip", "tools-x86_64.zip"];
    assert_eq!(stale(&project.report(&[])), tables);
    fs::remove_file(project.path("src/bin/import.rs")).unwrap();
    let programs = [
        "alone-x86_64.zip",
        "files.zip",
        "import-x86_64.zip",
        "tools-x86_64.zip",
    ];
    assert_eq!(stale(&project.report(&[])), programs);
}

#[test]
fn its_level_can_be_set_and_denied_it_fails_the_run_after_the_zips_are_written() {
    let project = shop();
    project.run(&[]).exits(0);
    remove_member(&project, "stock");
    project
        .run(&["-A", "stale-zip"])
        .exits(0)
        .never_says("stale-zip");
    project
        .run(&["-D", "warnings", "-o", "dist/{bin}.zip"])
        .exits(1)
        .says("error[stale-zip]")
        .says("a finding about the run is denied");
    assert_eq!(project.files("dist"), ["import.zip", "orders.zip"]);
}

#[test]
fn the_zips_of_another_workspace_in_the_same_target_folder_are_not_stale() {
    let project = Project::package("orders", "");
    let other = "[package]\nname = \"bills\"\nversion = \"0.1.0\"\n[workspace]\n";
    project.write("other/Cargo.toml", other);
    project.write("other/src/main.rs", "fn main() {}\n");
    let target = project.path("target");
    let target = target.to_str().unwrap();
    let args = ["--target-dir", target, "--prune"];
    project.command(&args).from("other").run().exits(0);
    project.run(&args).exits(0).never_says("Removed");
    assert_eq!(project.zips(), ["bills-x86_64.zip", "orders-x86_64.zip"]);
}
