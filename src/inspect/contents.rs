//! The facts about a file that lints need.

use super::elf::{NotAnExecutable, is_elf};
use super::executable::Executable;
use super::secret::Secret;

/// The facts about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contents {
    /// The executable or library that the file is.
    pub(crate) executable: Result<Executable, NotAnExecutable>,
    /// The secret that the file contains. It is in a box, since most files have none.
    pub(crate) secret: Option<Box<Secret>>,
}

impl Contents {
    /// Adds the result of a search for a client of the Runtime API.
    pub(crate) fn searched(&mut self, lacks_client: bool) {
        if let Ok(executable) = &mut self.executable {
            executable.searched(lacks_client);
        }
    }

    /// True if all bytes of a file with this beginning are needed: the headers of an ELF file may
    /// be anywhere in it.
    pub(crate) fn wants_all(beginning: &[u8]) -> bool {
        is_elf(beginning)
    }
}
