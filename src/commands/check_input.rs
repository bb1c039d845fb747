//! The zips on the command line of `check`.

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::archive::read::{self, FileSource};
use crate::error::{Error, Result};
use crate::paths::normalized;

const STANDARD_INPUT: &str = "-";

/// A zip that is named on the command line.
pub(crate) struct Input {
    /// As the user has named it.
    pub(crate) shown: Utf8PathBuf,
    /// The absolute path, or `-` for standard input.
    pub(crate) path: Utf8PathBuf,
}

/// The named zips, each with its error: [`Error::MissingFile`], [`Error::Io`], or
/// [`Error::Usage`] for a folder or a device.
///
/// # Errors
/// [`Error::Usage`] for `-` named twice.
pub(crate) fn all(zips: &[Utf8PathBuf], folder: &Utf8Path) -> Result<Vec<Result<Input>>> {
    if zips.iter().filter(|zip| *zip == STANDARD_INPUT).count() > 1 {
        return Err(Error::usage(
            "standard input is named more than once",
            "name `-` once: it can only be read once",
        ));
    }
    let inputs = zips.iter().map(|zip| Input::new(zip, folder));
    Ok(inputs.collect())
}

/// The absolute path of a zip, or `-` for standard input.
pub(crate) fn path(zip: &Utf8Path, folder: &Utf8Path) -> Utf8PathBuf {
    if zip == STANDARD_INPUT {
        zip.to_owned()
    } else {
        normalized(&folder.join(zip))
    }
}

impl Input {
    /// The zip at `zip`, relative to `folder`, or `-`.
    ///
    /// # Errors
    /// [`Error::MissingFile`], [`Error::Io`], or [`Error::Usage`] for a folder or a device.
    pub(crate) fn new(zip: &Utf8Path, folder: &Utf8Path) -> Result<Self> {
        if zip == STANDARD_INPUT {
            return Ok(Self {
                shown: zip.to_owned(),
                path: zip.to_owned(),
            });
        }
        read::check("the zip", zip)?;
        Ok(Self {
            shown: zip.to_owned(),
            path: path(zip, folder),
        })
    }

    /// The name of the zip in messages.
    pub(crate) fn name(&self) -> String {
        let stem = self.path.file_stem().unwrap_or(STANDARD_INPUT);
        stem.to_owned()
    }

    /// The size in bytes, as far as it is known before the zip is opened.
    pub(crate) fn bytes(&self) -> u64 {
        let metadata = fs::metadata(&self.path);
        metadata.map_or(0, |metadata| metadata.len())
    }

    /// The file name of the zip.
    pub(crate) fn file_name(&self) -> String {
        match self.path.file_name() {
            Some(name) if self.path != STANDARD_INPUT => name.to_owned(),
            _ => "function.zip".to_owned(),
        }
    }

    /// # Errors
    /// [`Error::Io`] if it cannot be read, [`Error::Usage`] if a pipe does not end.
    pub(crate) fn open(&self) -> Result<FileSource> {
        if self.path == STANDARD_INPUT {
            read::from_standard_input()
        } else {
            read::open(&self.shown)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_input_is_named_once() {
        let folder = Utf8Path::new("/project");
        let inputs = all(&["-".into()], folder).unwrap();
        let input = inputs.into_iter().next().unwrap().unwrap();
        assert_eq!((input.path.as_str(), input.name()), ("-", "-".to_owned()));
        assert_eq!(input.file_name(), "function.zip");
        assert!(all(&["-".into(), "-".into()], folder).is_err());
    }

    #[test]
    fn paths_are_absolute_and_a_missing_zip_is_an_error_of_its_own() {
        let folder = Utf8Path::new("/project");
        assert_eq!(path("a/../b.zip".into(), folder), "/project/b.zip");
        let inputs = all(&["no/such.zip".into(), "-".into()], folder).unwrap();
        assert!(matches!(inputs[0], Err(Error::MissingFile { .. })));
        assert!(inputs[1].is_ok());
    }
}
