//! One entry of a package, as the lints see it.

use crate::inspect::{BinaryFacts, Contents, Executable};

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// As it stands in the zip.
    pub(crate) name: String,
    pub(crate) kind: FileKind,
    /// Permission bits; none where the zip has none that Lambda would follow.
    pub(crate) permissions: Option<u32>,
    pub(crate) bytes: u64,
    /// None if it was not read, or could not be.
    pub(crate) contents: Option<Contents>,
}

/// What an entry becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileKind {
    Regular,
    /// A regular file too, although nothing says so.
    Untyped,
    Folder,
    /// A symbolic link, and where it leads.
    Link(String),
    /// A device, a pipe or a socket.
    Special,
}

impl File {
    pub(crate) fn is_regular(&self) -> bool {
        matches!(self.kind, FileKind::Regular | FileKind::Untyped)
    }

    /// Whether any user may do what `bits`, of 0o7, stand for. Lambda starts functions as another
    /// user than the one who owns their files.
    pub(crate) fn allows_others(&self, bits: u32) -> bool {
        self.permissions.is_some_and(|mode| mode & bits == bits)
    }

    /// What it is, if it is something to be started or loaded, as far as it was read.
    pub(crate) fn executable(&self) -> Option<&Executable> {
        self.contents.as_ref()?.executable.as_ref().ok()
    }

    /// The same of a program or library.
    pub(crate) fn binary(&self) -> Option<&BinaryFacts> {
        match self.executable()? {
            Executable::Binary(facts) => Some(facts),
            Executable::Script(_) => None,
        }
    }
}

#[cfg(test)]
impl File {
    /// One with nothing in it.
    pub(crate) fn empty(name: &str, kind: FileKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            permissions: Some(0o755),
            bytes: 0,
            contents: None,
        }
    }

    pub(crate) fn regular(name: &str) -> Self {
        Self::empty(name, FileKind::Regular)
    }

    pub(crate) fn link(name: &str, target: &str) -> Self {
        Self::empty(name, FileKind::Link(target.to_owned()))
    }
}
