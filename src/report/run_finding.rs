//! A finding about a run.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::lint::Finding;

/// A finding about several files, none of which is a package of the run.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct RunFinding {
    #[serde(flatten)]
    pub(crate) finding: Finding,
    /// The paths of the files.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub(crate) paths: Vec<Utf8PathBuf>,
}
