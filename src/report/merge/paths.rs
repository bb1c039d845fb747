//! The paths in a report.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value};

/// The places of all paths: the keys that lead there. `*` stands for each item of a list.
const PATHS: [&[&str]; 11] = [
    &["archives", "*", "path"],
    &["archives", "*", "folder"],
    &["archives", "*", "debug_file", "path"],
    &["archives", "*", "template", "path"],
    &["archives", "*", "layers", "*", "path"],
    &["archives", "*", "findings", "*", "place", "path"],
    &["findings", "*", "paths", "*"],
    &["findings", "*", "place", "path"],
    &["pruned", "*"],
    &["unchecked", "*", "template"],
    &["errors", "*", "path"],
];

/// Standard input or output in the place of a path.
pub(super) const STANDARD: &str = "-";

/// Changes all paths of a document.
pub(super) fn change(keys: &mut Map<String, Value>, change: impl Fn(&Utf8Path) -> Utf8PathBuf) {
    for path in PATHS {
        if let [first, rest @ ..] = path
            && let Some(value) = keys.get_mut(*first)
        {
            change_at(value, rest, &change);
        }
    }
}

/// Changes the paths of the layers of an archive.
pub(super) fn change_layers(archive: &mut Value, change: impl Fn(&Utf8Path) -> Utf8PathBuf) {
    change_at(archive, &["layers", "*", "path"], &change);
}

fn change_at(value: &mut Value, place: &[&str], change: &impl Fn(&Utf8Path) -> Utf8PathBuf) {
    match (place, value) {
        ([], Value::String(path)) if path != STANDARD => {
            *path = change(Utf8Path::new(path)).into_string();
        }
        (["*", rest @ ..], Value::Array(items)) => {
            for item in items {
                change_at(item, rest, change);
            }
        }
        ([key, rest @ ..], Value::Object(keys)) => {
            if let Some(value) = keys.get_mut(*key) {
                change_at(value, rest, change);
            }
        }
        _ => {}
    }
}
