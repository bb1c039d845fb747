//! What goes into a zip.

use serde::{Serialize, Serializer};

/// The permissions of an entry.
///
/// Two are enough, and the same on every machine: Lambda runs functions as another user than the
/// one who unpacks them, so "executable" means executable by all. Source: the Lambda developer
/// guide, which asks for 755 and 644.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// 0755
    Executable,
    /// 0644
    Plain,
}

impl Mode {
    /// The permission bits.
    #[must_use]
    pub fn permissions(self) -> u32 {
        match self {
            Self::Executable => 0o755,
            Self::Plain => 0o644,
        }
    }
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:04o}", self.permissions()))
    }
}

/// A file to be packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'data> {
    /// Its path inside the zip, with `/` between folders.
    pub name: String,
    /// Its permissions.
    pub mode: Mode,
    /// Its contents.
    pub data: &'data [u8],
}
