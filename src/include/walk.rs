//! The walk from the path of an include down to all files that it can match.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::selection::{Rule, Verdict};
use crate::temp;
use crate::text::printable_path;

/// A file, folder or link on the walk.
pub(super) struct WalkEntry<'s> {
    pub(super) path: PathBuf,
    /// The metadata of the target of a link, if links are followed.
    pub(super) metadata: Metadata,
    pub(super) verdict: Verdict<'s>,
}

/// A walk. It visits only folders in which the include can match something, so that no other folder
/// can make it fail.
pub(super) struct Walk<'s> {
    rule: Rule<'s>,
    follows_links: bool,
    looks_into_left_out: bool,
    /// The paths that are yet to be visited, the next last.
    ahead: Vec<Ahead<'s>>,
}

struct Ahead<'s> {
    path: PathBuf,
    /// The same path without links.
    real: PathBuf,
    /// The verdict on the folder above; later on the path itself.
    verdict: Verdict<'s>,
    above: Option<Rc<Folder>>,
}

/// A folder, with the folders that led to it.
struct Folder {
    path: PathBuf,
    real: PathBuf,
    above: Option<Rc<Folder>>,
}

impl<'s> Walk<'s> {
    pub(super) fn new(rule: Rule<'s>, follows_links: bool) -> Self {
        let path = rule.include.path().as_std_path().to_owned();
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let real = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path.clone(),
        };
        let first = Ahead {
            verdict: rule.first(&path, &real),
            path,
            real,
            above: None,
        };
        Self {
            rule,
            follows_links,
            looks_into_left_out: false,
            ahead: vec![first],
        }
    }

    /// The same walk, which also visits all that is left out.
    pub(super) fn into_left_out(self) -> Self {
        Self {
            looks_into_left_out: true,
            ..self
        }
    }

    /// Visits a path, and puts the contents of a folder on the list. `None` if the include cannot
    /// match anything there, or if it is left out.
    fn visit(&mut self, mut here: Ahead<'s>) -> Result<Option<WalkEntry<'s>>, String> {
        let include = self.rule.include;
        let is_match = here.verdict.is_match || include.matches(&here.path);
        if !is_match && !include.reaches_into(&here.path) {
            return Ok(None);
        }
        let metadata = here.path.symlink_metadata();
        let metadata = metadata.map_err(|error| unreadable(&here.path, &error))?;
        let is_followed = self.follows_links && metadata.is_symlink();
        if is_followed && let Ok(real) = here.path.canonicalize() {
            here.real = real;
        }
        here.verdict = self.rule.next(here.verdict, &here.path, &here.real);
        let is_left_out = here.verdict.left_out_by.is_some();
        // An exclude that has not matched yet may match something in there.
        if is_left_out && !self.looks_into_left_out && !self.rule.has_unused() {
            return Ok(None);
        }
        let mut entry = WalkEntry {
            path: here.path.clone(),
            metadata,
            verdict: here.verdict,
        };
        match self.go_on(here, &mut entry.metadata, is_followed) {
            Ok(is_there) => Ok(is_there.then_some(entry)),
            // Problems of files that are left out do not matter.
            Err(_) if is_left_out => Ok(Some(entry)),
            Err(why) => Err(why),
        }
    }

    /// Follows a link, and enters a folder. `false` if the target of a link is missing and the
    /// include does not match the link.
    fn go_on(
        &mut self,
        here: Ahead<'s>,
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
            // Where the include can match at a limited depth only, the walk ends by itself.
            if is_followed && (here.verdict.is_match || self.rule.include.is_endless()) {
                here.check_for_loop()?;
            }
            self.enter(here)?;
        }
        Ok(true)
    }

    /// Puts the contents of a folder on the list, sorted by name.
    fn enter(&mut self, folder: Ahead<'s>) -> Result<(), String> {
        let failed = |error: io::Error| unreadable(&folder.path, &error);
        let mut names: Vec<OsString> = Vec::new();
        for entry in folder.path.read_dir().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // A run that was killed leaves temporary files, which an include may only name itself.
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
            verdict,
            above,
        } = folder;
        let folder = Rc::new(Folder { path, real, above });
        self.ahead.extend(names.into_iter().map(|name| Ahead {
            path: folder.path.join(&name),
            real: folder.real.join(&name),
            verdict,
            above: Some(Rc::clone(&folder)),
        }));
        Ok(())
    }
}

impl<'s> Iterator for Walk<'s> {
    type Item = Result<WalkEntry<'s>, String>;

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
    /// The error for a link whose target is missing or unreadable, if the include matches the link.
    fn without_target(&self, error: &io::Error) -> Result<(), String> {
        let path = printable_path(&self.path);
        match error.kind() {
            io::ErrorKind::NotFound if self.verdict.is_match => {
                Err(format!("the target of the link `{path}` does not exist"))
            }
            io::ErrorKind::PermissionDenied => Err(unreadable(&self.path, error)),
            _ if self.verdict.is_match => Err(unreadable(&self.path, error)),
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
