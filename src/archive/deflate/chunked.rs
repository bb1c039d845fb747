//! Large files: deflated in chunks into a temporary file, so that they need little memory.

use std::borrow::Cow;
use std::io::{self, Read, Seek, Write};

use camino::Utf8Path;
use fs_err as fs;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::incompressible::is_incompressible;
use super::optimize::WINDOW;
use super::packed::{Body, Packed};
use crate::archive::compression::Level;
use crate::meter::Task;
use crate::temp::unwritable;

/// The size of a chunk in bytes.
const CHUNK: usize = 512 * 1024;

/// The number of chunks in memory for each thread. Some chunks take a hundred times as long as
/// others.
const CHUNKS: usize = 4;

/// Deflates a file into a temporary one beside the `zip`, or copies it there if that is no larger.
pub(crate) fn pack(
    mut file: fs::File,
    level: Level,
    zip: &Utf8Path,
    task: &Task<'_>,
) -> io::Result<Packed<'static>> {
    if level != Level::STORE {
        let packed = spool(&mut file, zip, Some(level), task)?;
        if packed.body.len() < packed.original {
            return Ok(packed);
        }
        file.rewind()?;
    }
    spool(&mut file, zip, None, task)
}

/// An empty last block, which ends the stream. The chunks do not.
const END: [u8; 2] = [0x03, 0x00];

/// Writes the chunks of a file, several at a time, to a temporary file. Each deflated chunk ends at
/// a whole byte, so that together they are one stream.
fn spool(
    file: &mut fs::File,
    zip: &Utf8Path,
    level: Option<Level>,
    task: &Task<'_>,
) -> io::Result<Packed<'static>> {
    let unwritable = unwritable(zip);
    let folder = zip.parent().unwrap_or(Utf8Path::new("."));
    let spool = tempfile::tempfile_in(folder).map_err(&unwritable)?;
    let mut spool = io::BufWriter::new(spool);
    let (mut digest, mut crc32) = (blake3::Hasher::new(), crc32fast::Hasher::new());
    let mut window = Vec::new();
    loop {
        let chunks = read_chunks(file, window)?;
        let Some(last) = chunks.last() else { break };
        window = last.end().to_vec();
        let (packed, ()) = rayon::join(
            || -> io::Result<Vec<_>> { chunks.par_iter().map(|c| c.pack(level)).collect() },
            || {
                for chunk in &chunks {
                    digest.update(chunk.bytes());
                }
            },
        );
        for (packed, crc32_of_chunk) in packed? {
            spool.write_all(&packed).map_err(&unwritable)?;
            crc32.combine(&crc32_of_chunk);
        }
        let bytes = chunks.iter().map(|chunk| chunk.bytes().len() as u64);
        task.add(bytes.sum());
    }
    if level.is_some() {
        spool.write_all(&END).map_err(&unwritable)?;
    }
    let spool = spool.into_inner().map_err(io::IntoInnerError::into_error);
    let mut spool = spool.map_err(&unwritable)?;
    let bytes = spool.stream_position()?;
    spool.rewind()?;
    Ok(Packed {
        digest: digest.finalize(),
        crc32: crc32.finalize(),
        original: file.stream_position()?,
        body: Body::Spooled {
            file: spool,
            bytes,
            is_deflated: level.is_some(),
        },
    })
}

/// Reads the next chunks, the first of which follows `window`. The list is empty at the end of the
/// file.
fn read_chunks(file: &mut fs::File, mut window: Vec<u8>) -> io::Result<Vec<Chunk>> {
    let count = CHUNKS * rayon::current_num_threads();
    let mut chunks: Vec<Chunk> = Vec::with_capacity(count);
    while chunks.len() < count {
        let own = window.len();
        let mut data = window;
        data.reserve_exact(CHUNK);
        file.take(CHUNK as u64).read_to_end(&mut data)?;
        if data.len() == own {
            break;
        }
        let chunk = Chunk { data, own };
        window = chunk.end().to_vec();
        chunks.push(chunk);
    }
    Ok(chunks)
}

/// A part of a large file.
struct Chunk {
    /// The window, and then the own bytes. Matches may refer to the window.
    data: Vec<u8>,
    /// The length of the window.
    own: usize,
}

impl Chunk {
    fn bytes(&self) -> &[u8] {
        &self.data[self.own..]
    }

    /// The window of the next chunk.
    fn end(&self) -> &[u8] {
        &self.data[self.data.len().saturating_sub(WINDOW)..]
    }

    /// The chunk as it is written to the zip, and its checksum.
    fn pack(&self, level: Option<Level>) -> io::Result<(Cow<'_, [u8]>, crc32fast::Hasher)> {
        let mut crc32 = crc32fast::Hasher::new();
        crc32.update(self.bytes());
        let packed = match level {
            Some(level) => Cow::Owned(self.deflate(level)?),
            None => Cow::Borrowed(self.bytes()),
        };
        Ok((packed, crc32))
    }

    /// Deflates the chunk into a part of a stream, flushed to a whole byte but not ended.
    fn deflate(&self, level: Level) -> io::Result<Vec<u8>> {
        let level = if is_incompressible(self.bytes(), level) {
            0
        } else {
            u32::from(level.number().min(9))
        };
        // The fastest level makes noise larger than stored blocks do.
        let deflated = match self.deflate_at(level)? {
            None => self.deflate_at(0)?,
            deflated => deflated,
        };
        deflated.ok_or_else(|| io::Error::other("a chunk grew when it was deflated"))
    }

    /// Deflates the chunk at a level of zlib; `None` if it grows by more than stored blocks would.
    fn deflate_at(&self, level: u32) -> io::Result<Option<Vec<u8>>> {
        /// More bytes than stored blocks would add.
        const SLACK: usize = 1024;
        let (window, bytes) = self.data.split_at(self.own);
        let mut compress = flate2::Compress::new(flate2::Compression::new(level), false);
        if !window.is_empty() {
            compress.set_dictionary(window)?;
        }
        let mut deflated = Vec::with_capacity(bytes.len() + bytes.len() / 100 + SLACK);
        compress.compress_vec(bytes, &mut deflated, flate2::FlushCompress::Sync)?;
        if compress.total_in() != bytes.len() as u64 || deflated.len() == deflated.capacity() {
            return Ok(None);
        }
        deflated.shrink_to_fit();
        Ok(Some(deflated))
    }
}
