//! A layer of a function, by its zip or its size.

use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};

use crate::bytes::{self, Size};
use crate::text::deserialize_from_str;

/// A layer, by its zip or by its size alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum LayerSource {
    Zip(Utf8PathBuf),
    Size(Size),
}

impl LayerSource {
    /// The same layer, with its path relative to `folder`.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        match self {
            Self::Zip(path) => Self::Zip(folder.join(path)),
            size @ Self::Size(_) => size,
        }
    }
}

impl FromStr for LayerSource {
    type Err = String;

    /// A text that reads as a size is a size; any other text is a path.
    fn from_str(text: &str) -> Result<Self, String> {
        match bytes::parse(text) {
            Some(size) => Ok(Self::Size(size)),
            None if text.is_empty() => Err(
                "the layer is empty; write the path of a zip, or a size such as `12 MiB`"
                    .to_owned(),
            ),
            None => Ok(Self::Zip(text.into())),
        }
    }
}
deserialize_from_str!(LayerSource);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_a_size_or_a_zip() {
        let size = |bytes| Ok(LayerSource::Size(Size(bytes)));
        assert_eq!("1000".parse::<LayerSource>(), size(1000));
        assert_eq!("12MiB".parse::<LayerSource>(), size(12 * bytes::MIB));
        assert_eq!(".5MiB".parse::<LayerSource>(), size(bytes::MIB / 2));
        assert_eq!(
            "1.zip".parse::<LayerSource>(),
            Ok(LayerSource::Zip("1.zip".into()))
        );
        assert!("".parse::<LayerSource>().is_err());
    }
}
