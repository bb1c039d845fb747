//! The data of an entry: unpacked, and compared with its declared size and checksum.

use zlib_rs::{Inflate, InflateFlush, Status};

use super::defect::Fault;
use super::directory_entry::{CentralDirectoryEntry, Method};
use super::source::Source;
use super::{local, unpack_small};

/// Entries up to this size in bytes are unpacked at once, by the fastest library; larger ones are
/// unpacked in pieces.
const IN_MEMORY: u64 = 4 * 1024 * 1024;
/// The size of a piece in bytes.
const PIECE: usize = 128 * 1024;

/// An entry that is being unpacked.
pub(super) enum Unpacking<'a> {
    /// All of its bytes, verified.
    Whole(Vec<u8>),
    /// The first piece, not yet verified.
    Begun(Box<Begun<'a>>),
}

/// Begins to unpack an entry that is stored or deflated. Its data must end before the offset
/// `limit`.
pub(super) fn begin<'a>(
    source: &'a dyn Source,
    entry: &'a CentralDirectoryEntry,
    limit: u64,
) -> Result<Unpacking<'a>, Fault> {
    let offset = local::verify(source, entry, limit)?;
    let is_small = entry.size <= IN_MEMORY && entry.compressed <= IN_MEMORY;
    if is_small && let Some(bytes) = unpack_small::unpack(source, entry, offset)? {
        return Ok(Unpacking::Whole(bytes));
    }
    let begun = Begun::new(source, entry, offset)?;
    Ok(if is_small {
        Unpacking::Whole(begun.finish(true, |_| {})?)
    } else {
        Unpacking::Begun(Box::new(begun))
    })
}

/// The packed size in bytes of consecutive ranges of an entry, of which `lengths` are the unpacked
/// sizes in bytes. It is the number of bytes by which the stream goes on while the range is unpacked:
/// bytes that repeat earlier ones take little.
pub(super) fn packed_sizes(
    source: &dyn Source,
    entry: &CentralDirectoryEntry,
    limit: u64,
    lengths: impl Iterator<Item = u64>,
) -> Result<Vec<u64>, Fault> {
    let offset = local::verify(source, entry, limit)?;
    let mut pieces = Pieces::new(source, entry, offset);
    let mut piece = vec![0; PIECE];
    let mut left = entry.compressed;
    let mut sizes = Vec::new();
    for length in lengths {
        let mut missing = length;
        while missing > 0 {
            let most = usize::try_from(missing).unwrap_or(PIECE).min(PIECE);
            let filled = pieces.next(&mut piece[..most])?;
            if filled == 0 {
                return Err(entry.wrong_size().into());
            }
            missing -= filled as u64;
        }
        let unused = pieces.unused().min(left);
        sizes.push(left - unused);
        left = unused;
    }
    // The end of the stream is one of the last range.
    if let Some(last) = sizes.last_mut() {
        *last += left;
    }
    Ok(sizes)
}

/// An entry whose first piece has been unpacked.
pub(super) struct Begun<'a> {
    pieces: Pieces<'a>,
    beginning: Vec<u8>,
}

impl<'a> Begun<'a> {
    fn new(
        source: &'a dyn Source,
        entry: &'a CentralDirectoryEntry,
        offset: u64,
    ) -> Result<Self, Fault> {
        let mut pieces = Pieces::new(source, entry, offset);
        let mut beginning = vec![0; PIECE];
        let length = pieces.next(&mut beginning)?;
        beginning.truncate(length);
        Ok(Self { pieces, beginning })
    }

    pub(super) fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// Unpacks the rest, and verifies the size and the checksum. Calls `each` with every piece.
    /// Returns all bytes if `gives_all`, else the first piece.
    pub(super) fn finish(
        self,
        gives_all: bool,
        mut each: impl FnMut(&[u8]),
    ) -> Result<Vec<u8>, Fault> {
        let Self {
            mut pieces,
            beginning: mut bytes,
        } = self;
        let entry = pieces.entry;
        let mut crc32 = crc32fast::Hasher::new();
        crc32.update(&bytes);
        each(&bytes);
        let mut size = bytes.len() as u64;
        let mut piece = vec![0; PIECE];
        // A zip bomb is left after at most one piece more than it declares.
        while size <= entry.size {
            let length = pieces.next(&mut piece)?;
            if length == 0 {
                break;
            }
            crc32.update(&piece[..length]);
            each(&piece[..length]);
            size += length as u64;
            if gives_all {
                bytes.extend_from_slice(&piece[..length]);
            }
        }
        if size != entry.size {
            return Err(entry.wrong_size().into());
        }
        if crc32.finalize() != entry.crc32 {
            return Err(entry
                .defect("does not have the checksum it declares")
                .into());
        }
        if pieces.unused() > 0 {
            return Err(entry.defect("has bytes after the end of its data").into());
        }
        Ok(bytes)
    }
}

/// The data of an entry, unpacked piece by piece.
struct Pieces<'a> {
    source: &'a dyn Source,
    entry: &'a CentralDirectoryEntry,
    /// The offset of the next packed bytes, and how many are left.
    offset: u64,
    left: u64,
    inflate: Option<Inflate>,
    packed: Vec<u8>,
    /// The number of bytes of `packed` that have been used.
    used: usize,
    has_ended: bool,
}

impl<'a> Pieces<'a> {
    fn new(source: &'a dyn Source, entry: &'a CentralDirectoryEntry, offset: u64) -> Self {
        /// The window of deflate: 32 KiB.
        const WINDOW_BITS: u8 = 15;
        Self {
            source,
            entry,
            offset,
            left: entry.compressed,
            inflate: (entry.method == Method::Deflated).then(|| Inflate::new(false, WINDOW_BITS)),
            packed: Vec::new(),
            used: 0,
            has_ended: false,
        }
    }

    /// Reads more packed bytes once all have been used.
    fn refill(&mut self) -> Result<(), Fault> {
        if self.used < self.packed.len() {
            return Ok(());
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most a piece")]
        self.packed.resize(self.left.min(PIECE as u64) as usize, 0);
        self.source
            .read_at(self.offset, &mut self.packed)
            .map_err(|error| self.entry.read_fault(error))?;
        self.offset += self.packed.len() as u64;
        self.left -= self.packed.len() as u64;
        self.used = 0;
        Ok(())
    }

    /// The number of packed bytes that have not been used.
    fn unused(&self) -> u64 {
        self.left + (self.packed.len() - self.used) as u64
    }

    /// Unpacks into `piece`, and returns the number of bytes; 0 at the end of the data.
    fn next(&mut self, piece: &mut [u8]) -> Result<usize, Fault> {
        let mut filled = 0;
        while filled < piece.len() && !self.has_ended {
            self.refill()?;
            let packed = &self.packed[self.used..];
            let Some(inflate) = &mut self.inflate else {
                let length = packed.len().min(piece.len() - filled);
                piece[filled..filled + length].copy_from_slice(&packed[..length]);
                filled += length;
                self.used += length;
                self.has_ended = length == 0;
                continue;
            };
            let before = (inflate.total_in(), inflate.total_out());
            let status = inflate
                .decompress(packed, &mut piece[filled..], InflateFlush::NoFlush)
                .map_err(|_| self.entry.damaged_data())?;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "at most the buffers' sizes"
            )]
            let [read, written] = [
                (inflate.total_in() - before.0) as usize,
                (inflate.total_out() - before.1) as usize,
            ];
            self.used += read;
            filled += written;
            self.has_ended = status == Status::StreamEnd;
            if !self.has_ended && read == 0 && written == 0 {
                return Err(self.entry.damaged_data().into());
            }
        }
        Ok(filled)
    }
}
