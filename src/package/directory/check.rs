//! Whether a folder may be filled: whatever no run has written there is somebody's own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use walkdir::WalkDir;

use super::ledger::{Ledger, Written};
use super::lock::Locks;
use super::mark::is_missing;
use crate::archive::Mode;
use crate::error::{Error, Result};
use crate::inspect::is_elf;
use crate::package::directory::{Mark, READING};
use crate::{include, temp};

/// What is to be at a path of a folder.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected<'a> {
    /// A program that is yet to be built.
    Built,
    /// A copy of the file that is here.
    File(&'a Utf8Path, Mode),
    /// A link that leads here.
    Link(&'a str),
    /// Something with this mark.
    Marked(Mark, Mode),
}

impl Expected<'_> {
    /// Whether what was `found` at `path` is, or may be, just that.
    fn is_at(self, path: &Utf8Path, found: Mark) -> io::Result<bool> {
        match self {
            // Of another than an ELF file it is clear before anything is built.
            Self::Built => Ok(!found.is_link && begins_as_elf(path)?),
            Self::File(source, _) => Ok(source == path || Mark::of_file(source)? == found),
            Self::Link(target) => Ok(Mark::of_link(target) == found),
            Self::Marked(mark, _) => Ok(mark == found),
        }
    }

    fn mode(self) -> Mode {
        match self {
            Self::Built => Mode::Executable,
            Self::Link(_) => Mode::Link,
            Self::File(_, mode) | Self::Marked(_, mode) => mode,
        }
    }
}

fn begins_as_elf(path: &Utf8Path) -> io::Result<bool> {
    let mut beginning = Vec::new();
    fs::File::open(path)?.take(4).read_to_end(&mut beginning)?;
    Ok(is_elf(&beginning))
}

/// What is at a path of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occupant {
    Nothing,
    /// What an earlier run has written there.
    Ours(Mark),
    /// What is wanted there, and is somebody's own.
    Theirs,
}

/// What a folder has, and what of it may be replaced or removed.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    /// By the paths that are wanted.
    pub(crate) found: BTreeMap<String, Occupant>,
    /// What earlier runs have written and that is no longer wanted.
    pub(crate) stale: BTreeMap<String, Mark>,
    /// What runs that were killed have left.
    pub(crate) leftovers: BTreeSet<Utf8PathBuf>,
}

impl Inventory {
    /// What is there and was written by earlier runs.
    pub(crate) fn ours(&self) -> Written {
        let found = self.found.iter();
        let ours = found.filter_map(|(name, found)| match found {
            Occupant::Ours(mark) => Some((name, mark)),
            Occupant::Nothing | Occupant::Theirs => None,
        });
        let all = ours.chain(&self.stale);
        Written(
            all.map(|(name, mark)| (name.clone(), vec![*mark]))
                .collect(),
        )
    }
}

/// Refuses to replace in `folder` what no earlier run has written for the `zip`, or to leave it
/// there, where it would be deployed too.
///
/// # Errors
/// [`Error::Usage`] for these, [`Error::Io`] if the folder cannot be read.
pub(crate) fn check(
    folder: &Utf8Path,
    zip: &Utf8Path,
    wanted: &BTreeMap<&str, Expected<'_>>,
    ledger: &Ledger,
) -> Result<()> {
    // What another run is writing would look like somebody's own. Here, Ctrl-C still ends all.
    let locks = Locks::take([folder], || false).unwrap_or_default();
    inventory(folder, zip, wanted, &ledger.written(zip, folder), &locks).map(drop)
}

/// Looks at `folder`, and refuses as [`check`] does.
pub(crate) fn inventory(
    folder: &Utf8Path,
    zip: &Utf8Path,
    wanted: &BTreeMap<&str, Expected<'_>>,
    written: &Written,
    locks: &Locks,
) -> Result<Inventory> {
    let mut inventory = Inventory::default();
    for name in written
        .0
        .keys()
        .filter(|n| !wanted.contains_key(n.as_str()))
    {
        let found = Mark::at(&folder.join(name)).map_err(Error::io(READING))?;
        if let Some(mark) = found.filter(|mark| written.has(name, *mark)) {
            inventory.stale.insert(name.clone(), mark);
        }
    }
    let look = Look {
        folder,
        zip,
        written,
    };
    for (name, wanted) in wanted {
        look.check_folders(name, &inventory.stale)?;
        let found = look.at(name, *wanted, &inventory.stale)?;
        inventory.found.insert((*name).to_owned(), found);
    }
    // Others may have their files beside the zip, and other runs zips in the making.
    let has_others = zip.starts_with(folder);
    let left = if has_others || !locks.hold(folder) {
        temp::stale_in
    } else {
        temp::all_in
    };
    // Killed runs leave something only where they wrote.
    let names = wanted.keys().copied();
    let places = names.chain(written.0.keys().map(String::as_str));
    let folders = places.filter_map(|name| Some(folder.join(name).parent()?.to_owned()));
    for folder in folders.collect::<BTreeSet<_>>() {
        inventory.leftovers.extend(left(&folder));
    }
    let names = wanted.keys().copied();
    for name in names.chain(inventory.stale.keys().map(String::as_str)) {
        inventory.leftovers.remove(&folder.join(name));
    }
    if !has_others {
        look.refuse_others(folder, &|name| {
            wanted.contains_key(name)
                || inventory.stale.contains_key(name)
                || inventory.leftovers.contains(&folder.join(name))
        })?;
    }
    Ok(inventory)
}

struct Look<'a> {
    folder: &'a Utf8Path,
    zip: &'a Utf8Path,
    written: &'a Written,
}

impl Look<'_> {
    /// Refuses a file where a folder has to be, for what is at `name`.
    fn check_folders(&self, name: &str, stale: &BTreeMap<String, Mark>) -> Result<()> {
        let path = self.folder.join(name);
        let parents = path.ancestors().skip(1);
        let mut inside = parents.take_while(|parent| parent.starts_with(self.folder));
        let in_the_way = |parent: &&Utf8Path| {
            parent.symlink_metadata().is_ok()
                && !parent.is_dir()
                && !stale.contains_key(&self.name_of(parent))
        };
        inside.find(in_the_way).map_or(Ok(()), |file| {
            Err(self.refused(file, "is in the way of a folder"))
        })
    }

    fn at(
        &self,
        name: &str,
        wanted: Expected<'_>,
        stale: &BTreeMap<String, Mark>,
    ) -> Result<Occupant> {
        const LOST: &str =
            "was not written by an earlier run, as far as is known: it would be lost";
        let path = &self.folder.join(name);
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if is_missing(&error) => return Ok(Occupant::Nothing),
            Err(error) => return Err(Error::io(READING)(error)),
        };
        if metadata.is_dir() {
            // It may be one of ours, of which nothing is wanted any more.
            self.refuse_others(path, &|name| stale.contains_key(name))?;
            return Ok(Occupant::Nothing);
        }
        let Some(mark) = Mark::at(path).map_err(Error::io(READING))? else {
            return Err(self.refused(path, LOST));
        };
        if self.written.has(name, mark) {
            return Ok(Occupant::Ours(mark));
        }
        if !wanted.is_at(path, mark).map_err(Error::io(READING))? {
            return Err(self.refused(path, LOST));
        }
        if !is_for_all(&metadata, wanted.mode()) {
            return Err(self.refused(
                path,
                "is somebody's own, and cannot be read (a program: started) by all, as Lambda \
                 needs it",
            ));
        }
        Ok(Occupant::Theirs)
    }

    /// Refuses what is below `path` and not `known`.
    fn refuse_others(&self, path: &Utf8Path, known: &dyn Fn(&str) -> bool) -> Result<()> {
        for entry in WalkDir::new(path).min_depth(1) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.io_error().is_some_and(is_missing) => break,
                Err(error) => return Err(Error::io(READING)(error.into())),
            };
            let path = Utf8Path::from_path(entry.path());
            let is_known = |path: &Utf8Path| known(&self.name_of(path));
            if !entry.file_type().is_dir() && !path.is_some_and(is_known) {
                let path = path.unwrap_or(self.folder);
                let why = "is no part of the package, but would be deployed with it";
                return Err(self.refused(path, why));
            }
        }
        Ok(())
    }

    /// The name of what is at `path` in the folder, as a zip has it.
    fn name_of(&self, path: &Utf8Path) -> String {
        include::entry_name(path.strip_prefix(self.folder).unwrap_or(path))
    }

    fn refused(&self, path: &Utf8Path, why: &str) -> Error {
        let mut help =
            vec!["remove it, or write the zip and its folder elsewhere with `--output`".to_owned()];
        if !self.zip.starts_with(self.folder) {
            let folder = self.folder;
            help.push(format!(
                "if nothing in `{folder}` is your own, remove that folder"
            ));
        }
        Error::Usage {
            message: format!("`{path}` {why}"),
            help,
        }
    }
}

/// Whether all may do with a file what they have to.
#[cfg(unix)]
fn is_for_all(metadata: &std::fs::Metadata, mode: Mode) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let needed = mode.permissions() & 0o555;
    metadata.is_symlink() || metadata.permissions().mode() & needed == needed
}

#[cfg(not(unix))]
fn is_for_all(_: &std::fs::Metadata, _: Mode) -> bool {
    true
}
