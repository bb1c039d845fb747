//! The record of a zip that this tool wrote.

use camino::Utf8PathBuf;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use zip::DateTime;

use crate::archive::{Entry, EntrySizes, Level, ZipDigest};
use crate::plan::Origin;

/// The version of the packing. It is increased when the same entries give other bytes and the
/// version of this tool stays the same.
const FORMAT_VERSION: u8 = 2;

/// A digest of everything that determines the bytes of a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn of(
        entries: &[Entry<'_>],
        contents: &[blake3::Hash],
        level: Level,
        date: DateTime,
    ) -> Self {
        let mut hash = blake3::Hasher::new();
        // Another version of this tool may give other bytes.
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(&[FORMAT_VERSION]);
        hash.update(&[level.number()]);
        hash.update(&date.datepart().to_le_bytes());
        hash.update(&date.timepart().to_le_bytes());
        for (entry, contents) in entries.iter().zip(contents) {
            // Digests and lengths have a fixed size, so that different entries give different bytes.
            hash.update(&(entry.name.len() as u64).to_le_bytes());
            hash.update(entry.name.as_bytes());
            hash.update(&entry.mode.permissions().to_le_bytes());
            hash.update(contents.as_bytes());
        }
        Self(hash.finalize().into())
    }
}

/// The record of a zip that this tool wrote.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ZipRecord {
    pub(super) inputs: Fingerprint,
    pub(super) zip_digest: ZipDigest,
    /// In the order of the zip. Names and modes are those of the entries that would be packed.
    pub(super) sizes: Vec<EntrySizes>,
    /// The Cargo package that the zip belongs to.
    pub(super) owner: Option<String>,
    /// The root of its workspace.
    pub(super) workspace: Utf8PathBuf,
    pub(super) origin: Option<Origin>,
    /// The debug files of its programs.
    #[serde(default)]
    pub(super) debug_files: Vec<Utf8PathBuf>,
}

impl ZipRecord {
    /// Removes the debug files, except those at the paths `kept`. One that cannot be removed stays:
    /// debuggers recognise by its build ID that it belongs to another program.
    pub(super) fn remove_debug_files(&self, kept: &[Utf8PathBuf]) {
        let removed = self.debug_files.iter().filter(|path| !kept.contains(path));
        for path in removed {
            let _ = fs::remove_file(path);
        }
    }

    /// The things that the zip was made of, if they are known.
    pub(super) fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }
}
