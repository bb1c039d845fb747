//! What a zip is known by.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Size and digests of a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seal {
    /// The size in bytes.
    pub bytes: u64,
    /// The SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// The BLAKE3 of the bytes, by which they are recognised in a fraction of the time.
    pub(crate) blake3: [u8; 32],
}

impl Seal {
    /// Of the file at `path`, as it is on the disk.
    pub(crate) fn of(path: &std::path::Path) -> io::Result<Self> {
        Self::read(fs::File::open(path)?)
    }

    /// Of all that can be read.
    ///
    /// # Errors
    /// If it cannot.
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
