//! What was to be left out, but is not there.

use super::collect::{exclusions, includes, refused};
use super::links::Symlinks;
use super::pattern::Pattern;
use super::resolved::ResolvedInclude;
use super::spec::Include;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::text::printable;

/// What the command line names to be left out, but would not have been included anyway.
///
/// A manifest may name what is not there, or not yet.
///
/// # Errors
/// [`Error::Include`] for a rule that is none.
pub(crate) fn unused_excludes(
    rules: &[Include],
    excludes: &[Pattern],
    symlinks: Symlinks,
) -> Result<Vec<Pattern>> {
    let everywhere = excludes
        .iter()
        .map(|pattern| (rules.len(), pattern.clone()));
    let mut unused: Vec<(usize, Pattern)> = everywhere
        .chain(exclusions(rules)?)
        .filter(|(_, pattern)| pattern.must_match())
        .collect();
    for (position, include) in includes(rules) {
        if unused.is_empty() {
            break;
        }
        let root = ResolvedInclude::new(include).map_err(|why| refused(include, why))?;
        unused.retain(|(until, pattern)| {
            let patterns = [pattern];
            let walk = Walk::new(&root, &patterns, symlinks == Symlinks::Follow).into_left_out();
            let mut seen = walk.filter_map(Result::ok);
            position > *until || !seen.any(|entry| entry.left_out_by.is_some())
        });
    }
    Ok(unused.into_iter().map(|(_, pattern)| pattern).collect())
}

/// The error for one of those.
pub(crate) fn unused_exclude(pattern: &Pattern) -> Error {
    let text = printable(&pattern.to_string());
    let (why, help) = if pattern.is_name() {
        (
            "no file or folder of that name is included",
            "with a `/` in it, it is a path from the current folder; if there is nothing to leave \
             out, leave out the option",
        )
    } else {
        (
            "nothing that is included is at that path",
            "a path begins in the current folder, and a name without `/` is looked for anywhere; \
             if there is nothing to leave out, leave out the option",
        )
    };
    Error::usage(format!("`{text}` leaves nothing out: {why}"), help)
}
