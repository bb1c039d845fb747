//! The local header and the data descriptor of an entry, compared with the directory.

use super::defect::{Defect, Fault};
use super::directory_entry::{CentralDirectoryEntry, Method, Zip64Extra};
use super::fields::{Fields, are_whole};
use super::source::{Source, read};

const SIGNATURE: &[u8] = b"PK\x03\x04";
const LENGTH: usize = 30;
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// The flags that must be the same in both headers: encryption and data descriptor.
const COMMON_FLAGS: u16 = 0b1001;

/// Compares all records of an entry, and returns the offset of its data, which must end before the
/// offset `limit`.
///
/// # Errors
/// [`Fault::Defect`] if the records contradict each other.
pub(super) fn verify(
    source: &dyn Source,
    entry: &CentralDirectoryEntry,
    limit: u64,
) -> Result<u64, Fault> {
    if let Some(why) = entry.unknown_feature() {
        return Err(entry.defect(&why).into());
    }
    let offset = locate(source, entry, limit)?;
    if entry.has_descriptor() {
        check_descriptor(source, entry, offset + entry.compressed, limit)?;
    }
    check_sizes(entry)?;
    Ok(offset)
}

/// Refuses sizes that are impossible for the method.
fn check_sizes(entry: &CentralDirectoryEntry) -> Result<(), Defect> {
    /// The most bytes that one deflated byte can unpack to: two bits are a match of 258 bytes.
    /// Source: RFC 1951, 3.2.5; zlib's "Technical Details".
    const MOST_OF_ONE: u64 = 1032;
    match entry.method {
        Method::Stored if entry.compressed != entry.size => {
            Err(entry.defect("is stored, but declares two different sizes"))
        }
        Method::Deflated if entry.compressed.saturating_mul(MOST_OF_ONE) < entry.size => {
            Err(entry.wrong_size())
        }
        _ => Ok(()),
    }
}

/// Reads the local header, and returns the offset of the data. Source: APPNOTE.TXT 4.3.7.
fn locate(source: &dyn Source, entry: &CentralDirectoryEntry, limit: u64) -> Result<u64, Fault> {
    const TOO_LONG: &str = "has an extra field that declares more bytes than there are";
    let broken = |why: &str| Fault::from(entry.defect(why));
    if !entry.has_whole_fields {
        return Err(broken(TOO_LONG));
    }
    let header = match read(source, entry.offset, LENGTH) {
        Ok(header) if header.starts_with(SIGNATURE) => header,
        Ok(_) => return Err(broken("has no local header at the offset in the directory")),
        Err(error) => return Err(entry.read_fault(error)),
    };
    let mut fields = Fields(&header);
    let flags = fields.skip(6).u16();
    let method = Method::from(fields.u16());
    let crc32 = fields.skip(4).u32();
    let [compressed, size] = [fields.u32(), fields.u32()];
    let [name_length, extra_length] = [fields.u16(), fields.u16()].map(usize::from);

    let start = entry.offset + LENGTH as u64;
    let variable =
        read(source, start, name_length + extra_length).map_err(|error| entry.read_fault(error))?;
    let (name, extra) = variable.split_at(name_length);
    if !are_whole(extra) {
        return Err(broken(TOO_LONG));
    }
    if !entry.has_same_name(name, extra, flags) {
        return Err(broken("has another name in its local header"));
    }
    if method != entry.method || (flags ^ entry.flags) & COMMON_FLAGS != 0 {
        return Err(broken(
            "has another method or other flags in its local header",
        ));
    }
    // With a data descriptor, the local header may have any sizes: zeros, or estimates.
    let is_left_open = entry.has_descriptor();
    let mut zip64 = Zip64Extra::find(extra);
    let sizes = [zip64.resolve(size), zip64.resolve(compressed)];
    let agrees = sizes == [entry.size, entry.compressed].map(Some) && crc32 == entry.crc32;
    if !agrees && !is_left_open {
        return Err(broken("has another size or checksum in its local header"));
    }
    let data = start + variable.len() as u64;
    if data
        .checked_add(entry.compressed)
        .is_none_or(|end| end > limit)
    {
        return Err(broken("reaches into what follows it: entries overlap"));
    }
    Ok(data)
}

/// Refuses a data descriptor that contradicts the directory. It may have a signature, and its
/// sizes may have 32 or 64 bits. Source: APPNOTE.TXT 4.3.9.
fn check_descriptor(
    source: &dyn Source,
    entry: &CentralDirectoryEntry,
    at: u64,
    limit: u64,
) -> Result<(), Fault> {
    const LONGEST: u64 = 24;
    let room = limit.saturating_sub(at).min(LONGEST);
    let bytes = read(source, at, room as usize).map_err(|error| entry.read_fault(error))?;
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
            && fields.u32() == entry.crc32
            && number(&mut fields) == entry.compressed
            && number(&mut fields) == entry.size
    };
    let unsigned = bytes.strip_prefix(DESCRIPTOR);
    let candidates = [Some(bytes.as_slice()), unsigned].into_iter().flatten();
    let mut candidates = candidates.filter(|bytes| agrees(bytes, 4) || agrees(bytes, 8));
    if candidates.next().is_some() {
        Ok(())
    } else {
        Err(entry
            .defect("has a data descriptor that contradicts the directory")
            .into())
    }
}
