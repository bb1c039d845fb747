//! The walk from the path of an include down to all files that it can match.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use camino::Utf8PathBuf;

use super::place::on_the_way;
use super::selection::{Rule, Verdict};
use crate::lambda::mount_point;
use crate::temp;
use crate::text::printable_path;

/// The most paths through links that an include may have. Links to folders with further links
/// multiply: eleven folders, each with three links to the next, have 177,147 paths.
const MOST_LINKED: usize = 100_000;

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
    /// The number of paths so far that lead through links.
    linked: usize,
}

struct Ahead<'s> {
    path: PathBuf,
    /// The same path without links.
    real: PathBuf,
    /// The verdict on the folder above; later on the path itself.
    verdict: Verdict<'s>,
    /// `true` if the path leads through a link that was followed.
    is_linked: bool,
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
        let folders = path.parent().map(on_the_way).unwrap_or_default();
        let real = match (folders.last(), path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path.clone(),
        };
        let first = Ahead {
            verdict: rule.followed(rule.first(&path, &real), &folders),
            path,
            real,
            is_linked: false,
            above: None,
        };
        Self {
            rule,
            follows_links,
            looks_into_left_out: false,
            ahead: vec![first],
            linked: 0,
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
        here.verdict = self
            .rule
            .next(here.verdict, &here.path, &here.real, here.is_linked);
        if is_followed {
            here.follow(self.rule);
        }
        let is_left_out = here.verdict.left_out_by.is_some();
        // An exclude that has not matched yet may match something in there.
        if is_left_out && !self.looks_into_left_out && !self.rule.has_unused() {
            return Ok(None);
        }
        self.linked += usize::from(here.is_linked);
        if self.linked > MOST_LINKED {
            return if is_left_out {
                Ok(None)
            } else {
                Err(here.too_many())
            };
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
            is_linked,
            above,
        } = folder;
        let folder = Rc::new(Folder { path, real, above });
        self.ahead.extend(names.into_iter().map(|name| Ahead {
            path: folder.path.join(&name),
            real: folder.real.join(&name),
            verdict,
            is_linked,
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

impl<'s> Ahead<'s> {
    /// Goes through a link.
    fn follow(&mut self, rule: Rule<'s>) {
        let mut places = on_the_way(&self.real);
        self.verdict = rule.followed(self.verdict, &places);
        if let Some(real) = places.pop() {
            self.real = real;
        }
        self.is_linked = true;
    }

    /// The error for more than [`MOST_LINKED`] paths.
    fn too_many(&self) -> String {
        format!(
            "more than {MOST_LINKED} paths lead through links, such as `{}`; leave links out with \
             `exclude`, or pack them as links with `symlinks = \"preserve\"`",
            printable_path(&self.path)
        )
    }

    /// The error for a link whose target is missing or unreadable, if the include matches the link.
    fn without_target(&self, error: &io::Error) -> Result<(), String> {
        let path = printable_path(&self.path);
        match error.kind() {
            io::ErrorKind::NotFound if self.verdict.is_match => Err(format!(
                "the target of the link `{path}` does not exist{}",
                self.way_out()
            )),
            io::ErrorKind::PermissionDenied => Err(unreadable(&self.path, error)),
            _ if self.verdict.is_match => Err(unreadable(&self.path, error)),
            _ => Ok(()),
        }
    }

    /// The way out for a link into Lambda's own folders; it completes a message.
    fn way_out(&self) -> &'static str {
        let target = Utf8PathBuf::try_from(self.real.clone());
        if target.is_ok_and(|target| mount_point::is_in_lambda_folder(&target)) {
            " here; if it is there in Lambda, pack the link itself, with `symlinks = \"preserve\"` or \
             `--symlinks preserve`"
        } else {
            ""
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
