//! The machines that Lambda offers, and how this one runs their programs.

use std::fmt;
use std::path::PathBuf;

use crate::parts::program;

/// An architecture, under AWS's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Architecture {
    X86_64,
    Arm64,
}

impl Architecture {
    pub(crate) const ALL: [Self; 2] = [Self::X86_64, Self::Arm64];

    /// This machine's.
    pub(crate) const OWN: Self = if cfg!(target_arch = "aarch64") {
        Self::Arm64
    } else {
        Self::X86_64
    };

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// The target of Rust that it is by default.
    pub(crate) fn musl_target(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-unknown-linux-musl",
            Self::Arm64 => "aarch64-unknown-linux-musl",
        }
    }

    /// What runs this architecture's programs here, unless this machine does.
    pub(crate) fn qemu(self) -> Option<PathBuf> {
        match self {
            _ if self == Self::OWN => None,
            Self::X86_64 => Some(program("qemu-x86_64-static")),
            Self::Arm64 => Some(program("qemu-aarch64-static")),
        }
    }

    /// The architecture as an ELF header names it.
    pub(crate) fn elf_machine(self) -> [u8; 2] {
        match self {
            Self::X86_64 => 62_u16.to_le_bytes(),
            Self::Arm64 => 183_u16.to_le_bytes(),
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
