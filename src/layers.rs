//! The layers that a function will have: they count towards its limits.

use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use zip::ZipArchive;

use crate::error::{Error, Result};
use crate::names::deserialize_from_str;
use crate::size::{self, Size};

/// A layer, by its zip or by its size alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Layer {
    Zip(Utf8PathBuf),
    Size(Size),
}

impl Layer {
    /// The same, its path relative to `folder`.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        match self {
            Self::Zip(path) => Self::Zip(folder.join(path)),
            size @ Self::Size(_) => size,
        }
    }

    /// Its size in bytes once unpacked.
    ///
    /// # Errors
    /// [`Error::MissingFile`] or [`Error::Io`] if the zip cannot be read.
    pub(crate) fn unzipped_bytes(&self) -> Result<u64> {
        let path = match self {
            Self::Size(Size(bytes)) => return Ok(*bytes),
            Self::Zip(path) => path,
        };
        if !path.exists() {
            return Err(Error::MissingFile {
                what: "the layer",
                path: path.to_string(),
            });
        }
        let unreadable = || Error::io(format!("could not read the layer `{path}`"));
        let file = fs::File::open(path).map_err(unreadable())?;
        let mut zip = ZipArchive::new(std::io::BufReader::new(file))
            .map_err(|error| unreadable()(error.into()))?;
        (0..zip.len()).try_fold(0, |sum: u64, index| {
            let entry = zip
                .by_index_raw(index)
                .map_err(|error| unreadable()(error.into()))?;
            Ok(sum.saturating_add(entry.size()))
        })
    }
}

impl FromStr for Layer {
    type Err = String;

    /// What begins with a digit and reads as a size is one; anything else is a path.
    fn from_str(text: &str) -> Result<Self, String> {
        match size::parse(text) {
            Some(size) => Ok(Self::Size(size)),
            None if text.is_empty() => Err("a layer is a zip or a size, not nothing".to_owned()),
            None => Ok(Self::Zip(text.into())),
        }
    }
}
deserialize_from_str!(Layer);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_a_size_or_a_zip() {
        let size = |bytes| Ok(Layer::Size(Size(bytes)));
        assert_eq!("1000".parse::<Layer>(), size(1000));
        assert_eq!("12MiB".parse::<Layer>(), size(12 * size::MIB));
        assert_eq!("1.zip".parse::<Layer>(), Ok(Layer::Zip("1.zip".into())));
        assert!("".parse::<Layer>().is_err());
    }
}
