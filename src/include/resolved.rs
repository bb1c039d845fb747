//! An include, resolved: the path where it begins, its glob, and the names of its files in the zip.

use std::path::{Path, PathBuf};

use camino::{Utf8Path, Utf8PathBuf};

use super::entry_name::{entry_name, portability_problem};
use super::glob::{Glob, SPECIAL};
use super::spec::Include;
use crate::paths::normalized;
use crate::text::printable;

/// An include whose path and glob are known.
pub(crate) struct ResolvedInclude<'a> {
    spec: &'a Include,
    /// The path itself, or the folder that a glob begins in.
    path: Utf8PathBuf,
    /// Matches paths relative to that folder; `None` for a plain path.
    glob: Option<Glob>,
    /// The folder that the include is relative to.
    base: Utf8PathBuf,
    bases: Vec<PathBuf>,
}

impl Include {
    /// The reason why its glob is invalid; `None` for a path and for a valid glob.
    pub(crate) fn glob_problem(&self) -> Option<String> {
        ResolvedInclude::new(self).err()
    }

    /// True if its path, or the part of its glob without special characters, is in `folder`.
    pub(crate) fn begins_in(&self, folder: &Utf8Path) -> bool {
        let resolved = ResolvedInclude::new(self);
        !self.is_exclusion && resolved.is_ok_and(|include| include.path().starts_with(folder))
    }
}

impl<'a> ResolvedInclude<'a> {
    /// # Errors
    /// The reason why its glob is invalid.
    pub(crate) fn new(include: &'a Include) -> Result<Self, String> {
        let from = match include.from.trim_end_matches('/') {
            "" => include.from.as_str(),
            from => from,
        };
        let base = normalized(&include.base);
        let real = base.as_std_path().canonicalize().ok();
        let bases = std::iter::once(base.clone().into());
        let bases = bases.chain(real).collect();
        let path = normalized(&include.base.join(from));
        // A file may really be called `[x].txt`.
        if !from.contains(SPECIAL) || path.symlink_metadata().is_ok() {
            return Ok(Self {
                spec: include,
                path,
                glob: None,
                base,
                bases,
            });
        }
        let special = from.find(SPECIAL).unwrap_or_default();
        let fixed = from[..special].rfind('/').map_or(0, |slash| slash + 1);
        let (fixed, rest) = from.split_at(fixed);
        let rest: Vec<&str> = rest
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        Ok(Self {
            spec: include,
            path: normalized(&include.base.join(fixed)),
            glob: Some(Glob::new(&rest.join("/"))?),
            base,
            bases,
        })
    }

    /// The include as the user wrote it.
    pub(crate) fn spec(&self) -> &'a Include {
        self.spec
    }

    /// The path of the file or folder, or the folder in which the glob begins.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    pub(crate) fn is_glob(&self) -> bool {
        self.glob.is_some()
    }

    /// The part of a glob that exists exactly as it is written, and the glob that matches it.
    pub(crate) fn literally(&self) -> Option<(String, String)> {
        self.glob.as_ref()?;
        let Include { from, base, .. } = self.spec;
        let is_there = |path: &&Utf8Path| {
            path.as_str().contains(SPECIAL) && base.join(path).symlink_metadata().is_ok()
        };
        let path = Utf8Path::new(from).ancestors().find(is_there)?.as_str();
        let escaped = path.chars().map(|c| match c {
            c if SPECIAL.contains(&c) => format!("[{c}]"),
            c => c.to_string(),
        });
        Some((printable(path), printable(&escaped.collect::<String>())))
    }

    /// The paths of the folder that the include is relative to: as it is named, and without links.
    pub(crate) fn bases(&self) -> &[PathBuf] {
        &self.bases
    }

    /// `true` if the include is a plain path, or its glob matches `path`.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        let Some(glob) = &self.glob else {
            return true;
        };
        let relative = self.below(path);
        relative != Path::new("") && glob.matches(relative)
    }

    /// `true` if the include can match something in the folder `path`.
    pub(crate) fn reaches_into(&self, path: &Path) -> bool {
        let glob = self.glob.as_ref();
        glob.is_none_or(|glob| glob.reaches_into(self.below(path)))
    }

    /// `true` if it can match at any depth.
    pub(crate) fn is_endless(&self) -> bool {
        self.glob.as_ref().is_none_or(Glob::is_endless)
    }

    fn below<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.path).unwrap_or(path)
    }

    /// The name in the zip of the file at `path`.
    pub(crate) fn name(&self, path: &Utf8Path) -> Result<String, String> {
        let below_root = path.strip_prefix(&self.path).unwrap_or(path);
        let name = match &self.spec.to {
            None => {
                let relative = path.strip_prefix(&self.base);
                let relative = relative.map_err(|_| {
                    format!(
                        "`{}` is outside of `{}`, so it has no name in the package; name it: \
                         `{}=NAME`",
                        printable(path.as_str()),
                        printable(self.spec.base.as_str()),
                        printable(&self.spec.from)
                    )
                })?;
                relative.to_owned()
            }
            // The include is one file: `to` is its new name, or a folder.
            Some(to) if below_root == "" => match path.file_name() {
                Some(file_name) if to.is_empty() || to.ends_with('/') => {
                    Utf8Path::new(to).join(file_name)
                }
                _ => to.into(),
            },
            Some(to) => Utf8Path::new(to).join(below_root),
        };
        let name = entry_name(&name);
        if name.is_empty() {
            let shown = printable(path.as_str());
            return Err(format!(
                "`{shown}` is a file and needs a name in the package; write `{}=./` to keep its \
                 own",
                self.spec.from
            ));
        }
        match portability_problem(&name) {
            Some(what) => Err(format!(
                "`{}` has {what}; rename it",
                printable(path.as_str())
            )),
            None => Ok(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_the_file_system_is_one_too() {
        let path = |from: &str| {
            let include: Include = from.parse().unwrap();
            let include = include.below(Utf8Path::new("/shop"));
            ResolvedInclude::new(&include).unwrap().path
        };
        assert_eq!(path("/=x"), "/");
        assert_eq!(path("//=x"), "/");
        assert_eq!(path("/*.txt=x"), "/");
        assert_eq!(path("/no/where/*.txt=x"), "/no/where");
        assert_eq!(path("./*.txt"), "/shop");
        assert_eq!(path("../a/{b/c,d}/e"), "/a");
    }
}
