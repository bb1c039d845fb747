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
    /// Reads every entry that was not read before in this run.
    ///
    /// # Errors
    /// If a file cannot be read, or if its size has changed since it was checked.
    pub(crate) fn of(
        entries: &[Entry<'_>],
        compression: Compression,
        date: DateTime,
        files: &FileCache,
    ) -> io::Result<Self> {
        // A list of results would be in memory twice while it is collected.
        let mut digests = vec![blake3::Hash::from_bytes([0; 32]); entries.len()];
        let pairs = entries.par_iter().zip(&mut digests);
        pairs.try_for_each(|(entry, digest)| {
            let read = match &entry.source {
                Source::Bytes(bytes) => FileDigest::of_bytes(bytes),
                Source::Program(file) => files.index.open_digest(file)?,
                Source::File(path, _) => files.look(&entry.name, path)?.read,
            };
            *digest = read.blake3;
            if read.bytes == entry.source.size() {
                Ok(())
            } else {
                Err(miscounted(entry, read.bytes))
            }
        })?;
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

/// Adds the contents of the included files among `entries` to `checked`, which has the same files.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn read_contents(
    entries: &[Entry<'_>],
    checked: &mut [File],
    files: &FileCache,
) -> io::Result<()> {
    let pairs = entries.par_iter().zip(checked);
    pairs.try_for_each(|(entry, checked)| {
        if let Source::File(path, _) = &entry.source {
            checked.contents = Some(files.look(&entry.name, path)?.contents);
        }
        Ok(())
    })
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

#[derive(Default)]
struct Files {
    /// `None` while a file is being read. The values are no allocations of their own, so that the
    /// memory of a hundred thousand files is given back as a whole.
    seen: HashMap<FileKey, Option<Seen>>,
    /// The number of threads that wait for a file. A notification costs a system call.
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
        let (read, secret) = if let Some(facts) = known {
            (facts.digest(), None)
        } else {
            let mut searched = Searched {
                file: &file,
                task,
                scan: SecretScan::new(name),
            };
            (&file).rewind()?;
            let read = FileDigest::read(&mut searched)?;
            let secret = searched.scan.finish().map(Box::new);
            if secret.is_none() {
                reading.end(Facts::new(read, executable.clone().err()));
            }
            (read, secret)
        };
        let contents = Contents { executable, secret };
        Ok(Seen { read, contents })
    }
}

/// A file in which secrets are searched for while it is read.
struct Searched<'a> {
    file: &'a fs::File,
    task: Task<'a>,
    scan: SecretScan,
}

impl io::Read for Searched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.scan.push(&buffer[..length]);
        self.task.add(length as u64);
        Ok(length)
    }
}
