//! Writing a zip beside its place, so that it can be judged before it takes it.

use std::io::{self, BufWriter, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use zip::{DateTime, ZipWriter};

use super::deflate::{self, Compression, Packed};
use super::entry::{Entry, Mode};

/// An entry as it was packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackedEntry {
    /// Its path inside the zip.
    pub path: String,
    /// Its permissions.
    pub mode: Mode,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its size in the zip, in bytes, without headers.
    pub compressed_bytes: u64,
}

/// A complete zip that is not yet at its place; dropped, it leaves no trace.
#[derive(Debug)]
pub struct Draft {
    file: NamedTempFile,
    place: Utf8PathBuf,
    /// The size of the zip in bytes.
    pub bytes: u64,
    /// The SHA-256 of the zip's bytes.
    pub sha256: [u8; 32],
    /// What it contains, in the order of the zip.
    pub entries: Vec<PackedEntry>,
}

impl Draft {
    /// Lambda's `CodeSha256`: standard base64 of the SHA-256.
    #[must_use]
    pub fn code_sha256(&self) -> String {
        STANDARD.encode(self.sha256)
    }

    /// The SHA-256 in lower-case hexadecimal.
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        base16ct::lower::encode_string(&self.sha256)
    }

    /// Puts the zip at its place, in one step: whoever reads there finds the old zip or the new
    /// one, never a part.
    ///
    /// # Errors
    /// If the file cannot be renamed.
    pub fn publish(self) -> io::Result<()> {
        self.file.persist(&self.place).map_err(|error| {
            io::Error::new(
                error.error.kind(),
                format!("failed to write `{}`: {}", self.place, error.error),
            )
        })?;
        Ok(())
    }
}

/// Temporary files are private to their owner; a zip gets the permissions of any new file.
fn permissions_of_new_files(file: &mut tempfile::Builder<'_, '_>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.permissions(std::fs::Permissions::from_mode(0o666)); // less the umask
    }
    #[cfg(not(unix))]
    let _ = file;
}

/// Packs `entries`, sorted by name, into a zip meant for `place`.
///
/// # Errors
/// If the folder of `place` cannot be created or written to.
pub fn write(
    mut entries: Vec<Entry<'_>>,
    compression: Compression,
    place: &Utf8Path,
) -> io::Result<Draft> {
    entries.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
    let folder = place.parent().unwrap_or(Utf8Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    permissions_of_new_files(builder.prefix(".lambda-zip-"));
    let file = builder.tempfile_in(folder)?;

    let mut zip = ZipWriter::new(BufWriter::new(file));
    let mut packed_entries = Vec::with_capacity(entries.len());
    for entry in &entries {
        let packed = deflate::pack(entry.data, compression);
        packed_entries.push(PackedEntry {
            path: entry.name.clone(),
            mode: entry.mode,
            bytes: packed.original.len() as u64,
            compressed_bytes: packed.bytes().len() as u64,
        });
        append(&mut zip, entry, &packed)?;
    }
    let mut file = zip.finish()?.into_inner()?;
    file.flush()?;
    let (bytes, sha256) = digest(file.path())?;
    Ok(Draft {
        file,
        place: place.to_owned(),
        bytes,
        sha256,
        entries: packed_entries,
    })
}

/// Hands a ready-made entry to the zip crate, whose way to take one is to copy it raw from
/// another zip: a local header before the bytes makes one.
fn append<W: Write + io::Seek>(
    zip: &mut ZipWriter<W>,
    entry: &Entry<'_>,
    packed: &Packed<'_>,
) -> io::Result<()> {
    let header = local_header(&entry.name, packed)?;
    let mut source = header.chain(packed.bytes());
    let file = zip::read::read_zipfile_from_stream(&mut source)?
        .ok_or_else(|| io::Error::other("the zip crate does not recognise a local header"))?;
    let mode = S_IFREG | entry.mode.permissions();
    zip.raw_copy_file_touch(file, DateTime::default(), Some(mode))?;
    Ok(())
}

/// "Regular file": some unzippers skip an entry whose mode names no type.
const S_IFREG: u32 = 0o100_000;

/// A local file header, field by field as APPNOTE.TXT 4.3.7 lists them.
fn local_header(name: &str, packed: &Packed<'_>) -> io::Result<Vec<u8>> {
    /// The zip crate reads the host system from the upper byte, where APPNOTE.TXT 4.4.2 has it
    /// for the central directory, and writes that on; the version it works out by itself.
    const UNIX_VERSION_2_0: u16 = 0x0314;
    const UTF8_NAME: u16 = 1 << 11;
    const STORED: u16 = 0;
    const DEFLATED: u16 = 8;
    const DATE_1980_01_01: u16 = (1 << 5) | 1;

    let too_large = |_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("`{name}` is too large for a zip"),
        )
    };
    let flags = if name.is_ascii() { 0 } else { UTF8_NAME };
    let method = if packed.deflated.is_some() {
        DEFLATED
    } else {
        STORED
    };

    let mut header = Vec::with_capacity(30 + name.len());
    header.extend_from_slice(b"PK\x03\x04");
    for field in [UNIX_VERSION_2_0, flags, method, 0, DATE_1980_01_01] {
        header.extend_from_slice(&field.to_le_bytes());
    }
    header.extend_from_slice(&packed.crc32.to_le_bytes());
    for length in [packed.bytes().len(), packed.original.len()] {
        header.extend_from_slice(&u32::try_from(length).map_err(too_large)?.to_le_bytes());
    }
    header.extend_from_slice(&u16::try_from(name.len()).map_err(too_large)?.to_le_bytes());
    header.extend_from_slice(&0_u16.to_le_bytes());
    header.extend_from_slice(name.as_bytes());
    Ok(header)
}

/// Size and SHA-256 of what is really on the disk.
fn digest(path: &std::path::Path) -> io::Result<(u64, [u8; 32])> {
    let mut file = fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hash.finalize().into())),
            length => {
                hash.update(&buffer[..length]);
                bytes += length as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bootstrap(data: &[u8]) -> Vec<Entry<'_>> {
        vec![Entry {
            name: "bootstrap".to_owned(),
            mode: Mode::Executable,
            data,
        }]
    }

    fn place(folder: &tempfile::TempDir) -> Utf8PathBuf {
        Utf8PathBuf::try_from(folder.path().join("deep/er/f.zip")).unwrap()
    }

    #[test]
    fn an_entry_is_written_as_lambda_wants_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        write(bootstrap(&[1; 5000]), Compression::BEST, &place)
            .unwrap()
            .publish()
            .unwrap();
        let zip = fs::read(&place).unwrap();
        let central = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        let field = |at: usize| u16::from_le_bytes([zip[central + at], zip[central + at + 1]]);
        assert_eq!(field(4) >> 8, 3, "made by Unix");
        assert_eq!(field(6), 20, "version needed");
        assert_eq!(field(8), 0, "flags");
        assert_eq!(field(10), 8, "deflated");
        assert_eq!((field(12), field(14)), (0, 0x21), "1980-01-01 00:00:00");
        assert_eq!(field(30), 0, "no extra field");
        assert_eq!(field(40), 0o100_755, "a regular file that all may run");
        assert_eq!(&zip[central + 46..central + 55], b"bootstrap");
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_the_old_zip_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, "old").unwrap();
        drop(write(bootstrap(b"new"), Compression::BEST, &place).unwrap());
        assert_eq!(fs::read(&place).unwrap(), b"old");
        assert_eq!(place.parent().unwrap().read_dir_utf8().unwrap().count(), 1);
    }

    #[test]
    fn the_order_of_entries_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let entry = |name: &str| Entry {
            name: name.to_owned(),
            mode: Mode::Plain,
            data: b"data",
        };
        let names = ["b", "a/é", "B"];
        let sha256 = |names: &mut dyn Iterator<Item = &&str>| {
            let entries = names.map(|name| entry(name)).collect();
            write(entries, Compression::BEST, &place(&folder))
                .unwrap()
                .sha256
        };
        assert_eq!(sha256(&mut names.iter()), sha256(&mut names.iter().rev()));
    }
}
