//! Patterns of excludes.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};

use super::glob::SPECIAL;
use crate::globs::{self, Separators};
use crate::paths::{normalized, slashed};
use crate::text::deserialize_from_str;

/// A glob of an exclude. Without a slash, it matches names of files and folders anywhere in the
/// includes. With a slash, it matches paths from the folder of the manifest that has it; if it
/// begins with `**/`, it also matches paths elsewhere. A folder that it matches is left out with
/// all its contents.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// The pattern as the user wrote it.
    text: String,
    /// The literal folders at the beginning of a path.
    fixed: Utf8PathBuf,
    /// The name, or the rest of the path.
    rest: String,
    /// `rest` as a glob; `None` if it has no special character.
    glob: Option<globset::Glob>,
    /// The folders in which `rest` begins; `None` for a name.
    bases: Option<Vec<PathBuf>>,
    /// The folder that the path leads to, without links, if the path is a link.
    linked: Vec<PathBuf>,
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
            bases.sort_unstable();
            bases.dedup();
            bases
        });
        let of_name = [place("")];
        let places = bases.as_deref().unwrap_or(&of_name).iter();
        let paths = places.map(|base| base.join(&self.rest));
        let links = paths.filter(|path| path.is_symlink() && path.is_dir());
        let linked = links.flat_map(fs_err::canonicalize).collect();
        Self {
            bases,
            linked,
            ..self
        }
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

    /// `true` if it begins with `**/`.
    pub(super) fn is_anywhere(&self) -> bool {
        self.fixed == "" && self.rest.starts_with("**/")
    }

    /// The folders in which [`Self::rest`] begins; empty for a name.
    pub(super) fn bases(&self) -> &[PathBuf] {
        self.bases.as_deref().unwrap_or_default()
    }

    /// The folder that it leads to, without links, if it names a link in the folder of the manifest.
    pub(super) fn linked(&self) -> &[PathBuf] {
        &self.linked
    }

    /// The name, or the path below each of the bases. It may be literal even if it is also a glob: a
    /// file may be called `[x].txt`.
    pub(super) fn rest(&self) -> &str {
        &self.rest
    }

    /// The rest as a glob; `None` if it has no special character.
    pub(super) fn glob(&self) -> Option<&globset::Glob> {
        self.glob.as_ref()
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
        let slashed = &*slashed(text);
        let trimmed = slashed.trim_end_matches('/');
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
        if rest == [".."] {
            return Err(format!(
                "`{text}` ends with `..`; name a file or a folder below it"
            ));
        }
        if rest.contains(&"..") {
            return Err(format!(
                "`{text}` has `..` after a glob character; write `..` at the beginning only"
            ));
        }
        // On Windows, two slashes begin the path of a share.
        let root = match slashed {
            share if cfg!(windows) && share.starts_with("//") => "//",
            rooted if rooted.starts_with('/') => "/",
            _ => "",
        };
        let rest = rest.join("/");
        let is_name = !trimmed.contains('/');
        // A name has no separator, and globset is faster if it need not look for one.
        let separators = if is_name {
            Separators::Crossed
        } else {
            Separators::Kept
        };
        // A backslash escapes the character behind it.
        let is_glob = rest.contains(SPECIAL) || rest.contains('\\');
        let glob = is_glob.then(|| globs::checked(&rest, separators));
        Ok(Self {
            text: text.to_owned(),
            fixed: format!("{root}{}", fixed.join("/")).into(),
            glob: glob.transpose()?,
            rest,
            bases: (!is_name).then(Vec::new),
            linked: Vec::new(),
            is_argument: false,
            precedence: 0,
        })
    }
}
deserialize_from_str!(Pattern);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_is_refused() {
        for text in ["", "/", "./", "..", "a/..", "*/../x", "[x"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }
}
