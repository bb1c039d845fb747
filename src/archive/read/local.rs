//! What stands beside an entry's data, the local header and the data descriptor, held against the
//! directory.

use super::directory::{CentralDirectoryEntry, Method, Wide};
use super::fields::{Fields, are_whole};
use super::source::{Source, read};
use super::zip::{Defect, Fault};

const SIGNATURE: &[u8] = b"PK\x03\x04";
const LENGTH: usize = 30;
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// The flags that both headers have to have in common: encryption and the data descriptor.
const COMMON_FLAGS: u16 = 0b1001;

/// Holds all that is said of an entry against each other, and finds its data. It must end before
/// `limit`.
///
/// # Errors
/// [`Fault::Defect`] if something contradicts something else, or cannot be.
pub(crate) fn verify(
    source: &dyn Source,
    record: &CentralDirectoryEntry,
    limit: u64,
) -> Result<u64, Fault> {
    if let Some(why) = record.unknown_feature() {
        return Err(Defect::entry(record, &why).into());
    }
    let place = locate(source, record, limit)?;
    if record.has_descriptor() {
        check_descriptor(source, record, place + record.compressed, limit)?;
    }
    check_sizes(record)?;
    Ok(place)
}

/// Refuses sizes that no data has.
fn check_sizes(record: &CentralDirectoryEntry) -> Result<(), Defect> {
    /// The most bytes that one deflated byte can stand for: two bits for a match, of which the
    /// longest has 258. Source: RFC 1951, 3.2.5; zlib's "Technical Details".
    const MOST_OF_ONE: u64 = 1032;
    match record.method {
        Method::Stored if record.compressed != record.size => Err(Defect::entry(
            record,
            "is stored, but in another size than it has",
        )),
        Method::Deflated if record.compressed.saturating_mul(MOST_OF_ONE) < record.size => {
            Err(Defect::size(record))
        }
        _ => Ok(()),
    }
}

/// Reads the local header and finds the data.
fn locate(source: &dyn Source, record: &CentralDirectoryEntry, limit: u64) -> Result<u64, Fault> {
    const TOO_LONG: &str = "has an extra field that is longer than there is room for";
    let broken = |why: &str| Fault::from(Defect::entry(record, why));
    if !record.has_whole_fields {
        return Err(broken(TOO_LONG));
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
    if !are_whole(extra) {
        return Err(broken(TOO_LONG));
    }
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
        .is_none_or(|end| end > limit)
    {
        return Err(broken("reaches into what follows it: entries overlap"));
    }
    Ok(data)
}

/// Refuses a data descriptor that contradicts the directory. It may have a signature, and its
/// sizes may be wide. Source: APPNOTE.TXT 4.3.9.
fn check_descriptor(
    source: &dyn Source,
    record: &CentralDirectoryEntry,
    at: u64,
    limit: u64,
) -> Result<(), Fault> {
    const LONGEST: u64 = 24;
    let room = limit.saturating_sub(at).min(LONGEST);
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
    let mut candidates = candidates.filter(|bytes| agrees(bytes, 4) || agrees(bytes, 8));
    if candidates.next().is_some() {
        Ok(())
    } else {
        Err(Defect::entry(
            record,
            "has a data descriptor that contradicts the directory",
        )
        .into())
    }
}
