//! Excludes of the command line that leave nothing out: a typo would ship the file.

use super::pattern::Pattern;
use crate::error::{Error, Result};
use crate::text::printable;

/// Refuses an exclude that leaves nothing out of any package; `unused` are those of each package.
/// A manifest may name files that are not there yet: these excludes are never among them.
///
/// # Errors
/// [`Error::Usage`] for the first such exclude.
pub(crate) fn check_excludes<'a>(mut unused: impl Iterator<Item = &'a [Pattern]>) -> Result<()> {
    let first = unused.next().unwrap_or_default();
    let mut everywhere: Vec<&Pattern> = first.iter().collect();
    for here in unused {
        everywhere.retain(|pattern| here.contains(pattern));
    }
    let Some(pattern) = everywhere.first() else {
        return Ok(());
    };
    let text = printable(&pattern.to_string());
    let (why, help) = if pattern.is_name() {
        (
            "no file or folder of that name is included",
            "a name is looked for in every folder, and a path with a `/` begins in the current \
             folder; omit the option if there is nothing to leave out",
        )
    } else {
        (
            "no included file is at that path",
            "a path begins in the current folder, and a name without a `/` is looked for in every \
             folder; omit the option if there is nothing to leave out",
        )
    };
    Err(Error::usage(
        format!("`{text}` leaves nothing out: {why}"),
        help,
    ))
}
