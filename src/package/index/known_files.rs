//! Files that this tool has read, by their identity.

use std::collections::BTreeMap;
use std::io::{self, Read};

use blake3::Hash;
use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::identity::Identity;
use crate::archive::FileDigest;
use crate::inspect::{ClientScan, NotAnExecutable};

/// The rules that the facts follow. They are increased when the same contents give other facts and
/// the version of this tool stays the same.
const RULES: &str = concat!(env!("CARGO_PKG_VERSION"), " 3");

/// The number of times that the index is written before it forgets a file that no run has asked
/// for meanwhile.
pub(super) const PATIENCE: u8 = 50;

/// A digest of the path of a file, and of its name in a package, which tells some secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(in crate::package) struct FileKey([u8; 16]);

impl FileKey {
    /// The key of the file at `path`. The `name` is empty if nothing depends on it.
    pub(in crate::package) fn of(path: &Utf8Path, name: &str) -> Self {
        let mut hash = blake3::Hasher::new();
        // No path has a NUL.
        for part in [path.as_str(), "\0", name] {
            hash.update(part.as_bytes());
        }
        let mut key = [0; 16];
        hash.finalize_xof().fill(&mut key);
        Self(key)
    }

    /// The key of what the program at `path` is without its debug information, which is in a file
    /// with the name `debug_file`.
    pub(in crate::package) fn stripped(path: &Utf8Path, debug_file: &str) -> Self {
        // No name in a package begins with a NUL.
        Self::of(path, &format!("\0{debug_file}"))
    }
}

/// The facts that the contents of a file have shown. A file with a secret has none: it is read in
/// every run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::package) struct Facts {
    blake3: [u8; 32],
    bytes: u64,
    /// `None` if the file is an executable, or if it was only hashed.
    pub(in crate::package) not_executable: Option<NotAnExecutable>,
    /// True if the file is a program without a client of the Runtime API.
    pub(in crate::package) lacks_client: bool,
}

impl Facts {
    /// Reads `file` to its end. Calls `each` with every piece of it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(in crate::package) fn read(file: impl Read, each: impl FnMut(&[u8])) -> io::Result<Self> {
        let mut file = Searched {
            file,
            client: ClientScan::default(),
            each,
        };
        let digest = FileDigest::read(&mut file)?;
        Ok(Self::new(digest, file.client.finds_none()))
    }

    /// The facts of a file with these `bytes`.
    pub(in crate::package) fn of_bytes(bytes: &[u8]) -> Self {
        Self::new(
            FileDigest::of_bytes(bytes),
            ClientScan::finds_none_in(bytes),
        )
    }

    fn new(digest: FileDigest, lacks_client: bool) -> Self {
        Self {
            blake3: digest.blake3.into(),
            bytes: digest.bytes,
            not_executable: None,
            lacks_client,
        }
    }

    pub(in crate::package) fn digest(&self) -> FileDigest {
        FileDigest {
            blake3: Hash::from(self.blake3),
            bytes: self.bytes,
        }
    }
}

/// A file in which a client is searched for while it is read.
struct Searched<R, F> {
    file: R,
    client: ClientScan,
    /// Called with every piece.
    each: F,
}

impl<R: Read, F: FnMut(&[u8])> Read for Searched<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.client.push(&buffer[..length]);
        (self.each)(&buffer[..length]);
        Ok(length)
    }
}

/// The facts of files.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KnownFiles {
    rules: String,
    files: BTreeMap<FileKey, KnownFile>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KnownFile {
    identity: Identity,
    facts: Facts,
    /// The number of times that the index was written since a run has asked for the file.
    age: u8,
}

impl Default for KnownFiles {
    fn default() -> Self {
        Self {
            rules: RULES.to_owned(),
            files: BTreeMap::new(),
        }
    }
}

impl KnownFiles {
    /// The facts of the file with this `key`, if its identity is the same.
    pub(super) fn get(&mut self, key: FileKey, identity: Identity) -> Option<Facts> {
        let known = self.files.get_mut(&key)?;
        if known.identity != identity {
            return None;
        }
        known.age = 0;
        Some(known.facts.clone())
    }

    pub(super) fn insert(&mut self, key: FileKey, identity: Identity, facts: Facts) {
        let known = KnownFile {
            identity,
            facts,
            age: 0,
        };
        self.files.insert(key, known);
    }

    /// Adds the files that an earlier run has `stored`, unless it followed other rules.
    pub(super) fn extend(&mut self, stored: Self) {
        if stored.rules != RULES {
            return;
        }
        let own = std::mem::replace(&mut self.files, stored.files);
        self.files.extend(own);
    }

    /// Counts one more writing of the index, and forgets the files that no run asks for.
    pub(super) fn age(&mut self) {
        self.files.retain(|_, known| known.age < PATIENCE);
        for known in self.files.values_mut() {
            known.age += 1;
        }
    }
}
