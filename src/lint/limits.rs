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

/// Judges the size of a package in bytes, unzipped and with its layers.
pub(crate) fn unzipped(bytes: u64) -> Option<Observation> {
    (bytes >= UNZIPPED).then(|| Observation {
        lint: Lint::UnzippedTooLarge,
        message: format!(
            "the package unzips to {} ({bytes} bytes): Lambda refuses it with \
             `Unzipped size must be smaller than {UNZIPPED} bytes`",
            Size(bytes)
        ),
        help: "strip the executable (`strip = \"symbols\"` in the profile), fetch large files \
               from S3 at run time, or deploy a container image"
            .to_owned(),
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
        assert_eq!(unzipped(262_143_999), None);
        assert_eq!(lint(unzipped(262_144_000)), Some(Lint::UnzippedTooLarge));
    }
}
