//! The growth that `--max-growth` allows.

use std::fmt;
use std::str::FromStr;

use crate::bytes::{self, Size};

/// The most growth of a size: a share of the earlier size, or a number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// In thousandths of a percent.
    Share(u64),
    Bytes(Size),
}

impl Bound {
    /// True if the growth from `before` to `after`, in bytes, is more than this.
    pub(crate) fn is_exceeded(self, before: u64, after: u64) -> bool {
        let growth = after.saturating_sub(before);
        match self {
            Self::Share(share) => {
                u128::from(growth) * 100_000 > u128::from(before) * u128::from(share)
            }
            Self::Bytes(Size(bytes)) => growth > bytes,
        }
    }
}

impl FromStr for Bound {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some(number) = text.strip_suffix('%') else {
            let bytes = bytes::parse(text).map(Self::Bytes);
            return bytes.ok_or_else(|| {
                format!(
                    "`{text}` is neither a percentage such as `5%` nor a size such as `100 KiB`"
                )
            });
        };
        thousandths(number.trim()).map(Self::Share).ok_or_else(|| {
            format!(
                "`{text}` is not a percentage such as `5%` or `2.5%`, of at most three decimals"
            )
        })
    }
}

/// A decimal number in thousandths.
fn thousandths(number: &str) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) || fraction.len() > 3 {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let fraction: u64 = format!("{fraction:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(fraction)
}

/// `5 %`, `2.5 %` or `100 KiB`
impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(share) => {
                let fraction = format!("{:03}", share % 1000);
                let fraction = fraction.trim_end_matches('0');
                let point = if fraction.is_empty() { "" } else { "." };
                write!(f, "{}{point}{fraction} %", share / 1000)
            }
            Self::Bytes(size) => size.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_a_share_or_a_size() {
        for (text, shown) in [
            ("5%", "5 %"),
            ("2.5 %", "2.5 %"),
            ("0%", "0 %"),
            ("0.125%", "0.125 %"),
            ("100 KiB", "100 KiB"),
            ("1000", "1000 B"),
        ] {
            assert_eq!(text.parse::<Bound>().unwrap().to_string(), shown, "{text}");
        }
        for text in [
            "",
            "%",
            "-5%",
            "5.%",
            ".5%",
            "1.2345%",
            "five",
            "+5%",
            "5%%",
            "99999999999999999999%",
        ] {
            assert!(text.parse::<Bound>().is_err(), "{text}");
        }
    }

    #[test]
    fn growth_up_to_the_bound_is_allowed() {
        let exceeds =
            |bound: &str, before, after| bound.parse::<Bound>().unwrap().is_exceeded(before, after);
        assert!(!exceeds("5%", 1000, 1050));
        assert!(exceeds("5%", 1000, 1051));
        assert!(!exceeds("5%", 1000, 10), "it is smaller");
        assert!(exceeds("5%", 0, 1) && !exceeds("5%", 0, 0));
        assert!(!exceeds("50", 1000, 1050) && exceeds("50", 1000, 1051));
        assert!(!exceeds("5%", u64::MAX, u64::MAX));
    }
}
