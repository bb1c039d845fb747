//! The way from a root down to all that an include can mean, past what is left out.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::pattern::Pattern;
use super::resolved::ResolvedInclude;
use crate::temp;
use crate::text::printable_path;

/// Something on the way.
pub(super) struct WalkEntry<'p> {
    pub(super) path: PathBuf,
    /// Of what a link leads to, where links are followed.
    pub(super) metadata: Metadata,
    /// Whether the include means it, rather than something below it at most.
    pub(super) is_match: bool,
    /// Only where the walk looks into what is left out.
    pub(super) left_out_by: Option<&'p Pattern>,
}

/// A walk. It goes where the include can mean something, and nothing else can make it fail.
pub(super) struct Walk<'w, 'p> {
    root: &'w ResolvedInclude<'w>,
    patterns: &'w [&'p Pattern],
    follows_links: bool,
    looks_into_left_out: bool,
    /// What is still to be seen, the next last.
    ahead: Vec<Ahead<'p>>,
}

struct Ahead<'p> {
    path: PathBuf,
    /// The same without links.
    real: PathBuf,
    is_match: bool,
    left_out_by: Option<&'p Pattern>,
    above: Option<Rc<Folder>>,
}

/// A folder, and the ones that led to it.
struct Folder {
    path: PathBuf,
    real: PathBuf,
    above: Option<Rc<Folder>>,
}

impl<'w, 'p> Walk<'w, 'p> {
    pub(super) fn new(
        root: &'w ResolvedInclude<'w>,
        patterns: &'w [&'p Pattern],
        follows_links: bool,
    ) -> Self {
        let path = root.path().as_std_path().to_owned();
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let real = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path.clone(),
        };
        let start = root.start();
        let left_out_by = patterns
            .iter()
            .copied()
            .find(|pattern| pattern.matches_or_above(start.as_std_path(), &path, &real));
        let first = Ahead {
            path,
            real,
            is_match: false,
            left_out_by,
            above: None,
        };
        Self {
            root,
            patterns,
            follows_links,
            looks_into_left_out: false,
            ahead: vec![first],
        }
    }

    /// Also what is left out, to say so.
    pub(super) fn into_left_out(self) -> Self {
        Self {
            looks_into_left_out: true,
            ..self
        }
    }

    /// What is at the next place, if it is to be seen at all, and then on to what is in it.
    fn visit(&mut self, mut here: Ahead<'p>) -> Result<Option<WalkEntry<'p>>, String> {
        here.is_match |= self.root.matches(&here.path);
        if !here.is_match && !self.root.reaches_into(&here.path) {
            return Ok(None);
        }
        let metadata = here.path.symlink_metadata();
        let metadata = metadata.map_err(|error| unreadable(&here.path, &error))?;
        let is_followed = self.follows_links && metadata.is_symlink();
        if is_followed && let Ok(real) = here.path.canonicalize() {
            here.real = real;
        }
        if here.left_out_by.is_none() {
            let mut patterns = self.patterns.iter().copied();
            here.left_out_by = patterns.find(|pattern| pattern.matches(&here.path, &here.real));
        }
        if here.left_out_by.is_some() && !self.looks_into_left_out {
            return Ok(None);
        }
        let mut entry = WalkEntry {
            path: here.path.clone(),
            metadata,
            is_match: here.is_match,
            left_out_by: here.left_out_by,
        };
        match self.go_on(here, &mut entry.metadata, is_followed) {
            Ok(is_there) => Ok(is_there.then_some(entry)),
            // What is left out may be as it likes.
            Err(_) if entry.left_out_by.is_some() => Ok(Some(entry)),
            Err(why) => Err(why),
        }
    }

    /// On to what a link leads to, and to what is in a folder; false if a link is no matter.
    fn go_on(
        &mut self,
        here: Ahead<'p>,
        metadata: &mut Metadata,
        is_followed: bool,
    ) -> Result<bool, String> {
        if is_followed {
            match here.path.metadata() {
                Ok(of_target) => *metadata = of_target,
                Err(error) => return here.without_target(&error).map(|()| false),
            }
        }
        if metadata.is_dir() {
            // Where there is an end to what the include can mean, there is one to the walk.
            if is_followed && (here.is_match || self.root.is_endless()) {
                here.check_for_loop()?;
            }
            self.enter(here)?;
        }
        Ok(true)
    }

    /// On to what is in a folder, in the order of names.
    fn enter(&mut self, folder: Ahead<'p>) -> Result<(), String> {
        let failed = |error: io::Error| unreadable(&folder.path, &error);
        let mut names: Vec<OsString> = Vec::new();
        for entry in folder.path.read_dir().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // What a run that was killed has left is nobody's; named itself, it is wanted.
            let is_folder = || entry.file_type().is_ok_and(|kind| kind.is_dir());
            let name = entry.file_name();
            if !name.to_str().is_some_and(temp::is_temp_name) || is_folder() {
                names.push(name);
            }
        }
        names.sort_unstable_by(|one, other| other.cmp(one));
        let Ahead {
            path,
            real,
            is_match,
            left_out_by,
            above,
        } = folder;
        let folder = Rc::new(Folder { path, real, above });
        self.ahead.extend(names.into_iter().map(|name| Ahead {
            path: folder.path.join(&name),
            real: folder.real.join(&name),
            is_match,
            left_out_by,
            above: Some(Rc::clone(&folder)),
        }));
        Ok(())
    }
}

impl<'p> Iterator for Walk<'_, 'p> {
    type Item = Result<WalkEntry<'p>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let here = self.ahead.pop()?;
            if let Some(entry) = self.visit(here).transpose() {
                return Some(entry);
            }
        }
    }
}

impl Ahead<'_> {
    /// A link whose target cannot be looked at: no matter, unless it might have been packed.
    fn without_target(&self, error: &io::Error) -> Result<(), String> {
        let path = printable_path(&self.path);
        match error.kind() {
            io::ErrorKind::NotFound if self.is_match => {
                Err(format!("the link `{path}` leads nowhere"))
            }
            io::ErrorKind::PermissionDenied => Err(unreadable(&self.path, error)),
            _ if self.is_match => Err(unreadable(&self.path, error)),
            _ => Ok(()),
        }
    }

    /// Refuses a link to one of the folders that led to it.
    fn check_for_loop(&self) -> Result<(), String> {
        let mut above = self.above.as_deref();
        while let Some(folder) = above {
            if folder.real == self.real {
                return Err(format!(
                    "the link `{}` leads back to `{}`",
                    printable_path(&self.path),
                    printable_path(&folder.path)
                ));
            }
            above = folder.above.as_deref();
        }
        Ok(())
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("could not read `{}`: {error}", printable_path(path))
}
