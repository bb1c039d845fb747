//! Whether a folder may be filled: it holds files of ours only.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use walkdir::{DirEntry, WalkDir};

use super::files::{Digest, file_digest, link_digest};
use super::write_log::WriteLog;
use crate::error::{Error, Result};
use crate::package::index::Index;
use crate::package::locks::Locks;
use crate::{include, temp};

const READING: &str = "could not read the folder";

/// A file that the package will have and whose contents are known before anything is built.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected<'a> {
    /// A copy of this file.
    File(&'a Utf8Path),
    /// A symbolic link to this path.
    Link(&'a str),
}

impl<'a> Expected<'a> {
    /// The file that is copied.
    pub(crate) fn source(self) -> Option<&'a Utf8Path> {
        match self {
            Self::File(source) => Some(source),
            Self::Link(_) => None,
        }
    }

    fn digest(self, index: &Index) -> io::Result<Digest> {
        match self {
            Self::File(source) => file_digest(source, index),
            Self::Link(target) => Ok(link_digest(target.as_bytes())),
        }
    }
}

/// The files of a folder, all of which are ours.
#[derive(Debug, Default)]
pub(crate) struct Existing {
    pub(crate) files: BTreeMap<String, Digest>,
    /// Temporary files of runs that were killed.
    pub(crate) leftovers: Vec<Utf8PathBuf>,
}

/// Refuses `folder` if it holds anything that is not ours. Where no record is kept, only what the
/// package is `expected` to have is ours.
///
/// # Errors
/// [`Error::Usage`] with the first file that is not ours, [`Error::Io`] if the folder cannot be read.
pub(crate) fn check(
    folder: &Utf8Path,
    expected: &BTreeMap<&str, Expected<'_>>,
    log: &WriteLog,
    index: &Index,
) -> Result<()> {
    // Before the lock, which only what exists can have: another run may create it at any time.
    if !exists(folder)? {
        return Ok(());
    }
    // What another run is writing is not recorded yet. Here, Ctrl-C still ends the process.
    let mut locks = Locks::default();
    locks.add([folder], || false);
    let expected = |name: &str| expected.get(name).map(|e| e.digest(index)).transpose();
    scan(folder, log, index, &locks, &expected).map(drop)
}

/// Whether `folder` exists. Refuses what is in the way of it.
fn exists(folder: &Utf8Path) -> Result<bool> {
    let mut ancestors = folder.ancestors();
    let first = ancestors.find(|path| path.symlink_metadata().is_ok());
    match first {
        Some(path) if !path.is_dir() => Err(refused(folder, path, "is not a folder")),
        _ => Ok(first == Some(folder)),
    }
}

/// Reads what is in `folder`, and refuses it as [`check`] does.
pub(crate) fn scan(
    folder: &Utf8Path,
    log: &WriteLog,
    index: &Index,
    locks: &Locks,
    expected: &dyn Fn(&str) -> io::Result<Option<Digest>>,
) -> Result<Existing> {
    let mut existing = Existing::default();
    if !exists(folder)? {
        return Ok(existing);
    }
    let written = log.read(folder);
    let is_alone = locks.hold(folder);
    for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::io(READING)(error.into()))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let Some(path) = Utf8Path::from_path(entry.path()) else {
            let why = "holds a file whose name is not UTF-8";
            return Err(refused(folder, folder, why));
        };
        let name = include::entry_name(path.strip_prefix(folder).unwrap_or(path));
        let known = match &written {
            Some(written) => written.get(&name).cloned().unwrap_or_default(),
            None => Vec::from_iter(expected(&name).map_err(Error::io(READING))?),
        };
        let found = if known.is_empty() {
            None
        } else {
            digest_of(&entry, path, index).map_err(Error::io(READING))?
        };
        if let Some(digest) = found.filter(|found| known.contains(found)) {
            existing.files.insert(name, digest);
        } else if path.file_name().is_some_and(temp::is_temp_name)
            && (is_alone || temp::is_stale(path))
        {
            existing.leftovers.push(path.to_owned());
        } else {
            let why = match (&written, found) {
                (Some(_), Some(_)) => "was changed since this tool wrote it",
                (Some(_), None) => "is not in the record of what this tool wrote",
                (None, _) => "differs from the package, and there is no record of its origin here",
            };
            return Err(refused(folder, path, why));
        }
    }
    Ok(existing)
}

/// `None` for what is neither a file nor a link.
fn digest_of(entry: &DirEntry, path: &Utf8Path, index: &Index) -> io::Result<Option<Digest>> {
    if entry.path_is_symlink() {
        let target = fs::read_link(path)?;
        return Ok(Some(link_digest(target.as_os_str().as_encoded_bytes())));
    }
    let is_file = entry.file_type().is_file();
    is_file.then(|| file_digest(path, index)).transpose()
}

fn refused(folder: &Utf8Path, path: &Utf8Path, why: &str) -> Error {
    Error::Usage {
        message: format!("cannot write a package to the folder `{folder}`: `{path}` {why}"),
        help: vec![
            "name a folder that is empty or does not exist, with `--folder`".to_owned(),
            format!(
                "remove `{}`, if nothing in it is yours",
                if path.starts_with(folder) {
                    folder
                } else {
                    path
                }
            ),
        ],
    }
}
