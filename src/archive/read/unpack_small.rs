//! The data of a small entry, unpacked at once, which is the fastest way.

use libdeflater::Decompressor;

use super::defect::Fault;
use super::directory_entry::{CentralDirectoryEntry, Method};
use super::source::Source;

/// Unpacks a small entry at once. Returns `None` if the entry may have a defect: unpacking it piece
/// by piece finds out which.
#[expect(clippy::cast_possible_truncation, reason = "sizes of small entries")]
pub(super) fn unpack(
    source: &dyn Source,
    entry: &CentralDirectoryEntry,
    offset: u64,
) -> Result<Option<Vec<u8>>, Fault> {
    let read = |packed: &mut [u8]| {
        let is_read = source.read_at(offset, packed);
        is_read.map_err(|error| entry.read_fault(error))
    };
    if entry.method != Method::Deflated {
        let mut bytes = vec![0; entry.compressed as usize];
        read(&mut bytes)?;
        return Ok((crc32fast::hash(&bytes) == entry.crc32).then_some(bytes));
    }
    // libdeflate ignores bytes after the end of deflated data, and does not tell where the end is.
    // In gzip, however, a checksum and a size have to follow the data.
    let end = gzip::end(entry.crc32, entry.size as u32);
    let length = gzip::HEAD.len() + entry.compressed as usize;
    let mut packed = gzip::HEAD.to_vec();
    packed.resize(length, 0);
    read(&mut packed[gzip::HEAD.len()..])?;
    packed.extend(end);
    let mut bytes = vec![0; entry.size as usize];
    let unpacked = Decompressor::new().gzip_decompress(&packed, &mut bytes);
    // The data could contain the same checksum and size, and more bytes after them.
    let has_one_end = || {
        let mut ends = packed[..packed.len() - 1].windows(end.len());
        !ends.any(|part| part == end)
    };
    let is_whole = unpacked.is_ok_and(|length| length as u64 == entry.size) && has_one_end();
    Ok(is_whole.then_some(bytes))
}

/// The header and trailer of gzip. Source: RFC 1952, 2.2 and 2.3.
mod gzip {
    /// The magic number, deflate as the method, and no optional field.
    pub(super) const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0];

    pub(super) fn end(crc32: u32, size: u32) -> [u8; 8] {
        (u64::from(size) << 32 | u64::from(crc32)).to_le_bytes()
    }
}
