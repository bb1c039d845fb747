//! The regions of an ELF file: headers and sections.

use object::Endianness;
use object::elf::{self, ProgramHeader64, SectionHeader64};
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader, SectionTable};
use object::read::{ReadRef, elf::SymbolTable};

use super::owners::Owners;
use crate::inspect::elf::Header;
use crate::inspect::strings::text;

/// A region of a file.
pub(super) struct Region {
    /// The offset of the first byte.
    pub(super) start: u64,
    /// The offset behind the last byte.
    pub(super) end: u64,
    /// The address of the first byte in memory; `None` if it is not loaded.
    pub(super) address: Option<u64>,
    pub(super) owner: usize,
}

/// An ELF file whose headers have been read.
pub(super) struct Elf<'data, R: ReadRef<'data>> {
    header: &'data Header,
    pub(super) endian: Endianness,
    segments: &'data [ProgramHeader64<Endianness>],
    sections: SectionTable<'data, Header, R>,
    pub(super) data: R,
    /// The length of the file in bytes.
    pub(super) length: u64,
}

impl<'data, R: ReadRef<'data>> Elf<'data, R> {
    /// `None` if it is not a 64-bit ELF file, or its headers are damaged.
    pub(super) fn parse(data: R) -> Option<Self> {
        let header = Header::parse(data).ok()?;
        let endian = header.endian().ok()?;
        Some(Self {
            header,
            endian,
            segments: header.program_headers(endian, data).ok()?,
            sections: header.sections(endian, data).ok()?,
            data,
            length: data.len().ok()?,
        })
    }

    /// The table of symbols of the type `kind`, if it is there and not empty.
    pub(super) fn symbols(&self, kind: elf::SectionType) -> Option<SymbolTable<'data, Header, R>> {
        let symbols = self.sections.symbols(self.endian, self.data, kind).ok()?;
        (!symbols.is_empty()).then_some(symbols)
    }

    /// The strings of a table of symbols.
    pub(super) fn strings(&self, symbols: &SymbolTable<'data, Header, R>) -> Option<&'data [u8]> {
        let section = self.sections.section(symbols.string_section()).ok()?;
        section.data(self.endian, self.data).ok()
    }

    /// The contents of the section `name`.
    pub(super) fn contents(&self, name: &str) -> Option<&'data [u8]> {
        let (_, section) = self
            .sections
            .section_by_name(self.endian, name.as_bytes())?;
        section.data(self.endian, self.data).ok()
    }

    /// The regions of the file, sorted by offset. If it has no sections, those of `debug_file` tell
    /// what its segments contain.
    pub(super) fn regions(&self, debug_file: Option<&Self>, owners: &mut Owners) -> Vec<Region> {
        let mut regions = self.headers(owners);
        let sections = self.sections.iter().filter_map(|section| {
            let (start, size) = section.file_range(self.endian)?;
            let address = is_loaded(section, self.endian).then(|| section.sh_addr(self.endian));
            Some(Region {
                start,
                end: start.checked_add(size)?,
                address,
                owner: owners.section(self.name(section)),
            })
        });
        let before = regions.len();
        regions.extend(sections.filter(|region| region.end > region.start));
        if regions.len() == before {
            let known = debug_file
                .map(|file| file.addresses(owners))
                .unwrap_or_default();
            regions.extend(known.iter().filter_map(|known| self.placed(known)));
            regions.extend(self.segments(owners));
        }
        regions.sort_by_key(|region| (region.start, region.end));
        regions
    }

    /// The headers of the file, of the segments and of the sections.
    fn headers(&self, owners: &mut Owners) -> Vec<Region> {
        let (header, endian) = (self.header, self.endian);
        let segments = size_of_val(self.segments) as u64;
        let sections = self.sections.len() as u64 * size_of::<SectionHeader64<Endianness>>() as u64;
        let tables = [
            (0, size_of::<Header>() as u64),
            (header.e_phoff(endian), segments),
            (header.e_shoff(endian), sections),
        ];
        let owner = owners.other("headers");
        let tables = tables.into_iter().filter(|(_, size)| *size > 0);
        let region = |(start, size): (u64, u64)| Region {
            start,
            end: start.saturating_add(size),
            address: None,
            owner,
        };
        tables.map(region).collect()
    }

    fn name(&self, section: &SectionHeader64<Endianness>) -> String {
        /// The longest name in bytes; the rest is left out.
        const LONGEST: usize = 100;
        let name = self.sections.section_name(self.endian, section);
        let name = name.unwrap_or_default();
        text(&name[..name.len().min(LONGEST)])
    }

    /// The sections that are loaded, by address: the offsets are those of this file. A file that
    /// has only debug information has no contents for them.
    fn addresses(&self, owners: &mut Owners) -> Vec<Region> {
        let loaded = self
            .sections
            .iter()
            .filter(|section| is_loaded(section, self.endian));
        let region = |section: &SectionHeader64<Endianness>| {
            let start = section.sh_offset(self.endian);
            Some(Region {
                start,
                end: start.checked_add(section.sh_size(self.endian))?,
                address: Some(section.sh_addr(self.endian)),
                owner: owners.section(self.name(section)),
            })
        };
        loaded.filter_map(region).collect()
    }

    /// A region of another file, where a segment of this one has it.
    fn placed(&self, region: &Region) -> Option<Region> {
        let address = region.address?;
        self.segments.iter().find_map(|segment| {
            let (start, size) = segment.file_range(self.endian);
            let skipped = address.checked_sub(segment.p_vaddr(self.endian))?;
            let is_in = segment.p_type(self.endian) == elf::PT_LOAD && skipped < size;
            let start = start.checked_add(skipped).filter(|_| is_in)?;
            let bytes = (region.end - region.start).min(size - skipped);
            Some(Region {
                start,
                end: start.checked_add(bytes)?,
                address: region.address,
                owner: region.owner,
            })
        })
    }

    /// The segments that are loaded.
    fn segments(&self, owners: &mut Owners) -> Vec<Region> {
        let mut regions = Vec::new();
        for segment in self.segments {
            let (start, size) = segment.file_range(self.endian);
            let is_code = segment.p_flags(self.endian).contains(elf::PF_X);
            let name = if is_code { "code" } else { "data" };
            if segment.p_type(self.endian) == elf::PT_LOAD && size > 0 {
                regions.push(Region {
                    start,
                    end: start.saturating_add(size),
                    address: Some(segment.p_vaddr(self.endian)),
                    owner: owners.section(name.to_owned()),
                });
            }
        }
        regions
    }
}

fn is_loaded(section: &SectionHeader64<Endianness>, endian: Endianness) -> bool {
    section.sh_flags(endian).contains(elf::SHF_ALLOC)
}
