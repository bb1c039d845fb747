//! A finding about a run.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::lint::Finding;

/// A finding about files, none of which is a package of the run.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct RunFinding {
    #[serde(flatten)]
    pub(crate) finding: Finding,
    /// The paths of the files.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(crate) paths: Vec<Utf8PathBuf>,
}

impl RunFinding {
    /// Its paths.
    pub(super) fn paths_mut(&mut self) -> impl Iterator<Item = &mut Utf8PathBuf> {
        let place = self.finding.place.iter_mut();
        place.map(|place| &mut place.path).chain(&mut self.paths)
    }
}
