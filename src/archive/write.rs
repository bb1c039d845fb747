//! Writing a zip to a temporary file in the folder of its final path, so that lints can check it
//! first.

use std::io::{self, BufWriter, Seek};

use camino::Utf8Path;
use fs_err as fs;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use zip::DateTime;

use super::compression::Level;
use super::deflate::{self, LARGE, Packed};
use super::digest::{FileDigest, ZipDigest};
use super::entry::{Entry, EntrySizes};
use super::zip_writer::ZipWriter;
use crate::meter::Task;
use crate::temp::{TempFile, TempFiles};

/// The size in bytes of the entries that are compressed in parallel.
const BATCH: u64 = 8 * 1024 * 1024;

/// The most entries that are compressed in parallel: each takes some memory of its own.
const MOST_IN_BATCH: usize = 1024;

/// The settings that entries are packed with, and the digests they must have.
#[derive(Debug)]
pub(crate) struct Packing {
    pub(crate) level: Level,
    /// The date of every entry.
    pub(crate) date: DateTime,
    /// The BLAKE3 of each entry's contents, in the order of the entries.
    pub(crate) digests: Vec<blake3::Hash>,
}

/// A complete zip in a temporary file, which is removed on drop.
#[derive(Debug)]
pub(crate) struct Draft {
    file: TempFile,
    pub zip_digest: ZipDigest,
}

impl Draft {
    /// True if the same zip is at the final path already.
    pub(crate) fn is_there(&self) -> bool {
        let path = self.file.path();
        let is_file = fs::symlink_metadata(path)
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() == self.zip_digest.bytes);
        is_file && FileDigest::of(path).is_ok_and(|file| file.blake3 == self.zip_digest.blake3)
    }

    /// Moves the zip to its final path in one step: a reader sees the old zip or the new one, never
    /// a part of it.
    ///
    /// # Errors
    /// If the file cannot be renamed.
    pub(crate) fn publish(self) -> io::Result<()> {
        self.file.publish()
    }
}

/// Packs `entries`, sorted by name and with the digests in `packing`, into a zip for `path`. The
/// `task` counts their bytes. Gives the sizes of the entries, too.
///
/// # Errors
/// If a file cannot be read or has changed, or the folder of `path` cannot be created or written
/// to.
pub(crate) fn write(
    entries: &[Entry<'_>],
    packing: &Packing,
    path: &Utf8Path,
    temp_files: &TempFiles,
    task: &Task<'_>,
) -> io::Result<(Draft, Vec<EntrySizes>)> {
    let stem = path.file_stem().unwrap_or_default();
    let file = temp_files.file_for(path)?;
    let mut zip = ZipWriter::new(BufWriter::new(file), packing.date);
    let mut sizes = Vec::with_capacity(entries.len());
    for batch in batches(entries) {
        let packed: Vec<Packed<'_>> = batch
            .par_iter()
            .map(|entry| {
                let task = task.part(entry.source.size());
                let task = task.named(format!("{stem}/{}", entry.name));
                deflate::pack(entry, packing.level, path, &task)
            })
            .collect::<io::Result<_>>()?;
        for (entry, packed) in batch.iter().zip(packed) {
            if packed.digest != packing.digests[sizes.len()] {
                return Err(changed(entry));
            }
            sizes.push((packed.original, packed.body.len()));
            zip.append(entry, packed)?;
        }
    }
    let file = zip.finish()?.into_inner()?;
    let mut written = file.file();
    written.rewind()?;
    let draft = Draft {
        zip_digest: ZipDigest::read(written)?,
        file,
    };
    Ok((draft, sizes))
}

/// The error for a file that no longer has the digest that was scanned: lints did not see these
/// bytes.
fn changed(entry: &Entry<'_>) -> io::Error {
    let path = entry.input();
    io::Error::other(format!(
        "`{path}` was changed while it was packaged; run again"
    ))
}

/// Splits the entries into batches of about [`BATCH`] bytes and at most [`MOST_IN_BATCH`] entries, so
/// that memory does not grow with the package. A large entry is a batch of its own: all threads
/// compress it.
fn batches<'a, 'data>(mut entries: &'a [Entry<'data>]) -> impl Iterator<Item = &'a [Entry<'data>]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let mut count = 0;
        for entry in entries {
            bytes += entry.source.size();
            let is_full = bytes > BATCH || count == MOST_IN_BATCH;
            if count > 0 && (is_full || entry.source.size() >= LARGE) {
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
    use std::sync::Arc;

    use camino::Utf8PathBuf;

    use super::*;
    use crate::archive::{Compression, Mode, OpenFile, Source};

    fn bootstrap(data: &[u8]) -> [Entry<'_>; 1] {
        [Entry {
            name: "bootstrap".into(),
            mode: Mode::Executable,
            source: Source::Bytes(data),
        }]
    }

    fn task() -> Task<'static> {
        Task::of(&Arc::default(), 0)
    }

    fn place(folder: &tempfile::TempDir) -> Utf8PathBuf {
        Utf8PathBuf::try_from(folder.path().join("deep/er/f.zip")).unwrap()
    }

    fn packing(entries: &[Entry<'_>]) -> Packing {
        let digest = |entry: &Entry<'_>| match &entry.source {
            Source::Bytes(bytes) => blake3::hash(bytes),
            Source::Program(file) => FileDigest::read(file.reader().unwrap()).unwrap().blake3,
            Source::File(path, _) => FileDigest::of(path).unwrap().blake3,
        };
        Packing {
            level: Compression::Default.level(0),
            date: DateTime::default(),
            digests: entries.iter().map(digest).collect(),
        }
    }

    fn draft(entries: &[Entry<'_>], place: &Utf8Path) -> Draft {
        let (packing, temp_files) = (packing(entries), TempFiles::default());
        let written = write(entries, &packing, place, &temp_files, &task());
        written.unwrap().0
    }

    #[test]
    fn an_entry_is_written_as_lambda_needs_it() {
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
    fn a_dropped_draft_leaves_only_the_old_zip() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, "old").unwrap();
        drop(draft(&bootstrap(b"new"), &place));
        assert_eq!(fs::read(&place).unwrap(), b"old");
        assert_eq!(place.parent().unwrap().read_dir_utf8().unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_changed_since_the_scan_is_not_packed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        fs::write(&path, "one").unwrap();
        let file = OpenFile::open(Utf8Path::from_path(&path).unwrap()).unwrap();
        let program = [Entry {
            name: "bootstrap".into(),
            mode: Mode::Executable,
            source: Source::Program(&file),
        }];
        let packing = packing(&program);
        fs::write(&path, "two").unwrap();
        let temp_files = TempFiles::default();
        let draft = write(&program, &packing, &place(&folder), &temp_files, &task());
        let error = draft.unwrap_err().to_string();
        assert!(error.contains("program` was changed"), "{error}");
    }

    #[test]
    fn batches_hold_every_entry_once_and_large_ones_alone() {
        let entry = |bytes| Entry {
            name: "".into(),
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
        let entries = vec![entry(1); MOST_IN_BATCH + 1];
        let lengths: Vec<usize> = super::batches(&entries).map(<[_]>::len).collect();
        assert_eq!(lengths, [MOST_IN_BATCH, 1]);
    }
}
