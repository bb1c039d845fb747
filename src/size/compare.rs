//! The comparison of a zip with an earlier one.

use std::collections::{BTreeMap, HashMap};

use camino::Utf8PathBuf;

use super::bound::Bound;
use super::document::{EntrySize, Symbols, ZipSize};
use super::growth::{Change, Growth, PairOfSizes};
use crate::inspect::Origin;

/// The growth from `before` to `now`. `against` is the path of the file with the earlier sizes.
pub(super) fn compare(
    now: &ZipSize,
    before: &ZipSize,
    against: Utf8PathBuf,
    bound: Option<Bound>,
) -> Growth {
    let is_exceeded = |bound: Bound| {
        bound.is_exceeded(before.zipped_bytes, now.zipped_bytes)
            || bound.is_exceeded(before.unzipped_bytes, now.unzipped_bytes)
    };
    let mut changes = changes(&now.entries, &before.entries);
    changes.sort_by_key(|change| std::cmp::Reverse(change.difference()));
    Growth {
        against,
        zipped_bytes: before.zipped_bytes,
        unzipped_bytes: before.unzipped_bytes,
        exceeded: bound.is_some_and(is_exceeded),
        changes,
    }
}

/// The name of something with a size: an entry, and the kind and the name of a part.
type Key<'a> = (&'a str, Option<(Origin, &'a str)>);

fn changes(now: &[EntrySize], before: &[EntrySize]) -> Vec<Change> {
    let mut sizes: BTreeMap<Key<'_>, [Option<PairOfSizes>; 2]> = BTreeMap::new();
    for (time, own, others) in [(0, now, before), (1, before, now)] {
        let others: HashMap<&str, &EntrySize> = others
            .iter()
            .map(|other| (other.path.as_str(), other))
            .collect();
        for entry in own {
            let twin = others.get(entry.path.as_str());
            let is_by_part = twin.is_some_and(|twin| have_like_parts(entry, twin));
            for (key, size) in sizes_of(entry, is_by_part) {
                sizes.entry(key).or_default()[time] = Some(size);
            }
        }
    }
    // The estimates of parts that are the same differ with what is before them.
    let is_changed = |key: &Key<'_>, now: Option<PairOfSizes>, before: Option<PairOfSizes>| {
        let is_other_size = now.map(|size| size.bytes) != before.map(|size| size.bytes);
        is_other_size || (key.1.is_none() && now != before)
    };
    let sizes = sizes.into_iter();
    let sizes = sizes.filter(|(key, [now, before])| is_changed(key, *now, *before));
    let change = |((entry, part), [now, before]): (Key<'_>, [Option<PairOfSizes>; 2])| Change {
        entry: entry.to_owned(),
        kind: part.map(|(kind, _)| kind),
        name: part.map(|(_, name)| name.to_owned()),
        now,
        before,
    };
    sizes.map(change).collect()
}

/// True if both are programs whose parts are told apart in the same way: with symbols, or by
/// sections.
fn have_like_parts(one: &EntrySize, other: &EntrySize) -> bool {
    let has_crates = |entry: &EntrySize| entry.symbols.map(|symbols| symbols != Symbols::None);
    has_crates(one).is_some() && has_crates(one) == has_crates(other)
}

fn sizes_of(entry: &EntrySize, is_by_part: bool) -> Vec<(Key<'_>, PairOfSizes)> {
    let path = entry.path.as_str();
    if !is_by_part {
        let size = PairOfSizes {
            bytes: entry.bytes,
            compressed_bytes: entry.compressed_bytes,
        };
        return vec![((path, None), size)];
    }
    let parts = entry.parts.iter().map(|part| {
        let size = PairOfSizes {
            bytes: part.bytes,
            compressed_bytes: part.compressed_bytes,
        };
        ((path, Some((part.kind, part.name.as_str()))), size)
    });
    parts.collect()
}
