//! ELF files: what the headers say of how Linux starts or loads them.

use std::fmt;

use object::Endianness;
use object::elf;
use object::read::ReadRef;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use serde::Serialize;

use super::dynamic::{Dynamic, Memory};
use super::strings::{Strings, TooMuch};
use super::symbols;
use crate::inspect::{Header, NotAnExecutable, text};
use crate::lambda::{Architecture, GlibcVersion};

/// How an executable finds its code at start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Linkage {
    /// Everything inside, at fixed addresses.
    Static,
    /// Everything inside, at any address.
    StaticPie,
    /// The kernel starts a dynamic loader first.
    Dynamic,
    /// A library, which only other programs can load.
    Shared,
}

/// The instruction set an executable is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Machine {
    /// One that Lambda has.
    Lambda(Architecture),
    /// Any other, described.
    Other(String),
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lambda(architecture) => architecture.fmt(f),
            Self::Other(description) => description.fmt(f),
        }
    }
}

/// What the ELF headers of an executable say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BinaryFacts {
    /// The instruction set.
    pub machine: Machine,
    /// How it is linked.
    pub linkage: Linkage,
    /// The dynamic loader it asks the kernel for (`PT_INTERP`).
    pub interpreter: Option<String>,
    /// The shared libraries it names itself (`DT_NEEDED`), in its order.
    pub needed: Vec<String>,
    /// The folders where they are looked for too (`DT_RUNPATH`, else `DT_RPATH`), as they are
    /// written.
    pub run_paths: Vec<String>,
    /// Whether these are of the newer kind, `DT_RUNPATH`: searched after `LD_LIBRARY_PATH`, and not
    /// for what the libraries need in turn.
    pub has_runpath: bool,
    /// The versions of symbols that it was linked against in GCC's libraries.
    pub gcc_versions: Vec<String>,
    /// The newest version of glibc's symbols it was linked against.
    pub glibc: Option<GlibcVersion>,
    /// Whether it needs `GLIBC_ABI_DT_RELR`, which no glibc before 2.36 has.
    pub has_relr: bool,
    /// The symbols that need it, as far as they can be told.
    pub glibc_symbols: Vec<String>,
    /// Bytes of `.debug_*` sections.
    pub debug_bytes: u64,
}

/// Reads the headers of a 64-bit ELF file.
///
/// # Errors
/// A fragment that says why Linux could neither start nor load it.
pub(super) fn read<'data>(data: impl ReadRef<'data>) -> Result<BinaryFacts, NotAnExecutable> {
    let header = Header::parse(data).map_err(broken)?;
    let endian = header.endian().map_err(broken)?;
    let kind = header.e_type(endian);
    if kind != elf::ET_EXEC && kind != elf::ET_DYN {
        return Err("an ELF file that is neither an executable nor a shared object".to_owned());
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
        return Err("a truncated ELF file".to_owned());
    }
    // Linux maps whole pages: what does not lie alike in the file and in memory it kills.
    let loads = |segment: &&elf::ProgramHeader64<Endianness>| {
        segment.p_type(endian) == elf::PT_LOAD && segment.p_filesz(endian) > 0
    };
    let is_off = |segment: &elf::ProgramHeader64<Endianness>| {
        const PAGE: u64 = 4096;
        segment.p_offset(endian) % PAGE != segment.p_vaddr(endian) % PAGE
    };
    let mut loaded = segments.iter().filter(loads).peekable();
    if loaded.peek().is_none() {
        return Err("an ELF file of which nothing is to be loaded".to_owned());
    }
    if loaded.any(is_off) {
        return Err("an ELF file whose segments do not lie as in memory".to_owned());
    }
    let memory = Memory {
        endian,
        segments,
        data,
    };

    let interpreter = interpreter(&memory)?;
    // The last of several, as glibc has it.
    let mut entries: &[elf::Dyn64<Endianness>] = &[];
    for segment in segments {
        if let Some(found) = segment.dynamic(endian, data).map_err(broken)? {
            entries = found;
        }
    }
    let mut strings = Strings::new(memory.strings(entries), length);
    let dynamic = Dynamic::read(entries, &mut strings, &memory)
        .map_err(|TooMuch| "an ELF file that names more than any program needs".to_owned())?;
    // A shared object has neither an interpreter nor, unlike a static PIE, the flag `DF_1_PIE`;
    // old linkers omit the flag for static PIEs too, so what tells is that it needs libraries, has
    // a name for those who load it, or no place to start at.
    let looks_loaded =
        !dynamic.needed.is_empty() || dynamic.has_soname || header.e_entry(endian) == 0;
    let is_library = !dynamic.pie && looks_loaded;
    let linkage = match (&interpreter, kind) {
        (Some(_), _) => Linkage::Dynamic,
        (None, elf::ET_DYN) if is_library => Linkage::Shared,
        (None, elf::ET_DYN) => Linkage::StaticPie,
        (None, _) => Linkage::Static,
    };
    Ok(BinaryFacts {
        machine,
        linkage,
        interpreter,
        needed: dynamic.needed,
        run_paths: dynamic.run_paths,
        has_runpath: dynamic.has_runpath,
        gcc_versions: dynamic.gcc_versions,
        glibc_symbols: symbols::needing(&dynamic.glibc_indexes, &mut strings, header, endian, data),
        glibc: dynamic.glibc,
        has_relr: dynamic.has_relr,
        debug_bytes: debug_bytes(header, endian, data),
    })
}

/// The loader that the kernel is asked for: by the first segment that does, in its own words.
fn interpreter<'data>(
    memory: &Memory<'data, impl ReadRef<'data>>,
) -> Result<Option<String>, NotAnExecutable> {
    /// The longest name that Linux takes, with the zero at its end. Source: `load_elf_binary` in
    /// fs/binfmt_elf.c.
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
        return Err("an ELF file whose loader has a longer name than Linux takes".to_owned());
    }
    let path = segment.interpreter(endian, data).map_err(broken)?;
    Ok(path.map(text))
}

fn broken(error: object::read::Error) -> NotAnExecutable {
    format!("a damaged ELF file ({error})")
}

/// The instruction set that a header names.
pub(super) fn machine(header: &Header) -> Machine {
    let endian = header.endian().unwrap_or_default();
    let other = |description: &str| Machine::Other(description.to_owned());
    match header.e_machine(endian) {
        elf::EM_X86_64 | elf::EM_AARCH64 if endian == Endianness::Big => {
            other("a big-endian machine")
        }
        elf::EM_X86_64 => Machine::Lambda(Architecture::X86_64),
        elf::EM_AARCH64 => Machine::Lambda(Architecture::Arm64),
        elf::EM_RISCV => other("riscv64"),
        elf::EM_PPC64 => other("ppc64"),
        elf::EM_S390 => other("s390x"),
        elf::Machine(number) => Machine::Other(format!("ELF machine {number}")),
    }
}

/// Bytes of debug information: none where there are no section headers, which are for tools, not
/// for the loader.
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
        // What a section declares need not be there.
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
