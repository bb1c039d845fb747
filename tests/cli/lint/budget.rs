//! A team's own budgets: a package that exceeds one is rejected, and the largest entries are named.

use forge::elf::{Elf, Machine, noise};

use crate::support::project::Project;
use crate::support::run::Outcome;

/// A package with an include of 4000 bytes that do not shrink.
fn orders(table: &str) -> Project {
    let table = format!("[package.metadata.lambda-zip]\ninclude = [\"data\"]\n{table}");
    let project = Project::package("orders", &table);
    project.write("data", noise(4000));
    project
}

#[track_caller]
fn rejects(project: &Project, args: &[&str]) -> Outcome {
    let json = ["--message-format", "json"];
    let outcome = project.run(&[&json[..], args].concat());
    let report = outcome.exits(1).says("over-budget").json();
    let finding = &report["archives"][0]["findings"][0];
    assert_eq!(finding["lint"], "over-budget");
    assert_eq!(finding["level"], "deny");
    assert!(project.zips().is_empty());
    outcome
}

#[test]
fn a_zip_over_its_budget_is_rejected_and_one_within_it_is_not() {
    let project = orders("");
    let report = project.report(&[]);
    let bytes = report["archives"][0]["zipped_bytes"].as_u64().unwrap();
    project
        .run(&["--max-zip-size", &bytes.to_string()])
        .exits(0);
    std::fs::remove_dir_all(project.path("target/lambda-zip")).unwrap();
    let outcome = rejects(&project, &["--max-zip-size", &(bytes - 1).to_string()]);
    outcome.says("`data` 4 KiB").says("`max-zip-size`");
    outcome.says(&format!("({bytes} bytes)"));
}

#[test]
fn what_unzips_to_more_than_its_budget_is_rejected_before_it_is_compressed() {
    let outcome = rejects(&orders(""), &["--max-unzipped-size", "4 KiB"]);
    outcome.says("`data` 4 KiB").says("`max-unzipped-size`");
    let archive = &outcome.json()["archives"][0];
    assert!(archive["zipped_bytes"].is_null());
    let unzipped = archive["unzipped_bytes"].as_u64().unwrap();
    orders("")
        .run(&["--max-unzipped-size", &unzipped.to_string()])
        .exits(0);
}

#[test]
fn layers_have_budgets_of_their_own() {
    let args = ["--max-unzipped-size", "1 MiB", "--layer", "100 MiB"];
    orders("").run(&args).exits(0);
}

#[test]
fn a_budget_may_stand_in_the_manifest_or_in_the_environment() {
    for key in [
        "max-zip-size = \"3 KiB\"\n",
        "max-zip-size = 3000\n",
        "max-unzipped-size = \"0.1 KiB\"\n",
        "bin.orders.max-zip-size = \"3 KiB\"\n",
    ] {
        let project = orders(key);
        rejects(&project, &[]);
        let run = project.command(&["--max-zip-size", "1 MiB"]);
        let run = run.env("CARGO_LAMBDA_ZIP_MAX_UNZIPPED_SIZE", "1 MiB");
        run.run().exits(0);
    }
}

#[test]
fn the_level_can_be_changed_as_that_of_any_lint() {
    let project = orders("max-zip-size = 1\nmax-unzipped-size = 1\n");
    let outcome = project.run(&["-W", "over-budget"]);
    outcome.exits(0).says("warning[over-budget]");
    let allowed = project.run(&["-A", "over-budget"]);
    allowed.exits(0).never_says("over-budget").says("Fresh");
}

#[test]
fn a_fresh_zip_is_judged_by_a_new_budget() {
    let project = orders("");
    project.run(&[]).exits(0);
    let outcome = project.run(&["--max-zip-size", "1 KiB"]);
    outcome.exits(1).says("over-budget").never_says("Fresh");
}

#[test]
fn pack_has_budgets_too() {
    let folder = Project::empty();
    let elf = Elf::static_pie(Machine::X86_64).payload(noise(4000));
    folder.write("handler", elf.bytes());
    for flag in ["--max-zip-size", "--max-unzipped-size"] {
        let outcome = folder.run(&["pack", "handler", flag, "4 KB"]);
        outcome.exits(1).says("over-budget").says("`bootstrap`");
    }
}

#[test]
fn what_is_no_size_is_said_with_an_example() {
    for flag in ["--max-zip-size", "--max-unzipped-size"] {
        let outcome = orders("").run(&[flag, "12 MeB"]);
        outcome.exits(2).says("12 MeB").says("`12 MiB`");
    }
    for value in ["\"12 MeB\"", "-1", "true"] {
        let outcome = orders(&format!("max-zip-size = {value}\n")).run(&[]);
        outcome.exits(2).says("Cargo.toml:8:16").says("12 MiB");
    }
}

/// A program with crates that a symbol each names.
fn program() -> Elf {
    Elf::fixed(Machine::X86_64)
        .function(
            "_ZN10serde_json2de10from_slice17h0123456789abcdefE",
            noise(9000),
        )
        .function("_RNvCsabc_6orders4main", noise(5000))
}

#[test]
fn the_largest_crates_are_named_and_the_command_that_tells_more() {
    const CRATES: &str =
        "the largest crates are those of `bootstrap`: `serde_json` 9 KiB, `orders` 5 KiB";
    let project = Project::package("orders", "").compiles_to("orders/orders", &program());
    let args = ["--max-unzipped-size", "4 KiB"];
    let outcome = rejects(&project, &args);
    outcome.says(CRATES).says("`-W over-budget`");
    outcome.says("`cargo lambda-zip size target/lambda-zip/orders-x86_64.zip`");
    let finding = &outcome.json()["archives"][0]["findings"][0];
    assert!(
        finding["message"]
            .as_str()
            .unwrap()
            .ends_with("`orders` 5 KiB")
    );
    // The debug file has the symbols of the program in the zip.
    let outcome = rejects(&project, &[&args[..], &["--debug-file"]].concat());
    outcome.says(CRATES);

    project.write("handler", program().bytes());
    let pack = ["pack", "handler", "-o", "f.zip"];
    project
        .run(&[&pack[..], &args].concat())
        .exits(1)
        .says(CRATES);
    let warned = project.run(&[&pack[..], &args, &["-W", "over-budget"]].concat());
    warned
        .exits(0)
        .says(CRATES)
        .says("`cargo lambda-zip size f.zip` shows");
    let checked = project.run(&["check", "f.zip", "--max-zip-size", "1 KiB"]);
    checked
        .exits(1)
        .says(CRATES)
        .says("`cargo lambda-zip size f.zip` shows");
    let stripped = program().stripped();
    project.write("handler", stripped.bytes());
    let outcome = project.run(&[&pack[..], &args, &["-W", "over-budget"]].concat());
    outcome
        .exits(0)
        .never_says("largest crates")
        .says("`cargo lambda-zip size f.zip` shows");
}
