//! What the bytes of a file are told by.

use std::io;

use camino::Utf8Path;
use fs_err as fs;

/// All of a file's bytes.
#[derive(Clone, Copy)]
pub(crate) struct Read {
    pub(crate) digest: blake3::Hash,
    pub(crate) bytes: u64,
}

impl Read {
    pub(crate) fn whole(file: impl io::Read) -> io::Result<Self> {
        let mut hash = blake3::Hasher::new();
        hash.update_reader(file)?;
        Ok(Self {
            digest: hash.finalize(),
            bytes: hash.count(),
        })
    }
}

/// Of the file at `path`.
pub(crate) fn digest(path: &Utf8Path) -> io::Result<blake3::Hash> {
    Ok(Read::whole(fs::File::open(path)?)?.digest)
}
