//! An error, as the report tells it.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::paths::normalized;
use crate::shell::Shell;

/// An error of the run. It is in the document, so that the absence of an archive is not read as a
/// verdict.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Failure {
    /// The exit code of a run with this error alone.
    #[cfg_attr(test, schemars(range(min = 1)))]
    code: u8,
    /// The problem.
    pub(crate) message: String,
    /// The ways out, one a line; `None` if none is known.
    help: Option<String>,
    /// The path of the file that the error is about; `None` if it is about no file.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(crate) path: Option<Utf8PathBuf>,
    /// The line of that file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(super) line: Option<usize>,
    #[serde(skip)]
    pub(super) error: Error,
}

impl Failure {
    /// The failure to read the file at `path`.
    pub(crate) fn of_file(path: impl Into<Utf8PathBuf>, error: Error) -> Self {
        Self {
            path: Some(path.into()),
            ..Self::from(error)
        }
    }

    /// The same failure, about a line of its file.
    pub(crate) fn at_line(self, line: usize) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }

    pub(crate) fn into_error(self) -> Error {
        self.error
    }

    /// The message, and below it the ways out.
    pub(crate) fn text(&self) -> String {
        let help = self.help.iter().map(|help| format!("\nhelp: {help}"));
        std::iter::once(self.message.clone()).chain(help).collect()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let help = Some(error.help().join("\n")).filter(|help| !help.is_empty());
        Self {
            code: error.code(),
            message: error.to_string(),
            help,
            path: error.path().map(absolute),
            line: error.line(),
            error,
        }
    }
}

/// Shows all `errors` except the one with the highest exit code, which is returned: an incomplete
/// run is worse than a rejection.
///
/// # Errors
/// The one with the highest exit code.
pub(crate) fn show_errors(mut errors: Vec<Error>, shell: &Shell) -> Result<()> {
    errors.sort_by_key(Error::code);
    let gravest = errors.pop();
    for error in &errors {
        shell.error(error);
    }
    gravest.map_or(Ok(()), Err)
}

/// The path, independent of the current folder. A folder that cannot be read leaves it as it is.
fn absolute(path: &Utf8Path) -> Utf8PathBuf {
    let absolute = camino::absolute_utf8(path);
    absolute.map_or_else(|_| path.to_owned(), |path| normalized(&path))
}
