//! The data of a small entry, unpacked as a whole: the fastest there is.

use libdeflater::Decompressor;

use super::directory::{CentralDirectoryEntry, Method};
use super::source::Source;
use super::zip::Fault;

/// Unpacks a small entry at once. None if anything is wrong with it, or might be: what that is,
/// unpacking it piece by piece tells.
#[expect(clippy::cast_possible_truncation, reason = "sizes of small entries")]
pub(crate) fn unpack(
    source: &dyn Source,
    record: &CentralDirectoryEntry,
    place: u64,
) -> Result<Option<Vec<u8>>, Fault> {
    let read = |packed: &mut [u8]| {
        let is_read = source.read_at(place, packed);
        is_read.map_err(|error| Fault::reading(error, record))
    };
    if record.method != Method::Deflated {
        let mut bytes = vec![0; record.compressed as usize];
        read(&mut bytes)?;
        return Ok((crc32fast::hash(&bytes) == record.crc32).then_some(bytes));
    }
    // libdeflate passes over whatever follows the end of deflated data, and does not say where
    // that was. Not so in gzip, where a checksum and a size have to follow.
    let end = gzip::end(record.crc32, record.size as u32);
    let length = gzip::HEAD.len() + record.compressed as usize;
    let mut packed = gzip::HEAD.to_vec();
    packed.resize(length, 0);
    read(&mut packed[gzip::HEAD.len()..])?;
    packed.extend(end);
    let mut bytes = vec![0; record.size as usize];
    let unpacked = Decompressor::new().gzip_decompress(&packed, &mut bytes);
    // Somebody could have written the same end himself, and more after it.
    let has_one_end = || {
        let mut ends = packed[..packed.len() - 1].windows(end.len());
        !ends.any(|part| part == end)
    };
    let is_whole = unpacked.is_ok_and(|length| length as u64 == record.size) && has_one_end();
    Ok(is_whole.then_some(bytes))
}

/// What gzip has around deflated data. Source: RFC 1952, 2.2 and 2.3.
mod gzip {
    /// Its mark, deflate for the method, and of all else nothing.
    pub(crate) const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0];

    pub(crate) fn end(crc32: u32, size: u32) -> [u8; 8] {
        (u64::from(size) << 32 | u64::from(crc32)).to_le_bytes()
    }
}
