//! One entry: its local header held against the directory, its data against both.

use std::io;

use zlib_rs::{Inflate, InflateFlush, Status};

use super::directory::{Method, Record, Wide};
use super::fields::Fields;
use super::source::{Source, read};
use super::whole;
use super::{Broken, Fault};

const SIGNATURE: &[u8] = b"PK\x03\x04";
const LENGTH: usize = 30;
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// The flags that both headers have to have in common: encryption and the data descriptor.
const COMMON_FLAGS: u16 = 0b1001;

/// Entries up to this size are unpacked in memory, by the fastest there is; larger ones in pieces.
const IN_MEMORY: u64 = 4 * 1024 * 1024;
/// What is read and unpacked at once of a larger one.
const PIECE: usize = 128 * 1024;

/// Reads the local header and finds the data.
fn locate(source: &dyn Source, record: &Record) -> Result<u64, Fault> {
    let broken = |why: &str| Fault::from(Broken::entry(record, why));
    if !record.has_whole_fields {
        return Err(broken(
            "has an extra field that is longer than there is room for",
        ));
    }
    let header = match read(source, record.place, LENGTH) {
        Ok(header) if header.starts_with(SIGNATURE) => header,
        Ok(_) => return Err(broken("has no local header where the directory says")),
        Err(error) => return Err(Fault::reading(error, record)),
    };
    let mut fields = Fields(&header);
    let flags = fields.skip(6).u16();
    let method = Method::from(fields.u16());
    let crc32 = fields.skip(4).u32();
    let [compressed, size] = [fields.u32(), fields.u32()];
    let [name_length, extra_length] = [fields.u16(), fields.u16()].map(usize::from);

    let start = record.place + LENGTH as u64;
    let variable = read(source, start, name_length + extra_length)
        .map_err(|error| Fault::reading(error, record))?;
    let (name, extra) = variable.split_at(name_length);
    if !record.is_called_so_in(name, extra, flags) {
        return Err(broken("has another name in its local header"));
    }
    if method != record.method || (flags ^ record.flags) & COMMON_FLAGS != 0 {
        return Err(broken("is packed in another way by its local header"));
    }
    // Where they stand behind the data, tools put here what they like: nothing, or a guess.
    let is_left_open = record.has_descriptor();
    let mut wide = Wide::find(extra);
    let sizes = [wide.or(size), wide.or(compressed)];
    let agrees = sizes == [record.size, record.compressed].map(Some) && crc32 == record.crc32;
    if !agrees && !is_left_open {
        return Err(broken("has another size or checksum in its local header"));
    }
    let data = start + variable.len() as u64;
    if data
        .checked_add(record.compressed)
        .is_none_or(|end| end > record.limit)
    {
        return Err(broken("reaches into what follows it: entries overlap"));
    }
    Ok(data)
}

/// Refuses a data descriptor that contradicts the directory. It may have a signature, and its
/// sizes may be wide. Source: APPNOTE.TXT 4.3.9.
fn check_descriptor(source: &dyn Source, record: &Record, at: u64) -> Result<(), Fault> {
    const LONGEST: u64 = 24;
    let room = record.limit.saturating_sub(at).min(LONGEST);
    let bytes = read(source, at, room as usize).map_err(|error| Fault::reading(error, record))?;
    let agrees = |bytes: &[u8], width: usize| {
        let mut fields = Fields(bytes);
        let number = |fields: &mut Fields<'_>| {
            if width == 8 {
                fields.u64()
            } else {
                fields.u32().into()
            }
        };
        bytes.len() >= 4 + 2 * width
            && fields.u32() == record.crc32
            && number(&mut fields) == record.compressed
            && number(&mut fields) == record.size
    };
    let unsigned = bytes.strip_prefix(DESCRIPTOR);
    let candidates = [Some(bytes.as_slice()), unsigned].into_iter().flatten();
    if candidates
        .into_iter()
        .any(|bytes| agrees(bytes, 4) || agrees(bytes, 8))
    {
        Ok(())
    } else {
        Err(Broken::entry(
            record,
            "has a data descriptor that contradicts the directory",
        )
        .into())
    }
}

/// Reads all data of an entry that is stored or deflated, and holds it against its size and
/// checksum. What is given back is all of it if it is small or if `wants_all` of its beginning,
/// else that beginning.
pub(super) fn unpack(
    source: &dyn Source,
    record: &Record,
    wants_all: &dyn Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, Fault> {
    let place = locate(source, record)?;
    if record.has_descriptor() {
        check_descriptor(source, record, place + record.compressed)?;
    }
    if record.method == Method::Stored && record.compressed != record.size {
        return Err(Broken::entry(record, "is stored, but in another size than it has").into());
    }
    let is_small = record.size <= IN_MEMORY && record.compressed <= IN_MEMORY;
    if is_small && let Some(bytes) = whole::unpack(source, record, place)? {
        return Ok(bytes);
    }
    in_pieces(source, record, place, &|beginning| {
        is_small || wants_all(beginning)
    })
}

/// The data of an entry as it comes, piece by piece.
struct Pieces<'a> {
    source: &'a dyn Source,
    record: &'a Record,
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
    fn new(source: &'a dyn Source, record: &'a Record, place: u64) -> Self {
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
                .map_err(|_| Broken::damaged(self.record))?;
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
                return Err(Broken::damaged(self.record).into());
            }
        }
        Ok(filled)
    }
}

fn in_pieces(
    source: &dyn Source,
    record: &Record,
    place: u64,
    wants_all: &dyn Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, Fault> {
    let mut pieces = Pieces::new(source, record, place);
    let mut crc32 = crc32fast::Hasher::new();
    let mut beginning = vec![0; PIECE];
    let length = pieces.next(&mut beginning)?;
    beginning.truncate(length);
    crc32.update(&beginning);
    let mut size = beginning.len() as u64;
    let mut bytes = beginning;
    let takes_all = wants_all(&bytes);
    let mut piece = vec![0; PIECE];
    // A piece more than it declares is where a bomb ends.
    while size <= record.size {
        let length = pieces.next(&mut piece)?;
        if length == 0 {
            break;
        }
        crc32.update(&piece[..length]);
        size += length as u64;
        if takes_all {
            bytes.extend_from_slice(&piece[..length]);
        }
    }
    if size != record.size {
        return Err(Broken::size(record).into());
    }
    if crc32.finalize() != record.crc32 {
        return Err(Broken::checksum(record).into());
    }
    if pieces.unused() > 0 {
        return Err(Broken::entry(record, "has bytes after the end of its data").into());
    }
    Ok(bytes)
}

impl Fault {
    /// An entry whose bytes are not there is broken; anything else is a failure to read.
    pub(super) fn reading(error: io::Error, record: &Record) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Broken::entry(record, "is cut off").into(),
            _ => Self::Io(error),
        }
    }
}
