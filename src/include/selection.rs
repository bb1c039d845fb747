//! The includes of a package, each with the excludes that apply to it.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use camino::Utf8Path;

use super::exclude_set::ExcludeSet;
use super::pattern::Pattern;
use super::place::Place;
use super::resolved::ResolvedInclude;
use super::spec::Include;
use crate::error::{Error, Result};
use crate::text::printable;

/// All includes and excludes of a package.
pub(super) struct Selection<'a> {
    includes: Vec<(usize, ResolvedInclude<'a>)>,
    excludes: Excludes,
}

/// All excludes of a package.
struct Excludes {
    all: Vec<Exclude>,
    /// The same patterns by number, which is the position in `all`.
    set: ExcludeSet,
    /// The number of excludes that are unused.
    unused: Cell<usize>,
}

/// A pattern that leaves files out of the includes before it.
struct Exclude {
    /// Its position among the includes; their number if it applies to all of them.
    position: usize,
    pattern: Pattern,
    /// `true` if it has to match something, and has not matched yet.
    is_unused: Cell<bool>,
}

impl Excludes {
    fn new(patterns: Vec<(usize, Pattern)>) -> Self {
        let exclude = |(position, pattern): (usize, Pattern)| Exclude {
            position,
            is_unused: Cell::new(pattern.must_match()),
            pattern,
        };
        let all: Vec<Exclude> = patterns.into_iter().map(exclude).collect();
        Self {
            set: ExcludeSet::new(all.iter().map(|exclude| &exclude.pattern)),
            unused: Cell::new(all.iter().filter(|e| e.is_unused.get()).count()),
            all,
        }
    }
}

impl<'a> Selection<'a> {
    /// The selection by `includes`, among which there may be excludes (`!PATTERN`), and `excludes`,
    /// which apply to all includes.
    ///
    /// # Errors
    /// [`Error::Include`] for an invalid glob.
    pub(super) fn new(includes: &'a [Include], excludes: &[Pattern]) -> Result<Self> {
        let everywhere = excludes.iter().cloned();
        let mut all: Vec<_> = everywhere
            .map(|pattern| (includes.len(), pattern))
            .collect();
        let mut resolved = Vec::new();
        for (position, include) in includes.iter().enumerate() {
            let invalid = |why| refused(include, why);
            if let Some(pattern) = include.exclusion() {
                all.push((position, pattern.map_err(invalid)?));
            } else {
                let include = ResolvedInclude::new(include).map_err(invalid)?;
                resolved.push((position, include));
            }
        }
        Ok(Self {
            includes: resolved,
            excludes: Excludes::new(all),
        })
    }

    /// The includes, in their order.
    pub(super) fn rules(&self) -> impl Iterator<Item = Rule<'_>> {
        self.includes.iter().map(|(position, include)| Rule {
            position: *position,
            include,
            excludes: &self.excludes,
        })
    }

    /// The excludes that should have matched something in the walks through all includes.
    pub(super) fn into_unused(self) -> Vec<Pattern> {
        let excludes = self.excludes.all.into_iter();
        let unused = excludes.filter(|exclude| exclude.is_unused.get());
        unused.map(|exclude| exclude.pattern).collect()
    }
}

/// One include with the excludes of its package.
#[derive(Clone, Copy)]
pub(super) struct Rule<'s> {
    position: usize,
    pub(super) include: &'s ResolvedInclude<'s>,
    excludes: &'s Excludes,
}

/// The verdict on a path.
#[derive(Clone, Copy)]
pub(super) struct Verdict<'s> {
    /// `true` if the include matches it or a folder above it.
    pub(super) is_match: bool,
    /// The first exclude that matches it or a folder above it.
    pub(super) left_out_by: Option<&'s Pattern>,
}

impl<'s> Rule<'s> {
    /// The verdict on the path at which the include begins, by the folders above it. `real` is the
    /// path without links, here and below.
    pub(super) fn first(&self, path: &Path, real: &Path) -> Verdict<'s> {
        let above = Verdict {
            is_match: false,
            left_out_by: None,
        };
        self.with_excludes(above, [path, real], ExcludeSet::at_or_above)
    }

    /// The verdict on `path`, given the verdict on the folder `above` it. `is_linked` is true if the
    /// path leads through a link that was followed.
    pub(super) fn next(
        &self,
        above: Verdict<'s>,
        path: &Path,
        real: &Path,
        is_linked: bool,
    ) -> Verdict<'s> {
        let matching = if is_linked {
            ExcludeSet::at_by_link
        } else {
            ExcludeSet::at
        };
        Verdict {
            is_match: above.is_match || self.include.matches(path),
            ..self.with_excludes(above, [path, real], matching)
        }
    }

    /// The verdict on a link that is followed. `places` are those that are read on the way, of
    /// which all but the last are links.
    pub(super) fn followed(&self, link: Verdict<'s>, places: &[PathBuf]) -> Verdict<'s> {
        // Links to the folder of the project do not count.
        let bases = self.include.bases();
        let is_inside = |link: &PathBuf| Place::new(link, bases).below.file_name().is_some();
        let links = places.split_last().map_or(&[][..], |(_, links)| links);
        let matching = if links.iter().any(is_inside) {
            ExcludeSet::at_or_above_by_link
        } else {
            ExcludeSet::at_or_above
        };
        let places = places.iter().map(PathBuf::as_path);
        self.with_excludes(link, places, matching)
    }

    /// The verdict with the excludes that `matching` finds at any of the places.
    fn with_excludes<'p>(
        &self,
        above: Verdict<'s>,
        places: impl IntoIterator<Item = &'p Path>,
        matching: fn(&ExcludeSet, Place<'_>) -> Vec<usize>,
    ) -> Verdict<'s> {
        let Excludes { all, set, unused } = self.excludes;
        if all.is_empty() || (above.left_out_by.is_some() && unused.get() == 0) {
            return above;
        }
        let mut numbers = Vec::new();
        let mut before = None;
        for path in places {
            // Without links, the path and the real one are equal.
            if before.replace(path) != Some(path) {
                numbers.extend(matching(set, Place::new(path, self.include.bases())));
            }
        }
        numbers.sort_unstable();
        let excludes = numbers.into_iter().filter_map(|number| all.get(number));
        let mut verdict = above;
        for exclude in excludes.filter(|exclude| exclude.position > self.position) {
            if exclude.is_unused.take() {
                unused.set(unused.get() - 1);
            }
            verdict.left_out_by.get_or_insert(&exclude.pattern);
        }
        verdict
    }

    /// `true` if an exclude still has to match something.
    pub(super) fn has_unused(&self) -> bool {
        self.excludes.unused.get() > 0
    }

    /// `true` if a file at `path` would go into the package.
    pub(super) fn takes(&self, path: &Utf8Path) -> bool {
        let mut at = self.include.path().as_std_path().to_owned();
        let Ok(below) = path.as_std_path().strip_prefix(&at) else {
            return false;
        };
        let mut verdict = self.next(self.first(&at, &at), &at, &at, false);
        for part in below {
            at.push(part);
            verdict = self.next(verdict, &at, &at, false);
        }
        verdict.is_match && verdict.left_out_by.is_none()
    }
}

/// The error for an include.
pub(super) fn refused(include: &Include, why: String) -> Error {
    Error::Include {
        rule: printable(&include.described()),
        why,
    }
}
