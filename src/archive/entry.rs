//! Entries of a zip that is written.

use std::sync::Arc;

use camino::Utf8Path;
use serde::{Serialize, Serializer};

use super::open_file::OpenFile;

/// The type and permissions of an entry.
///
/// Two kinds of files are enough, and they are the same on every machine. Lambda runs a function as
/// another user than the owner of its files, so "executable" means executable by all. Source: the
/// Lambda developer guide, which asks for 755 and 644.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A file, 0755.
    Executable,
    /// A file, 0644.
    Plain,
    /// A symbolic link.
    Link,
}

impl Mode {
    /// The permission bits.
    #[must_use]
    pub(crate) fn permissions(self) -> u32 {
        match self {
            Self::Executable => 0o755,
            Self::Plain => 0o644,
            Self::Link => 0o777,
        }
    }

    /// Type and permission bits as in `stat`. Some unzippers skip an entry without a type.
    pub(super) fn unix(self) -> u32 {
        const S_IFREG: u32 = 0o100_000;
        const S_IFLNK: u32 = 0o120_000;
        let file_type = match self {
            Self::Executable | Self::Plain => S_IFREG,
            Self::Link => S_IFLNK,
        };
        file_type | self.permissions()
    }
}

/// Permission bits, serialized as in `0755`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permissions(pub(crate) u32);

impl From<Mode> for Permissions {
    fn from(mode: Mode) -> Self {
        Self(mode.permissions())
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:04o}", self.0))
    }
}

/// A file or link to be packed.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'data> {
    /// The path inside the zip, with `/` between folders.
    pub name: Arc<str>,
    pub mode: Mode,
    pub source: Source<'data>,
}

impl Entry<'_> {
    /// The path of its file, or else its name in the zip.
    pub(crate) fn input(&self) -> &str {
        let path = self.source.path();
        path.map_or(&*self.name, Utf8Path::as_str)
    }
}

/// The source of the contents of an entry.
#[derive(Debug, Clone)]
pub(crate) enum Source<'data> {
    /// Bytes in memory. For a link, they are the target path.
    Bytes(&'data [u8]),
    /// An executable. Even a large one is compressed as a whole, in memory, since every cold start
    /// fetches it.
    Program(&'data OpenFile),
    /// Another file, with its size in bytes when it was inspected.
    File(&'data Utf8Path, u64),
}

impl Source<'_> {
    /// The size in bytes.
    #[must_use]
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Program(file) => file.bytes(),
            Self::File(_, bytes) => *bytes,
        }
    }

    /// The path, or `None` for bytes in memory.
    pub(crate) fn path(&self) -> Option<&Utf8Path> {
        match self {
            Self::Bytes(_) => None,
            Self::Program(file) => Some(&file.path),
            Self::File(path, _) => Some(path),
        }
    }
}

/// An entry of a finished zip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct PackedEntry {
    /// The path inside the zip.
    pub path: Arc<str>,
    /// The permissions in octal, for instance `0755`; `None` if a zip from another tool has none.
    #[cfg_attr(test, schemars(with = "Option<String>", regex(pattern = "^[0-7]{4}$")))]
    pub mode: Option<Permissions>,
    /// The unpacked size in bytes.
    pub bytes: u64,
    /// The size in the zip in bytes, without headers.
    pub compressed_bytes: u64,
}

/// The sizes of an entry in bytes, before and after compression.
pub(crate) type EntrySizes = (u64, u64);

impl PackedEntry {
    /// The entry of a zip that was packed.
    pub(crate) fn new(entry: &Entry<'_>, (bytes, compressed_bytes): EntrySizes) -> Self {
        Self {
            path: Arc::clone(&entry.name),
            mode: Some(entry.mode.into()),
            bytes,
            compressed_bytes,
        }
    }
}
