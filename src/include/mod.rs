//! Files beside the executable: which, by what name, and whether they may.

mod collect;
mod entry_name;
mod file;
mod glob;
mod links;
mod output_overlap;
mod pattern;
mod resolved;
mod spec;
mod unique;
mod unused_excludes;
mod walk;

pub(crate) use collect::collect;
pub(crate) use entry_name::{entry_name, portability_problem};
pub(crate) use links::Symlinks;
pub(crate) use output_overlap::OutputOverlap;
pub(crate) use pattern::Pattern;
pub(crate) use spec::{Include, check_name};
pub(crate) use unused_excludes::{unused_exclude, unused_excludes};

use camino::Utf8PathBuf;

use crate::archive::{Entry, Mode, Source};

/// A file that goes into a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncludedFile {
    /// Its path inside the zip.
    pub(crate) name: String,
    pub(crate) mode: Mode,
    /// Where it is.
    pub(crate) path: Utf8PathBuf,
    /// Its size in bytes; of a link, that of the path it leads to.
    pub(crate) bytes: u64,
    /// Where a link leads.
    pub(crate) link: Option<String>,
}

impl IncludedFile {
    /// What is to be packed of it.
    pub(crate) fn entry(&self) -> Entry<'_> {
        Entry {
            name: self.name.clone(),
            mode: self.mode,
            source: match &self.link {
                Some(target) => Source::Bytes(target.as_bytes()),
                None => Source::File(self.path.clone(), self.bytes),
            },
        }
    }
}
