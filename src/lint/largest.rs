//! The largest entries of a package, in words.

use std::cmp::Reverse;

use crate::bytes::Size;
use crate::text::quoted_name;

/// How many of the largest entries a finding names.
const NAMED: usize = 3;

/// The largest of some entries, given by names and bytes, in words.
pub(crate) fn largest(entries: &[(&str, u64)]) -> String {
    in_words(entries.to_vec(), |name| quoted_name(name))
}

/// The largest of `entries`, given by what `name` makes a name of and by bytes, in words.
pub(super) fn in_words<T>(mut entries: Vec<(T, u64)>, name: impl Fn(&T) -> String) -> String {
    entries.sort_by_key(|(_, bytes)| Reverse(*bytes));
    let largest = entries.iter().take(NAMED);
    let largest = largest.map(|(entry, bytes)| format!("{} {}", name(entry), Size(*bytes)));
    largest.collect::<Vec<_>>().join(", ")
}
