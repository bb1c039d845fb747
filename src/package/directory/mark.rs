//! What a file is recognised by.

use std::io;

use camino::Utf8Path;
use fs_err as fs;
use serde::{Deserialize, Serialize};

/// What a file, or where a link leads. A mode is no part of it: one that is wrong can be mended
/// without anything being lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) is_link: bool,
    blake3: [u8; 32],
}

impl Mark {
    pub(crate) fn new(is_link: bool, digest: blake3::Hash) -> Self {
        Self {
            is_link,
            blake3: digest.into(),
        }
    }

    /// Of a link that leads to `target`.
    pub(crate) fn of_link(target: &str) -> Self {
        Self::new(true, blake3::hash(target.as_bytes()))
    }

    /// Of what is at `path`; none where there is neither a file nor a link.
    pub(crate) fn at(path: &Utf8Path) -> io::Result<Option<Self>> {
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if metadata.is_symlink() {
            let target = fs::read_link(path)?;
            // No link of ours leads to what is not UTF-8.
            let target = target.to_str().map(Self::of_link);
            return Ok(target);
        }
        if !metadata.is_file() {
            return Ok(None);
        }
        Self::of_file(path).map(Some)
    }

    /// Of the file at `path`, or where a link there leads.
    pub(crate) fn of_file(path: &Utf8Path) -> io::Result<Self> {
        let mut hash = blake3::Hasher::new();
        hash.update_reader(fs::File::open(path)?)?;
        Ok(Self::new(false, hash.finalize()))
    }
}

/// Whether there is nothing, be it that what would be its folder is a file.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}
