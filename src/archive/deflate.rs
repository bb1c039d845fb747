//! Compression of single entries, in memory by libdeflate, or through a file for large ones.

use std::borrow::Cow;
use std::io::{self, Read, Seek, Write};

use fs_err as fs;
use libdeflater::{CompressionLvl, Compressor};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::entry::{Entry, Mode, Source};
use super::level::Level;
use super::noise::is_noise;

/// Entries from this size on are not held in memory. libdeflate wants an entry as a whole, so
/// these go to a compressor that does not.
pub(super) const LARGE: u64 = 32 * 1024 * 1024;

/// What is compressed at once of a large entry.
const CHUNK: usize = 4 * 1024 * 1024;

/// An entry as it stands in the zip.
pub(super) struct Packed<'data> {
    pub(super) crc32: u32,
    /// Bytes before compression.
    pub(super) original: u64,
    pub(super) body: Body<'data>,
}

/// The bytes after the header.
pub(super) enum Body<'data> {
    Stored(Cow<'data, [u8]>),
    Deflated(Vec<u8>),
    /// In a temporary file, at its beginning.
    Spooled {
        file: std::fs::File,
        bytes: u64,
        is_deflated: bool,
    },
}

impl Body<'_> {
    /// Its size in bytes.
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Stored(bytes) => bytes.len() as u64,
            Self::Deflated(bytes) => bytes.len() as u64,
            Self::Spooled { bytes, .. } => *bytes,
        }
    }

    pub(super) fn is_deflated(&self) -> bool {
        match self {
            Self::Stored(_) => false,
            Self::Deflated(_) => true,
            Self::Spooled { is_deflated, .. } => *is_deflated,
        }
    }
}

/// Deflates an entry, or keeps it as it is where that is no larger.
///
/// # Errors
/// If its file cannot be read, or there is no room for a temporary one.
pub(super) fn pack<'data>(entry: &Entry<'data>, level: Level) -> io::Result<Packed<'data>> {
    match &entry.source {
        // A link is as short as a path; the zip crate writes it as it is.
        Source::Bytes(target) if entry.mode == Mode::Link => Ok(Packed {
            crc32: crc32fast::hash(target),
            original: target.len() as u64,
            body: Body::Stored(Cow::Borrowed(target)),
        }),
        Source::Bytes(bytes) => Ok(pack_bytes(Cow::Borrowed(bytes), level)),
        Source::File(path, bytes) if *bytes >= LARGE => pack_large(fs::File::open(path)?, level),
        Source::File(path, _) => Ok(pack_bytes(Cow::Owned(fs::read(path)?), level)),
    }
}

fn pack_bytes(original: Cow<'_, [u8]>, level: Level) -> Packed<'_> {
    Packed {
        crc32: crc32fast::hash(&original),
        original: original.len() as u64,
        body: match deflate(&original, level) {
            Some(deflated) => Body::Deflated(deflated),
            None => Body::Stored(original),
        },
    }
}

/// None if the result would be no smaller than the original, as far as is looked.
fn deflate(original: &[u8], level: Level) -> Option<Vec<u8>> {
    if is_noise(original, level) {
        return None;
    }
    let level = CompressionLvl::new(i32::from(level.number())).ok()?;
    let mut compressor = Compressor::new(level);
    let mut deflated = vec![0; original.len().checked_sub(1)?];
    let length = compressor.deflate_compress(original, &mut deflated).ok()?;
    deflated.truncate(length);
    deflated.shrink_to_fit();
    Some(deflated)
}

/// Deflates a file through a temporary one, or copies it there where that is no larger.
fn pack_large(mut file: fs::File, level: Level) -> io::Result<Packed<'static>> {
    if level.number() > 0 {
        let packed = spool(&mut file, &|chunk| deflate_chunk(&chunk, level), &END)?;
        if packed.body.len() < packed.original {
            return Ok(packed);
        }
        file.rewind()?;
    }
    let mut packed = spool(&mut file, &Ok, &[])?;
    if let Body::Spooled { is_deflated, .. } = &mut packed.body {
        *is_deflated = false;
    }
    Ok(packed)
}

/// An empty last block: the chunks themselves never end the stream.
const END: [u8; 2] = [0x03, 0x00];

/// Writes what `pack` makes of the file's chunks, several at a time, into a temporary file. Each is
/// a part of the stream that ends at a whole byte, so that they can be strung together.
fn spool(
    file: &mut fs::File,
    pack: &(dyn Fn(Vec<u8>) -> io::Result<Vec<u8>> + Sync),
    end: &[u8],
) -> io::Result<Packed<'static>> {
    let mut spool = io::BufWriter::new(tempfile::tempfile()?);
    let mut crc32 = crc32fast::Hasher::new();
    loop {
        let chunks = read_chunks(file, rayon::current_num_threads())?;
        let is_last = chunks.len() < rayon::current_num_threads()
            || chunks.last().is_some_and(|chunk| chunk.len() < CHUNK);
        let packed: Vec<(Vec<u8>, crc32fast::Hasher)> = chunks
            .into_par_iter()
            .map(|chunk| {
                let mut crc32 = crc32fast::Hasher::new();
                crc32.update(&chunk);
                Ok((pack(chunk)?, crc32))
            })
            .collect::<io::Result<_>>()?;
        for (packed, crc32_of_chunk) in packed {
            spool.write_all(&packed)?;
            crc32.combine(&crc32_of_chunk);
        }
        if is_last {
            break;
        }
    }
    spool.write_all(end)?;
    let original = file.stream_position()?;
    let mut file = spool.into_inner()?;
    let bytes = file.stream_position()?;
    file.rewind()?;
    Ok(Packed {
        crc32: crc32.finalize(),
        original,
        body: Body::Spooled {
            file,
            bytes,
            is_deflated: true,
        },
    })
}

fn read_chunks(file: &mut fs::File, count: usize) -> io::Result<Vec<Vec<u8>>> {
    let mut chunks = Vec::with_capacity(count);
    for _ in 0..count {
        let mut chunk = Vec::with_capacity(CHUNK);
        file.take(CHUNK as u64).read_to_end(&mut chunk)?;
        if chunk.is_empty() {
            break;
        }
        chunks.push(chunk);
    }
    Ok(chunks)
}

/// A part of a stream: flushed, so that it ends at a whole byte, but not ended.
fn deflate_chunk(chunk: &[u8], level: Level) -> io::Result<Vec<u8>> {
    /// More than stored blocks would add.
    const SLACK: usize = 1024;
    let level = if is_noise(chunk, level) {
        0
    } else {
        level.number().min(9)
    };
    let level = flate2::Compression::new(u32::from(level));
    let mut compress = flate2::Compress::new(level, false);
    let mut deflated = Vec::with_capacity(chunk.len() + chunk.len() / 100 + SLACK);
    compress.compress_vec(chunk, &mut deflated, flate2::FlushCompress::Sync)?;
    if compress.total_in() != chunk.len() as u64 || deflated.len() == deflated.capacity() {
        return Err(io::Error::other("a chunk has grown by being deflated"));
    }
    deflated.shrink_to_fit();
    Ok(deflated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(number: u8) -> Level {
        number
            .to_string()
            .parse::<super::super::Compression>()
            .unwrap()
            .level(0)
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
    fn what_does_not_shrink_is_stored() {
        let stored = |bytes: &[u8], number| {
            !pack_bytes(bytes.to_vec().into(), level(number))
                .body
                .is_deflated()
        };
        assert!(stored(b"", 12));
        assert!(stored(b"x", 12));
        assert!(stored(&[7; 1000], 0));
        assert!(!stored(&[7; 1000], 12));
    }

    #[test]
    fn what_was_deflated_inflates_to_the_same_bytes() {
        let original: Vec<u8> = (0..100_000_u32)
            .flat_map(|n| (n / 7).to_le_bytes())
            .collect();
        for number in [1, 6, 12] {
            let mut packed = pack_bytes(Cow::Borrowed(&original), level(number));
            assert_eq!(inflated(&mut packed.body, original.len()), original);
        }
    }

    #[test]
    fn a_large_file_is_packed_in_chunks_that_read_as_one() {
        let length = usize::try_from(LARGE).unwrap() + CHUNK + 12_345;
        let original: Vec<u8> = (0..=250_u8)
            .cycle()
            .flat_map(|n| [n; 1000])
            .take(length)
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let path = camino::Utf8PathBuf::try_from(folder.path().join("model.bin")).unwrap();
        fs::write(&path, &original).unwrap();
        let entry = Entry {
            name: "model.bin".to_owned(),
            mode: Mode::Plain,
            source: Source::File(path, length as u64),
        };
        let mut packed = pack(&entry, level(1)).unwrap();
        assert!(matches!(packed.body, Body::Spooled { .. }));
        assert_eq!(packed.original, length as u64);
        assert_eq!(packed.crc32, crc32fast::hash(&original));
        assert!(inflated(&mut packed.body, length) == original);
    }
}
