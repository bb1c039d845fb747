//! What the bytes of a file are told by.

use std::io;

use camino::Utf8Path;
use fs_err as fs;

/// All of a file's bytes.
#[derive(Clone, Copy)]
pub(super) struct Read {
    pub(super) digest: blake3::Hash,
    pub(super) bytes: u64,
}

impl Read {
    pub(super) fn whole(file: impl io::Read) -> io::Result<Self> {
        let mut hash = blake3::Hasher::new();
        hash.update_reader(file)?;
        Ok(Self {
            digest: hash.finalize(),
            bytes: hash.count(),
        })
    }
}

/// Of the file at `path`.
pub(super) fn digest(path: &Utf8Path) -> io::Result<blake3::Hash> {
    Ok(Read::whole(fs::File::open(path)?)?.digest)
}
