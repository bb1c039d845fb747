//! The growth of a zip since an earlier one.

use camino::Utf8PathBuf;
use serde::Serialize;

use crate::inspect::Origin;

/// The growth of a zip since an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Growth {
    /// The absolute path of the earlier zip or document.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(crate) against: Utf8PathBuf,
    /// The earlier size of the zip in bytes.
    pub(crate) zipped_bytes: u64,
    /// The earlier size of its entries in bytes.
    pub(crate) unzipped_bytes: u64,
    /// True if the zip, or its entries together, grew by more than `--max-growth`.
    pub(crate) exceeded: bool,
    /// What has another size, by the change: that which grew most is the first.
    pub(crate) changes: Vec<Change>,
}

/// An entry or a part of a program that has another size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Change {
    /// The path of the entry.
    pub(crate) entry: String,
    /// The kind of part; `None` for the entry as a whole.
    pub(crate) kind: Option<Origin>,
    /// The name of the part; `None` for the entry as a whole.
    pub(crate) name: Option<String>,
    /// The size now; `None` if it was removed.
    pub(crate) now: Option<PairOfSizes>,
    /// The earlier size; `None` if it is new.
    pub(crate) before: Option<PairOfSizes>,
}

/// A size, unpacked and in the zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct PairOfSizes {
    /// The unpacked size in bytes.
    pub(crate) bytes: u64,
    /// The size in the zip in bytes; of a part of a program, it is estimated.
    pub(crate) compressed_bytes: u64,
}

impl Change {
    /// The changes of the unpacked size and of the size in the zip, in bytes.
    pub(crate) fn difference(&self) -> (i128, i128) {
        let of = |size: Option<PairOfSizes>| {
            size.map_or((0, 0), |size| {
                (size.bytes.into(), size.compressed_bytes.into())
            })
        };
        let (now, before): ((i128, i128), (i128, i128)) = (of(self.now), of(self.before));
        (now.0 - before.0, now.1 - before.1)
    }
}
