//! The name of a layer that is packaged, and the programs in it.

use std::fmt;
use std::str::FromStr;

use camino::Utf8Path;
use serde::Deserialize;

use crate::include;
use crate::lambda::{Kind, LAYER_NAME, check_name};
use crate::text::deserialize_from_str_or_table;

/// The name of a layer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LayerName(String);

impl LayerName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LayerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for LayerName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        check_name(name, "layer", LAYER_NAME)?;
        Ok(Self(name.to_owned()))
    }
}

/// `NAME[=PATH]`: a binary of the workspace, and its path in the layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LayerBin {
    pub(crate) bin: String,
    to: Option<String>,
}

impl LayerBin {
    fn new(bin: &str, to: Option<&str>) -> Result<Self, String> {
        if bin.is_empty() {
            return Err("the name of the binary is empty; write NAME or NAME=PATH".to_owned());
        }
        if to == Some("") {
            return Err(format!(
                "`{bin}=` has no path behind `=`; `{bin}=./` puts it at the root"
            ));
        }
        to.map_or(Ok(()), include::check_name)?;
        Ok(Self {
            bin: bin.to_owned(),
            to: to.map(str::to_owned),
        })
    }

    /// Its path in the layer; `kind` is what the binary is configured to be.
    pub(crate) fn path(&self, kind: Kind) -> String {
        match &self.to {
            Some(to) if to.ends_with('/') => {
                include::entry_name(&Utf8Path::new(to).join(&self.bin))
            }
            Some(to) => include::entry_name(Utf8Path::new(to)),
            None if kind == Kind::Extension => kind.entry_name(&self.bin),
            None => Kind::Layer.entry_name(&self.bin),
        }
    }
}

impl FromStr for LayerBin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((bin, to)) => Self::new(bin, Some(to)),
            None => Self::new(text, None),
        }
    }
}

/// `{ bin = "NAME", to = "PATH" }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    bin: String,
    to: Option<String>,
}

impl TryFrom<Parts> for LayerBin {
    type Error = String;

    fn try_from(Parts { bin, to }: Parts) -> Result<Self, String> {
        Self::new(&bin, to.as_deref())
    }
}

deserialize_from_str_or_table!(
    LayerBin,
    Parts,
    "the name of a binary, or a table with `bin` and `to`"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_lambda_takes() {
        for name in ["a", "my-tools_2", &"x".repeat(140)] {
            assert_eq!(name.parse::<LayerName>().unwrap().as_str(), name);
        }
        for name in ["", "a.b", "a/b", "../a", "ä", "a b", &"x".repeat(141)] {
            assert!(name.parse::<LayerName>().is_err(), "{name}");
        }
    }

    #[test]
    fn a_program_lies_where_it_is_found_unless_said_otherwise() {
        let path = |text: &str, kind| text.parse::<LayerBin>().unwrap().path(kind);
        assert_eq!(path("tool", Kind::Function), "bin/tool");
        assert_eq!(path("agent", Kind::Extension), "extensions/agent");
        assert_eq!(path("agent=bin/x", Kind::Extension), "bin/x");
        assert_eq!(path("tool=./a/", Kind::Function), "a/tool");
        assert_eq!(path("tool=./", Kind::Function), "tool");
        for wrong in ["", "=x", "tool=", "tool=/x", "tool=../x", "tool=a\\b"] {
            assert!(wrong.parse::<LayerBin>().is_err(), "{wrong}");
        }
    }
}
