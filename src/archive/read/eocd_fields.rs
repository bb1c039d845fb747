//! The numbers that both end records have.

/// The defect of a zip that is split into several files.
pub(super) const SEVERAL_PARTS: &str = "it is one of several parts";

/// The numbers of an end record that locate the central directory.
pub(super) struct EocdFields {
    pub(super) entries: u64,
    /// The size of the directory in bytes.
    pub(super) size: u64,
    /// The offset of the directory.
    pub(super) offset: u64,
}
