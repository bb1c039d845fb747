//! The largest crates of a package, in words.

use std::cmp::Reverse;
use std::iter;

use camino::Utf8Path;
use object::read::ReadCache;

use super::companion::Companions;
use super::document::Part;
use super::measure::entries;
use super::program::{layout, parts};
use crate::archive::OpenFile;
use crate::archive::read::Zip;
use crate::bytes::Size;
use crate::inspect::{Layout, Origin};
use crate::text::quoted_name;

/// The number of crates that are named.
const NAMED: usize = 3;

/// The largest crates of the largest of `programs`, each with its path in the zip, in words: "of
/// `bootstrap` `std` 568 KiB, …". `None` if it has no symbols.
pub(crate) fn largest_crates<'a>(
    programs: impl Iterator<Item = (&'a str, &'a OpenFile)>,
) -> Option<String> {
    let (name, file) = programs.max_by_key(|(_, file)| file.bytes())?;
    let program = ReadCache::new(file.reader().ok()?);
    in_words(name, Layout::read(&program, None)?)
}

/// The largest crates of the largest program in the `zip` at `path`, an absolute path or `-`, in
/// words. `None` if it has no symbols, or if it cannot be read.
pub(crate) fn largest_crates_in(zip: &Zip<'_>, path: &Utf8Path) -> Option<String> {
    if zip.defect.is_some() {
        return None;
    }
    let companions = Companions::of(path, &[]);
    let mut readable: Vec<_> = entries(zip)
        .filter(|(entry, is_small)| *is_small && entry.why_closed().is_none())
        .collect();
    readable.sort_by_key(|(entry, _)| entry.size);
    for (entry, _) in readable.into_iter().rev() {
        if let Some((layout, _)) = layout(zip, entry, &companions).ok()? {
            return in_words(entry.name(), layout);
        }
    }
    None
}

fn in_words(program: &str, layout: Layout) -> Option<String> {
    // Only the unpacked sizes are named.
    let parts = parts(layout, iter::repeat(0));
    let is_crate = |part: &&Part| {
        let kind = part.kind;
        matches!(kind, Origin::Crate | Origin::Std | Origin::Native) && !part.functions.is_empty()
    };
    let mut crates: Vec<&Part> = parts.iter().filter(is_crate).collect();
    crates.sort_by_key(|part| Reverse(part.bytes));
    let crates = crates.iter().take(NAMED);
    let crates = crates.map(|part| format!("{} {}", quoted_name(&part.name), Size(part.bytes)));
    let crates: Vec<String> = crates.collect();
    (!crates.is_empty()).then(|| format!("of {}: {}", quoted_name(program), crates.join(", ")))
}
