//! The layers that a function will have: they count towards its limits, and bring files.

use std::io;
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};

use crate::archive::read::{self, Fault, Turn, Zip};
use crate::bytes::{self, Size};
use crate::error::{Error, Result};
use crate::lint::{self, LayerFacts, ZipContents};
use crate::text::deserialize_from_str;

/// A layer, by its zip or by its size alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

    /// What is known of it. One that is broken may have whatever is missing.
    ///
    /// # Errors
    /// [`Error::MissingFile`], [`Error::Usage`] or [`Error::Io`] if there is no zip, or none that can
    /// be read.
    pub(crate) fn facts(&self, turn: &Turn) -> Result<LayerFacts> {
        let path = match self {
            Self::Size(Size(bytes)) => {
                return Ok(LayerFacts {
                    bytes: *bytes,
                    ..LayerFacts::default()
                });
            }
            Self::Zip(path) => path,
        };
        read::check("the layer", path)?;
        let source = read::open(path)?;
        let unpacked = match Zip::open(&source) {
            Ok(zip) => lint::read(&zip, turn).map_err(unreadable(path))?,
            Err(Fault::Broken(broken)) => ZipContents::broken(broken),
            Err(Fault::Io(error)) => return Err(unreadable(path)(error)),
        };
        let ZipContents { files, anomalies } = unpacked;
        let bytes = bytes::sum(files.iter().map(|file| file.bytes));
        Ok(LayerFacts {
            name: path.file_name().unwrap_or(path.as_str()).to_owned(),
            bytes,
            files: anomalies.broken.is_empty().then_some(files),
            anomalies,
        })
    }

    /// What is known of one that a package is made for.
    ///
    /// # Errors
    /// As [`Self::facts`]; a broken one is no basis for a package.
    pub(crate) fn facts_if_whole(&self, turn: &Turn) -> Result<LayerFacts> {
        let facts = self.facts(turn)?;
        match (self, facts.anomalies.broken.first()) {
            (Self::Zip(path), Some(broken)) => {
                Err(unreadable(path)(Fault::from(broken.clone()).into()))
            }
            _ => Ok(facts),
        }
    }
}

fn unreadable(path: &Utf8Path) -> impl FnOnce(io::Error) -> Error {
    Error::io(format!("could not read the layer `{path}`"))
}

impl FromStr for Layer {
    type Err = String;

    /// What reads as a size is one; anything else is a path.
    fn from_str(text: &str) -> Result<Self, String> {
        match bytes::parse(text) {
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
        assert_eq!("12MiB".parse::<Layer>(), size(12 * bytes::MIB));
        assert_eq!(".5MiB".parse::<Layer>(), size(bytes::MIB / 2));
        assert_eq!("1.zip".parse::<Layer>(), Ok(Layer::Zip("1.zip".into())));
        assert!("".parse::<Layer>().is_err());
    }
}
