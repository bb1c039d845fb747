//! Lambda's sizes.

use super::{Lint, Observation};
use crate::size::{MIB, Size};

/// Bytes a zip must stay below to be uploaded directly.
///
/// Source: the Lambda API's own message, recorded from the service (see [`zipped`]).
pub(crate) const ZIPPED: u64 = 50 * MIB;

/// Bytes that code and layers must stay below together, unzipped.
///
/// Source: the Lambda API's own message, recorded from the service (see [`unzipped`]).
pub(crate) const UNZIPPED: u64 = 250 * MIB;

/// Judges the size of a zip in bytes.
pub(crate) fn zipped(bytes: u64, file_name: &str) -> Option<Observation> {
    (bytes >= ZIPPED).then(|| Observation {
        lint: Lint::ZipTooLarge,
        message: format!(
            "the zip is {} ({bytes} bytes): a direct upload is refused with \
             `Zipped size must be smaller than {ZIPPED} bytes`",
            Size(bytes)
        ),
        help: format!(
            "upload it to S3 in the function's region, `aws s3 cp {file_name} s3://BUCKET/{file_name}`, \
             and deploy it from there, `aws lambda update-function-code --function-name NAME \
             --s3-bucket BUCKET --s3-key {file_name}` (SAM does this by itself)"
        ),
    })
}

/// Layers a function may have.
///
/// Source: the Lambda developer guide, "Lambda quotas".
pub(crate) const LAYERS: usize = 5;

/// How many of the largest entries a finding names.
const NAMED: usize = 3;

/// Judges the size of a package, unzipped and with its layers: of each entry its name and bytes,
/// of each layer its bytes.
pub(crate) fn unzipped(entries: &[(&str, u64)], layers: &[u64]) -> Option<Observation> {
    let code: u64 = entries.iter().map(|(_, bytes)| bytes).sum();
    let all = code.saturating_add(layers.iter().sum());
    if all < UNZIPPED {
        return None;
    }
    let message = if layers.is_empty() {
        format!(
            "the package unzips to {} ({all} bytes): Lambda refuses it with `Unzipped size must \
             be smaller than {UNZIPPED} bytes`",
            Size(all)
        )
    } else {
        format!(
            "the package and its layers unzip to {} ({all} bytes, {code} of them code): Lambda \
             refuses them with `Function code combined with layers exceeds the maximum allowed \
             size of {UNZIPPED} bytes. The actual size is {all} bytes.`",
            Size(all)
        )
    };
    Some(Observation {
        lint: Lint::UnzippedTooLarge,
        message: format!("{message}; the largest entries are {}", largest(entries)),
        help: "leave out what is not needed, strip the executable (`strip = \"symbols\"` in the \
               profile), fetch large files from S3 at run time, or deploy a container image"
            .to_owned(),
    })
}

/// The largest of some entries, given by names and bytes, in words.
pub(super) fn largest(entries: &[(&str, u64)]) -> String {
    let mut largest = entries.to_vec();
    largest.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let largest: Vec<String> = largest
        .iter()
        .take(NAMED)
        .map(|(name, bytes)| format!("`{name}` {}", Size(*bytes)))
        .collect();
    largest.join(", ")
}

/// Judges the number of layers.
pub(crate) fn layers(count: usize) -> Option<Observation> {
    (count > LAYERS).then(|| Observation {
        lint: Lint::TooManyLayers,
        message: format!("the function would have {count} layers; Lambda takes {LAYERS} at most"),
        help: "merge layers, or move their contents into the package".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_themselves_are_too_large_and_one_byte_less_is_not() {
        assert_eq!(zipped(52_428_799, "f.zip"), None);
        let lint = |observation: Option<Observation>| observation.map(|o| o.lint);
        assert_eq!(lint(zipped(52_428_800, "f.zip")), Some(Lint::ZipTooLarge));
        assert_eq!(unzipped(&[("a", 262_143_999)], &[]), None);
        let too_large = Some(Lint::UnzippedTooLarge);
        assert_eq!(lint(unzipped(&[("a", 262_144_000)], &[])), too_large);
        assert_eq!(unzipped(&[("a", 1)], &[262_143_998]), None);
        assert_eq!(lint(unzipped(&[("a", 1)], &[262_143_998, 1])), too_large);
    }

    #[test]
    fn the_largest_entries_are_named() {
        let found = unzipped(&[("a", 1), ("b", UNZIPPED), ("c", 3), ("d", 2)], &[]).unwrap();
        assert!(
            found.message.contains("`b` 250.0 MiB, `c` 3 B, `d` 2 B"),
            "{}",
            found.message
        );
    }

    #[test]
    fn a_sixth_layer_is_one_too_many() {
        assert_eq!(layers(5), None);
        assert_eq!(layers(6).map(|o| o.lint), Some(Lint::TooManyLayers));
    }
}
