//! The defects and peculiarities of a zip's format.

use crate::archive::read::{Defect, Foreign};

/// What is unusual about a zip, or wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ZipAnomalies {
    pub(crate) broken: Vec<Defect>,
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
