//! The result of compression.

use std::borrow::Cow;

/// An entry as it is written to the zip.
pub(crate) struct Packed<'data> {
    /// The BLAKE3 of the bytes before compression.
    pub(crate) digest: blake3::Hash,
    /// The CRC-32 of the bytes before compression.
    pub(crate) crc32: u32,
    /// The size before compression in bytes.
    pub(crate) original: u64,
    pub(crate) body: Body<'data>,
}

/// The bytes after the local header.
pub(crate) enum Body<'data> {
    Stored(Cow<'data, [u8]>),
    Deflated(Vec<u8>),
    /// A temporary file, at its beginning.
    Spooled {
        file: std::fs::File,
        /// The length of the file in bytes.
        bytes: u64,
        is_deflated: bool,
    },
}

impl Body<'_> {
    /// The size in bytes.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Stored(bytes) => bytes.len() as u64,
            Self::Deflated(bytes) => bytes.len() as u64,
            Self::Spooled { bytes, .. } => *bytes,
        }
    }

    pub(crate) fn is_deflated(&self) -> bool {
        match self {
            Self::Stored(_) => false,
            Self::Deflated(_) => true,
            Self::Spooled { is_deflated, .. } => *is_deflated,
        }
    }
}
