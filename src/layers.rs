//! The layers that a function will have: they count towards its limits, and bring files.

use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::error::{Error, Result};
use crate::lint::{LayerFacts, limits};
use crate::names::deserialize_from_str;
use crate::reader::{Fault, FileSource, Zip};
use crate::size::{self, Size};
use crate::unpacked::{self, Depth, Unpacked};

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

    /// What is known of it, to the `depth` that is asked for.
    ///
    /// # Errors
    /// [`Error::MissingFile`] or [`Error::Io`] if the zip cannot be read.
    pub(crate) fn facts(&self, depth: Depth) -> Result<LayerFacts> {
        let path = match self {
            Self::Size(Size(bytes)) => {
                return Ok(LayerFacts {
                    bytes: *bytes,
                    ..LayerFacts::default()
                });
            }
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
        let (file, _) = file.into_parts();
        let source = FileSource::new(file).map_err(unreadable())?;
        let zip = Zip::open(&source).map_err(|fault| unreadable()(fault.into()))?;
        let Unpacked { files, format } = unpacked::read(&zip, depth).map_err(unreadable())?;
        if let Some(broken) = format.broken.first() {
            return Err(unreadable()(Fault::from(broken.clone()).into()));
        }
        let bytes = limits::sum(files.iter().map(|file| file.bytes));
        Ok(LayerFacts {
            name: path.file_name().unwrap_or(path.as_str()).to_owned(),
            bytes,
            files: Some(files),
            format,
        })
    }
}

impl FromStr for Layer {
    type Err = String;

    /// What reads as a size is one; anything else is a path.
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
        assert_eq!(".5MiB".parse::<Layer>(), size(size::MIB / 2));
        assert_eq!("1.zip".parse::<Layer>(), Ok(Layer::Zip("1.zip".into())));
        assert!("".parse::<Layer>().is_err());
    }
}
