//! Compression levels.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::bytes::MIB;

/// The compression that the user asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "Spelling")]
pub(crate) enum Compression {
    /// A level that depends on the size of the package.
    #[default]
    Default,
    /// A level of libdeflate, from 0 (store) to 12.
    Level(u8),
}

/// A level of libdeflate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level(u8);

impl Level {
    /// No compression.
    pub(crate) const STORE: Self = Self(0);

    /// The best compression.
    pub(crate) const HARDEST: Self = Self(12);

    pub(crate) fn number(self) -> u8 {
        self.0
    }
}

impl Compression {
    /// Almost as small as the default in a fraction of the time, for builds during development.
    pub(crate) const FAST: Self = Self::Level(1);

    /// The level for a package of `bytes` bytes.
    ///
    /// The last percents take the most time. They are worth it for a program, whose zip is fetched
    /// at every cold start: the best level makes it smaller than zopfli does. For tens of MiB, they
    /// would take longer than the build and save a percent or two.
    pub(crate) fn level(self, bytes: u64) -> Level {
        Level(match self {
            Self::Level(level) => level,
            Self::Default if bytes <= 16 * MIB => 12,
            Self::Default if bytes <= 64 * MIB => 9,
            Self::Default => 6,
        })
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Level(level) => level.fmt(f),
        }
    }
}

impl FromStr for Compression {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "fast" => Ok(Self::FAST),
            "default" => Ok(Self::Default),
            "best" => Ok(Self::Level(12)),
            _ => match name.parse() {
                Ok(level @ 0..=12) => Ok(Self::Level(level)),
                _ => Err(format!(
                    "unknown compression `{name}`; known are `fast`, `default`, `best` and 0 to 12"
                )),
            },
        }
    }
}

/// A compression in a manifest: a string or a number.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected `fast`, `default`, `best` or a number from 0 to 12"
)]
enum Spelling {
    Number(i64),
    Name(String),
}

impl TryFrom<Spelling> for Compression {
    type Error = String;
    fn try_from(spelling: Spelling) -> Result<Self, String> {
        match spelling {
            Spelling::Number(level) => level.to_string().parse(),
            Spelling::Name(name) => name.parse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_names_and_numbers() {
        assert_eq!("best".parse(), Ok(Compression::Level(12)));
        assert_eq!("0".parse(), Ok(Compression::Level(0)));
        for wrong in ["13", "-1", "zopfli", ""] {
            assert!(wrong.parse::<Compression>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_default_is_best_for_programs_and_fast_for_large_data() {
        assert_eq!(Compression::Default.level(2 * MIB).number(), 12);
        assert_eq!(Compression::Default.level(200 * MIB).number(), 6);
        assert_eq!(Compression::Level(12).level(200 * MIB).number(), 12);
    }
}
