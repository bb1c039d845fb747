//! The record of what earlier runs wrote to folders: nothing else may be replaced or removed there.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::files::Digest;
use crate::cache_file;
use crate::paths::{overlap, relative};

/// The digests that a file of ours may have, by its path in the folder. A run that was killed may
/// leave a file as it was or as it was to be.
pub(crate) type Written = BTreeMap<String, Vec<Digest>>;

/// Keeps one record per folder, in a file named by the way from the records to the folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct WriteLog(Option<Utf8PathBuf>);

impl WriteLog {
    /// Keeps the records in the folder `records`. The default keeps none.
    pub(crate) fn in_folder(records: Utf8PathBuf) -> Self {
        Self(Some(records))
    }

    /// The record of `folder`, empty if it does not exist or is damaged; `None` if none is kept.
    pub(crate) fn read(&self, folder: &Utf8Path) -> Option<Written> {
        Some(cache_file::read(&self.path(folder)?).unwrap_or_default())
    }

    /// The reason why `folder` may not be filled because of its place: it overlaps with the folder
    /// of this tool, or lies in a folder that holds the files of another package.
    pub(crate) fn why_misplaced(&self, folder: &Utf8Path) -> Option<String> {
        let own = self.0.as_ref()?.parent()?;
        if overlap(own, folder) {
            return Some(format!("`{own}` is where this tool keeps its records"));
        }
        let holds_files = |above: &&Utf8Path| {
            let record = self.read(above).unwrap_or_default();
            record.keys().any(|name| above.join(name).exists())
        };
        let above = folder.ancestors().skip(1).find(holds_files)?;
        Some(format!(
            "the folder `{above}` holds the files of another package"
        ))
    }

    /// Replaces the record of `folder`, if one is kept and differs.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn write(&self, folder: &Utf8Path, written: &Written) -> io::Result<()> {
        match self.path(folder) {
            Some(path) if cache_file::read(&path).as_ref() != Some(written) => {
                cache_file::write(&path, written)
            }
            _ => Ok(()),
        }
    }

    fn path(&self, folder: &Utf8Path) -> Option<Utf8PathBuf> {
        let records = self.0.as_ref()?;
        // A checkout that was moved or copied has its records and its folders still.
        let name = blake3::hash(relative(folder, records).as_str().as_bytes()).to_hex();
        Some(records.join(&name[..32]))
    }
}
