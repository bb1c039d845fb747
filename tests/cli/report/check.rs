//! `check`: what programs are told, and what becomes of zips that cannot be read.

use forge::{Elf, Forged, Forgery, Machine};
use serde_json::Value;

use crate::support::project::Project;
use crate::support::run::Outcome;

/// A package with the mode of its program.
fn zip(mode: u32) -> Vec<u8> {
    let elf = Elf::static_pie(Machine::X86_64).bytes();
    Forgery::of([Forged::file("bootstrap", mode, elf)]).bytes()
}

fn folder() -> Project {
    let folder = Project::empty();
    folder.write("good.zip", zip(0o755));
    folder.write("bad.zip", zip(0o644));
    folder
}

fn check(folder: &Project, args: &[&str]) -> Outcome {
    folder.run(&[&["check"], args].concat())
}

#[test]
fn annotations_are_lines_that_github_understands() {
    let folder = folder();
    let outcome = check(
        &folder,
        &["bad.zip", "good.zip", "--message-format", "github"],
    );
    let [line] = outcome.exits(1).stdout.lines().collect::<Vec<_>>()[..] else {
        panic!("one line\n{outcome}")
    };
    assert!(
        line.starts_with("::error file=bad.zip,title=not-executable::bad x86_64: "),
        "{line}"
    );
    assert!(line.contains("%0Ahelp: "), "{line}");
    let args = [
        "good.zip",
        "--runtime",
        "provided.al2",
        "--message-format",
        "github",
    ];
    check(&folder, &args)
        .exits(0)
        .prints("::warning file=good.zip,title=deprecated-runtime::");
}

/// What the schema of SARIF 2.1.0 requires of what is written, and GitHub besides.
#[track_caller]
fn validated(document: &Value) -> &Value {
    let text = |value: &Value| value["text"].as_str().is_some_and(|text| !text.is_empty());
    let location = |location: &Value| {
        let place = &location["physicalLocation"];
        let region = &place["region"];
        for key in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(region[key].as_u64() >= Some(1), "{key} of {location}");
        }
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let is_relative = !uri.starts_with('/') && !uri.split('/').next().unwrap().contains(':');
        assert!(is_relative || uri.starts_with("file:///"), "{uri}");
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~%/:!$&'()*+,;=@".contains(c);
        assert!(!uri.is_empty() && uri.chars().all(allowed), "{uri}");
    };
    let list = |value: &Value| value.as_array().unwrap().clone();
    assert_eq!(document["version"], "2.1.0");
    let [run] = document["runs"].as_array().unwrap().as_slice() else {
        panic!("one run in {document}")
    };
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string());
    let levels = ["none", "note", "warning", "error"];
    for rule in list(&driver["rules"]) {
        assert!(rule["id"].is_string());
        for key in ["shortDescription", "fullDescription", "help"] {
            assert!(text(&rule[key]), "{key} of {rule}");
            let length = rule[key]["text"].as_str().unwrap().chars().count();
            assert!(key == "help" || length <= 1024, "{key} of {rule}");
        }
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
        assert!(levels.contains(&level));
    }
    let mut fingerprints = Vec::new();
    for result in list(&run["results"]) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(driver["rules"][index]["id"], result["ruleId"]);
        assert!(levels.contains(&result["level"].as_str().unwrap()));
        assert!(text(&result["message"]), "{result}");
        list(&result["locations"]).iter().for_each(location);
        let fingerprint = &result["partialFingerprints"]["primaryLocationLineHash"];
        let fingerprint = fingerprint.as_str().unwrap().to_owned();
        assert!(!fingerprints.contains(&fingerprint), "{fingerprint} twice");
        fingerprints.push(fingerprint);
    }
    for invocation in list(&run["invocations"]) {
        assert!(invocation["executionSuccessful"].is_boolean());
        for notification in list(&invocation["toolExecutionNotifications"]) {
            assert!(text(&notification["message"]), "{notification}");
            list(&notification["locations"]).iter().for_each(location);
        }
    }
    run
}

#[track_caller]
fn sarif(folder: &Project, zips: &[&str], code: i32) -> Value {
    let args = [zips, &["--message-format", "sarif"]].concat();
    check(folder, &args).exits(code).json()
}

#[test]
fn sarif_names_rules_results_and_places() {
    let folder = folder();
    folder.write("dist/b d.zip", zip(0o644));
    let colon = if cfg!(windows) { "a_b.zip" } else { "a:b.zip" };
    folder.write(colon, zip(0o644));
    let outside = Project::empty();
    outside.write("x.zip", zip(0o644));
    let outside = outside.path("x.zip");
    let zips = ["dist/b d.zip", colon, outside.to_str().unwrap(), "good.zip"];
    let document = sarif(&folder, &zips, 1);
    let run = validated(&document);
    let results = run["results"].as_array().unwrap();
    let uri = |nth: usize| {
        let place = &results[nth]["locations"][0]["physicalLocation"];
        place["artifactLocation"]["uri"].as_str().unwrap()
    };
    assert_eq!(results.len(), 3);
    assert_eq!(uri(0), "dist/b%20d.zip");
    assert_eq!(uri(1), colon.replace(':', "%3A"));
    assert!(uri(2).starts_with("file:///") && uri(2).ends_with("/x.zip"));
    assert_eq!(results[0]["ruleId"], "not-executable");
    assert_eq!(results[0]["level"], "error");
    assert_eq!(document, sarif(&folder, &zips, 1), "the same in every run");
}

#[test]
fn sarif_of_standard_input_has_a_place_too() {
    let folder = folder();
    let run = folder.command(&["check", "-", "--message-format", "sarif"]);
    let document = run.input("bad.zip").run().exits(1).json();
    let result = &validated(&document)["results"][0];
    let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "stdin");
}

#[test]
fn the_format_may_come_from_the_environment() {
    let folder = folder();
    let name = "CARGO_LAMBDA_ZIP_MESSAGE_FORMAT";
    let run = |format| {
        folder
            .command(&["check", "good.zip"])
            .env(name, format)
            .run()
    };
    run("json").exits(0).json();
    run("sarif").exits(0).prints("\"2.1.0\"");
    run("jsn").exits(2).says("json");
}

#[test]
fn one_zip_that_is_missing_costs_no_other_its_verdict() {
    let folder = folder().file("folder/x", "");
    let zips = ["good.zip", "nowhere.zip", "bad.zip"];
    let outcome = check(&folder, &zips);
    outcome.exits(3).says("Checked good").says("not-executable");
    outcome.says("1 of 2 packages rejected").says("nowhere.zip");
    // What is wrong usage counts less than what is missing.
    let args = [&zips[..], &["folder", "--message-format", "json"]].concat();
    let outcome = check(&folder, &args);
    let document = outcome.exits(3).says("folder").json();
    assert_eq!(document["archives"].as_array().unwrap().len(), 2);
    let errors = document["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2);
    assert_eq!(
        errors[0]["path"],
        folder.path("nowhere.zip").to_str().unwrap()
    );
    assert!(
        errors[0]["message"]
            .as_str()
            .unwrap()
            .contains("does not exist")
    );
    let document = sarif(&folder, &zips, 3);
    let run = validated(&document);
    assert_eq!(run["results"].as_array().unwrap().len(), 1);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let args = [&zips[..], &["--message-format", "github"]].concat();
    let outcome = check(&folder, &args);
    outcome.exits(3).prints("::error file=nowhere.zip::");
    outcome.prints("::error file=bad.zip,title=not-executable::");
    let alone = check(&folder, &["nowhere.zip", "--message-format", "json"]);
    assert_eq!(alone.exits(3).json()["archives"], Value::Array(Vec::new()));
    let well = check(&folder, &["good.zip", "--message-format", "json"]);
    assert!(well.exits(0).json()["errors"].is_null());
}

#[test]
fn a_layer_that_cannot_be_read_costs_no_zip_its_verdict() {
    let folder = folder().file("broken.zip", "no zip");
    let needy = Elf::dynamic(Machine::X86_64).needs("libfoo.so.1", &[]);
    let needy = Forged::file("bootstrap", 0o755, needy.bytes());
    folder.write("needy.zip", Forgery::of([needy]).bytes());
    let check_with = |layer, code| {
        let zips = ["bad.zip", "needy.zip", "--layer", layer];
        let args = [&zips[..], &["--message-format", "json"]].concat();
        let document = check(&folder, &args).exits(code).says(layer).json();
        let archives = document["archives"].as_array().unwrap();
        assert_eq!(archives[0]["findings"][0]["lint"], "not-executable");
        document
    };
    // The library may be in that layer.
    let document = check_with("nowhere.zip", 3);
    let findings = &document["archives"][1]["findings"];
    assert_eq!(findings, &Value::Array(Vec::new()));
    let path = document["errors"][0]["path"].as_str().unwrap();
    assert!(path.ends_with("nowhere.zip"));
    let document = check_with("broken.zip", 1);
    let findings = document["archives"][1]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["lint"], "broken-zip");
    assert!(document["errors"].is_null());
}

/// The one place where all names are not said is the message.
#[test]
fn all_names_are_in_json_in_sarif_and_under_verbose() {
    let folder = Project::empty();
    let names: Vec<String> = (0..15).map(|nth| format!("conf/k{nth:02}.env")).collect();
    let secrets = names
        .iter()
        .map(|name| Forged::file(name.as_str(), 0o644, "KEY=value\n"));
    let elf = Elf::static_pie(Machine::X86_64).bytes();
    let zip = Forgery::of(secrets.chain([Forged::file("bootstrap", 0o755, elf)]));
    folder.write("secrets.zip", zip.bytes());

    let report = check(&folder, &["secrets.zip", "--message-format", "json"])
        .exits(0)
        .json();
    let [finding] = report["archives"][0]["findings"]
        .as_array()
        .unwrap()
        .as_slice()
    else {
        panic!("one finding in {report}")
    };
    assert_eq!(finding["lint"], "secret-file");
    assert_eq!(finding["names"], Value::from(names.clone()));
    let document = sarif(&folder, &["secrets.zip"], 0);
    let result = &validated(&document)["results"][0];
    assert_eq!(result["properties"]["names"], Value::from(names.clone()));

    let brief = check(&folder, &["secrets.zip"]);
    brief
        .exits(0)
        .says("`conf/k02.env`")
        .says(" and 12 more look secret");
    assert!(!brief.stderr.contains("k03"), "{brief}");
    let verbose = check(&folder, &["secrets.zip", "-v"]);
    for name in names {
        verbose.says(&format!("name: `{name}` ("));
    }
}
