//! The sizes of one zip.

use std::io;

use camino::Utf8Path;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::companion::{Companions, SymbolFile};
use super::document::{EntrySize, ZipSize};
use super::program::{self, Program};
use crate::archive::read::{CentralDirectoryEntry, Defect, Fault, Source, Zip};
use crate::bytes::{self, MIB};

/// The most bytes of a zip that are taken apart; further entries are only verified. Lambda's quota is
/// a quarter of it.
const MOST: u64 = 1024 * MIB;

/// Measures the zip `source` at `path`, an absolute path or `-`. Debug files are looked for beside
/// it, and are taken from `symbols`.
///
/// # Errors
/// If the system cannot read it, or it is damaged.
pub(crate) fn measure(
    source: &dyn Source,
    path: &Utf8Path,
    symbols: &[SymbolFile],
) -> io::Result<ZipSize> {
    let zip = Zip::open(source)?;
    if let Some(defect) = zip.defect.clone() {
        return Err(Fault::from(defect).into());
    }
    let companions = Companions::of(path, symbols);
    let entries: Vec<_> = entries(&zip).collect();
    let entries = entries.into_par_iter().map(|(entry, is_small)| {
        let unread = entry.why_closed();
        let program = if unread.is_some() {
            zip.verify(entry)?;
            None
        } else if is_small {
            program::read(&zip, entry, &companions)?
        } else {
            program::verify(&zip, entry)?;
            None
        };
        Ok(size(entry, program, unread))
    });
    let entries = entries.collect::<Result<Vec<_>, Fault>>()?;
    let compressed = bytes::sum(entries.iter().map(|entry| entry.compressed_bytes));
    let overhead = source.length().checked_sub(compressed).ok_or_else(|| {
        Fault::from(Defect {
            entry: None,
            why: "its entries declare more bytes than it has".to_owned(),
        })
    })?;
    Ok(ZipSize {
        path: path.to_owned(),
        zipped_bytes: source.length(),
        unzipped_bytes: bytes::sum(entries.iter().map(|entry| entry.bytes)),
        overhead_bytes: overhead,
        entries,
        growth: None,
    })
}

/// The entries of a zip, each with true if it is among those that are taken apart.
pub(super) fn entries<'z>(
    zip: &'z Zip<'_>,
) -> impl Iterator<Item = (&'z CentralDirectoryEntry, bool)> {
    let mut unpacked = 0_u64;
    zip.entries.iter().map(move |entry| {
        unpacked = unpacked.saturating_add(entry.size);
        (entry, unpacked <= MOST)
    })
}

fn size(
    entry: &CentralDirectoryEntry,
    program: Option<Program>,
    unread: Option<String>,
) -> EntrySize {
    let (symbols, debug_file, parts) = match program {
        Some(program) => (Some(program.symbols), program.debug_file, program.parts),
        None => (None, None, Vec::new()),
    };
    EntrySize {
        path: entry.name().to_string(),
        bytes: entry.size,
        compressed_bytes: entry.compressed,
        unread,
        symbols,
        debug_file,
        parts,
    }
}
