//! `report merge`: one report of several runs.

use serde_json::{Value, json};

use crate::support::project::Project;

const NAMES: [&str; 7] = [
    "orders", "refunds", "stock", "mail", "audit", "search", "login",
];

/// Seven functions, which take a layer of files and an extension.
fn shop() -> Project {
    let tables = "[workspace.metadata.lambda-zip]\nlayers = [\"certs\", \"agent\"]\n\
                  runtime = \"provided.al2\"\n\
                  [workspace.metadata.lambda-zip.layer.certs]\ninclude = \"certs\"\n";
    let extension = "[package.metadata.lambda-zip]\nkind = \"extension\"\n";
    let project = Project::workspace(tables)
        .with(&["certs/ca.pem"])
        .member("agent", extension);
    NAMES
        .iter()
        .fold(project, |project, name| project.member(name, ""))
}

#[test]
fn a_command_is_required() {
    let outcome = Project::empty().run(&["report"]);
    outcome
        .exits(2)
        .says("error: a command is required: `merge`\n");
}

/// Writes the report of a run, which ends with `code`.
fn write(project: &Project, file: &str, args: &[&str], code: i32) {
    project
        .run(&[&["--report", file], args].concat())
        .exits(code);
}

/// A report with these archives, each a name, a kind and a path.
fn report(archives: &[(&str, &str, &str)]) -> Value {
    let archives = archives.iter().map(|(name, kind, path)| {
        json!({
            "package": "shop", "package_version": "1.0.0", "bin": name, "name": name, "kind": kind,
            "architecture": "arm64", "architectures": ["arm64"], "target": null, "profile": "lambda",
            "builder": null, "runtime": "provided.al2023", "handler": null, "path": path,
            "folder": null, "debug_file": null, "zipped_bytes": 1, "unzipped_bytes": 1,
            "code_sha256": null, "sha256": "0".repeat(64), "direct_upload": true, "fresh": false,
            "binary": null, "layers": [], "entries": [], "rejected": false, "template": null,
            "findings": [],
        })
    });
    let archives: Vec<Value> = archives.collect();
    json!({ "version": 1, "tool_version": "0.1.0", "archives": archives, "findings": [] })
}

/// A project with reports of that name.
fn folder(reports: &[(&str, Value)]) -> Project {
    let project = Project::empty();
    for (name, report) in reports {
        project.write(name, report.to_string());
    }
    project
}

/// Merges into `all.json`.
fn merge(project: &Project, sources: &[&str]) -> crate::support::run::Outcome {
    project.run(&[&["report", "merge", "--report", "all.json"], sources].concat())
}

fn read(project: &Project, path: &str) -> Value {
    serde_json::from_slice(&project.read(path)).unwrap()
}

#[cfg(unix)]
#[test]
fn the_reports_of_all_partitions_are_the_report_of_a_run_for_all() {
    let project = shop();
    let args = ["--arch", "arm64,x86_64"];
    // The first run makes the zips; all others find them as they are.
    project.run(&args).exits(0);
    write(&project, "target/whole.json", &args, 0);
    let parts: Vec<String> = (1..=4).rev().map(|n| format!("parts/{n}.json")).collect();
    for (part, number) in parts.iter().zip((1..=4).rev()) {
        let partition = format!("{number}/4");
        let args = [&args[..], &["--partition", &partition]].concat();
        write(&project, part, &args, 0);
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let args = [
        &["report", "merge", "--report", "target/all.json"],
        &parts[..],
    ]
    .concat();
    let outcome = project.run(&args);
    outcome.exits(0).prints_nothing();
    outcome.says("Merged 4 reports of 17 packages into target/all.json");
    let text = |path: &str| String::from_utf8(project.read(path)).unwrap();
    assert_eq!(text("target/all.json"), text("target/whole.json"));
    // Standard output has absolute paths, as that of a run.
    let printed = project.run(&[&["report", "merge"], &parts[..]].concat());
    let whole = project.run(&["--arch", "arm64,x86_64", "--message-format", "json"]);
    assert_eq!(printed.exits(0).stdout, whole.exits(0).stdout);
}

#[cfg(unix)]
#[test]
fn a_partition_that_is_missing_is_named() {
    let project = shop();
    for number in [1, 3] {
        let partition = format!("{number}/4");
        let args = ["--dry-run", "--partition", &partition];
        write(&project, &format!("{number}.json"), &args, 0);
    }
    let outcome = merge(&project, &["1.json", "3.json"]);
    outcome
        .exits(3)
        .says("2 of 4 partitions are missing: no report is of partitions `2/4`, `4/4`");
    let merged = project.report_in("all.json");
    assert_eq!(merged["errors"][0]["code"], 3);
    assert!(merged["commands"].is_array());
    let outcome = merge(&project, &["1.json", "./1.json"]);
    outcome.exits(2).says("are the same file");
    project.write("copy.json", project.read("1.json"));
    let outcome = merge(&project, &["1.json", "copy.json"]);
    outcome
        .exits(2)
        .says("`1.json` and `copy.json` are both partition 1/4");
    write(
        &project,
        "half.json",
        &["--dry-run", "--partition", "2/2"],
        0,
    );
    let outcome = merge(&project, &["1.json", "half.json"]);
    outcome.exits(2).says("they are not of one run");
    write(&project, "real.json", &["--partition", "2/4"], 0);
    let outcome = merge(&project, &["1.json", "real.json"]);
    outcome
        .exits(2)
        .says("`1.json` is of a dry run and `real.json` is not");
}

#[cfg(unix)]
#[test]
fn the_exit_code_is_the_highest_of_the_runs() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "")
        .member("mail", "")
        .fails_with("mail/mail", "mismatched types");
    write(&project, "good.json", &["-p", "orders"], 0);
    write(
        &project,
        "rejected.json",
        &["-p", "stock", "--max-zip-size", "1"],
        1,
    );
    write(&project, "failed.json", &["-p", "mail"], 101);
    write(&project, "wrong.json", &["-p", "refunds"], 2);
    let outcome = merge(&project, &["good.json", "rejected.json"]);
    outcome.exits(1).says("1 of 2 packages rejected");
    assert_eq!(
        project.report_in("all.json")["archives"][1]["rejected"],
        true
    );
    let all = ["good.json", "rejected.json", "failed.json", "wrong.json"];
    let outcome = merge(&project, &all);
    outcome
        .exits(101)
        .says("1 of 2 packages rejected")
        .says("refunds")
        .says("the build failed");
    let errors = &project.report_in("all.json")["errors"];
    assert_eq!(
        (&errors[0]["code"], &errors[1]["code"]),
        (&json!(101), &json!(2))
    );
    // A partition whose run has failed is not missing.
    write(&project, "1.json", &["--partition", "1/1"], 101);
    assert_eq!(project.report_in("1.json")["partition"], "1/1");
    merge(&project, &["1.json"])
        .exits(101)
        .never_says("missing");
}

#[test]
fn paths_lead_from_the_new_file_and_stay_what_they_are() {
    let mut document = report(&[("orders", "function", "../zips/orders.zip")]);
    let archive = &mut document["archives"][0];
    archive["folder"] = "files".into();
    archive["debug_file"] = json!({ "path": "orders.debug", "bytes": 1, "build_id": null });
    archive["template"] = json!({ "path": "t.yaml", "line": 1, "resource": "Orders" });
    archive["entries"] =
        json!([{ "path": "bootstrap", "mode": null, "bytes": 1, "compressed_bytes": 1 }]);
    let layer = |path: Value| json!({ "name": null, "path": path, "arn": null, "bytes": null });
    archive["layers"] = json!([layer("/srv/a.zip".into()), layer(Value::Null)]);
    let finding = json!({
        "lint": "template-mismatch", "level": "warn", "message": "m", "help": "h", "names": [],
        "place": { "path": "t.yaml", "line": 2 },
    });
    archive["findings"] = json!([finding]);
    let mut of_run = finding;
    of_run["paths"] = json!(["b.zip"]);
    document["findings"] = json!([of_run]);
    document["pruned"] = json!(["old.zip"]);
    document["unchecked"] =
        json!([{ "template": "t.yaml", "line": 1, "resource": null, "reason": "r" }]);
    document["errors"] = json!([
        { "code": 4, "message": "no", "help": null, "path": "c.zip" },
        { "code": 4, "message": "-", "help": null, "path": null },
    ]);
    let project = folder(&[("part/r.json", document.clone())]);
    let args = ["report", "merge", "part/r.json", "--report", "out/all.json"];
    project.run(&args).exits(4);
    let mut expected = document;
    let archive = &mut expected["archives"][0];
    archive["path"] = "../zips/orders.zip".into();
    archive["folder"] = "../part/files".into();
    archive["debug_file"]["path"] = "../part/orders.debug".into();
    archive["template"]["path"] = "../part/t.yaml".into();
    archive["findings"][0]["place"]["path"] = "../part/t.yaml".into();
    let mut merged = read(&project, "out/all.json");
    let absolute = merged["archives"][0]["layers"][0]["path"].take();
    assert!(
        absolute.as_str().unwrap().ends_with("/srv/a.zip"),
        "{absolute}"
    );
    merged["archives"][0]["layers"][0]["path"] = "/srv/a.zip".into();
    expected["pruned"][0] = "../part/old.zip".into();
    expected["findings"][0]["paths"][0] = "../part/b.zip".into();
    expected["findings"][0]["place"]["path"] = "../part/t.yaml".into();
    expected["unchecked"][0]["template"] = "../part/t.yaml".into();
    expected["errors"][0]["path"] = "../part/c.zip".into();
    assert_eq!(merged, expected);
}

#[test]
fn equal_names_are_refused() {
    let one = report(&[("orders", "function", "a/orders.zip")]);
    let mut other = report(&[("orders", "function", "b/orders.zip")]);
    let project = folder(&[
        ("a.json", one.clone()),
        ("b.json", other.clone()),
        ("c.json", one),
    ]);
    let outcome = merge(&project, &["a.json", "b.json"]);
    outcome
        .exits(2)
        .says("the function `orders` for arm64 of `b.json` is in `a.json` too");
    // The package was made twice, even if it is the same.
    merge(&project, &["a.json", "c.json"])
        .exits(2)
        .says("is in `a.json` too");
    // The name is another one, and the place is the same.
    other["archives"][0]["name"] = "refunds".into();
    other["archives"][0]["path"] = "A/Orders.zip".into();
    project.write("b.json", other.to_string());
    let outcome = merge(&project, &["a.json", "b.json"]);
    outcome.exits(2).says("at the same path");
    other["archives"][0]["path"] = "b/orders.zip".into();
    project.write("b.json", other.to_string());
    merge(&project, &["a.json", "b.json"]).exits(0);
    // For another architecture, and as a layer, it is another thing.
    other["archives"][0]["name"] = "orders".into();
    other["archives"][0]["architecture"] = "x86_64".into();
    project.write("b.json", other.to_string());
    merge(&project, &["a.json", "b.json"]).exits(0);
    project.write(
        "b.json",
        report(&[("orders", "layer", "b/o.zip")]).to_string(),
    );
    merge(&project, &["a.json", "b.json"]).exits(0);
    // On standard output, a refusal is a document too.
    let outcome = project.run(&["report", "merge", "a.json", "c.json"]);
    assert_eq!(outcome.exits(2).json()["errors"][0]["code"], 2);
}

#[test]
fn a_layer_of_several_runs_is_there_once_if_it_is_the_same() {
    let with_layer = |name: &str| {
        let mut report = report(&[(name, "function", name), ("certs", "layer", "certs.zip")]);
        report["archives"][0]["layers"] =
            json!([{ "name": "certs", "path": "certs.zip", "arn": null, "bytes": 1 }]);
        report
    };
    let mut other = with_layer("stock");
    other["archives"][1]["fresh"] = true.into();
    let project = folder(&[
        ("a/r.json", with_layer("orders")),
        ("b/r.json", other.clone()),
    ]);
    merge(&project, &["a/r.json", "b/r.json"]).exits(0);
    let merged = read(&project, "all.json");
    let archives = merged["archives"].as_array().unwrap();
    let named: Vec<_> = archives
        .iter()
        .map(|a| a["path"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["a/certs.zip", "a/orders", "b/stock"]);
    // Functions refer to the one that is there.
    assert_eq!(archives[2]["layers"][0]["path"], "a/certs.zip");
    // A share whose packages were rejected has made no zip of it.
    let mut skipped = other.clone();
    skipped["archives"][1]["sha256"] = json!(null);
    skipped["archives"][1]["zipped_bytes"] = json!(null);
    project.write("b/r.json", skipped.to_string());
    for order in [["a/r.json", "b/r.json"], ["b/r.json", "a/r.json"]] {
        merge(&project, &order).exits(0);
        let merged = read(&project, "all.json");
        let archives = merged["archives"].as_array().unwrap();
        let layers = archives.iter().filter(|a| a["kind"] == "layer");
        let layers: Vec<_> = layers
            .map(|a| (&a["path"], a["sha256"].is_string()))
            .collect();
        assert_eq!(layers, [(&json!("a/certs.zip"), true)]);
        for function in archives.iter().filter(|a| a["kind"] == "function") {
            assert_eq!(function["layers"][0]["path"], "a/certs.zip");
        }
    }
    other["archives"][1]["unzipped_bytes"] = 2.into();
    project.write("b/r.json", other.to_string());
    merge(&project, &["a/r.json", "b/r.json"])
        .exits(2)
        .says("the layer `certs` for arm64 has the same contents in `a/r.json` and `b/r.json`");
    other["archives"][1]["sha256"] = "1".repeat(64).into();
    project.write("b/r.json", other.to_string());
    let outcome = merge(&project, &["a/r.json", "b/r.json"]);
    outcome
        .exits(2)
        .says("the layer `certs` for arm64 differs between `a/r.json` (SHA-256 000")
        .says("and `b/r.json` (SHA-256 111");
}

#[test]
fn keys_of_newer_versions_survive() {
    let mut one = report(&[("orders", "function", "orders.zip")]);
    one["archives"][0]["future"] = json!({ "z": 1, "a": [2.5, "-"] });
    one["notes"] = json!(["one"]);
    one["tool"] = json!({ "name": "x" });
    let mut other = report(&[("stock", "function", "stock.zip")]);
    other["notes"] = json!(["two"]);
    other["tool"] = json!({ "name": "x" });
    let project = folder(&[("a.json", one.clone()), ("b.json", other.clone())]);
    merge(&project, &["a.json", "b.json"]).exits(0);
    let merged = read(&project, "all.json");
    assert_eq!(
        merged["archives"][0]["future"],
        one["archives"][0]["future"]
    );
    assert_eq!(merged["notes"], json!(["one", "two"]));
    assert_eq!(merged["tool"], json!({ "name": "x" }));
    other["tool"] = json!({ "name": "y" });
    project.write("b.json", other.to_string());
    let outcome = merge(&project, &["a.json", "b.json"]);
    outcome
        .exits(2)
        .says("`tool` differs between `a.json` and `b.json`");
}

#[test]
fn what_is_no_report_is_refused() {
    let project = folder(&[
        ("good.json", report(&[])),
        ("future.json", json!({ "version": 2, "archives": [] })),
        ("sarif.json", json!({ "version": "2.1.0", "runs": [] })),
        ("list.json", json!([])),
        ("empty.json", json!({})),
        (
            "no-path.json",
            json!({ "version": 1, "archives": [{ "bin": "x" }] }),
        ),
        (
            "no-code.json",
            json!({ "version": 1, "archives": [], "errors": [{ "message": "x" }] }),
        ),
        ("words.json", json!({ "version": 1, "archives": "none" })),
        (
            "part.json",
            json!({ "version": 1, "archives": [], "partition": "9/8" }),
        ),
    ]);
    let one = || report(&[("orders", "function", "orders.zip")]);
    let with = |pointer: &str, value: Value| {
        let mut report = one();
        *report.pointer_mut(pointer).unwrap() = value;
        report.to_string()
    };
    project.write("rejected.json", with("/archives/0/rejected", "true".into()));
    project.write("kind.json", with("/archives/0/kind", "lambda".into()));
    project.write("digest.json", with("/archives/0/sha256", "xyz".into()));
    let mut failed = one();
    failed["errors"] = json!([{ "code": 0, "message": "m", "help": null, "path": null }]);
    project.write("code.json", failed.to_string());
    for (file, partition) in [("third.json", "3/2"), ("zeroth.json", "0/2")] {
        let mut part = one();
        part["partition"] = partition.into();
        project.write(file, part.to_string());
    }
    let mut without = one();
    without.as_object_mut().unwrap().shift_remove("findings");
    project.write("no-findings.json", without.to_string());
    project.write("text.json", "version 1");
    project.write("folder/x", "");
    #[cfg(unix)]
    project.add_pipe("pipe.json");
    for (file, code, why) in [
        ("future.json", 2, "of version 2; this tool reads version 1"),
        ("sarif.json", 2, "is not a report"),
        ("list.json", 2, "is not a report"),
        ("empty.json", 2, "is not a report"),
        ("no-path.json", 2, "is not a report"),
        ("no-code.json", 2, "is not a report"),
        ("words.json", 2, "is not a report"),
        ("part.json", 2, "is not a report"),
        (
            "rejected.json",
            2,
            r#"is not a report: `.archives[0].rejected` is `"true"`, not of the type `"boolean"`"#,
        ),
        (
            "kind.json",
            2,
            r#"`.archives[0].kind` is `"lambda"`, not `"function"`"#,
        ),
        (
            "digest.json",
            2,
            r#"`.archives[0].sha256` is `"xyz"`, not a match of `^[0-9a-f]{64}$`"#,
        ),
        ("code.json", 2, "`.errors[0].code` is `0`, not 1 or more"),
        ("third.json", 2, "is not a report: `3/2` is not a partition"),
        (
            "zeroth.json",
            2,
            r#"`.partition` is `"0/2"`, not a match of"#,
        ),
        (
            "no-findings.json",
            2,
            "is not a report: `.findings` is missing",
        ),
        ("text.json", 2, "is not a report"),
        ("folder", 2, "is a folder"),
        #[cfg(unix)]
        ("pipe.json", 2, "is not a regular file"),
        ("none.json", 3, "the report `none.json` does not exist"),
    ] {
        let outcome = merge(&project, &["good.json", file]);
        outcome.exits(code).says(file).says(why);
        assert_eq!(project.report_in("all.json")["errors"][0]["code"], code);
    }
    let before = project.read("good.json");
    let outcome = project.run(&["report", "merge", "good.json", "--report", "./good.json"]);
    outcome.exits(2).says("would replace `good.json`");
    assert_eq!(project.read("good.json"), before);
    project.run(&["report", "merge"]).exits(2);
    project.run(&["report"]).exits(2);
}

#[test]
fn partitions_of_different_profiles_are_refused() {
    let of = |partition: &str, name: &str, profile: &str| {
        let path = format!("{name}.zip");
        let mut report = report(&[(name, "function", &path)]);
        report["partition"] = partition.into();
        report["archives"][0]["profile"] = profile.into();
        report
    };
    let project = folder(&[
        ("1.json", of("1/2", "a", "lambda")),
        ("2.json", of("2/2", "b", "lambda")),
        ("dev.json", of("2/2", "b", "dev")),
    ]);
    project
        .run(&["report", "merge", "1.json", "2.json"])
        .exits(0);
    project
        .run(&["report", "merge", "1.json", "dev.json"])
        .exits(2)
        .says("`1.json` was built with the profile `lambda` and `dev.json` with `dev`");
}

#[cfg(unix)]
#[test]
fn partitions_of_different_runs_are_refused() {
    let project = shop();
    for (file, args) in [
        ("1.json", &["--partition", "1/2"][..]),
        ("2.json", &["--partition", "2/2"]),
        ("arm.json", &["--partition", "2/2", "--arch", "arm64"]),
        (
            "some.json",
            &["--partition", "2/2", "-p", "stock", "-p", "mail"],
        ),
        ("features.json", &["--partition", "2/2", "--all-features"]),
        ("layers.json", &["layer", "--partition", "2/2"]),
    ] {
        write(&project, file, &[args, &["--dry-run"]].concat(), 0);
    }
    merge(&project, &["1.json", "2.json"]).exits(0);
    let merged = project.report_in("all.json");
    assert_eq!(merged.get("selection"), None);
    for other in ["arm.json", "some.json", "features.json", "layers.json"] {
        merge(&project, &["1.json", other]).exits(2).says(&format!(
            "`1.json` and `{other}` are partitions of different selections"
        ));
    }
}

#[test]
fn reports_of_different_versions_are_refused() {
    let mut other = report(&[("stock", "function", "stock.zip")]);
    other["tool_version"] = "0.2.0".into();
    let project = folder(&[
        ("a.json", report(&[("orders", "function", "orders.zip")])),
        ("b.json", other),
    ]);
    merge(&project, &["a.json", "b.json"])
        .exits(2)
        .says("`a.json` is of version 0.1.0 of the tool and `b.json` is of version 0.2.0");
}
