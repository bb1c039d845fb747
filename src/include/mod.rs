//! Files beside the executable: which, by what name, and whether they may.

mod collect;
mod file;
mod glob;
mod idle;
mod links;
mod name;
mod pattern;
mod root;
mod rule;
mod rules;
mod unique;
mod walk;

use camino::Utf8PathBuf;

pub(crate) use collect::collect;
pub(crate) use idle::{idle_exclusions, nothing_left_out};
pub(crate) use links::Symlinks;
pub(crate) use name::{entry_name, shown, unportable};
pub(crate) use pattern::Pattern;
pub(crate) use rule::{Include, check_name};
pub(crate) use rules::Rules;

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
