//! All that a judgement asks of a file's bytes.

use object::read::ReadRef;

use crate::inspect::secret::Secret;
use crate::inspect::{Executable, NotAnExecutable, inspect, is_elf};

/// What the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contents {
    /// What Linux could start, or load.
    pub(crate) executable: Result<Executable, NotAnExecutable>,
    /// What nobody else should read.
    pub(crate) secret: Option<Secret>,
}

impl Contents {
    /// Enough of a file's beginning, unless [`Contents::wants_all`].
    pub(crate) const BEGINNING: usize = 128 * 1024;

    /// Whether a file that begins so has to be seen as a whole: the headers of an ELF file may be
    /// anywhere in it.
    pub(crate) fn wants_all(beginning: &[u8]) -> bool {
        is_elf(beginning)
    }

    /// What the file called `name` is, by its bytes or its beginning.
    pub(crate) fn of<'data>(name: &str, data: impl ReadRef<'data>) -> Self {
        let length = data.len().unwrap_or_default().min(Self::BEGINNING as u64);
        let beginning = data.read_bytes_at(0, length).unwrap_or_default();
        Self {
            executable: inspect(data),
            secret: Secret::find(name, beginning),
        }
    }
}
