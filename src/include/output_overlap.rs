//! The overlap of outputs with includes: a zip must not contain itself in the next run.

use camino::Utf8Path;

use super::pattern::Pattern;
use super::selection::{Selection, refused};
use super::spec::Include;
use crate::error::Result;

/// The selection of a package, which is asked about files that are yet to be written.
pub(crate) struct OutputOverlap<'a>(Selection<'a>);

impl<'a> OutputOverlap<'a> {
    /// # Errors
    /// [`Error::Include`](crate::error::Error::Include) for an invalid glob.
    pub(crate) fn new(includes: &'a [Include], excludes: &[Pattern]) -> Result<Self> {
        Selection::new(includes, excludes).map(Self)
    }

    /// The name in the package of a file at `path`, if the includes would take it.
    ///
    /// # Errors
    /// [`Error::Include`](crate::error::Error::Include) for a file that cannot have a name in the
    /// package.
    pub(crate) fn would_take(&self, path: &Utf8Path) -> Result<Option<String>> {
        let rule = self.0.rules().find(|rule| rule.takes(path));
        rule.map(|rule| {
            let name = rule.include.name(path);
            name.map_err(|why| refused(rule.include.spec(), why))
        })
        .transpose()
    }
}
