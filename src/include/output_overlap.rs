//! Whether includes would take what has yet to be written.

use camino::Utf8Path;

use super::collect::{exclusions, includes, patterns_at, refused};
use super::pattern::Pattern;
use super::resolved::ResolvedInclude;
use super::spec::Include;
use crate::error::Result;

/// The rules of a package, taken apart once, to be asked of single paths.
pub(crate) struct OutputOverlap<'a> {
    roots: Vec<(usize, &'a Include, ResolvedInclude<'a>)>,
    excludes: &'a [Pattern],
    exclusions: Vec<(usize, Pattern)>,
}

impl<'a> OutputOverlap<'a> {
    /// # Errors
    /// As [`collect`](collect::collect), for a rule that cannot be.
    pub(crate) fn new(rules: &'a [Include], excludes: &'a [Pattern]) -> Result<Self> {
        let roots = includes(rules).map(|(position, include)| {
            let root = ResolvedInclude::new(include).map_err(|why| refused(include, why))?;
            Ok((position, include, root))
        });
        Ok(Self {
            roots: roots.collect::<Result<_>>()?,
            excludes,
            exclusions: exclusions(rules)?,
        })
    }

    /// What `path` is called in the package once it is there, if the rules take it.
    ///
    /// # Errors
    /// As [`collect`](collect::collect), for a name that cannot be.
    pub(crate) fn would_take(&self, path: &Utf8Path) -> Result<Option<String>> {
        for (position, include, root) in &self.roots {
            let above = path.ancestors();
            let mut in_root = above.take_while(|folder| folder.starts_with(root.path()));
            let is_match = in_root.any(|folder| root.matches(folder.as_std_path()));
            let (start, real) = (root.start(), path.as_std_path());
            let mut patterns = patterns_at(*position, self.excludes, &self.exclusions);
            if is_match && !patterns.any(|p| p.matches_or_above(start.as_std_path(), real, real)) {
                let name = root.name(path).map_err(|why| refused(include, why))?;
                return Ok(Some(name));
            }
        }
        Ok(None)
    }
}
