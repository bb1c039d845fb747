//! The parts of a program in a zip.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};

use camino::Utf8PathBuf;
use object::read::ReadCache;

use super::companion::{Companion, Companions};
use super::document::{Function, Part, Symbols};
use crate::archive::read::{CentralDirectoryEntry, Fault, LargeEntryLock, Zip};
use crate::inspect::{Layout, Origin, is_elf};

/// A program, taken apart.
pub(super) struct Program {
    pub(super) symbols: Symbols,
    pub(super) debug_file: Option<Utf8PathBuf>,
    /// The largest first.
    pub(super) parts: Vec<Part>,
}

/// Takes an entry apart. `None` if it is no program.
///
/// # Errors
/// [`Fault::Defect`] if the entry is damaged, [`Fault::Io`] if the system cannot read or write.
pub(super) fn read(
    zip: &Zip<'_>,
    entry: &CentralDirectoryEntry,
    companions: &Companions<'_>,
) -> Result<Option<Program>, Fault> {
    let Some((layout, companion)) = layout(zip, entry, companions)? else {
        return Ok(None);
    };
    let lengths = layout.ranges.iter().map(|range| range.bytes);
    let packed = zip.packed_sizes(entry, lengths)?;
    Ok(Some(Program {
        symbols: match companion {
            _ if !layout.has_symbols => Symbols::None,
            Some(_) => Symbols::DebugFile,
            None => Symbols::Program,
        },
        debug_file: companion.map(|companion| companion.path),
        parts: parts(layout, packed),
    }))
}

/// The layout of an entry, and the debug file that has its symbols. `None` if it is no program.
///
/// # Errors
/// As [`read`].
pub(super) fn layout(
    zip: &Zip<'_>,
    entry: &CentralDirectoryEntry,
    companions: &Companions<'_>,
) -> Result<Option<(Layout, Option<Companion>)>, Fault> {
    let Some(file) = unpacked(zip, entry)? else {
        return Ok(None);
    };
    let program = ReadCache::new(file);
    let companion = companions.find(entry.name(), &program);
    let debug_file = companion.as_ref().map(|companion| &companion.file);
    let layout = Layout::read(&program, debug_file);
    Ok(layout.map(|layout| (layout, companion)))
}

/// Unpacks an entry, and compares it with what the directory declares.
///
/// # Errors
/// As [`read`].
pub(super) fn verify(zip: &Zip<'_>, entry: &CentralDirectoryEntry) -> Result<(), Fault> {
    zip.look(entry, &LargeEntryLock::default(), |_| false, |_| {}, |_| ())
}

/// The bytes of a program in a temporary file: it may be larger than memory. `None` for any other
/// entry, which is only verified.
fn unpacked(zip: &Zip<'_>, entry: &CentralDirectoryEntry) -> Result<Option<File>, Fault> {
    let mut is_first = true;
    let mut file: Option<File> = None;
    let mut written = Ok(());
    let mut write = |piece: &[u8]| -> io::Result<()> {
        if std::mem::take(&mut is_first) && is_elf(piece) {
            file = Some(tempfile::tempfile()?);
        }
        file.as_mut().map_or(Ok(()), |file| file.write_all(piece))
    };
    let each = |piece: &[u8]| {
        if written.is_ok() {
            written = write(piece);
        }
    };
    zip.look(entry, &LargeEntryLock::default(), |_| false, each, |_| ())?;
    written?;
    Ok(file)
}

/// The parts of a program with this layout, the largest first. `packed` gives the packed size in bytes
/// of each of its ranges.
pub(super) fn parts(layout: Layout, packed: impl IntoIterator<Item = u64>) -> Vec<Part> {
    let mut sums = vec![(0, 0); layout.owners.len()];
    for (range, packed) in layout.ranges.iter().zip(packed) {
        let (bytes, compressed) = &mut sums[range.owner];
        *bytes += range.bytes;
        *compressed += packed;
    }
    let mut parts: BTreeMap<(Origin, String), Part> = BTreeMap::new();
    for (owner, (bytes, compressed_bytes)) in layout.owners.into_iter().zip(sums) {
        if bytes == 0 {
            continue;
        }
        let part = parts.entry((owner.origin, owner.name.clone()));
        let part = part.or_insert_with(|| Part {
            kind: owner.origin,
            name: owner.name,
            bytes: 0,
            compressed_bytes: 0,
            functions: Vec::new(),
        });
        part.bytes += bytes;
        part.compressed_bytes += compressed_bytes;
        part.functions.extend(owner.symbol.map(|name| Function {
            name,
            bytes,
            compressed_bytes,
        }));
    }
    let mut parts: Vec<Part> = parts.into_values().collect();
    for part in &mut parts {
        part.functions
            .sort_by(|a, b| (b.bytes, &a.name).cmp(&(a.bytes, &b.name)));
    }
    // Parts of one size stay in the order of their names.
    parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
    parts
}
