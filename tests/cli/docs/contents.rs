//! What the documentation repeats of the tool is the tool's own, and its links lead somewhere.

use std::env;
use std::path::PathBuf;

use fs_err as fs;
use serde_json::Value;

use super::{block, page, pages, repository};
use crate::support::project::Project;

/// The names of all keys, with those of what is in them.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), shape(value)))
            .collect(),
        Value::Array(list) => list.first().map_or(Value::Null, shape),
        _ => Value::Null,
    }
}

#[cfg(unix)]
#[test]
fn the_report_has_the_keys_of_the_example() {
    let example: Value = serde_json::from_str(&block("\"archives\"")).unwrap();
    let report = Project::package("orders", "").report(&["--arch", "arm64"]);
    assert_eq!(shape(&example), shape(&report));
    let page = page("docs/report.md");
    let (_, table) = page.split_once("| Key of an archive |").unwrap();
    for key in example["archives"][0].as_object().unwrap().keys() {
        assert!(
            table.contains(&format!("`{key}`")),
            "the table has no `{key}`"
        );
    }
}

#[test]
fn the_schema_is_that_of_the_command() {
    let printed = Project::empty().run(&["schema"]);
    assert_eq!(printed.exits(0).stdout, page("docs/report.schema.json"));
}

/// The part of a page between two markers is generated: `UPDATE_DOCS=1 cargo test --test cli docs::` writes it.
#[track_caller]
fn assert_generated(path: &str, name: &str, expected: &str) {
    let text = page(path);
    let (before, rest) = text
        .split_once(&format!("<!-- {name}:begin -->\n"))
        .unwrap();
    let end = format!("<!-- {name}:end -->");
    let (found, after) = rest.split_once(&end).unwrap();
    if env::var_os("UPDATE_DOCS").is_some() {
        let text = format!("{before}<!-- {name}:begin -->\n{expected}{end}{after}");
        fs::write(repository().join(path), text).unwrap();
    } else {
        assert_eq!(
            found, expected,
            "{path} is out of date: run `UPDATE_DOCS=1 cargo test --test cli docs::`"
        );
    }
}

#[test]
fn the_table_of_lints_is_that_of_check() {
    let outcome = Project::empty().run(&["check", "--list"]);
    let rows = outcome.exits(0).stdout.lines().map(|line| {
        let (name, rest) = line.split_once(' ').unwrap();
        let (level, meaning) = rest.trim().split_once(' ').unwrap();
        format!("| [`{name}`](#{name}) | {level} | {} |\n", meaning.trim())
    });
    let rows: String = rows.collect();
    let table = format!("| Lint | Default | Meaning |\n|---|---|---|\n{rows}");
    assert_generated("docs/lints.md", "lints", &table);
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then(|| c.to_ascii_lowercase()),
    });
    kept.collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    for page in pages() {
        let path = PathBuf::from(&page.path);
        let targets = page.text.split("](").skip(1);
        for target in targets.filter_map(|rest| Some(rest.split_once(')')?.0)) {
            if target.starts_with("https://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            let file = repository().join(file);
            assert!(file.exists(), "{}: {target}", page.path);
            if !heading.is_empty() {
                let text = fs::read_to_string(file).unwrap();
                let headings = text.lines().filter_map(|line| line.split_once("# "));
                let found = headings.map(|(_, text)| anchor(text)).any(|a| a == heading);
                assert!(found, "{}: {target}", page.path);
            }
        }
    }
}

#[test]
fn the_readme_is_short() {
    let lines = page("README.md").lines().count();
    assert!(lines <= 200, "{lines} lines");
}

#[test]
fn contributing_names_what_there_is() {
    let text = page("CONTRIBUTING.md");
    let words = text.split('`').skip(1).step_by(2);
    let paths = words.filter(|word| {
        word.contains('/') && !word.contains([' ', '\n']) && !word.starts_with("target")
    });
    for path in paths {
        assert!(repository().join(path).exists(), "there is no `{path}`");
    }
    let rooms = page("src/lib.rs");
    let rows = rooms.lines().filter_map(|line| line.strip_prefix("//! | "));
    let rooms = rows.filter_map(|row| row.split('`').nth(1));
    assert!(rooms.clone().count() > 10);
    for room in rooms {
        assert!(
            text.contains(&format!("`{room}`")),
            "the room `{room}` is left out"
        );
    }
}
