//! Sizes as people read and write them. All sizes in the tool are in bytes.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Unexpected, Visitor};

/// Bytes in a KiB.
pub(crate) const KIB: u64 = 1024;
/// Bytes in a MiB. AWS writes "MB" for it.
pub(crate) const MIB: u64 = 1024 * KIB;

/// The sum of sizes, or [`u64::MAX`] where it is larger: a zip may declare sizes of any kind.
pub(crate) fn sum(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.fold(0, u64::saturating_add)
}

/// A number of bytes, displayed as `512 B`, `602 KiB` or `1.3 MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = *self;
        if bytes < KIB {
            return write!(f, "{bytes} B");
        }
        let kib = bytes.saturating_add(KIB / 2) / KIB;
        if kib < KIB {
            return write!(f, "{kib} KiB");
        }
        let tenths = (u128::from(bytes) * 10 + u128::from(MIB / 2)) / u128::from(MIB);
        write!(f, "{}.{} MiB", tenths / 10, tenths % 10)
    }
}

/// Parses a size such as `1000`, `512 KiB`, `12MiB`, `1.5 GiB` or `.25 MiB`. "MB" means MiB, as it
/// does at AWS. A fraction of a byte is dropped.
pub(crate) fn parse(text: &str) -> Option<Size> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => KIB,
        "m" | "mb" | "mib" => MIB,
        "g" | "gb" | "gib" => 1024 * MIB,
        _ => return None,
    };
    let (whole, fraction) = match number.split_once('.') {
        // More digits would overflow, and are surely a mistake.
        Some((_, fraction)) if fraction.is_empty() || fraction.len() > 12 => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    let digits: u128 = [whole, fraction].concat().parse().ok()?;
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let bytes = digits.checked_mul(u128::from(factor))? / scale;
    u64::try_from(bytes).ok().map(Size)
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text).ok_or_else(|| format!("`{text}` is not a size such as `12 MiB`"))
    }
}

impl<'de> Deserialize<'de> for Size {
    /// Reads a string such as `"12 MiB"`, or a number of bytes.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SizeVisitor;

        impl Visitor<'_> for SizeVisitor {
            type Value = Size;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a size such as \"12 MiB\", or a number of bytes")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Size, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, bytes: i64) -> Result<Size, E> {
                let size = u64::try_from(bytes).map(Size);
                size.map_err(|_| E::invalid_value(Unexpected::Signed(bytes), &self))
            }
        }

        deserializer.deserialize_any(SizeVisitor)
    }
}

/// A share of a limit, displayed as `1.2 % of 50 MiB`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    /// Bytes used.
    pub bytes: u64,
    /// Bytes allowed; not zero.
    pub limit: u64,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permille = (u128::from(self.bytes) * 1000).div_ceil(u128::from(self.limit.max(1)));
        let (whole, tenth) = (permille / 10, permille % 10);
        write!(f, "{whole}.{tenth} % of {} MiB", self.limit / MIB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded() {
        let shown = |bytes| Size(bytes).to_string();
        assert_eq!(shown(0), "0 B");
        assert_eq!(shown(1023), "1023 B");
        assert_eq!(shown(616_448), "602 KiB");
        assert_eq!(shown(1_382_720), "1.3 MiB");
        assert_eq!(shown(MIB - 1), "1.0 MiB");
        assert_eq!(shown(250 * MIB), "250.0 MiB");
        assert_eq!(shown(u64::MAX), "17592186044416.0 MiB");
    }

    #[test]
    fn sizes_are_read_in_the_units_that_people_write() {
        for (text, bytes) in [
            ("0", 0),
            ("1000", 1000),
            ("512 KiB", 512 * KIB),
            ("12mb", 12 * MIB),
            ("1.5GiB", 1536 * MIB),
            ("12.25MiB", 12 * MIB + 256 * KIB),
            (".5 MiB", 512 * KIB),
        ] {
            assert_eq!(parse(text), Some(Size(bytes)), "{text}");
        }
        for text in [
            "",
            "MiB",
            "1.zip",
            "-1",
            "1 TiB",
            "99999999999999 GiB",
            "1.",
            ".",
            "1.2.3 MiB",
            "17179869184 GiB",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_share_is_rounded_up_so_that_only_the_limit_itself_reads_100() {
        let share = |bytes| {
            Share {
                bytes,
                limit: 50 * MIB,
            }
            .to_string()
        };
        assert_eq!(share(0), "0.0 % of 50 MiB");
        assert_eq!(share(1), "0.1 % of 50 MiB");
        assert_eq!(share(617_406), "1.2 % of 50 MiB");
        assert_eq!(share(50 * MIB), "100.0 % of 50 MiB");
    }
}
