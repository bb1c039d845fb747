//! Where the zips to be checked come from.

use std::io::Read;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::error::{Error, Result};
use crate::paths::normalized;
use crate::reader::{FileSource, Source};
use crate::size::{MIB, Size};

/// Bytes that are read from standard input. Whatever Lambda could take is far smaller.
const MOST: u64 = 1024 * MIB;
const STANDARD_INPUT: &str = "-";

/// A zip that was named.
pub(super) struct Input {
    /// As the user has named it.
    pub(super) shown: Utf8PathBuf,
    /// The same from any folder; of standard input, `-`.
    pub(super) path: Utf8PathBuf,
}

/// What is named, each with what is wrong with that: [`Error::MissingFile`], [`Error::Io`], or
/// [`Error::Usage`] for a folder or a device.
///
/// # Errors
/// [`Error::Usage`] for `-` named twice.
pub(super) fn all(zips: &[Utf8PathBuf], folder: &Utf8Path) -> Result<Vec<Result<Input>>> {
    if zips.iter().filter(|zip| *zip == STANDARD_INPUT).count() > 1 {
        return Err(Error::usage(
            "standard input is named more than once",
            "name `-` once: it can only be read once",
        ));
    }
    let inputs = zips.iter().map(|zip| Input::new(zip, folder));
    Ok(inputs.collect())
}

/// A path from any folder; of standard input, `-`.
pub(super) fn path(zip: &Utf8Path, folder: &Utf8Path) -> Utf8PathBuf {
    if zip == STANDARD_INPUT {
        zip.to_owned()
    } else {
        normalized(&folder.join(zip))
    }
}

impl Input {
    fn new(zip: &Utf8Path, folder: &Utf8Path) -> Result<Self> {
        if zip == STANDARD_INPUT {
            return Ok(Self {
                shown: zip.to_owned(),
                path: zip.to_owned(),
            });
        }
        let metadata = fs::metadata(zip).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::MissingFile {
                what: "the zip",
                path: zip.to_string(),
            },
            _ => Error::io("could not read a zip")(error),
        })?;
        if !metadata.is_file() {
            let what = if metadata.is_dir() {
                "a folder"
            } else {
                "no regular file"
            };
            return Err(Error::usage(
                format!("`{zip}` is {what}, not a zip"),
                "name a zip, or `-` for standard input",
            ));
        }
        Ok(Self {
            shown: zip.to_owned(),
            path: path(zip, folder),
        })
    }

    /// What the zip is called in messages.
    pub(super) fn name(&self) -> String {
        let stem = self.path.file_stem().unwrap_or(STANDARD_INPUT);
        stem.to_owned()
    }

    /// What it would be called at another place.
    pub(super) fn file_name(&self) -> String {
        match self.path.file_name() {
            Some(name) if self.path != STANDARD_INPUT => name.to_owned(),
            _ => "function.zip".to_owned(),
        }
    }

    /// # Errors
    /// [`Error::Io`] if it cannot be read, [`Error::Usage`] if standard input does not end.
    pub(super) fn open(&self) -> Result<Box<dyn Source>> {
        let unreadable = || Error::io(format!("could not read the zip `{}`", self.shown));
        let file = if self.path == STANDARD_INPUT {
            spooled()?
        } else {
            let (file, _) = fs::File::open(&self.shown)
                .map_err(unreadable())?
                .into_parts();
            file
        };
        Ok(Box::new(FileSource::new(file).map_err(unreadable())?))
    }
}

/// Standard input as a file, which a zip needs: it is read from its end.
fn spooled() -> Result<std::fs::File> {
    let unreadable = || Error::io("could not read standard input");
    let mut file = tempfile::tempfile().map_err(unreadable())?;
    let mut input = std::io::stdin().lock().take(MOST + 1);
    let bytes = std::io::copy(&mut input, &mut file).map_err(unreadable())?;
    if bytes > MOST {
        return Err(Error::usage(
            format!("standard input is longer than {}", Size(MOST)),
            "no package is that large: name the zip itself",
        ));
    }
    Ok(file)
}
