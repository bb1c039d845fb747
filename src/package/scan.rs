//! The scan of entries, before they are packed.

use std::collections::HashMap;
use std::io::{self, Seek};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use camino::Utf8Path;
use fs_err as fs;
use object::read::ReadCache;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use zip::DateTime;

use super::index::{Facts, FileKey, Index};
use super::zip_record::Fingerprint;
use crate::archive::{Compression, Entry, FileDigest, Packing, Source};
use crate::inspect::{Contents, SecretScan, inspect};
use crate::lint::File;
use crate::meter::{Meter, Task};

/// The digests of entries, each of which is read once.
pub(crate) struct EntryScan {
    pub(crate) inputs: Fingerprint,
    pub(crate) packing: Packing,
}

impl EntryScan {
    /// Reads every entry, as [`read`] does.
    ///
    /// # Errors
    /// If a file cannot be read, or if its size has changed since it was checked.
    pub(crate) fn of(
        entries: &[Entry<'_>],
        checked: &mut [File],
        compression: Compression,
        date: DateTime,
        files: &FileCache,
    ) -> io::Result<Self> {
        let digests = read(entries, checked, files)?;
        let level = compression.level(entries.iter().map(|entry| entry.source.size()).sum());
        Ok(Self {
            inputs: Fingerprint::of(entries, &digests, level, date),
            packing: Packing {
                level,
                date,
                digests,
            },
        })
    }
}

/// Reads every entry that was not read before in this run, and adds what it contains to `checked`,
/// which has the same files. Gives the digests.
///
/// # Errors
/// If a file cannot be read, or if its size has changed since it was checked.
pub(super) fn read(
    entries: &[Entry<'_>],
    checked: &mut [File],
    files: &FileCache,
) -> io::Result<Vec<blake3::Hash>> {
    // A list of results would be in memory twice while it is collected.
    let mut digests = vec![blake3::Hash::from_bytes([0; 32]); entries.len()];
    let pairs = entries.par_iter().zip(checked).zip(&mut digests);
    pairs.try_for_each(|((entry, checked), digest)| {
        let read = see(entry, checked, files)?;
        *digest = read.blake3;
        if read.bytes == entry.source.size() {
            Ok(())
        } else {
            Err(miscounted(entry, read.bytes))
        }
    })?;
    Ok(digests)
}

/// Adds the contents of the included files among `entries` to `checked`, which has the same files.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn read_included(
    entries: &[Entry<'_>],
    checked: &mut [File],
    files: &FileCache,
) -> io::Result<()> {
    let pairs = entries.par_iter().zip(checked);
    let included = pairs.filter(|(entry, _)| matches!(entry.source, Source::File(..)));
    included.try_for_each(|(entry, checked)| see(entry, checked, files).map(drop))
}

/// Reads one entry, and adds what it contains to `checked`.
fn see(entry: &Entry<'_>, checked: &mut File, files: &FileCache) -> io::Result<FileDigest> {
    match &entry.source {
        Source::Bytes(bytes) => Ok(FileDigest::of_bytes(bytes)),
        Source::File(path, _) => {
            let seen = files.look(&entry.name, path)?;
            checked.contents = Some(seen.contents);
            Ok(seen.read)
        }
        Source::Program(file) => {
            if let Some(digest) = file.known_digest() {
                return Ok(digest);
            }
            let facts = files.index.open_facts(file)?;
            if let Some(contents) = &mut checked.contents {
                contents.searched(facts.lacks_client);
            }
            Ok(facts.digest())
        }
    }
}

/// The error for a file whose size differs from the one that was checked.
fn miscounted(entry: &Entry<'_>, read: u64) -> io::Error {
    let (path, counted) = (entry.input(), entry.source.size());
    io::Error::other(format!(
        "the size of `{path}` changed from {counted} to {read} bytes while it was packaged; run \
         again, or include a copy if its size changes by itself"
    ))
}

/// The digest and the contents of a file.
#[derive(Clone)]
struct Seen {
    read: FileDigest,
    contents: Contents,
}

/// The files that were read, and the number of threads that wait for one.
#[derive(Default)]
struct Files {
    /// `None` while a file is being read. The values are no allocations of their own, so that the
    /// memory of a hundred thousand files is given back as a whole.
    seen: HashMap<FileKey, Option<Seen>>,
    /// A notification costs a system call, so that there is none if nobody waits.
    waiting: usize,
}

/// The files that were read in this run. A file that many packages include is read once. If it
/// changes meanwhile, packing it fails.
#[derive(Default)]
pub(crate) struct FileCache {
    files: Mutex<Files>,
    /// Notified after a file was read, if threads wait.
    is_read: Condvar,
    index: Arc<Index>,
    meter: Arc<Meter>,
}

impl FileCache {
    /// The files of a run, of which none was read yet. There is room for so many of them: a table
    /// that grows is in memory twice.
    pub(super) fn new(index: Arc<Index>, files: usize) -> Self {
        Self {
            files: Mutex::new(Files {
                seen: HashMap::with_capacity(files),
                waiting: 0,
            }),
            index,
            ..Self::default()
        }
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// The bytes of the files that are read.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Forgets all files: a build may have changed them, or no package needs them any more.
    pub(super) fn forget(&self) {
        self.files().seen = HashMap::new();
    }

    /// The file at `path`. Its `name` in the package tells some secrets.
    fn look(&self, name: &str, path: &Utf8Path) -> io::Result<Seen> {
        let key = FileKey::of(path, name);
        let mut files = self.files();
        // Only threads that want the same file wait.
        while let Some(None) = files.seen.get(&key) {
            files.waiting += 1;
            files = (self.is_read.wait(files)).unwrap_or_else(PoisonError::into_inner);
            files.waiting -= 1;
        }
        if let Some(Some(seen)) = files.seen.get(&key) {
            return Ok(seen.clone());
        }
        files.seen.insert(key, None);
        drop(files);
        let read = self.read(key, name, path);
        let mut files = self.files();
        match &read {
            Ok(seen) => files.seen.insert(key, Some(seen.clone())),
            Err(_) => files.seen.remove(&key),
        };
        if files.waiting > 0 {
            self.is_read.notify_all();
        }
        read
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, key: FileKey, name: &str, path: &Utf8Path) -> io::Result<Seen> {
        let metadata = fs::metadata(path)?;
        let task = Task::of(&self.meter, metadata.len()).named(name);
        let known = self.index.facts(key, &metadata);
        if let Some(facts) = &known
            && let Some(what) = &facts.not_executable
        {
            return Ok(Seen {
                read: facts.digest(),
                contents: Contents {
                    executable: Err(what.clone()),
                    secret: None,
                },
            });
        }
        let file = fs::File::open(path)?;
        let reading = self.index.reading(key, file.file());
        let executable = inspect(&ReadCache::new(&file));
        let (facts, secret) = if let Some(facts) = known {
            (facts, None)
        } else {
            let mut scan = SecretScan::new(name);
            (&file).rewind()?;
            let mut facts = Facts::read(&file, |piece| {
                scan.push(piece);
                task.add(piece.len() as u64);
            })?;
            facts.not_executable = executable.as_ref().err().cloned();
            let secret = scan.finish().map(Box::new);
            if secret.is_none() {
                reading.end(facts.clone());
            }
            (facts, secret)
        };
        let mut contents = Contents { executable, secret };
        contents.searched(facts.lacks_client);
        Ok(Seen {
            read: facts.digest(),
            contents,
        })
    }
}
