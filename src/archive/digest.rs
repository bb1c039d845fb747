//! Digests of files and zips.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use camino::Utf8Path;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// BLAKE3 digest and length of a file.
#[derive(Clone, Copy)]
pub(crate) struct FileDigest {
    pub(crate) blake3: blake3::Hash,
    /// The length in bytes.
    pub(crate) bytes: u64,
}

impl FileDigest {
    /// Reads `file` to its end.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn read(file: impl Read) -> io::Result<Self> {
        let mut hash = blake3::Hasher::new();
        hash.update_reader(file)?;
        Ok(Self {
            blake3: hash.finalize(),
            bytes: hash.count(),
        })
    }

    /// The digest of a file with these `bytes`.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        Self {
            blake3: blake3::hash(bytes),
            bytes: bytes.len() as u64,
        }
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn of(path: &Utf8Path) -> io::Result<Self> {
        Self::read(fs::File::open(path)?)
    }
}

/// Size and digests of a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ZipDigest {
    /// The size in bytes.
    pub bytes: u64,
    /// The SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// The BLAKE3 of the bytes. It is a fast way to recognise the same zip.
    pub(crate) blake3: [u8; 32],
}

impl ZipDigest {
    /// Reads `zip` to its end.
    ///
    /// # Errors
    /// If `zip` cannot be read.
    pub(crate) fn read(mut zip: impl Read) -> io::Result<Self> {
        let (mut sha256, mut blake3) = (Sha256::new(), blake3::Hasher::new());
        let mut buffer = vec![0; 128 * 1024];
        let mut bytes = 0;
        loop {
            match zip.read(&mut buffer)? {
                0 => break,
                length => {
                    sha256.update(&buffer[..length]);
                    blake3.update(&buffer[..length]);
                    bytes += length as u64;
                }
            }
        }
        Ok(Self {
            bytes,
            sha256: sha256.finalize().into(),
            blake3: blake3.finalize().into(),
        })
    }

    /// Lambda's `CodeSha256`: standard base64 of the SHA-256.
    #[must_use]
    pub(crate) fn code_sha256(&self) -> String {
        STANDARD.encode(self.sha256)
    }

    /// The SHA-256 in lower-case hexadecimal.
    #[must_use]
    pub(crate) fn sha256_hex(&self) -> String {
        base16ct::lower::encode_string(&self.sha256)
    }
}
