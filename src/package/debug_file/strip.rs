//! Strips a program, and links it to the file that has its debug information.
//!
//! Linkers write what is loaded first, then debug information and symbols. What a loader needs is
//! kept byte for byte. Only the section headers are new: without those of the rest, and with one for
//! `.gnu_debuglink`. Source: "Debugging Information in Separate Files" in the manual of GDB.

use object::LittleEndian;
use object::elf::{self, FileHeader64, ProgramHeader64, SectionHeader64, SymbolSection};
use object::pod::bytes_of;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::{U16, U32, U64};

type Header = FileHeader64<LittleEndian>;
type Segment = ProgramHeader64<LittleEndian>;
type Section = SectionHeader64<LittleEndian>;

const E: LittleEndian = LittleEndian;

/// The program without symbols and debug information, which names the file `debug_file` with the
/// checksum `crc32`. `None` if it is not a little-endian 64-bit ELF file, or is damaged.
pub(super) fn stripped(program: &[u8], debug_file: &str, crc32: u32) -> Option<Vec<u8>> {
    let header = Header::parse(program).ok()?;
    header.endian().ok()?;
    let segments = header.program_headers(E, program).ok()?;
    let sections = header.section_headers(E, program).ok()?;
    let old_names = header.section_strings(E, program, sections).ok()?;
    let last = sections.iter().rposition(is_loaded);
    // Symbols of the loader have indexes of sections: they stay as they are.
    let kept = sections.get(..last.map_or(0, |last| last + 1))?;

    let mut bytes = program
        .get(..end_of_loaded(header, segments, kept)?)?
        .to_vec();
    let mut names = vec![0];
    let mut headers = Vec::with_capacity(kept.len() + 3);
    for section in kept {
        let mut new = *section;
        if is_loaded(section) {
            let is_kept = |index: u32| kept.get(index as usize).is_some_and(is_loaded);
            new.sh_name = add_name(&mut names, section.name(E, old_names).ok()?)?;
            if !is_kept(section.sh_link(E)) {
                new.sh_link = U32::new(E, 0);
            }
            let has_index = section.sh_flags(E).contains(elf::SHF_INFO_LINK);
            if has_index && !is_kept(section.sh_info(E)) {
                new.sh_info = U32::new(E, 0);
            }
        } else {
            new = null();
        }
        headers.push(new);
    }
    if headers.is_empty() {
        headers.push(null());
    }

    let mut link = debug_file.as_bytes().to_vec();
    link.push(0);
    link.resize(link.len().next_multiple_of(4), 0);
    link.extend(crc32.to_le_bytes());
    headers.push(append(&mut bytes, &mut names, b".gnu_debuglink", &link)?);
    let strings = headers.len();
    // Its own name is among the names.
    let name = add_name(&mut names, b".shstrtab")?;
    let mut section = append(&mut bytes, &mut Vec::new(), b"", &names)?;
    section.sh_name = name;
    section.sh_type = U32::new(E, elf::SHT_STRTAB);
    section.sh_addralign = U64::new(E, 1);
    headers.push(section);

    bytes.resize(bytes.len().next_multiple_of(8), 0);
    let mut header = *header;
    header.e_shoff = U64::new(E, bytes.len() as u64);
    header.e_shentsize = U16::new(E, u16::try_from(size_of::<Section>()).ok()?);
    // A table that needs extended numbers has sections of its own for each function: it is damaged.
    header.e_shnum = U16::new(E, u16::try_from(headers.len()).ok()?);
    header.e_shstrndx = U16::new(E, SymbolSection(u16::try_from(strings).ok()?));
    for section in &headers {
        bytes.extend_from_slice(bytes_of(section));
    }
    let beginning = bytes.get_mut(..size_of::<Header>())?;
    beginning.copy_from_slice(bytes_of(&header));
    Some(bytes)
}

/// The offset behind everything that is loaded, and behind the headers.
fn end_of_loaded(header: &Header, segments: &[Segment], sections: &[Section]) -> Option<usize> {
    let table = header.e_phoff(E) + size_of_val(segments) as u64;
    let mut end = table.max(size_of::<Header>() as u64);
    for segment in segments {
        let (offset, size) = segment.file_range(E);
        end = end.max(offset.checked_add(size)?);
    }
    for section in sections {
        if let Some((offset, size)) = section.file_range(E)
            && is_loaded(section)
        {
            end = end.max(offset.checked_add(size)?);
        }
    }
    usize::try_from(end).ok()
}

fn is_loaded(section: &Section) -> bool {
    section.sh_flags(E).contains(elf::SHF_ALLOC)
}

/// The header of no section.
fn null() -> Section {
    Section {
        sh_name: U32::new(E, 0),
        sh_type: U32::new(E, elf::SHT_NULL),
        sh_flags: U64::new(E, elf::SectionFlags(0)),
        sh_addr: U64::new(E, 0),
        sh_offset: U64::new(E, 0),
        sh_size: U64::new(E, 0),
        sh_link: U32::new(E, 0),
        sh_info: U32::new(E, 0),
        sh_addralign: U64::new(E, 0),
        sh_entsize: U64::new(E, 0),
    }
}

fn add_name(names: &mut Vec<u8>, name: &[u8]) -> Option<U32<LittleEndian>> {
    let offset = u32::try_from(names.len()).ok()?;
    names.extend_from_slice(name);
    names.push(0);
    Some(U32::new(E, offset))
}

/// Appends a section that is not loaded, and returns its header.
fn append(bytes: &mut Vec<u8>, names: &mut Vec<u8>, name: &[u8], data: &[u8]) -> Option<Section> {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let offset = bytes.len() as u64;
    bytes.extend_from_slice(data);
    Some(Section {
        sh_name: add_name(names, name)?,
        sh_type: U32::new(E, elf::SHT_PROGBITS),
        sh_offset: U64::new(E, offset),
        sh_size: U64::new(E, data.len() as u64),
        sh_addralign: U64::new(E, 4),
        ..null()
    })
}
