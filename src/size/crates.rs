//! The largest crates of a package, in words.

use std::cmp::Reverse;

use object::read::ReadCache;

use super::document::{Part, ZipSize};
use super::program::parts;
use crate::archive::OpenFile;
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
    let layout = Layout::read(&program, None)?;
    let mut sums = vec![(0, 0); layout.owners.len()];
    for range in &layout.ranges {
        sums[range.owner].0 += range.bytes;
    }
    in_words(name, &parts(layout, &sums))
}

/// The largest crates of the largest program in a zip, in words. `None` if it has no symbols.
pub(crate) fn largest_crates_of(zip: &ZipSize) -> Option<String> {
    let programs = zip.entries.iter().filter(|entry| !entry.parts.is_empty());
    let largest = programs.max_by_key(|entry| entry.bytes)?;
    in_words(&largest.path, &largest.parts)
}

fn in_words(program: &str, parts: &[Part]) -> Option<String> {
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
