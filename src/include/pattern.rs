//! Patterns of excludes.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};

use super::glob::{Glob, SPECIAL};
use crate::paths::normalized;
use crate::text::deserialize_from_str;

/// A glob of an exclude. Without a slash, it matches names of files and folders anywhere in the
/// includes. With a slash, it matches paths from the folder of the manifest that has it. A folder
/// that it matches is left out with all its contents.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// The pattern as the user wrote it.
    text: String,
    /// The literal folders at the beginning of a path.
    fixed: Utf8PathBuf,
    /// The name, or the rest of the path.
    rest: String,
    glob: Glob,
    /// The folders in which `rest` begins; `None` for a name.
    bases: Option<Vec<PathBuf>>,
    is_argument: bool,
    precedence: usize,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.bases) == (&other.text, &other.bases)
    }
}

impl Pattern {
    /// Reads a pattern of the command line.
    pub(crate) fn from_argument(text: &str) -> Result<Self, String> {
        let pattern: Self = text.parse()?;
        Ok(pattern.of_argument(true))
    }

    pub(super) fn of_argument(self, is_argument: bool) -> Self {
        Self {
            is_argument,
            ..self
        }
    }

    /// The same pattern, displayed as `text`.
    pub(super) fn called(self, text: String) -> Self {
        Self { text, ..self }
    }

    /// The same pattern, its path taken from `folder`.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        let place = |fixed: &str| normalized(&folder.join(fixed)).into_std_path_buf();
        let bases = self.bases.as_ref().map(|_| {
            let mut bases = vec![place(self.fixed.as_str())];
            // As in .gitignore, a leading slash may stand for the folder.
            if let Some(anchored) = self.fixed.as_str().strip_prefix('/') {
                bases.push(place(anchored));
            }
            // The path to a folder may lead through links.
            let real: Vec<_> = bases.iter().flat_map(fs_err::canonicalize).collect();
            bases.extend(real);
            bases.dedup();
            bases
        });
        Self { bases, ..self }
    }

    /// The same pattern, from a source of settings of that precedence; higher numbers win.
    pub(crate) fn of_precedence(self, precedence: usize) -> Self {
        Self { precedence, ..self }
    }

    pub(super) fn precedence(&self) -> usize {
        self.precedence
    }

    /// `true` if it is a mistake that it leaves nothing out: it is on the command line, and names one
    /// file, or a folder that does not exist. Files of a kind, such as `*.zip`, may not exist yet.
    pub(super) fn must_match(&self) -> bool {
        let is_kind = self.rest.contains(SPECIAL);
        let mut folders = self.bases.iter().flatten();
        let is_anywhere = self.is_name() || folders.any(|folder| folder.exists());
        self.is_argument && !(is_kind && is_anywhere)
    }

    /// `true` if it matches names, and not paths.
    pub(super) fn is_name(&self) -> bool {
        self.bases.is_none()
    }

    /// `true` if it matches the file or folder at `path`, which is `real` without links. Folders above
    /// do not count.
    pub(super) fn matches(&self, path: &Path, real: &Path) -> bool {
        let Some(bases) = &self.bases else {
            let name = path.file_name();
            return name.is_some_and(|name| self.fits(Path::new(name)));
        };
        let mut relative = bases
            .iter()
            .flat_map(|base| [path.strip_prefix(base), real.strip_prefix(base)])
            .flatten();
        relative.any(|relative| self.fits(relative))
    }

    /// `true` if it matches `path` or a folder above it; a name matches only below `start`.
    pub(super) fn matches_or_above(&self, start: &Path, path: &Path, real: &Path) -> bool {
        if self.is_name() {
            let below = path.strip_prefix(start).unwrap_or(path);
            return below.iter().any(|name| self.fits(Path::new(name)));
        }
        let above = |path: &Path| path.ancestors().any(|folder| self.matches(folder, folder));
        above(path) || above(real)
    }

    /// `true` if `path` matches as a glob or literally: a file may be called `[x].txt`.
    fn fits(&self, path: &Path) -> bool {
        let is_something = path.as_os_str() != OsStr::new("");
        is_something && (path == Path::new(&self.rest) || self.glob.matches(path))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_end_matches('/');
        let parts: Vec<&str> = trimmed
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        let Some(last) = parts.len().checked_sub(1) else {
            return Err("the pattern is empty; name a file, a folder or a glob".to_owned());
        };
        let is_special = |part: &&str| *part != ".." && part.contains(SPECIAL);
        let special = parts.iter().position(is_special);
        let (fixed, rest) = parts.split_at(special.unwrap_or(last).min(last));
        if rest.contains(&"..") {
            return Err(format!(
                "`{text}` has `..` after a glob character; write `..` at the beginning only"
            ));
        }
        let root = if text.starts_with('/') { "/" } else { "" };
        let rest = rest.join("/");
        Ok(Self {
            text: text.to_owned(),
            fixed: format!("{root}{}", fixed.join("/")).into(),
            glob: Glob::new(&rest)?,
            rest,
            bases: trimmed.contains('/').then(Vec::new),
            is_argument: false,
            precedence: 0,
        })
    }
}
deserialize_from_str!(Pattern);

#[cfg(test)]
mod tests {
    use super::*;

    /// `true` if `pattern`, named in `/shop`, leaves out `path`, which is included from there.
    fn excludes(pattern: &str, path: &str) -> bool {
        let pattern: Pattern = pattern.parse().unwrap();
        let path = Path::new(path);
        let pattern = pattern.below(Utf8Path::new("/shop"));
        pattern.matches_or_above(Path::new("/shop"), path, path)
    }

    #[test]
    fn a_name_counts_at_any_depth_and_a_path_from_the_base() {
        assert!(excludes("*.bak", "/shop/a/b/c.bak"));
        assert!(excludes("target", "/shop/a/target/x"));
        assert!(excludes("/assets/raw/", "/shop/assets/raw/deep/x.png"));
        assert!(!excludes("assets/raw", "/shop/other/assets/raw/x"));
        assert!(excludes("assets/**/*.psd", "/shop/assets/a/b/c.psd"));
        assert!(!excludes("assets/*.psd", "/shop/assets/a/c.psd"));
        assert!(excludes("[x].txt", "/shop/[x].txt"));
        assert!(!excludes("./x", "/shop/a/x"));
    }

    #[test]
    fn a_path_may_lie_anywhere() {
        assert!(excludes("../shared/*.bak", "/shared/x.bak"));
        assert!(excludes("a/../../shared/x", "/shared/x"));
        assert!(excludes("/shared/x", "/shared/x/y"));
        assert!(!excludes("shared/x", "/shared/x"));
    }

    #[test]
    fn the_way_to_what_is_included_does_not_count() {
        assert!(!excludes("shop", "/shop/a"));
        assert!(excludes("*.bak", "/elsewhere/a.bak"));
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for text in ["", "/", "./", "..", "a/..", "*/../x", "[x"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
