//! The dynamic segment: what the loader will look for.

use object::Endianness;
use object::elf;
use object::pod::Pod;
use object::read::elf::{Dyn, ProgramHeader};
use object::read::{ReadRef, StringTable};

use super::text;
use crate::target::{GlibcVersion, gcc};

/// The parts of the dynamic segment that decide whether the executable starts.
#[derive(Default)]
pub(super) struct Dynamic {
    pub(super) needed: Vec<String>,
    pub(super) run_paths: Vec<String>,
    pub(super) has_runpath: bool,
    pub(super) gcc_versions: Vec<String>,
    pub(super) glibc: Option<GlibcVersion>,
    pub(super) pie: bool,
    /// Whether it has a name for those who load it.
    pub(super) has_soname: bool,
}

impl Dynamic {
    /// Goes through the segments, not the sections: those may be stripped, these are what the
    /// loader itself reads.
    pub(super) fn read<'data>(
        entries: &[elf::Dyn64<Endianness>],
        endian: Endianness,
        memory: &Memory<'data, impl ReadRef<'data>>,
    ) -> Self {
        let value = |tag| {
            entries
                .iter()
                .find(|entry| entry.d_tag(endian) == tag)
                .map(|entry| entry.d_val(endian))
        };
        let strings_size = value(elf::DT_STRSZ).unwrap_or(u64::MAX);
        let strings = value(elf::DT_STRTAB)
            .and_then(|address| memory.from(address, strings_size))
            .map_or_else(StringTable::default, |table| {
                StringTable::new(table, 0, table.len() as u64)
            });
        let string = |offset: u32| strings.get(offset).ok().map(text);
        let strings_of = |tag| {
            entries
                .iter()
                .filter(move |entry| entry.d_tag(endian) == tag)
                .filter_map(|entry| string(u32::try_from(entry.d_val(endian)).ok()?))
        };
        // Beside the newer of the two, the loader passes over the older.
        let has_runpath = value(elf::DT_RUNPATH).is_some();
        let run_paths = strings_of(if has_runpath {
            elf::DT_RUNPATH
        } else {
            elf::DT_RPATH
        });
        let mut versions: Vec<String> = value(elf::DT_VERNEED)
            .and_then(|address| memory.from(address, u64::MAX))
            .into_iter()
            .flat_map(|table| version_needs(table, endian))
            .filter_map(string)
            .collect();
        let glibc = versions
            .iter()
            .filter_map(|name| glibc_version(name.strip_prefix("GLIBC_")?))
            .max();
        versions.retain(|name| gcc::library_of(name).is_some());
        Self {
            needed: strings_of(elf::DT_NEEDED).collect(),
            run_paths: run_paths
                .flat_map(|paths| paths.split(':').map(str::to_owned).collect::<Vec<_>>())
                .filter(|path| !path.is_empty())
                .collect(),
            has_runpath,
            gcc_versions: versions,
            glibc,
            has_soname: value(elf::DT_SONAME).is_some(),
            pie: value(elf::DT_FLAGS_1).is_some_and(|flags| flags & elf::DF_1_PIE.0 != 0),
        }
    }
}

/// The version in the name of a symbol version, after `GLIBC_`.
///
/// Relative relocations in their packed form have a name instead of a number. Source: the release
/// notes of glibc 2.36, the first to know them.
fn glibc_version(name: &str) -> Option<GlibcVersion> {
    match name {
        "ABI_DT_RELR" => "2.36".parse().ok(),
        number => number.parse().ok(),
    }
}

/// The file's contents by the addresses they are loaded at.
pub(super) struct Memory<'data, R> {
    pub(super) endian: Endianness,
    pub(super) segments: &'data [elf::ProgramHeader64<Endianness>],
    pub(super) data: R,
}

impl<'data, R: ReadRef<'data>> Memory<'data, R> {
    /// The bytes from `address` to the end of the segment that contains it, but no more than `most`.
    fn from(&self, address: u64, most: u64) -> Option<&'data [u8]> {
        self.segments.iter().find_map(|segment| {
            if segment.p_type(self.endian) != elf::PT_LOAD {
                return None;
            }
            let (start, size) = segment.file_range(self.endian);
            let skipped = address.checked_sub(segment.p_vaddr(self.endian))?;
            let rest = size.checked_sub(skipped).filter(|rest| *rest > 0)?;
            let offset = start.checked_add(skipped)?;
            self.data.read_bytes_at(offset, rest.min(most)).ok()
        })
    }
}

/// The string offsets of the symbol versions that a table of version needs names.
///
/// The table is two levels of linked lists whose links only lead forward, so that even a hostile
/// one comes to its end.
fn version_needs(table: &[u8], endian: Endianness) -> Vec<u32> {
    let mut names = Vec::new();
    let mut file_at = 0_usize;
    while let Some(file) = read_at::<elf::Verneed<Endianness>>(table, file_at) {
        let mut version_at = file_at.saturating_add(file.vn_aux.get(endian) as usize);
        while let Some(version) = read_at::<elf::Vernaux<Endianness>>(table, version_at) {
            names.push(version.vna_name.get(endian));
            match version.vna_next.get(endian) {
                0 => break,
                next => version_at = version_at.saturating_add(next as usize),
            }
        }
        match file.vn_next.get(endian) {
            0 => break,
            next => file_at = file_at.saturating_add(next as usize),
        }
    }
    names
}

fn read_at<T: Pod>(table: &[u8], offset: usize) -> Option<&T> {
    let (value, _) = object::pod::from_bytes(table.get(offset..)?).ok()?;
    Some(value)
}
