//! Paths of cargo-lambda, which are relative to the root of the workspace, for a table whose paths
//! are relative to its manifest.

use camino::Utf8Path;
use toml_edit::{InlineTable, Value};

use crate::paths::relative;

/// The characters that begin a glob.
const GLOB: [char; 4] = ['*', '?', '[', '{'];

/// An include of cargo-lambda, `[DEST:]SRC`, for a manifest in `folder`.
pub(super) fn include(text: &str, root: &Utf8Path, folder: &Utf8Path) -> Value {
    let (to, from) = match text.split_once(':') {
        Some((to, from)) => (Some(to.to_owned()), from),
        None => (None, text),
    };
    let fixed = fixed_part(from);
    let is_here = folder == root || from.starts_with('/');
    let is_below_manifest = !root.join(fixed).exists() && folder.join(fixed).exists();
    if is_here || is_below_manifest {
        return value(from, to.as_deref());
    }
    // The name in the zip stays as it is.
    let name = match fixed {
        "" => "./",
        fixed => fixed.trim_end_matches('/'),
    };
    value(
        &from_root(from, root, folder),
        Some(to.as_deref().unwrap_or(name)),
    )
}

/// A path below `root`, relative to `folder`.
pub(super) fn from_root(path: &str, root: &Utf8Path, folder: &Utf8Path) -> String {
    let up = relative(root, folder);
    if up.as_str().is_empty() || path.starts_with('/') {
        return path.to_owned();
    }
    format!("{up}/{path}")
}

/// The folders and the file before the first glob character.
fn fixed_part(path: &str) -> &str {
    match path.find(GLOB) {
        None => path,
        Some(at) => path[..at].rfind('/').map_or("", |slash| &path[..slash]),
    }
}

/// An include of this tool, in which a `!` at the beginning and a text with `=` mean something else.
fn value(from: &str, to: Option<&str>) -> Value {
    let here = if from.starts_with('!') { "./" } else { "" };
    let from = format!("{here}{from}");
    if to.is_none() && !from.contains('=') {
        return from.into();
    }
    let mut table = InlineTable::new();
    table.insert("from", from.into());
    table.extend(to.map(|to| ("to", to)));
    table.into()
}
