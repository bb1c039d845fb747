//! Writing a zip beside its place, so that it can be judged before it takes it.

use std::io::{self, BufWriter, Write};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use tempfile::NamedTempFile;
use zip::ZipWriter;

use super::append::{OneFailure, append};
use super::digest::digest;
use super::entry::{Entry, Permissions};
use super::seal::Seal;
use super::temp_files::Scratch;
use crate::archive::deflate::{self, LARGE, Packed};
use crate::package::{EntryScan, changed};

/// Bytes of entries that are compressed side by side.
const BATCH: u64 = 8 * 1024 * 1024;

/// An entry as it was packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PackedEntry {
    /// Its path inside the zip.
    pub path: String,
    /// Its permissions; none where a zip from elsewhere has none.
    pub mode: Option<Permissions>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its size in the zip, in bytes, without headers.
    pub compressed_bytes: u64,
}

/// Of each entry the name and the bytes in the zip.
pub(crate) fn compressed_sizes(entries: &[PackedEntry]) -> Vec<(&str, u64)> {
    entries
        .iter()
        .map(|entry| (entry.path.as_str(), entry.compressed_bytes))
        .collect()
}

/// A complete zip that is not yet at its place; dropped, it leaves no trace.
#[derive(Debug)]
pub(crate) struct Draft {
    file: NamedTempFile,
    place: Utf8PathBuf,
    /// Its size and digest.
    pub seal: Seal,
    /// What it contains, in the order of the zip.
    pub entries: Vec<PackedEntry>,
}

impl Draft {
    /// Whether the very same zip is at its place already.
    pub(crate) fn is_there(&self) -> bool {
        let is_file = fs::symlink_metadata(&self.place)
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() == self.seal.bytes);
        is_file && digest(&self.place).is_ok_and(|digest| digest == self.seal.blake3)
    }

    /// Puts the zip at its place, in one step: whoever reads there finds the old zip or the new
    /// one, never a part.
    ///
    /// # Errors
    /// If the file cannot be renamed.
    pub(crate) fn publish(self) -> io::Result<()> {
        self.file.persist(&self.place).map_err(|error| {
            let message = format!("failed to write `{}`: {}", self.place, error.error);
            io::Error::new(error.error.kind(), message)
        })?;
        Ok(())
    }
}

/// Packs `entries`, which are in the order of their names and were found to be what `scan` says,
/// into a zip meant for `place`.
///
/// # Errors
/// If a file cannot be read or is no longer what it was, or the folder of `place` cannot be created
/// or written to.
pub(crate) fn write(
    entries: &[Entry<'_>],
    scan: &EntryScan,
    place: &Utf8Path,
    scratch: &Scratch,
) -> io::Result<Draft> {
    let folder = place.parent().unwrap_or(Utf8Path::new("."));
    let file = scratch.file_in(folder)?;
    let mut zip = ZipWriter::new(OneFailure::of(BufWriter::new(file)));
    let mut packed_entries = Vec::with_capacity(entries.len());
    for batch in batches(entries) {
        let packed: Vec<Packed<'_>> = batch
            .par_iter()
            .map(|entry| deflate::pack(entry, scan.level, folder))
            .collect::<io::Result<_>>()?;
        for (entry, packed) in batch.iter().zip(packed) {
            if packed.digest != scan.digests[packed_entries.len()] {
                return Err(changed(entry));
            }
            packed_entries.push(PackedEntry {
                path: entry.name.clone(),
                mode: Some(entry.mode.into()),
                bytes: packed.original,
                compressed_bytes: packed.body.len(),
            });
            append(&mut zip, entry, packed, scan.date)?;
        }
    }
    let mut file = zip.finish()?.inner.into_inner()?;
    file.flush()?;
    Ok(Draft {
        seal: Seal::of(file.path())?,
        file,
        place: place.to_owned(),
        entries: packed_entries,
    })
}

/// Consecutive entries of about [`BATCH`] bytes, so that memory does not grow with the package. A
/// large entry stands alone: it is compressed by all threads.
fn batches<'a, 'data>(mut entries: &'a [Entry<'data>]) -> impl Iterator<Item = &'a [Entry<'data>]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let mut count = 0;
        for entry in entries {
            bytes += entry.source.size();
            if count > 0 && (bytes > BATCH || entry.source.size() >= LARGE) {
                break;
            }
            count += 1;
        }
        let (batch, rest) = entries.split_at_checked(count)?;
        entries = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(test)]
mod tests {
    use fs_err as fs;

    use zip::DateTime;

    use super::*;
    use crate::archive::{Compression, Mode, Source};
    use crate::package::FileCache;

    fn bootstrap(data: &[u8]) -> [Entry<'_>; 1] {
        [Entry {
            name: "bootstrap".to_owned(),
            mode: Mode::Executable,
            source: Source::Bytes(data),
        }]
    }

    fn place(folder: &tempfile::TempDir) -> Utf8PathBuf {
        Utf8PathBuf::try_from(folder.path().join("deep/er/f.zip")).unwrap()
    }

    fn scan(entries: &[Entry<'_>]) -> EntryScan {
        let (date, files) = (DateTime::default(), FileCache::default());
        EntryScan::of(entries, Compression::Default, date, &files).unwrap()
    }

    fn draft(entries: &[Entry<'_>], place: &Utf8Path) -> Draft {
        write(entries, &scan(entries), place, &Scratch::default()).unwrap()
    }

    #[test]
    fn an_entry_is_written_as_lambda_wants_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        draft(&bootstrap(&[1; 5000]), &place).publish().unwrap();
        let zip = fs::read(&place).unwrap();
        let central = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        let field = |at: usize| u16::from_le_bytes([zip[central + at], zip[central + at + 1]]);
        assert_eq!(field(4) >> 8, 3, "made by Unix");
        assert_eq!(field(6), 20, "version needed");
        assert_eq!(field(8), 0, "flags");
        assert_eq!(field(10), 8, "deflated");
        assert_eq!((field(12), field(14)), (0, 0x21), "1980-01-01 00:00:00");
        assert_eq!(field(30), 0, "no extra field");
        assert_eq!(field(40), 0o100_755, "a regular file that all may run");
        assert_eq!(&zip[central + 46..central + 55], b"bootstrap");
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_the_old_zip_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, "old").unwrap();
        drop(draft(&bootstrap(b"new"), &place));
        assert_eq!(fs::read(&place).unwrap(), b"old");
        assert_eq!(place.parent().unwrap().read_dir_utf8().unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_changes_between_judgement_and_packing_is_not_packed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        fs::write(&path, "one").unwrap();
        let program = [Entry {
            name: "bootstrap".to_owned(),
            mode: Mode::Executable,
            source: Source::Program(Utf8Path::from_path(&path).unwrap(), 3),
        }];
        let scan = scan(&program);
        fs::write(&path, "another").unwrap();
        let draft = write(&program, &scan, &place(&folder), &Scratch::default());
        let error = draft.unwrap_err().to_string();
        assert!(error.contains("program` was changed"), "{error}");
    }

    #[test]
    fn batches_hold_every_entry_once_and_large_ones_alone() {
        let entry = |bytes| Entry {
            name: String::new(),
            mode: Mode::Plain,
            source: Source::File("f".into(), bytes),
        };
        let sizes = [0, BATCH, 1, 2, LARGE, 3, BATCH / 2, BATCH, LARGE, LARGE];
        let entries = sizes.map(entry);
        let sizes_of = |batch: &[Entry<'_>]| -> Vec<u64> {
            batch.iter().map(|entry| entry.source.size()).collect()
        };
        let batches: Vec<Vec<u64>> = batches(&entries).map(sizes_of).collect();
        assert_eq!(batches.concat(), sizes);
        for batch in batches {
            assert!(
                batch.len() == 1 || batch.iter().sum::<u64>() <= BATCH,
                "{batch:?}"
            );
        }
    }
}
