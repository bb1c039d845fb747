//! Compression, by libdeflate: whole entries at once, so that it can look far for matches.

use std::fmt;
use std::str::FromStr;

use libdeflater::{CompressionLvl, Compressor};
use serde::Deserialize;

/// How hard to compress: libdeflate's level, from 0 (store) to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Spelling")]
pub struct Compression(u8);

impl Compression {
    /// A compressed copy of almost the right size in a fraction of the time.
    pub const FAST: Self = Self(1);
    /// The smallest zip. Compiled code shrinks to within 0.5 % of what zopfli takes thirty times
    /// as long for.
    pub const BEST: Self = Self(12);
}

impl Default for Compression {
    fn default() -> Self {
        Self::BEST
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Compression {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "fast" => Ok(Self::FAST),
            "default" => Ok(Self::default()),
            "best" => Ok(Self::BEST),
            _ => match name.parse() {
                Ok(level @ 0..=12) => Ok(Self(level)),
                _ => Err(format!(
                    "unknown compression `{name}`; known are `fast`, `default`, `best` and 0 to 12"
                )),
            },
        }
    }
}

/// In a manifest a level may be written as a string or as a number.
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

/// The bytes of an entry as they stand in the zip.
pub(super) struct Packed<'data> {
    pub(super) crc32: u32,
    pub(super) deflated: Option<Vec<u8>>,
    pub(super) original: &'data [u8],
}

impl Packed<'_> {
    /// The bytes to be written.
    pub(super) fn bytes(&self) -> &[u8] {
        self.deflated.as_deref().unwrap_or(self.original)
    }
}

/// Deflates `original`, or keeps it as it is where that is no larger.
pub(super) fn pack(original: &[u8], compression: Compression) -> Packed<'_> {
    Packed {
        crc32: crc32fast::hash(original),
        deflated: deflate(original, compression).filter(|d| d.len() < original.len()),
        original,
    }
}

fn deflate(original: &[u8], compression: Compression) -> Option<Vec<u8>> {
    let level = CompressionLvl::new(i32::from(compression.0)).ok()?;
    let mut compressor = Compressor::new(level);
    // Room for one byte less than the original: a longer result is of no use.
    let mut deflated = vec![0; original.len()];
    let length = compressor.deflate_compress(original, &mut deflated).ok()?;
    deflated.truncate(length);
    deflated.shrink_to_fit();
    Some(deflated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_names_and_numbers() {
        assert_eq!("best".parse(), Ok(Compression(12)));
        assert_eq!("0".parse(), Ok(Compression(0)));
        assert!("13".parse::<Compression>().is_err());
        assert!("-1".parse::<Compression>().is_err());
        assert!("zopfli".parse::<Compression>().is_err());
    }

    #[test]
    fn what_does_not_shrink_is_stored() {
        assert!(pack(b"", Compression::BEST).deflated.is_none());
        assert!(pack(b"x", Compression::BEST).deflated.is_none());
        let packed = pack(&[7; 1000], Compression::BEST);
        assert!(packed.bytes().len() < 20);
        assert!(pack(&[7; 1000], Compression(0)).deflated.is_none());
    }

    #[test]
    fn what_was_deflated_inflates_to_the_same_bytes() {
        let original: Vec<u8> = (0..100_000_u32)
            .flat_map(|n| (n / 7).to_le_bytes())
            .collect();
        for level in [1, 6, 12] {
            let packed = pack(&original, Compression(level));
            let mut inflated = vec![0; original.len()];
            let length = libdeflater::Decompressor::new()
                .deflate_decompress(packed.bytes(), &mut inflated)
                .unwrap();
            assert_eq!(length, original.len());
            assert_eq!(inflated, original);
        }
    }
}
