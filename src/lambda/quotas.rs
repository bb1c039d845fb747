//! Lambda's quotas that concern a package. AWS writes "MB" and means MiB.

use crate::bytes::MIB;

/// Bytes that a zip must stay below to be uploaded directly: exactly so many are refused.
///
/// Source: the Lambda API's message, recorded from the service: `Zipped size must be smaller than
/// 52428800 bytes` (413 RequestEntityTooLarge).
pub(crate) const ZIPPED: u64 = 50 * MIB;

/// Bytes that code and layers must stay below together, unzipped: exactly so many are refused.
///
/// Source: the Lambda API's messages, recorded from the service: `Unzipped size must be smaller than
/// 262144000 bytes` and `Function code combined with layers exceeds the maximum allowed size of
/// 262144000 bytes. The actual size is N bytes.`
pub(crate) const UNZIPPED: u64 = 250 * MIB;

/// True from four fifths of a quota on.
pub(crate) fn is_near(bytes: u64, quota: u64) -> bool {
    bytes >= quota / 5 * 4
}

/// Layers of a function.
///
/// Source: the Lambda developer guide, "Lambda quotas".
pub(crate) const LAYERS: usize = 5;

/// Extensions of a function.
///
/// Source: the Lambda developer guide, "Lambda quotas".
pub(crate) const EXTENSIONS: usize = 10;
