//! Values in files that outlive the run. A digest protects each value: a damaged one reads as
//! absent, and so does one of another type or of another version of this tool.

use std::any::type_name;
use std::io::{self, Write};

use camino::Utf8Path;
use fs_err as fs;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::temp::TempFile;

/// Reads the value at `path`. Returns `None` if it is absent, damaged or of another type.
pub(crate) fn read<T: DeserializeOwned>(path: &Utf8Path) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let (digest, value) = bytes.split_first_chunk()?;
    if digest_of::<T>(value) != *digest {
        return None;
    }
    postcard::from_bytes(value).ok()
}

/// Writes a value to `path`, and replaces an earlier one in one step.
///
/// # Errors
/// If the file or its folder cannot be written.
pub(crate) fn write<T: Serialize>(path: &Utf8Path, value: &T) -> io::Result<()> {
    let value = postcard::to_stdvec(value).map_err(io::Error::other)?;
    let mut file = TempFile::beside(path)?;
    file.write_all(digest_of::<T>(&value).as_bytes())?;
    file.write_all(&value)?;
    file.publish()
}

/// A digest of a serialized value, which does not tell its type.
fn digest_of<T>(value: &[u8]) -> blake3::Hash {
    let mut hash = blake3::Hasher::new();
    for part in [type_name::<T>(), "\0", env!("CARGO_PKG_VERSION"), "\0"] {
        hash.update(part.as_bytes());
    }
    hash.update(value).finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_value_reads_as_absent() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("a/b");
        assert_eq!(read::<[u8; 3]>(&path), None);
        write(&path, &[1_u8, 2, 3]).unwrap();
        assert_eq!(read(&path), Some([1_u8, 2, 3]));
        assert_eq!(read::<String>(&path), None);
        let whole = fs::read(&path).unwrap();
        for position in 0..whole.len() {
            let mut other = whole.clone();
            other[position] ^= 1;
            fs::write(&path, &other).unwrap();
            assert_eq!(read::<[u8; 3]>(&path), None, "byte {position}");
            fs::write(&path, &whole[..position]).unwrap();
            assert_eq!(read::<[u8; 3]>(&path), None, "{position} bytes");
        }
    }
}
