//! All that a judgement asks of a file's bytes.

use crate::inspect::{Executable, NotAnExecutable, Secret, is_elf};

/// What the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contents {
    /// What Linux could start, or load.
    pub(crate) executable: Result<Executable, NotAnExecutable>,
    /// What nobody else should read.
    pub(crate) secret: Option<Secret>,
}

impl Contents {
    /// Whether a file that begins so has to be seen as a whole: the headers of an ELF file may be
    /// anywhere in it.
    pub(crate) fn wants_all(beginning: &[u8]) -> bool {
        is_elf(beginning)
    }
}
