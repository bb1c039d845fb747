//! What is judged: a package as Lambda will unpack it, whoever wrote it and whether or not it is
//! written yet.

use super::budget::Budget;
use crate::archive::read::{Broken, Foreign};
use crate::inspect::{BinaryFacts, Contents, Executable};
use crate::lambda::{Architecture, MountPoint, Runtime};

/// A package, and what Lambda will put around it.
pub(crate) struct Package<'a> {
    pub(crate) mount_point: MountPoint,
    /// In the order of the zip.
    pub(crate) files: &'a [File],
    /// The function's layers, in the order in which Lambda unpacks them over each other.
    pub(crate) layers: &'a [LayerFacts],
    pub(crate) architecture: Architecture,
    pub(crate) runtime: Runtime,
    pub(crate) budget: Budget,
    /// What is unusual about the zip itself.
    pub(crate) anomalies: &'a ZipAnomalies,
}

impl<'a> Package<'a> {
    /// Of each entry its name and bytes.
    pub(crate) fn sizes(&self) -> Vec<(&'a str, u64)> {
        let size = |file: &'a File| (file.name.as_str(), file.bytes);
        self.files.iter().map(size).collect()
    }
}

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

/// What is known of a layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LayerFacts {
    /// That of its zip, if there is one.
    pub(crate) name: String,
    pub(crate) bytes: u64,
    /// None if only its size is known: then whatever is missing may be there.
    pub(crate) files: Option<Vec<File>>,
    pub(crate) anomalies: ZipAnomalies,
}

/// What is unusual about a zip, or wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ZipAnomalies {
    pub(crate) broken: Vec<Broken>,
    /// Names of entries.
    pub(crate) encrypted: Vec<String>,
    /// Names of entries, with the numbers of their methods.
    pub(crate) unsupported: Vec<(String, u16)>,
    /// Names of entries.
    pub(crate) descriptors: Vec<String>,
    /// Names of entries that some readers take for others.
    pub(crate) ambiguous: Vec<String>,
    /// Names of entries that are folders by their types, but are not called so.
    pub(crate) doubtful_folders: Vec<String>,
    pub(crate) foreign: Foreign,
    /// Names of entries that were not unpacked, as they reach beyond what Lambda would.
    pub(crate) unverified: Vec<String>,
}

impl ZipAnomalies {
    /// Whether there may be entries that nobody has seen.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.broken.iter().any(|broken| broken.entry.is_none())
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

#[cfg(test)]
impl<'a> Package<'a> {
    /// One whose zip is like any other.
    pub(crate) fn of(mount_point: MountPoint, files: &'a [File], layers: &'a [LayerFacts]) -> Self {
        const NO_ANOMALIES: &ZipAnomalies = &ZipAnomalies {
            broken: Vec::new(),
            encrypted: Vec::new(),
            unsupported: Vec::new(),
            descriptors: Vec::new(),
            ambiguous: Vec::new(),
            doubtful_folders: Vec::new(),
            foreign: Foreign {
                before: 0,
                after: 0,
            },
            unverified: Vec::new(),
        };
        Self {
            mount_point,
            files,
            layers,
            architecture: Architecture::X86_64,
            runtime: Runtime::Al2023,
            budget: Budget::default(),
            anomalies: NO_ANOMALIES,
        }
    }
}
