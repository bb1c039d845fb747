//! The dynamic segment of an ELF file: the libraries and versions that the loader looks for.

use std::collections::BTreeSet;

use object::Endianness;
use object::elf;
use object::pod::Pod;
use object::read::ReadRef;
use object::read::elf::{Dyn, ProgramHeader};

use super::strings::{Strings, TooMuch};
use crate::lambda::{self, GlibcVersion};

/// The parts of the dynamic segment that decide whether the executable starts.
#[derive(Default)]
pub(super) struct Dynamic {
    pub(super) needed: Vec<String>,
    /// True if it needs a library whose name is not in its table of strings.
    pub(super) has_unreadable_needed: bool,
    pub(super) run_paths: Vec<String>,
    pub(super) has_runpath: bool,
    pub(super) gcc_versions: Vec<String>,
    pub(super) glibc: Option<GlibcVersion>,
    /// The indexes of the version `glibc` in the table of symbol versions.
    pub(super) glibc_indexes: BTreeSet<u16>,
    /// True if it needs `GLIBC_ABI_DT_RELR`, for packed relative relocations.
    pub(super) has_relr: bool,
    pub(super) pie: bool,
    /// The name that other programs load it by (`DT_SONAME`).
    pub(super) soname: Option<String>,
}

impl Dynamic {
    /// Reads the segments and not the sections, as the loader does: sections may be stripped.
    ///
    /// # Errors
    /// If it names more than any program does.
    pub(super) fn read<'data>(
        entries: &[elf::Dyn64<Endianness>],
        strings: &mut Strings<'data>,
        memory: &Memory<'data, impl ReadRef<'data>>,
    ) -> Result<Self, TooMuch> {
        /// The most bytes of the table of needed versions that are read.
        const VERSIONS: u64 = 1024 * 1024;
        let endian = memory.endian;
        let value = |tag| value(entries, endian, tag);
        let mut strings_of = |tag| {
            let tagged = entries.iter().filter(|entry| entry.d_tag(endian) == tag);
            let mut found = Vec::new();
            for entry in tagged {
                found.extend(strings.get(entry.d_val(endian))?);
            }
            Ok(found)
        };
        // With a `DT_RUNPATH`, the loader ignores `DT_RPATH`.
        let has_runpath = value(elf::DT_RUNPATH).is_some();
        let paths = strings_of(if has_runpath {
            elf::DT_RUNPATH
        } else {
            elf::DT_RPATH
        })?;
        let needed = strings_of(elf::DT_NEEDED)?;
        let soname = strings_of(elf::DT_SONAME)?.into_iter().next();
        let is_needed = |entry: &&elf::Dyn64<Endianness>| entry.d_tag(endian) == elf::DT_NEEDED;
        let has_unreadable_needed = entries.iter().filter(is_needed).count() > needed.len();
        let mut run_paths = Vec::new();
        for path in paths.iter().flat_map(|paths| paths.split(':')) {
            if !path.is_empty() {
                strings.take(path.len())?;
                run_paths.push(path.to_owned());
            }
        }
        let mut dynamic = Self {
            needed,
            has_unreadable_needed,
            run_paths,
            has_runpath,
            soname,
            pie: value(elf::DT_FLAGS_1).is_some_and(|flags| flags & elf::DF_1_PIE.0 != 0),
            ..Self::default()
        };
        let versions = value(elf::DT_VERNEED).and_then(|address| memory.from(address, VERSIONS));
        for need in version_needs(versions.unwrap_or_default(), endian)? {
            if let Some(name) = strings.get(need.name.into())? {
                dynamic.note_version(name, need.index);
            }
        }
        Ok(dynamic)
    }

    fn note_version(&mut self, name: String, index: u16) {
        self.has_relr |= name == "GLIBC_ABI_DT_RELR";
        let glibc = name.strip_prefix("GLIBC_").and_then(glibc_version);
        if glibc.is_some() && glibc >= self.glibc {
            if glibc > self.glibc {
                self.glibc_indexes.clear();
            }
            self.glibc = glibc;
            self.glibc_indexes.insert(index);
        }
        if lambda::library_of(&name).is_some() {
            self.gcc_versions.push(name);
        }
    }
}

fn value(
    entries: &[elf::Dyn64<Endianness>],
    endian: Endianness,
    tag: elf::DynamicTag,
) -> Option<u64> {
    entries
        .iter()
        .find(|entry| entry.d_tag(endian) == tag)
        .map(|entry| entry.d_val(endian))
}

/// The version in a symbol version, after `GLIBC_`.
///
/// Packed relative relocations have a name instead of a number. Source: the release notes of glibc
/// 2.36, which introduced it.
fn glibc_version(name: &str) -> Option<GlibcVersion> {
    match name {
        "ABI_DT_RELR" => "2.36".parse().ok(),
        number => number.parse().ok(),
    }
}

/// The contents of the file by their addresses in memory.
pub(super) struct Memory<'data, R> {
    pub(super) endian: Endianness,
    pub(super) segments: &'data [elf::ProgramHeader64<Endianness>],
    pub(super) data: R,
}

impl<'data, R: ReadRef<'data>> Memory<'data, R> {
    /// The string table of a dynamic segment.
    pub(super) fn strings(&self, entries: &[elf::Dyn64<Endianness>]) -> &'data [u8] {
        let value = |tag| value(entries, self.endian, tag);
        let size = value(elf::DT_STRSZ).unwrap_or(u64::MAX);
        let table = value(elf::DT_STRTAB).and_then(|address| self.from(address, size));
        table.unwrap_or_default()
    }

    /// The bytes from `address` to the end of its segment, at most `most`.
    pub(super) fn from(&self, address: u64, most: u64) -> Option<&'data [u8]> {
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

/// A symbol version that a library must have.
struct VersionNeed {
    /// The offset of its name in the string table.
    name: u32,
    /// Its index in the table of symbol versions.
    index: u16,
}

/// Reads the table of needed versions: a list of libraries, each with a list of versions. The lists
/// may share records, so the number of records is limited and not the size of the table.
///
/// Weak versions are left out: the loader only warns if one is missing.
fn version_needs(table: &[u8], endian: Endianness) -> Result<Vec<VersionNeed>, TooMuch> {
    /// The most records of both kinds. A large program has a few hundred.
    const MOST: usize = 4096;
    let mut needs = Vec::new();
    let mut records = 0..MOST;
    let mut file_at = 0_usize;
    while let Some(file) = read_at::<elf::Verneed<Endianness>>(table, file_at) {
        let mut version_at = file_at.saturating_add(file.vn_aux.get(endian) as usize);
        while let Some(version) = read_at::<elf::Vernaux<Endianness>>(table, version_at) {
            records.next().ok_or(TooMuch)?;
            if version.vna_flags.get(endian).0 & elf::VER_FLG_WEAK.0 == 0 {
                needs.push(VersionNeed {
                    name: version.vna_name.get(endian),
                    index: version.vna_other(endian).index().0,
                });
            }
            match version.vna_next.get(endian) {
                0 => break,
                next => version_at = version_at.saturating_add(next as usize),
            }
        }
        records.next().ok_or(TooMuch)?;
        match file.vn_next.get(endian) {
            0 => break,
            next => file_at = file_at.saturating_add(next as usize),
        }
    }
    Ok(needs)
}

fn read_at<T: Pod>(table: &[u8], offset: usize) -> Option<&T> {
    let (value, _) = object::pod::from_bytes(table.get(offset..)?).ok()?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of libraries, one at each offset that is a multiple of 16. The versions of each are
    /// all later records.
    #[test]
    fn shared_records_do_not_multiply_the_work() {
        let record = [
            [1, 0, 1, 0].as_slice(),
            &[1, 0, 0, 0],
            &[16, 0, 0, 0],
            &[16, 0, 0, 0],
        ];
        let table = record.concat().repeat(60_000);
        assert!(version_needs(&table, Endianness::Little).is_err());
        assert_eq!(
            version_needs(&table[..256], Endianness::Little)
                .unwrap()
                .len(),
            120
        );
    }

    #[test]
    fn weak_versions_are_not_needed() {
        let needed = |flags: u8| {
            let library = [1, 0, 1, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0];
            let version = [0, 0, 0, 0, flags, 0, 2, 0, 9, 0, 0, 0, 0, 0, 0, 0];
            version_needs(&[library, version].concat(), Endianness::Little)
                .unwrap()
                .iter()
                .map(|need| (need.name, need.index))
                .collect::<Vec<_>>()
        };
        assert_eq!(needed(0), [(9, 2)]);
        assert_eq!(needed(2), []);
    }
}
