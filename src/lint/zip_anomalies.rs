//! The defects and peculiarities of a zip's format.

use crate::archive::read::{Defect, Foreign, Method};

/// The defects and peculiarities of a zip.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ZipAnomalies {
    pub(crate) broken: Vec<Defect>,
    /// Names of entries.
    pub(crate) encrypted: Vec<String>,
    /// Names of entries with their compression methods.
    pub(crate) unsupported: Vec<(String, Method)>,
    /// Names of entries.
    pub(crate) descriptors: Vec<String>,
    /// Names that readers decode in different ways.
    pub(crate) ambiguous: Vec<String>,
    /// Names of folders that do not end in a slash.
    pub(crate) doubtful_folders: Vec<String>,
    /// Names of files that are marked as the label of a disk.
    pub(crate) volume_labels: Vec<String>,
    /// Names in local headers that no entry of the directory leads to.
    pub(crate) hidden: Vec<String>,
    pub(crate) foreign: Foreign,
    /// Names of entries that were not unpacked: with them the package is larger than Lambda allows.
    pub(crate) unverified: Vec<String>,
}

impl ZipAnomalies {
    /// `true` if there may be entries that could not be read.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.broken.iter().any(|broken| broken.entry.is_none())
    }
}
