//! What is left out.

use std::fmt;
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobMatcher};

use crate::names::deserialize_from_str;
use crate::paths::normalized;

/// A glob. Without a slash it means a file or folder of that name at any depth, else a path from
/// the folder of the manifest that names it; what it matches is left out with all below it.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: String,
    glob: GlobMatcher,
    /// Whether it means a path rather than a name.
    is_path: bool,
    /// The `..` it begins with.
    climb: Utf8PathBuf,
    base: Utf8PathBuf,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.base) == (&other.text, &other.base)
    }
}

impl Pattern {
    /// The same pattern, for paths below `folder`.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        Self {
            base: normalized(&folder.join(&self.climb)),
            ..self
        }
    }

    /// Whether `path`, which is absolute, is left out.
    pub(super) fn matches(&self, path: &Utf8Path) -> bool {
        let Ok(relative) = path.strip_prefix(&self.base) else {
            return false;
        };
        if self.is_path {
            relative
                .ancestors()
                .any(|ancestor| self.glob.is_match(ancestor))
        } else {
            relative
                .components()
                .any(|part| self.glob.is_match(part.as_str()))
        }
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
        let climb = parts.iter().take_while(|part| **part == "..").count();
        let (climb, rest) = parts.split_at(climb);
        Ok(Self {
            text: text.to_owned(),
            is_path: trimmed.contains('/'),
            glob: glob(&rest.join("/"))?,
            climb: climb.join("/").into(),
            base: Utf8PathBuf::new(),
        })
    }
}
deserialize_from_str!(Pattern);

/// A glob in which `*` does not cross folders and `**` does.
pub(super) fn glob(text: &str) -> Result<GlobMatcher, String> {
    GlobBuilder::new(text)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excludes(pattern: &str, path: &str) -> bool {
        let pattern: Pattern = pattern.parse().unwrap();
        pattern
            .below(Utf8Path::new("/shop"))
            .matches(Utf8Path::new(path))
    }

    #[test]
    fn a_name_counts_at_any_depth_and_a_path_from_the_base() {
        assert!(excludes("*.bak", "/shop/a/b/c.bak"));
        assert!(excludes("target", "/shop/a/target/x"));
        assert!(excludes("/assets/raw/", "/shop/assets/raw/deep/x.png"));
        assert!(!excludes("assets/raw", "/shop/other/assets/raw/x"));
        assert!(excludes("assets/**/*.psd", "/shop/assets/a/b/c.psd"));
        assert!(!excludes("assets/*.psd", "/shop/assets/a/c.psd"));
    }

    #[test]
    fn the_way_to_the_base_does_not_count() {
        assert!(!excludes("shop", "/shop/a"));
        assert!(!excludes("*.bak", "/elsewhere/a.bak"));
    }
}
