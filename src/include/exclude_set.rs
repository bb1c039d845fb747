//! All excludes of a package, which are matched together: the time for a path hardly depends on
//! their number.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use globset::{Candidate, Glob, GlobSet};

use super::pattern::Pattern;
use super::place::Place;

/// Patterns, by the part of a path that they match. A pattern is known by its number.
pub(super) struct ExcludeSet {
    /// Patterns that match a name.
    names: Globs,
    /// Patterns that match a path from anywhere: `**/a/*.key`.
    anywhere: Globs,
    /// Patterns that match a path below a folder.
    below: HashMap<PathBuf, Globs>,
    /// The patterns that name a link to a folder, by this folder.
    linked: HashMap<PathBuf, Vec<usize>>,
}

impl ExcludeSet {
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Self {
        let mut names = Rests::default();
        let mut anywhere = Rests::default();
        let mut below: HashMap<PathBuf, Rests<'p>> = HashMap::new();
        let mut linked: HashMap<PathBuf, Vec<usize>> = HashMap::new();
        for (number, pattern) in patterns.enumerate() {
            let rest = (number, pattern);
            if pattern.is_name() {
                names.push(rest);
            }
            if pattern.is_anywhere() {
                anywhere.push(rest);
            }
            for base in pattern.bases() {
                below.entry(base.clone()).or_default().push(rest);
            }
            for folder in pattern.linked() {
                linked.entry(folder.clone()).or_default().push(number);
            }
        }
        let globs = |(base, rests)| (base, Globs::new(rests));
        Self {
            names: Globs::new(names),
            anywhere: Globs::new(anywhere),
            below: below.into_iter().map(globs).collect(),
            linked,
        }
    }

    /// The numbers of the patterns that match `place`. Folders above do not count.
    pub(super) fn at(&self, place: Place<'_>) -> Vec<usize> {
        let mut found = Vec::new();
        if let Some(name) = place.below.file_name() {
            self.names.find(Path::new(name), &mut found);
            self.anywhere.find(place.below, &mut found);
        }
        if self.below.is_empty() {
            return found;
        }
        for folder in place.path.ancestors().skip(1) {
            if let Some(globs) = self.below.get(folder)
                && let Ok(rest) = place.path.strip_prefix(folder)
            {
                globs.find(rest, &mut found);
            }
        }
        found
    }

    /// The numbers of the patterns that match `place` or a folder above it.
    pub(super) fn at_or_above(&self, place: Place<'_>) -> Vec<usize> {
        place.and_above().flat_map(|place| self.at(place)).collect()
    }

    /// The same as [`Self::at`] for a place that is reached through a link. Patterns that name a
    /// link to the same folder match it too. They leave the folder alone where it is reached by its
    /// own path: `latest` may be left out beside the `v2` that it leads to.
    pub(super) fn at_by_link(&self, place: Place<'_>) -> Vec<usize> {
        let mut found = self.at(place);
        found.extend(self.linked.get(place.path).into_iter().flatten());
        found
    }

    /// The same as [`Self::at_by_link`] for the place and the folders above it.
    pub(super) fn at_or_above_by_link(&self, place: Place<'_>) -> Vec<usize> {
        let places = place.and_above();
        places.flat_map(|place| self.at_by_link(place)).collect()
    }
}

/// The patterns that begin in one folder, with their numbers.
type Rests<'p> = Vec<(usize, &'p Pattern)>;

/// Patterns that match the same part of a path.
#[derive(Default)]
struct Globs {
    literal: HashMap<PathBuf, Vec<usize>>,
    sets: Vec<(GlobSet, Vec<usize>)>,
}

impl Globs {
    fn new(rests: Rests<'_>) -> Self {
        let mut literal: HashMap<PathBuf, Vec<usize>> = HashMap::new();
        let mut globs = Vec::new();
        for (number, pattern) in rests {
            literal
                .entry(pattern.rest().into())
                .or_default()
                .push(number);
            globs.extend(pattern.glob().map(|glob| (number, glob)));
        }
        let mut sets = Vec::new();
        compile(&globs, &mut sets);
        Self { literal, sets }
    }

    fn find(&self, path: &Path, found: &mut Vec<usize>) {
        found.extend(self.literal.get(path).into_iter().flatten());
        if self.sets.is_empty() {
            return;
        }
        let candidate = Candidate::new(path);
        for (set, numbers) in &self.sets {
            let matches = set.matches_candidate(&candidate);
            found.extend(matches.into_iter().filter_map(|at| numbers.get(at)));
        }
    }
}

/// Compiles globs together. A set that would be too large is halved; each glob alone is small
/// enough, or it would have been refused.
fn compile(globs: &[(usize, &Glob)], sets: &mut Vec<(GlobSet, Vec<usize>)>) {
    if globs.is_empty() {
        return;
    }
    if let Ok(set) = GlobSet::new(globs.iter().map(|(_, glob)| glob)) {
        sets.push((set, globs.iter().map(|(number, _)| *number).collect()));
    } else if globs.len() > 1 {
        let (first, second) = globs.split_at(globs.len() / 2);
        compile(first, sets);
        compile(second, sets);
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;

    /// `true` if `pattern`, named in `/shop`, leaves out `path`, which is included from there.
    fn excludes(pattern: &str, path: &str) -> bool {
        let pattern: Pattern = pattern.parse().unwrap();
        let pattern = pattern.below(Utf8Path::new("/shop"));
        let set = ExcludeSet::new(std::iter::once(&pattern));
        let place = Place::new(Path::new(path), &[PathBuf::from("/shop")]);
        !set.at_or_above(place).is_empty()
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
        assert!(cfg!(windows) || excludes("a\\*", "/shop/a*"));
        assert!(!excludes("./x", "/shop/a/x"));
    }

    #[test]
    fn a_path_may_lie_anywhere() {
        assert!(excludes("../shared/*.bak", "/shared/x.bak"));
        assert!(excludes("a/../../shared/x", "/shared/x"));
        assert!(excludes("/shared/x", "/shared/x/y"));
        assert!(!excludes("shared/x", "/shared/x"));
        assert!(excludes("**/keys/**", "/shared/keys/x"));
        assert!(excludes("**/keys", "/shared/keys/x"));
        assert!(!excludes("*/keys", "/shared/keys/x"));
    }

    #[test]
    fn folders_above_both_do_not_count() {
        assert!(!excludes("shop", "/shop/a"));
        assert!(excludes("*.bak", "/elsewhere/a.bak"));
        assert!(excludes("elsewhere", "/elsewhere/a"));
    }

    #[test]
    fn a_set_that_is_too_large_is_halved() {
        let patterns = (0..8).map(|n| format!("{{k{n},{}}}", "[a-z]*?".repeat(10_000)));
        let patterns: Vec<Pattern> = patterns.map(|text| text.parse().unwrap()).collect();
        let set = ExcludeSet::new(patterns.iter());
        assert!(set.names.sets.len() > 1);
        let place = Place::new(Path::new("k7"), &[]);
        assert_eq!(set.at(place), [7]);
    }
}
