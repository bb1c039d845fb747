//! ELF files: how Linux starts or loads them.

use object::Endianness;
use object::elf;
use object::read::ReadRef;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use serde::{Deserialize, Serialize};

use super::dynamic::{Dynamic, Memory};
use super::elf::{Header, Machine, NotAnExecutable, machine};
use super::start::{self, BadStart, Links};
use super::start_file::StartFile;
use super::static_pie_start;
use super::strings::{Strings, TooMuch, text};
use super::symbols;
use crate::lambda::{Architecture, GlibcVersion};

/// The way an executable finds its code at start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Linkage {
    /// All code is inside, at fixed addresses.
    Static,
    /// All code is inside, at any address.
    StaticPie,
    /// The kernel starts a dynamic loader first.
    Dynamic,
    /// A library, which only other programs can load.
    Shared,
}

/// Facts from the ELF headers of an executable or a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BinaryFacts {
    pub machine: Machine,
    pub linkage: Linkage,
    /// The contradiction in its headers that crashes it at its start; `None` for a library.
    pub bad_start: Option<BadStart>,
    /// The dynamic loader that the kernel starts (`PT_INTERP`).
    pub interpreter: Option<String>,
    /// The name that other programs load it by (`DT_SONAME`).
    pub soname: Option<String>,
    /// The shared libraries that it names itself (`DT_NEEDED`), in its order.
    pub needed: Vec<String>,
    /// The folders that are searched for them as well (`DT_RUNPATH`, else `DT_RPATH`), unexpanded.
    pub run_paths: Vec<String>,
    /// True if these folders are from `DT_RUNPATH`: they are searched after `LD_LIBRARY_PATH`, and
    /// not for the libraries that the libraries need.
    pub has_runpath: bool,
    /// The symbol versions that it needs from GCC's libraries.
    pub gcc_versions: Vec<String>,
    /// The newest symbol version that it needs from glibc.
    pub glibc: Option<GlibcVersion>,
    /// True if it needs `GLIBC_ABI_DT_RELR`, which no glibc before 2.36 has.
    pub has_relr: bool,
    /// The symbols of the version `glibc`; empty if the section headers were stripped.
    pub glibc_symbols: Vec<String>,
    /// The size of the `.debug_*` sections in bytes.
    pub debug_bytes: u64,
    /// True if all its bytes were searched for a client of the Runtime API, and there is none.
    pub lacks_client: bool,
}

/// Reads the headers of a 64-bit ELF file.
///
/// # Errors
/// A phrase for what the file is, if Linux can neither start nor load it.
pub(super) fn read<'data>(data: impl ReadRef<'data>) -> Result<BinaryFacts, NotAnExecutable> {
    let header = Header::parse(data).map_err(broken)?;
    let endian = header.endian().map_err(broken)?;
    let kind = header.e_type(endian);
    if kind != elf::ET_EXEC && kind != elf::ET_DYN {
        return Err("an ELF file that is neither an executable nor a shared object".into());
    }
    let machine = machine(header);
    let segments = header.program_headers(endian, data).map_err(broken)?;

    let length = data.len().unwrap_or_default();
    let is_cut_off = |segment: &elf::ProgramHeader64<Endianness>| {
        let (offset, size) = segment.file_range(endian);
        segment.p_type(endian) == elf::PT_LOAD
            && offset.checked_add(size).is_none_or(|end| end > length)
    };
    if segments.iter().any(is_cut_off) {
        return Err("a truncated ELF file".into());
    }
    // Linux maps whole pages. It kills a program whose segments are not at the same offset in a
    // page of the file and of memory.
    let loads = |segment: &&elf::ProgramHeader64<Endianness>| {
        segment.p_type(endian) == elf::PT_LOAD && segment.p_filesz(endian) > 0
    };
    let is_off = |segment: &elf::ProgramHeader64<Endianness>| {
        const PAGE: u64 = 4096;
        segment.p_offset(endian) % PAGE != segment.p_vaddr(endian) % PAGE
    };
    let mut loaded = segments.iter().filter(loads).peekable();
    if loaded.peek().is_none() {
        return Err("an ELF file without a segment to load".into());
    }
    if loaded.any(is_off) {
        return Err("an ELF file with misaligned segments".into());
    }
    let memory = Memory {
        endian,
        segments,
        data,
    };

    let interpreter = interpreter(&memory)?;
    // Of several dynamic segments, glibc uses the last one.
    let mut dynamic_segment: Option<&[elf::Dyn64<Endianness>]> = None;
    for segment in segments {
        if let Some(found) = segment.dynamic(endian, data).map_err(broken)? {
            dynamic_segment = Some(found);
        }
    }
    let entries = dynamic_segment.unwrap_or_default();
    let mut strings = Strings::new(memory.strings(entries), length);
    let dynamic = Dynamic::read(entries, &mut strings, &memory).map_err(|TooMuch| {
        NotAnExecutable::from(
            "an ELF file that names more libraries and symbols than any program needs",
        )
    })?;
    // A shared object has neither an interpreter nor, unlike a static PIE, the flag `DF_1_PIE`. Old
    // linkers omit the flag for static PIEs too. A library, however, needs other libraries, or has
    // a name (`DT_SONAME`), or has no entry point.
    let looks_loaded =
        !dynamic.needed.is_empty() || dynamic.soname.is_some() || header.e_entry(endian) == 0;
    let is_library = !dynamic.pie && looks_loaded;
    let linkage = match (&interpreter, kind) {
        (Some(_), _) => Linkage::Dynamic,
        (None, elf::ET_DYN) if is_library => Linkage::Shared,
        (None, elf::ET_DYN) => Linkage::StaticPie,
        (None, _) => Linkage::Static,
    };
    let start = start_file(&machine, header.e_entry(endian), &memory);
    let is_needed = |start: StartFile| dynamic.needed.iter().any(|library| start.is_of(library));
    let links = Links {
        contains_libc: start.is_some_and(|(start, _)| !is_needed(start)),
        relocates_itself: start.is_some_and(|(_, relocates_itself)| relocates_itself),
        has_loader: interpreter.is_some(),
        has_dynamic_segment: dynamic_segment.is_some(),
        needs_libraries: !dynamic.needed.is_empty(),
        has_unreadable_libraries: dynamic.has_unreadable_needed,
    };
    let bad_start = if linkage == Linkage::Shared {
        None
    } else {
        start::check(header, endian, segments, &links)
    };
    Ok(BinaryFacts {
        machine,
        linkage,
        bad_start,
        interpreter,
        soname: dynamic.soname,
        needed: dynamic.needed,
        run_paths: dynamic.run_paths,
        has_runpath: dynamic.has_runpath,
        gcc_versions: dynamic.gcc_versions,
        glibc_symbols: symbols::needing(&dynamic.glibc_indexes, &mut strings, header, endian, data),
        glibc: dynamic.glibc,
        has_relr: dynamic.has_relr,
        debug_bytes: debug_bytes(header, endian, data),
        lacks_client: false,
    })
}

/// The start file at the address `entry`, and true if it relocates the program; `None` if it is no
/// known one.
fn start_file<'data>(
    machine: &Machine,
    entry: u64,
    memory: &Memory<'data, impl ReadRef<'data>>,
) -> Option<(StartFile, bool)> {
    let Machine::Lambda(architecture) = machine else {
        return None;
    };
    let code = memory.from(entry, StartFile::LENGTH)?;
    let (start, rest) = StartFile::of(*architecture, code)?;
    let relocates_itself = (*architecture, start) == (Architecture::X86_64, StartFile::Musl) && {
        let at = entry.saturating_add((code.len() - rest.len()) as u64);
        static_pie_start::is_called(rest, at, memory)
    };
    Some((start, relocates_itself))
}

/// The path of the dynamic loader, from the first segment that has one.
fn interpreter<'data>(
    memory: &Memory<'data, impl ReadRef<'data>>,
) -> Result<Option<String>, NotAnExecutable> {
    /// The longest path that Linux accepts in bytes, with the zero at its end. Source:
    /// `load_elf_binary` in fs/binfmt_elf.c.
    const LONGEST: u64 = 4096;
    let Memory {
        endian,
        segments,
        data,
    } = *memory;
    let is_one =
        |segment: &&elf::ProgramHeader64<Endianness>| segment.p_type(endian) == elf::PT_INTERP;
    let Some(segment) = segments.iter().find(is_one) else {
        return Ok(None);
    };
    if segment.p_filesz(endian) > LONGEST {
        return Err("an ELF file whose loader has a longer path than Linux accepts".into());
    }
    let path = segment.interpreter(endian, data).map_err(broken)?;
    let (offset, size) = segment.file_range(endian);
    let last = size.checked_sub(1).map(|last| offset.saturating_add(last));
    let last = last.and_then(|at| data.read_bytes_at(at, 1).ok());
    if size < 2 || last != Some(&[0]) {
        return Err("an ELF file whose loader has a path without an end".into());
    }
    Ok(path.map(text))
}

fn broken(error: object::read::Error) -> NotAnExecutable {
    format!("a damaged ELF file ({error})").into()
}

/// The size of the debug information in bytes; 0 if the section headers were stripped.
fn debug_bytes<'data>(header: &Header, endian: Endianness, data: impl ReadRef<'data>) -> u64 {
    let length = data.len().unwrap_or_default();
    let bytes = || {
        let sections = header.section_headers(endian, data).ok()?;
        let names = sections.get(header.shstrndx(endian, data).ok()? as usize)?;
        let names = names.data(endian, data).ok()?;
        let is_debug = |section: &&elf::SectionHeader64<Endianness>| {
            let name = names.get(section.sh_name(endian) as usize..);
            name.is_some_and(|n| n.starts_with(b".debug_") || n.starts_with(b".zdebug_"))
        };
        // A section may declare more bytes than the file has.
        let range = |section: &elf::SectionHeader64<Endianness>| section.file_range(endian);
        let there = |(offset, size): (u64, u64)| size.min(length.saturating_sub(offset));
        let sizes = sections
            .iter()
            .filter(is_debug)
            .filter_map(range)
            .map(there);
        Some(sizes.fold(0, u64::saturating_add))
    };
    bytes().unwrap_or_default().min(length)
}
