//! The data of an entry, held against what is said of it.

use std::io;

use zlib_rs::{Inflate, InflateFlush, Status};

use super::directory::{CentralDirectoryEntry, Method};
use super::source::Source;
use super::zip::{Defect, Fault};
use super::{local, unpack_small};

/// Entries up to this size are unpacked in memory, by the fastest there is; larger ones in pieces.
const IN_MEMORY: u64 = 4 * 1024 * 1024;
/// What is read and unpacked at once of a larger one.
const PIECE: usize = 128 * 1024;

/// An entry that is being unpacked.
pub(crate) enum Unpacking<'a> {
    /// All of it, verified.
    Whole(Vec<u8>),
    /// Its beginning: there is more.
    Begun(Box<Begun<'a>>),
}

/// Begins to read an entry that is stored or deflated, and must end before `limit`.
pub(crate) fn begin<'a>(
    source: &'a dyn Source,
    record: &'a CentralDirectoryEntry,
    limit: u64,
) -> Result<Unpacking<'a>, Fault> {
    let place = local::verify(source, record, limit)?;
    let is_small = record.size <= IN_MEMORY && record.compressed <= IN_MEMORY;
    if is_small && let Some(bytes) = unpack_small::unpack(source, record, place)? {
        return Ok(Unpacking::Whole(bytes));
    }
    let begun = Begun::new(source, record, place)?;
    Ok(if is_small {
        Unpacking::Whole(begun.finish(true, |_| {})?)
    } else {
        Unpacking::Begun(Box::new(begun))
    })
}

/// A large entry of which the first piece is unpacked.
pub(crate) struct Begun<'a> {
    pieces: Pieces<'a>,
    beginning: Vec<u8>,
}

impl<'a> Begun<'a> {
    fn new(
        source: &'a dyn Source,
        record: &'a CentralDirectoryEntry,
        place: u64,
    ) -> Result<Self, Fault> {
        let mut pieces = Pieces::new(source, record, place);
        let mut beginning = vec![0; PIECE];
        let length = pieces.next(&mut beginning)?;
        beginning.truncate(length);
        Ok(Self { pieces, beginning })
    }

    pub(crate) fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// Reads what is left, and holds all of it against its size and checksum. All of it passes
    /// through `each`; what is given back is all or the beginning.
    pub(crate) fn finish(
        self,
        gives_all: bool,
        mut each: impl FnMut(&[u8]),
    ) -> Result<Vec<u8>, Fault> {
        let Self {
            mut pieces,
            beginning: mut bytes,
        } = self;
        let record = pieces.record;
        let mut crc32 = crc32fast::Hasher::new();
        crc32.update(&bytes);
        each(&bytes);
        let mut size = bytes.len() as u64;
        let mut piece = vec![0; PIECE];
        // A piece more than it declares is where a bomb ends.
        while size <= record.size {
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
        if size != record.size {
            return Err(Defect::size(record).into());
        }
        if crc32.finalize() != record.crc32 {
            return Err(Defect::checksum(record).into());
        }
        if pieces.unused() > 0 {
            return Err(Defect::entry(record, "has bytes after the end of its data").into());
        }
        Ok(bytes)
    }
}

/// The data of an entry as it comes, piece by piece.
struct Pieces<'a> {
    source: &'a dyn Source,
    record: &'a CentralDirectoryEntry,
    /// Where the next packed bytes are, and how many are left.
    place: u64,
    left: u64,
    inflate: Option<Inflate>,
    packed: Vec<u8>,
    /// What of `packed` has been used.
    used: usize,
    has_ended: bool,
}

impl<'a> Pieces<'a> {
    fn new(source: &'a dyn Source, record: &'a CentralDirectoryEntry, place: u64) -> Self {
        /// Deflate without a header, its window of 32 KiB.
        const WINDOW_BITS: u8 = 15;
        Self {
            source,
            record,
            place,
            left: record.compressed,
            inflate: (record.method == Method::Deflated).then(|| Inflate::new(false, WINDOW_BITS)),
            packed: Vec::new(),
            used: 0,
            has_ended: false,
        }
    }

    /// Reads on once all is used.
    fn refill(&mut self) -> Result<(), Fault> {
        if self.used < self.packed.len() {
            return Ok(());
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most a piece")]
        self.packed.resize(self.left.min(PIECE as u64) as usize, 0);
        self.source
            .read_at(self.place, &mut self.packed)
            .map_err(|error| Fault::reading(error, self.record))?;
        self.place += self.packed.len() as u64;
        self.left -= self.packed.len() as u64;
        self.used = 0;
        Ok(())
    }

    /// How much of what is packed has not been used.
    fn unused(&self) -> u64 {
        self.left + (self.packed.len() - self.used) as u64
    }

    /// Fills the beginning of `piece`, and says how much of it; nothing at the end.
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
                .map_err(|_| Defect::damaged(self.record))?;
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
                return Err(Defect::damaged(self.record).into());
            }
        }
        Ok(filled)
    }
}

impl Fault {
    /// An entry whose bytes are not there is broken; anything else is a failure to read.
    pub(crate) fn reading(error: io::Error, record: &CentralDirectoryEntry) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Defect::entry(record, "is cut off").into(),
            _ => Self::Io(error),
        }
    }
}
