//! The file with the debug information of a program.

use object::read::ReadRef;

use super::regions::Elf;
use crate::inspect::build_id::build_id;

/// The name and the checksum of its debug file that a program has in `.gnu_debuglink`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DebugLink {
    pub(crate) file_name: String,
    pub(crate) crc32: u32,
}

impl DebugLink {
    /// The link of a program; `None` if it has none.
    ///
    /// Source: "Debugging Information in Separate Files" in the manual of GDB: a file name with a
    /// zero, zeros up to a multiple of four bytes, and the checksum.
    pub(crate) fn of<'data>(program: impl ReadRef<'data>) -> Option<Self> {
        let elf = Elf::parse(program)?;
        let (name, crc32) = elf.contents(".gnu_debuglink")?.split_last_chunk()?;
        let end = name.iter().position(|byte| *byte == 0)?;
        Some(Self {
            file_name: String::from_utf8(name[..end].to_vec()).ok()?,
            crc32: u32::from_le_bytes(*crc32),
        })
    }
}

/// True if `debug_file` is of the same build as `program`, by their build IDs; without one, by the
/// link of the program and the checksum of the file, which `crc32` reads.
pub(crate) fn is_of<'data, R: ReadRef<'data>>(
    debug_file: R,
    program: R,
    crc32: impl FnOnce() -> Option<u32>,
) -> bool {
    match (build_id(program), build_id(debug_file)) {
        (Some(own), Some(other)) => own == other,
        _ => DebugLink::of(program).is_some_and(|link| crc32() == Some(link.crc32)),
    }
}
