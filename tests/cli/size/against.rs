//! `--against` and `--max-growth`.

use forge::elf::noise;
use serde_json::Value;

use super::{MAIN, elf, number, size, sizes, zip};
use crate::support::project::Project;

/// A project with a zip `old/f.zip`, and one that has 4000 bytes more of `orders` and of `new_crate`.
fn grown() -> Project {
    let folder = Project::empty();
    folder.write("old/f.zip", zip(&elf()));
    let more = elf()
        .function(MAIN, noise(1500))
        .function("_RNvCs1_9new_crate5start", noise(2500));
    folder.write("f.zip", zip(&more));
    folder
}

fn change<'a>(growth: &'a Value, name: &str) -> &'a Value {
    let changes = growth["changes"].as_array().unwrap();
    let found = changes.iter().find(|change| change["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {growth:#}"))
}

#[test]
fn what_grew_is_told_by_crate() {
    let folder = grown();
    let found = sizes(&folder, &["f.zip", "--against", "old/f.zip"]).remove(0);
    let growth = &found["growth"];
    assert_eq!(
        number(growth, "zipped_bytes"),
        folder.read("old/f.zip").len() as u64
    );
    assert_eq!(growth["exceeded"], false);
    let orders = change(growth, "orders");
    assert_eq!(
        (
            number(&orders["before"], "bytes"),
            number(&orders["now"], "bytes")
        ),
        (2000, 3500)
    );
    let new = change(growth, "new_crate");
    assert!(new["before"].is_null());
    assert_eq!(number(&new["now"], "bytes"), 2500);
    assert_eq!(growth["changes"][0]["name"], "new_crate", "it grew most");
    let same = growth["changes"]
        .as_array()
        .unwrap()
        .iter()
        .all(|c| c["name"] != "serde_json");
    assert!(same, "{growth:#}");

    let outcome = size(&folder, &["f.zip", "--against", "old/f.zip"]);
    outcome
        .exits(0)
        .prints("against old/f.zip")
        .prints("new_crate")
        .prints("+2 KiB");
    let smaller = size(
        &folder,
        &["old/f.zip", "--against", "f.zip", "--max-growth", "0%"],
    );
    smaller.exits(0).prints("-2 KiB").prints("(-");
}

#[test]
fn an_earlier_result_is_as_good_as_the_zip() {
    let folder = grown();
    let earlier = size(&folder, &["old/f.zip", "--message-format", "json"]);
    folder.write("sizes.json", &earlier.exits(0).stdout);
    let of_zip = sizes(&folder, &["f.zip", "--against", "old/f.zip"]).remove(0);
    let of_json = sizes(&folder, &["f.zip", "--against", "sizes.json"]).remove(0);
    assert_eq!(of_zip["growth"]["changes"], of_json["growth"]["changes"]);
    // A report has entries.
    folder.write("handler", elf().bytes());
    let report = folder.run(&["pack", "handler", "-o", "f.zip", "--report", "report.json"]);
    report.exits(0);
    folder.write("g.zip", zip(&elf().function(MAIN, noise(100))));
    let found = sizes(&folder, &["g.zip", "--against", "report.json"]).remove(0);
    assert_eq!(found["growth"]["changes"][0]["entry"], "bootstrap");
}

#[test]
fn several_zips_are_found_by_their_names() {
    let folder = grown();
    folder.write("old/g.zip", zip(&elf()));
    let earlier = size(
        &folder,
        &["old/f.zip", "old/g.zip", "--message-format", "json"],
    );
    folder.write("sizes.json", &earlier.exits(0).stdout);
    folder.write("new.zip", zip(&elf()));
    let args = [
        "f.zip",
        "old/g.zip",
        "new.zip",
        "--against",
        "sizes.json",
        "--max-growth",
        "5%",
    ];
    let outcome = size(
        &folder,
        &[&args[..], &["--message-format", "json"]].concat(),
    );
    let document = outcome.exits(1).says("1 of 3 zips grew").json();
    let growth: Vec<&Value> = document["sizes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|z| &z["growth"])
        .collect();
    assert_eq!(growth[0]["exceeded"], true);
    assert_eq!(growth[1]["changes"], serde_json::json!([]));
    assert!(growth[2].is_null(), "it is new");
    outcome.says("`new.zip` is not in `sizes.json`");
}

#[test]
fn growth_beyond_the_bound_exits_with_1() {
    let folder = grown();
    let run = |bound: &str| {
        size(
            &folder,
            &["f.zip", "--against", "old/f.zip", "--max-growth", bound],
        )
    };
    run("5%")
        .exits(1)
        .says("Grown f.zip by more than 5 %")
        .says("1 of 1 zips grew");
    run("1 KiB").exits(1).says("by more than 1 KiB");
    run("1000%").exits(0);
    run("1 MiB").exits(0);
    // The contents count as well: they are at the limit of 250 MiB first.
    let files = |bytes| forge::Forged::file("data", 0o644, vec![0; bytes]).deflated();
    folder.write("old.zip", forge::Forgery::of([files(100_000)]).bytes());
    folder.write("new.zip", forge::Forgery::of([files(140_000)]).bytes());
    let outcome = size(
        &folder,
        &["new.zip", "--against", "old.zip", "--max-growth", "35%"],
    );
    outcome.exits(1).says("(+40.0 %)");
}

#[test]
fn wrong_bounds_and_documents_are_refused() {
    let folder = grown()
        .file("a.json", "{}")
        .file("b.json", "{\"sizes\": []}")
        .file("text", "text");
    for bound in ["5", "five", "-5%", "%"] {
        let run = size(
            &folder,
            &[
                "f.zip",
                "--against",
                "old/f.zip",
                &format!("--max-growth={bound}"),
            ],
        );
        // A plain number is one of bytes.
        run.exits(if bound == "5" { 1 } else { 2 });
    }
    size(&folder, &["f.zip", "--max-growth", "5%"])
        .exits(2)
        .says("--against");
    for file in ["a.json", "b.json"] {
        let outcome = size(&folder, &["f.zip", "--against", file]);
        outcome
            .exits(2)
            .says(&format!("`{file}` is no earlier result"))
            .says("help:");
    }
    size(&folder, &["f.zip", "--against", "text"]).exits(4);
    size(&folder, &["f.zip", "--against", "none"])
        .exits(3)
        .says("the earlier zip `none` does not exist");
}

#[test]
fn a_bound_that_holds_for_no_zip_is_an_error() {
    let folder = grown();
    folder.write("a.zip", zip(&elf()));
    folder.write("b.zip", zip(&elf()));
    let bound = ["--against", "old/f.zip", "--max-growth", "5%"];
    let run = |zips: &[&str]| size(&folder, &[zips, &bound].concat());
    run(&["a.zip", "b.zip"])
        .exits(2)
        .says("`old/f.zip` has none of the zips, so nothing is compared")
        .says("help: compare each zip in a run of its own");
    // The only earlier zip is that of the only zip, and one of several has its name.
    run(&["a.zip"]).exits(0);
    run(&["a.zip", "f.zip"]).exits(1).says("Grown f.zip");
    // Then the error is about the zip that cannot be read.
    run(&["a.zip", "none.zip"])
        .exits(3)
        .never_says("nothing is compared");
    size(&folder, &["a.zip", "b.zip", "--against", "old/f.zip"])
        .exits(0)
        .says("it is new");
}

/// A zip whose only difference from others is its size.
fn zip_of(bytes: usize) -> Vec<u8> {
    let file = forge::Forged::file("data", 0o644, noise(bytes));
    forge::Forgery::of([file]).bytes()
}

/// A project with zips of one file name, in the order of their sizes: `b` is the larger one.
fn namesakes() -> Project {
    let folder = Project::empty();
    for path in ["old/out/a/f.zip", "out/a/f.zip"] {
        folder.write(path, zip_of(1000));
    }
    for path in ["old/out/bee/f.zip", "out/bee/f.zip"] {
        folder.write(path, zip_of(9000));
    }
    folder
}

/// The earlier result of `zips` in the file `sizes.json`.
fn write_sizes(folder: &Project, zips: &[&str]) {
    let earlier = size(folder, &[zips, &["--message-format", "json"]].concat());
    folder.write("sizes.json", &earlier.exits(0).stdout);
}

#[test]
fn of_two_earlier_zips_of_one_name_the_same_path_is_the_first() {
    let folder = namesakes();
    // `old/out/a/f.zip` has a common end with both.
    for zips in [
        ["old/out/a/f.zip", "out/a/f.zip", "out/bee/f.zip"],
        ["out/bee/f.zip", "out/a/f.zip", "old/out/a/f.zip"],
    ] {
        folder.write("old/out/a/f.zip", zip_of(5000));
        write_sizes(&folder, &zips);
        let args = ["out/bee/f.zip", "out/a/f.zip", "--against", "sizes.json"];
        for found in sizes(&folder, &args) {
            assert_eq!(found["growth"]["zipped_bytes"], found["zipped_bytes"]);
        }
        let strict = [&args[..], &["--max-growth", "0%"]].concat();
        size(&folder, &strict).exits(0);
    }
}

#[test]
fn of_two_earlier_zips_of_one_name_the_longest_common_end_is_compared() {
    let folder = namesakes();
    write_sizes(&folder, &["old/out/bee/f.zip", "old/out/a/f.zip"]);
    let args = ["out/a/f.zip", "out/bee/f.zip", "--against", "sizes.json"];
    for found in sizes(&folder, &args) {
        assert_eq!(found["growth"]["zipped_bytes"], found["zipped_bytes"]);
    }
    // Only whole components count: `ee` is no end of `bee`.
    folder.write("out/bee/f.zip", zip_of(20_000));
    let outcome = size(&folder, &[&args[..], &["--max-growth", "5%"]].concat());
    outcome
        .exits(1)
        .says("Grown out/bee/f.zip")
        .never_says("Grown out/a/f.zip")
        .says("1 of 2 zips grew");
}

#[test]
fn the_paths_of_a_report_are_those_below_its_folder() {
    let folder = namesakes();
    let archive = |path: &str, bytes: u64| serde_json::json!({"path": path, "zipped_bytes": bytes, "unzipped_bytes": bytes, "entries": []});
    // As `report merge` writes them.
    let report = serde_json::json!({"archives": [archive("x/a/f.zip", 1), archive("a/f.zip", 2)]});
    folder.write("out/report.json", report.to_string());
    let found = sizes(&folder, &["out/a/f.zip", "--against", "out/report.json"]).remove(0);
    assert_eq!(number(&found["growth"], "zipped_bytes"), 2);
}

/// A run that rejected a package, or a dry run.
#[test]
fn an_archive_without_sizes_is_left_out_of_an_earlier_report() {
    let folder = namesakes();
    let known =
        serde_json::json!({"path": "a.zip", "zipped_bytes": 1, "unzipped_bytes": 1, "entries": []});
    let unknown = serde_json::json!({"path": "b.zip", "zipped_bytes": null, "unzipped_bytes": null, "entries": []});
    let report = serde_json::json!({"archives": [known, unknown]});
    folder.write("report.json", report.to_string());
    for path in ["a.zip", "b.zip"] {
        folder.write(path, zip_of(1000));
    }
    let found = sizes(&folder, &["a.zip", "--against", "report.json"]).remove(0);
    assert_eq!(number(&found["growth"], "zipped_bytes"), 1);
    let args = ["a.zip", "b.zip", "--against", "report.json"];
    let outcome = size(
        &folder,
        &[&args[..], &["--message-format", "json"]].concat(),
    );
    let document = outcome
        .exits(2)
        .says("`report.json` has no sizes of `b.zip`, so `b.zip` cannot be compared")
        .says("help: name the earlier zip itself")
        .json();
    assert_eq!(document["sizes"].as_array().unwrap().len(), 1);
    // The report of a real dry run.
    folder.write("handler", elf().bytes());
    let args = [
        "pack",
        "handler",
        "-o",
        "f.zip",
        "--dry-run",
        "--report",
        "dry.json",
    ];
    folder.run(&args).exits(0);
    size(&folder, &["a.zip", "--against", "dry.json"])
        .exits(2)
        .says("`dry.json` has no sizes of `f.zip`");
    // A key that is missing is an error of the document.
    folder.write(
        "bad.json",
        r#"{"sizes": [{"path": "a.zip", "entries": []}]}"#,
    );
    size(&folder, &["a.zip", "--against", "bad.json"])
        .exits(2)
        .says("missing field `zipped_bytes`");
}

#[test]
fn two_earlier_zips_that_are_equally_close_are_refused() {
    let folder = namesakes();
    write_sizes(&folder, &["old/out/a/f.zip", "old/out/bee/f.zip"]);
    folder.write("new/f.zip", zip_of(1000));
    let args = [
        "new/f.zip",
        "out/bee/f.zip",
        "--against",
        "sizes.json",
        "--message-format",
        "json",
    ];
    let outcome = size(&folder, &args);
    let document = outcome
        .exits(2)
        .says("the path of `new/f.zip`")
        .says("`old/out/a/f.zip`")
        .says("`old/out/bee/f.zip`")
        .says("in `sizes.json`")
        .says("help: compare each zip in a run of its own")
        .never_says("it is new")
        .json();
    assert_eq!(document["errors"][0]["code"], 2);
    assert_eq!(document["sizes"].as_array().unwrap().len(), 1);
    // The way out.
    size(&folder, &["new/f.zip", "--against", "old/out/a/f.zip"]).exits(0);
    // A zip that was named twice is one.
    write_sizes(&folder, &["old/out/a/f.zip", "old/out/a/f.zip"]);
    size(&folder, &["new/f.zip", "--against", "sizes.json"]).exits(0);
}
