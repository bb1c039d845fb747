//! An ELF file as it grows: sections are laid down one after another, headers are written last.

use super::Machine;
use crate::number::{half, put16, put32, put64, word};

// Section types.
pub(super) const PROGBITS: u32 = 1;
pub(super) const SYMTAB: u32 = 2;
pub(super) const STRTAB: u32 = 3;
pub(super) const HASH: u32 = 5;
pub(super) const DYNAMIC_SECTION: u32 = 6;
pub(super) const NOTE_SECTION: u32 = 7;
pub(super) const DYNSYM: u32 = 11;
pub(super) const GNU_VERNEED: u32 = 0x6fff_fffe;
pub(super) const GNU_VERSYM: u32 = 0x6fff_ffff;

// Segment types.
const LOAD: u32 = 1;
pub(super) const DYNAMIC: u32 = 2;
pub(super) const INTERP: u32 = 3;
pub(super) const NOTE: u32 = 4;

const FILE_HEADER: usize = 64;
const PROGRAM_HEADER: usize = 56;
/// Room for `PT_INTERP`, `PT_DYNAMIC` and `PT_LOAD`, so that sections start at a known place.
const MOST_SEGMENTS: usize = 3;

pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) kind: u32,
    pub(super) link: u32,
    pub(super) info: u32,
    pub(super) entry_size: u64,
    pub(super) loaded: bool,
    pub(super) data: Vec<u8>,
}

impl Section {
    pub(super) fn new(name: &'static str, kind: u32, data: Vec<u8>) -> Self {
        Self {
            name,
            kind,
            link: 0,
            info: 0,
            entry_size: 0,
            loaded: true,
            data,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub(super) index: u32,
    pub(super) address: u64,
    pub(super) offset: u64,
    pub(super) size: u64,
}

/// The file as it grows: headers come last, when all places are known.
pub(super) struct Image {
    base: u64,
    bytes: Vec<u8>,
    /// The end of what is loaded.
    loaded: usize,
    section_names: Strings,
    section_headers: Vec<u8>,
    section_count: u32,
    segments: Vec<u8>,
}

impl Image {
    pub(super) fn new(base: u64) -> Self {
        Self {
            base,
            bytes: vec![0; FILE_HEADER + MOST_SEGMENTS * PROGRAM_HEADER],
            loaded: 0,
            section_names: Strings::default(),
            section_headers: vec![0; 64],
            section_count: 1,
            segments: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, section: Section) -> Placed {
        self.align();
        let placed = Placed {
            index: self.section_count,
            address: if section.loaded {
                self.base + self.bytes.len() as u64
            } else {
                0
            },
            offset: self.bytes.len() as u64,
            size: section.data.len() as u64,
        };
        self.bytes.extend(section.data);
        if section.loaded {
            self.loaded = self.bytes.len();
        }
        let headers = &mut self.section_headers;
        put32(
            headers,
            &[self.section_names.add(section.name), section.kind],
        );
        let allocated = u64::from(section.loaded) * 2;
        put64(
            headers,
            &[allocated, placed.address, placed.offset, placed.size],
        );
        put32(headers, &[section.link, section.info]);
        put64(headers, &[1, section.entry_size]);
        self.section_count += 1;
        placed
    }

    pub(super) fn segment(&mut self, kind: u32, placed: Placed) {
        const READ_EXECUTE: u32 = 5;
        put32(&mut self.segments, &[kind, READ_EXECUTE]);
        let Placed {
            address,
            offset,
            size,
            ..
        } = placed;
        put64(
            &mut self.segments,
            &[offset, address, address, size, size, 8],
        );
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    pub(super) fn finish(
        mut self,
        machine: Machine,
        position_independent: bool,
        sections: bool,
    ) -> Vec<u8> {
        let whole_file = Placed {
            index: 0,
            address: self.base,
            offset: 0,
            size: self.loaded as u64,
        };
        self.segment(LOAD, whole_file);
        let (table, count, names) = if sections {
            let mut strings = self.section_names.clone();
            strings.add(".shstrtab");
            let names = self.add(Section {
                loaded: false,
                ..Section::new(".shstrtab", STRTAB, strings.bytes)
            });
            self.align();
            let table = self.bytes.len() as u64;
            self.bytes.append(&mut self.section_headers);
            (table, self.section_count, names.index)
        } else {
            (0, 0, 0)
        };

        // 64-bit, little-endian, version 1, System V.
        let mut header = b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        let kind = if position_independent { 3 } else { 2 };
        put16(&mut header, &[kind, machine as u16]);
        put32(&mut header, &[1]);
        put64(&mut header, &[self.base, FILE_HEADER as u64, table]);
        put32(&mut header, &[0]);
        let segment_count = self.segments.len() / PROGRAM_HEADER;
        put16(&mut header, &[half(FILE_HEADER), half(PROGRAM_HEADER)]);
        put16(
            &mut header,
            &[half(segment_count), 64, half(count), half(names)],
        );
        header.append(&mut self.segments);
        self.bytes[..header.len()].copy_from_slice(&header);
        self.bytes
    }
}

/// A string table: names end in NUL, the first is empty.
#[derive(Clone)]
pub(super) struct Strings {
    pub(super) bytes: Vec<u8>,
}

impl Default for Strings {
    fn default() -> Self {
        Self { bytes: vec![0] }
    }
}

impl Strings {
    pub(super) fn add(&mut self, name: &str) -> u32 {
        let offset = self.bytes.len();
        self.bytes.extend(name.as_bytes());
        self.bytes.push(0);
        word(offset)
    }
}
