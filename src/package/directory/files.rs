//! The files that a folder has to hold, and how a file is recognised.

use std::collections::BTreeMap;
use std::io;

use camino::Utf8Path;

use crate::archive::{Entry, Mode, Source, ZipDigest};
use crate::package::index::Index;

/// BLAKE3 digest of a file, or of the path that a symbolic link leads to. The mode is no part of
/// it: a wrong one is corrected without any loss.
pub(super) type Digest = [u8; 32];

/// Digest of a link to `target`, which differs from that of a file with the same bytes.
pub(super) fn link_digest(target: &[u8]) -> Digest {
    blake3::derive_key("cargo-lambda-zip symbolic link", target)
}

pub(super) fn file_digest(path: &Utf8Path, index: &Index) -> io::Result<Digest> {
    Ok(index.digest(path)?.blake3.into())
}

/// The files of a zip, which its folder has to hold.
#[derive(Debug)]
pub(crate) struct Files {
    pub(super) zip_digest: ZipDigest,
    /// By their paths in the package.
    pub(super) entries: BTreeMap<String, (Digest, Mode)>,
}

impl Files {
    /// The files of the zip of `entries`, which have these `digests`.
    pub(crate) fn of(
        zip_digest: ZipDigest,
        entries: &[Entry<'_>],
        digests: &[blake3::Hash],
    ) -> Self {
        let digests = entries.iter().zip(digests).map(|(entry, digest)| {
            let digest = match (entry.mode, &entry.source) {
                (Mode::Link, Source::Bytes(target)) => link_digest(target),
                _ => (*digest).into(),
            };
            (entry.name.to_string(), (digest, entry.mode))
        });
        Self {
            zip_digest,
            entries: digests.collect(),
        }
    }
}
