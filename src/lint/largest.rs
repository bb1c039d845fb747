//! The largest entries of a package, in words.

use std::cmp::Reverse;

use crate::bytes::Size;
use crate::text::quoted_name;

/// The number of entries that a finding names.
const NAMED: usize = 3;

/// The largest of `entries`, which are names with bytes, in words.
pub(crate) fn largest(entries: &[(&str, u64)]) -> String {
    in_words(entries.to_vec(), |name| quoted_name(name))
}

/// The largest of `entries` in words; `name` gives the name of each.
pub(super) fn in_words<T>(mut entries: Vec<(T, u64)>, name: impl Fn(&T) -> String) -> String {
    entries.sort_by_key(|(_, bytes)| Reverse(*bytes));
    let largest = entries.iter().take(NAMED);
    let largest = largest.map(|(entry, bytes)| format!("{} {}", name(entry), Size(*bytes)));
    largest.collect::<Vec<_>>().join(", ")
}
