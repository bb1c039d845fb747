//! One file for each name.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::file::IncludedFile;
use crate::error::{Error, Result};
use crate::text::printable;

/// Sorts by name. The same file may be there twice.
///
/// # Errors
/// [`Error::Usage`] for two files of one name, and for a file where another file needs a folder.
pub(super) fn unique(files: Vec<IncludedFile>) -> Result<Vec<IncludedFile>> {
    let mut by_name: BTreeMap<String, IncludedFile> = BTreeMap::new();
    for file in files {
        if let Some(other) = by_name.get(&file.name)
            && other.path != file.path
        {
            return Err(Error::usage(
                format!(
                    "two files would be `{}` in the package: `{}` and `{}`",
                    file.name,
                    printable(other.path.as_str()),
                    printable(file.path.as_str())
                ),
                "rename one of them with FROM=TO, or leave it out with `exclude`",
            ));
        }
        by_name.insert(file.name.clone(), file);
    }
    for name in by_name.keys() {
        let mut folders = Utf8Path::new(name).ancestors().skip(1);
        if let Some(file) = folders.find_map(|folder| by_name.get(folder.as_str())) {
            return Err(Error::usage(
                format!(
                    "`{}` would be both a file and a folder in the package",
                    file.name
                ),
                "rename one of them with FROM=TO",
            ));
        }
    }
    Ok(by_name.into_values().collect())
}
