//! One entry of a package, as the lints see it.

use std::sync::Arc;

use crate::inspect::{BinaryFacts, Contents, Executable};

/// An entry of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Its path as the zip has it.
    pub(crate) name: Arc<str>,
    pub(crate) kind: FileKind,
    /// Permission bits; `None` if the zip has no Unix permissions.
    pub(crate) permissions: Option<u32>,
    pub(crate) bytes: u64,
    /// `None` if it was not read.
    pub(crate) contents: Option<Contents>,
}

/// The type of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileKind {
    Regular,
    /// A regular file whose entry does not say so.
    Untyped,
    Folder,
    /// A symbolic link with its target.
    Link(String),
    /// A device, a pipe or a socket.
    Special,
}

impl File {
    pub(crate) fn is_regular(&self) -> bool {
        matches!(self.kind, FileKind::Regular | FileKind::Untyped)
    }

    /// `true` if any user has the permissions `bits`, of 0o7. Lambda runs functions as a user that
    /// does not own their files.
    pub(crate) fn allows_others(&self, bits: u32) -> bool {
        self.permissions.is_some_and(|mode| mode & bits == bits)
    }

    /// The facts about an executable, a library or a script.
    pub(crate) fn executable(&self) -> Option<&Executable> {
        self.contents.as_ref()?.executable.as_ref().ok()
    }

    /// The facts about an ELF executable or library.
    pub(crate) fn binary(&self) -> Option<&BinaryFacts> {
        match self.executable()? {
            Executable::Binary(facts) => Some(facts),
            Executable::Script(_) => None,
        }
    }
}

#[cfg(test)]
impl File {
    /// An empty file.
    pub(crate) fn empty(name: &str, kind: FileKind) -> Self {
        Self {
            name: name.into(),
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
