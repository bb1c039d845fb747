//! The build ID of a program: linkers write the same one into it and its debug file.

use object::Endianness;
use object::elf;
use object::read::ReadRef;
use object::read::elf::{FileHeader, ProgramHeader};

use super::elf::Header;

/// The build ID of a program, from its notes; `None` if the linker has made none.
pub(crate) fn build_id<'data, R: ReadRef<'data>>(program: R) -> Option<&'data [u8]> {
    let header = Header::parse(program).ok()?;
    let endian: Endianness = header.endian().ok()?;
    for segment in header.program_headers(endian, program).ok()? {
        let Ok(Some(mut notes)) = segment.notes(endian, program) else {
            continue;
        };
        while let Ok(Some(note)) = notes.next() {
            if note.name() == elf::ELF_NOTE_GNU && note.n_type(endian) == elf::NT_GNU_BUILD_ID {
                return Some(note.desc());
            }
        }
    }
    None
}
