//! Files of arguments for rustc.

use std::io::Read;

use camino::Utf8Path;
use fs_err as fs;

/// The `flags` of rustc, with the lines of a file in the place of each `@FILE`. rustc runs in
/// `folder`. A file that cannot be read, or that is longer than 1 MiB, is left out: rustc says why
/// it cannot be read.
///
/// Source: "`@path`: load command-line flags from a path" in the rustc book. A file cannot name
/// another one.
pub(super) fn expand(flags: Vec<String>, folder: &Utf8Path) -> Vec<String> {
    let mut expanded = Vec::with_capacity(flags.len());
    for flag in flags {
        match flag.strip_prefix('@') {
            Some(path) => {
                let text = read(&folder.join(path)).unwrap_or_default();
                expanded.extend(text.lines().map(str::to_owned));
            }
            None => expanded.push(flag),
        }
    }
    expanded
}

/// The text of a file; `None` if it is none, or too long. A pipe, which may never end, is no file.
fn read(path: &Utf8Path) -> Option<String> {
    const MOST: u64 = 1024 * 1024;
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > MOST {
        return None;
    }
    let mut text = String::new();
    let file = fs::File::open(path).ok()?;
    file.take(MOST).read_to_string(&mut text).ok()?;
    Some(text)
}
