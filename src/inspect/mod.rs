//! What a file is to Linux and to whoever may read it: told by its bytes, without running it.

mod contents;
mod dynamic;
mod secret;
mod symbols;

use std::fmt;

use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::ReadRef;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use serde::Serialize;

pub(crate) use contents::Contents;
pub(crate) use secret::Secret;

use dynamic::{Dynamic, Memory};

use crate::target::{Architecture, GlibcVersion};

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
    /// The symbols that need it, as far as they can be told.
    pub glibc_symbols: Vec<String>,
    /// Bytes of `.debug_*` sections.
    pub debug_bytes: u64,
}

/// What the first line of a script says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScriptFacts {
    /// The program that runs it, with its arguments.
    pub interpreter: String,
    /// Whether the line ends as on Windows: Linux takes that for a part of the name.
    pub has_crlf: bool,
}

/// Something that Linux can start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Executable {
    /// Machine code.
    Binary(BinaryFacts),
    /// Text that another program runs.
    Script(ScriptFacts),
}

/// Why a file is not an executable that Linux could start; completes "it is …".
pub(crate) type NotAnExecutable = String;

type Header = FileHeader64<Endianness>;

/// More than what Linux looks at of a script: 256 bytes, `BINPRM_BUF_SIZE`.
const FIRST_LINE: u64 = 4096;

/// Reads the facts of an executable from its bytes; of those in a file, only what it needs.
///
/// # Errors
/// A fragment that says what the file is instead.
pub(crate) fn inspect<'data>(data: impl ReadRef<'data>) -> Result<Executable, NotAnExecutable> {
    let unreadable = |()| "a file that cannot be read".to_owned();
    let length = data.len().map_err(unreadable)?.min(FIRST_LINE);
    let beginning = data.read_bytes_at(0, length).map_err(unreadable)?;
    if let Some(rest) = beginning.strip_prefix(b"#!") {
        return script(rest).map(Executable::Script);
    }
    recognise(beginning)?;
    binary(data).map(Executable::Binary)
}

/// Bytes of the header of an ELF file.
pub(crate) const HEADER: u64 = size_of::<Header>() as u64;

/// The instruction set that an ELF file of any kind is for, from its first [`HEADER`] bytes.
pub(crate) fn machine_of(beginning: &[u8]) -> Option<Machine> {
    recognise(beginning).ok()?;
    let header = Header::parse(beginning).ok()?;
    Some(machine(header.e_machine(header.endian().ok()?)))
}

/// Bytes of a script's first line that Linux reads. Source: `BINPRM_BUF_SIZE` in linux/binfmts.h;
/// since Linux 5.1 it starts nothing by a name that is cut off there.
const MOST_OF_A_FIRST_LINE: usize = 255;

fn script(after_mark: &[u8]) -> Result<ScriptFacts, NotAnExecutable> {
    let line = after_mark
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = text(line);
    let interpreter = line.trim().to_owned();
    if interpreter.is_empty() {
        return Err("a script whose `#!` names no interpreter".to_owned());
    }
    let blanks = line.len() - line.trim_start().len();
    let name = interpreter.split([' ', '\t']).next().unwrap_or_default();
    if b"#!".len() + blanks + name.len() > MOST_OF_A_FIRST_LINE {
        return Err(format!(
            "a script whose interpreter has a longer name than Linux reads \
             ({MOST_OF_A_FIRST_LINE} bytes)"
        ));
    }
    Ok(ScriptFacts {
        interpreter,
        has_crlf: line.ends_with('\r'),
    })
}

fn binary<'data>(data: impl ReadRef<'data>) -> Result<BinaryFacts, NotAnExecutable> {
    let broken = |error: object::read::Error| format!("a damaged ELF file ({error})");
    let header = Header::parse(data).map_err(broken)?;
    let endian = header.endian().map_err(broken)?;
    let kind = header.e_type(endian);
    if kind != elf::ET_EXEC && kind != elf::ET_DYN {
        return Err("an ELF file that is neither an executable nor a shared object".to_owned());
    }
    let machine = machine(header.e_machine(endian));
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

    let mut interpreter = None;
    let mut dynamic = Dynamic::default();
    for segment in segments {
        if let Some(path) = segment.interpreter(endian, data).map_err(broken)? {
            interpreter = Some(text(path));
        }
        if let Some(entries) = segment.dynamic(endian, data).map_err(broken)? {
            dynamic = Dynamic::read(entries, endian, &memory);
        }
    }
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
        glibc_symbols: dynamic
            .glibc
            .map(|version| symbols::needing(version, header, endian, data))
            .unwrap_or_default(),
        glibc: dynamic.glibc,
        debug_bytes: debug_bytes(header, endian, data),
    })
}

/// Refuses what is not 64-bit ELF, and says what it is.
fn recognise(data: &[u8]) -> Result<(), NotAnExecutable> {
    let what = match data {
        [] => "empty",
        [0x7f, b'E', b'L', b'F', 2, ..] => return Ok(()),
        [0x7f, b'E', b'L', b'F', ..] => "a 32-bit ELF file",
        [b'M', b'Z', ..] => "a Windows executable",
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => "a macOS executable",
        _ => "not an ELF file",
    };
    Err(what.to_owned())
}

fn machine(machine: elf::Machine) -> Machine {
    match machine {
        elf::EM_X86_64 => Machine::Lambda(Architecture::X86_64),
        elf::EM_AARCH64 => Machine::Lambda(Architecture::Arm64),
        elf::EM_RISCV => Machine::Other("riscv64".to_owned()),
        elf::EM_PPC64 => Machine::Other("ppc64".to_owned()),
        elf::EM_S390 => Machine::Other("s390x".to_owned()),
        other => Machine::Other(format!("ELF machine {}", other.0)),
    }
}

fn debug_bytes<'data>(header: &Header, endian: Endianness, data: impl ReadRef<'data>) -> u64 {
    // Sections are for tools, not for the loader: an executable without them is sound.
    let Ok(sections) = header.sections(endian, data) else {
        return 0;
    };
    sections
        .iter()
        .filter(|section| {
            sections
                .section_name(endian, section)
                .is_ok_and(|name| name.starts_with(b".debug_") || name.starts_with(b".zdebug_"))
        })
        .map(|section| section.sh_size(endian))
        .sum()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_known_by_its_first_line() {
        let script = |text: &str| match inspect(text.as_bytes()) {
            Ok(Executable::Script(facts)) => (facts.interpreter, facts.has_crlf),
            other => panic!("{other:?}"),
        };
        assert_eq!(script("#!/bin/sh\nexit 0\n"), ("/bin/sh".to_owned(), false));
        assert_eq!(
            script("#! /bin/bash -e\r\n"),
            ("/bin/bash -e".to_owned(), true)
        );
        assert!(inspect(b"#!\n".as_slice()).is_err());
        let named = |length: usize| format!("#! /{} -e\n", "a".repeat(length - 1));
        assert!(inspect(named(252).as_bytes()).is_ok());
        assert!(inspect(named(253).as_bytes()).unwrap_err().contains("255"));
    }

    #[test]
    fn what_is_no_executable_is_called_by_its_name() {
        let what = |data: &[u8]| inspect(data).unwrap_err();
        assert_eq!(what(b""), "empty");
        assert_eq!(what(b"MZ\x90"), "a Windows executable");
        assert_eq!(what(b"\xcf\xfa\xed\xfe"), "a macOS executable");
        assert_eq!(what(b"\x7fELF\x01"), "a 32-bit ELF file");
        assert_eq!(what(b"text"), "not an ELF file");
        assert!(what(b"\x7fELF\x02").contains("damaged"));
    }
}
