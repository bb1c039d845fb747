//! The header of an ELF file: its format and its instruction set.

use std::borrow::Cow;
use std::fmt;

use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::elf::FileHeader;

use crate::lambda::Architecture;

/// A phrase for what a file is, if it is not an executable for Linux; completes "it is …".
pub(crate) type NotAnExecutable = Cow<'static, str>;

/// Phrases for executables of other systems.
const OF_WINDOWS: &str = "a Windows executable";
const OF_MACOS: &str = "a macOS executable";

/// True if a file that is `what` is an executable or a library of another system.
pub(crate) fn is_of_other_system(what: &NotAnExecutable) -> bool {
    [OF_WINDOWS, OF_MACOS].contains(&&**what)
}

pub(super) type Header = FileHeader64<Endianness>;

/// The length of the header in bytes.
pub(crate) const HEADER: u64 = size_of::<Header>() as u64;

/// The instruction set of an executable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Machine {
    /// An architecture of Lambda.
    Lambda(Architecture),
    /// Any other, by its name.
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

/// True if a file that starts with `beginning` is an ELF file of any kind.
pub(crate) fn is_elf(beginning: &[u8]) -> bool {
    beginning.starts_with(b"\x7fELF")
}

/// The instruction set of a 64-bit ELF file, from its first [`HEADER`] bytes.
pub(crate) fn machine_of(beginning: &[u8]) -> Option<Machine> {
    recognise(beginning).ok()?;
    Some(machine(Header::parse(beginning).ok()?))
}

/// Refuses a file that is not 64-bit ELF, with a phrase for what it is.
pub(super) fn recognise(data: &[u8]) -> Result<(), NotAnExecutable> {
    let what = match data {
        [] => "empty",
        [0x7f, b'E', b'L', b'F', 2, ..] => return Ok(()),
        [0x7f, b'E', b'L', b'F', ..] => "a 32-bit ELF file",
        // Editors on Windows write one, and Linux does not skip it.
        [0xef, 0xbb, 0xbf, b'#', b'!', ..] => "a script with a byte order mark before its `#!`",
        [b'M', b'Z', ..] => OF_WINDOWS,
        // A universal executable has its number of architectures where a class has its version.
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0..45, ..] => {
            OF_MACOS
        }
        [0xca, 0xfe, 0xba, 0xbe, ..] => "a Java class",
        _ => "not an ELF file",
    };
    Err(what.into())
}

/// The instruction set in a header.
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
