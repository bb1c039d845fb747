//! A layer of a function: by its name, its zip, its ARN or its size.

use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::layer_name::LayerName;
use crate::bytes::{self, Size};
use crate::error::Error;
use crate::lambda::{Architecture, check_layer_arn};
use crate::lint::LayerFacts;
use crate::text::deserialize_from_str_or_table;

/// The placeholder for the architecture of the function.
const ARCH: &str = "{arch}";

/// A layer of a function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum LayerSource {
    /// A layer or an extension that the workspace makes.
    Name(LayerName),
    /// The path of a zip, in which `{arch}` stands for the architecture.
    Zip(Utf8PathBuf),
    /// The ARN of a version that is published, with the size of its contents if it is known. In the
    /// ARN, `{arch}` stands for the architecture.
    Arn(String, Option<Size>),
    /// The size of the contents alone.
    Size(Size),
}

impl LayerSource {
    /// The same layer, with its path relative to `folder`.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        match self {
            Self::Zip(path) => Self::Zip(folder.join(path)),
            other => other,
        }
    }

    /// The same layer for a function of that architecture; `None` if the layer differs between
    /// architectures, and none is given.
    pub(crate) fn for_architecture(&self, architecture: Option<Architecture>) -> Option<Self> {
        let render = |text: &str| match architecture {
            Some(architecture) => Some(text.replace(ARCH, architecture.name())),
            None => (!text.contains(ARCH)).then(|| text.to_owned()),
        };
        Some(match self {
            Self::Zip(path) => Self::Zip(render(path.as_str())?.into()),
            Self::Arn(arn, size) => Self::Arn(render(arn)?, *size),
            Self::Name(_) | Self::Size(_) => self.clone(),
        })
    }

    /// The facts about a layer whose zip is not here; `None` if it is.
    pub(crate) fn facts(&self) -> Option<LayerFacts> {
        match self {
            Self::Zip(_) => None,
            Self::Name(_) => Some(LayerFacts::default()),
            Self::Size(Size(bytes)) => Some(LayerFacts::of_size(*bytes)),
            Self::Arn(arn, size) => {
                let name = arn.rsplit_once(':').map_or(arn.as_str(), |(name, _)| name);
                Some(LayerFacts {
                    name: name.to_owned(),
                    ..LayerFacts::of_size(size.map_or(0, |Size(bytes)| bytes))
                })
            }
        }
    }

    /// The name of a layer that the workspace makes.
    pub(crate) fn name(&self) -> Option<&LayerName> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    fn of_arn(arn: &str, size: Option<Size>) -> Result<Self, String> {
        check_layer_arn(&arn.replace(ARCH, Architecture::default().name()))?;
        Ok(Self::Arn(arn.to_owned(), size))
    }
}

impl FromStr for LayerSource {
    type Err = String;

    /// A text that reads as a size is a size, one that begins with `arn:` is an ARN, perhaps with
    /// `=SIZE`. A text with a `/`, or that ends in `.zip`, is a path; any other text is a name.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(size) = bytes::parse(text) {
            return Ok(Self::Size(size));
        }
        if text.starts_with("arn:") {
            let Some((arn, size)) = text.split_once('=') else {
                return Self::of_arn(text, None);
            };
            return Self::of_arn(arn, Some(size.parse()?));
        }
        let is_zip = Utf8Path::new(text)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        if is_zip || text.contains(['/', std::path::MAIN_SEPARATOR]) {
            return Ok(Self::Zip(text.into()));
        }
        text.parse().map(Self::Name).map_err(|_| {
            format!(
                "`{text}` is no layer: write the name of a layer of this workspace, the path of a \
                 zip (it has a `/` or ends in `.zip`), an ARN, or a size such as `12 MiB`"
            )
        })
    }
}

/// Refuses layers that are taken by their names, where nothing makes them.
///
/// # Errors
/// [`Error::Usage`] if there is one.
pub(crate) fn refuse_names(layers: &[LayerSource]) -> Result<(), Error> {
    match layers.iter().find_map(LayerSource::name) {
        None => Ok(()),
        Some(name) => Err(Error::usage(
            format!("`{name}` is the name of a layer, and only the main job makes it"),
            "write the path of its zip, which has a `/` or ends in `.zip`",
        )),
    }
}

/// `{ arn = "ARN", size = "SIZE" }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    arn: String,
    size: Option<Size>,
}

impl TryFrom<Parts> for LayerSource {
    type Error = String;

    fn try_from(Parts { arn, size }: Parts) -> Result<Self, String> {
        Self::of_arn(&arn, size)
    }
}

deserialize_from_str_or_table!(
    LayerSource,
    Parts,
    "a name, a path, an ARN, a size, or a table with `arn` and `size`"
);

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:layer:tools-{arch}:3";

    fn read(text: &str) -> Result<LayerSource, String> {
        text.parse()
    }

    #[test]
    fn a_layer_is_a_size_a_zip_an_arn_or_a_name() {
        let size = |bytes| Ok(LayerSource::Size(Size(bytes)));
        assert_eq!(read("1000"), size(1000));
        assert_eq!(read("12MiB"), size(12 * bytes::MIB));
        assert_eq!(read(".5MiB"), size(bytes::MIB / 2));
        for path in ["1.zip", "a.ZIP", "./a", "a/{arch}", "../x.tar"] {
            assert_eq!(read(path), Ok(LayerSource::Zip(path.into())), "{path}");
        }
        for name in ["tools", "12MiBs", "a_1-b"] {
            assert_eq!(read(name).unwrap().name(), name.parse().ok().as_ref());
        }
        assert_eq!(read(ARN), Ok(LayerSource::Arn(ARN.to_owned(), None)));
        let sized = LayerSource::Arn(ARN.to_owned(), Some(Size(1024)));
        assert_eq!(read(&format!("{ARN}=1KiB")), Ok(sized));
        for wrong in ["", "a.tar", "a b", "arn:aws:s3:::x", &format!("{ARN}=x")] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_path_and_an_arn_have_the_architecture_of_the_function() {
        let for_arm = |text: &str| {
            read(text)
                .unwrap()
                .for_architecture(Some(Architecture::Arm64))
        };
        assert_eq!(for_arm("a/{arch}.zip"), read("a/arm64.zip").ok());
        assert_eq!(for_arm(ARN), read(&ARN.replace("{arch}", "arm64")).ok());
        assert_eq!(for_arm("tools"), read("tools").ok());
        assert_eq!(read(ARN).unwrap().for_architecture(None), None);
        let plain = read("a.zip").unwrap();
        assert_eq!(plain.for_architecture(None), Some(plain));
    }
}
