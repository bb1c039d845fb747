//! Compression of single entries.

use std::borrow::Cow;
use std::io;

use camino::Utf8Path;
use fs_err as fs;
use libdeflater::{CompressionLvl, Compressor};

use super::chunked;
use super::incompressible::is_incompressible;
use super::optimize::{PIECE, deflate_in_pieces, reblock};
use super::packed::{Body, Packed};
use crate::archive::compression::Level;
use crate::archive::entry::{Entry, Mode, Source};
use crate::meter::Task;

/// Files from this size in bytes on are compressed in chunks. libdeflate would need all of a file
/// in memory.
pub(crate) const LARGE: u64 = 32 * 1024 * 1024;

/// Deflates an entry for the zip at `zip`, or stores it if that is no larger. A large file is
/// compressed into a temporary file beside the zip, which has no name and vanishes with the entry.
/// The `task` counts the bytes of a file while it is deflated.
///
/// # Errors
/// If the file of the entry cannot be read, or the temporary one cannot be written.
pub(crate) fn pack<'data>(
    entry: &Entry<'data>,
    level: Level,
    zip: &Utf8Path,
    task: &Task<'_>,
) -> io::Result<Packed<'data>> {
    match &entry.source {
        // A link is as short as a path.
        Source::Bytes(target) if entry.mode == Mode::Link => {
            Ok(pack_bytes(Cow::Borrowed(target), Level::STORE, task))
        }
        Source::Bytes(bytes) => Ok(pack_bytes(Cow::Borrowed(bytes), level, task)),
        Source::File(path, bytes) if *bytes >= LARGE => {
            chunked::pack(fs::File::open(path)?, level, zip, task)
        }
        Source::File(path, _) => Ok(pack_bytes(Cow::Owned(fs::read(path)?), level, task)),
        Source::Program(file) => Ok(pack_bytes(Cow::Owned(file.read()?), level, task)),
    }
}

fn pack_bytes<'data>(original: Cow<'data, [u8]>, level: Level, task: &Task<'_>) -> Packed<'data> {
    Packed {
        digest: blake3::hash(&original),
        crc32: crc32fast::hash(&original),
        original: original.len() as u64,
        body: match deflate(&original, level, task) {
            Some(deflated) => Body::Deflated(deflated),
            None => Body::Stored(original),
        },
    }
}

/// Deflates the bytes. Returns `None` if the result is no smaller, or probably would not be.
fn deflate(original: &[u8], level: Level, task: &Task<'_>) -> Option<Vec<u8>> {
    if is_incompressible(original, level) {
        return None;
    }
    let at_once = |bytes: &[u8]| {
        let deflated = libdeflate(bytes, level);
        task.add(bytes.len() as u64);
        deflated
    };
    let is_hardest = level == Level::HARDEST;
    if is_hardest
        && original.len() > PIECE
        && let Some(deflated) = deflate_in_pieces(original, at_once)
    {
        return Some(deflated);
    }
    let deflated = at_once(original)?;
    let smaller = is_hardest.then(|| reblock(&deflated, original)).flatten();
    Some(smaller.unwrap_or(deflated)).filter(|deflated| deflated.len() < original.len())
}

fn libdeflate(original: &[u8], level: Level) -> Option<Vec<u8>> {
    let mut compressor = Compressor::new(CompressionLvl::new(level.number().into()).ok()?);
    let mut deflated = vec![0; compressor.deflate_compress_bound(original.len())];
    let length = compressor.deflate_compress(original, &mut deflated).ok()?;
    deflated.truncate(length);
    deflated.shrink_to_fit();
    Some(deflated)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Arc;

    use super::*;

    fn task() -> Task<'static> {
        Task::of(&Arc::default(), 0)
    }

    fn level(number: u8) -> Level {
        crate::archive::Compression::Level(number).level(0)
    }

    fn inflated(body: &mut Body<'_>, length: usize) -> Vec<u8> {
        let deflated = match body {
            Body::Stored(bytes) => return bytes.to_vec(),
            Body::Deflated(bytes) => bytes.clone(),
            Body::Spooled {
                file, is_deflated, ..
            } => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                if !*is_deflated {
                    return bytes;
                }
                bytes
            }
        };
        let mut inflated = vec![0; length];
        let length = libdeflater::Decompressor::new()
            .deflate_decompress(&deflated, &mut inflated)
            .unwrap();
        inflated.truncate(length);
        inflated
    }

    #[test]
    fn incompressible_bytes_are_stored() {
        let stored = |bytes: &[u8], number| {
            !pack_bytes(bytes.to_vec().into(), level(number), &task())
                .body
                .is_deflated()
        };
        assert!(stored(b"", 12));
        assert!(stored(b"x", 12));
        assert!(stored(&[7; 1000], 0));
        assert!(!stored(&[7; 1000], 12));
    }

    #[test]
    fn deflated_bytes_inflate_to_the_original() {
        let original: Vec<u8> = (0..100_000_u32)
            .flat_map(|n| (n / 7).to_le_bytes())
            .collect();
        for number in [1, 6, 12] {
            let mut packed = pack_bytes(Cow::Borrowed(&original), level(number), &task());
            assert_eq!(inflated(&mut packed.body, original.len()), original);
        }
    }

    #[test]
    fn a_large_file_is_packed_in_chunks_that_inflate_as_one_stream() {
        let length = usize::try_from(LARGE).unwrap() + 1_234_567;
        let original: Vec<u8> = (0..=250_u8)
            .cycle()
            .flat_map(|n| [n; 1000])
            .take(length)
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let path = camino::Utf8PathBuf::try_from(folder.path().join("model.bin")).unwrap();
        fs::write(&path, &original).unwrap();
        let entry = Entry {
            name: "model.bin".into(),
            mode: Mode::Plain,
            source: Source::File(&path, length as u64),
        };
        let zip = path.with_extension("zip");
        let mut packed = pack(&entry, level(1), &zip, &task()).unwrap();
        assert!(matches!(packed.body, Body::Spooled { .. }));
        assert_eq!(packed.original, length as u64);
        assert_eq!(packed.crc32, crc32fast::hash(&original));
        assert!(inflated(&mut packed.body, length) == original);
    }
}
