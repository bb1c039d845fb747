//! One file for each name.

use camino::Utf8Path;

use super::file::IncludedFile;
use crate::error::{Error, Result};
use crate::text::seen;

/// Sorts by name. The same file may be there twice.
///
/// # Errors
/// [`Error::Usage`] for two files of one name, and for a file where another file needs a folder.
pub(super) fn unique(mut files: Vec<IncludedFile>) -> Result<Vec<IncludedFile>> {
    // A stable sort needs as much memory again, and most walks are in order.
    if !files.is_sorted_by(|one, other| one.name < other.name) {
        // Of the same file, the last one counts.
        files.reverse();
        files.sort_by(|one, other| one.name.cmp(&other.name));
    }
    for pair in files.windows(2) {
        let [other, one] = pair else { continue };
        if one.name == other.name && one.path != other.path {
            return Err(Error::usage(
                format!(
                    "two files would be `{}` in the package: `{}` and `{}`",
                    one.name,
                    seen(one.path.as_str()),
                    seen(other.path.as_str())
                ),
                "rename one of them with FROM=TO, or leave it out with `exclude`",
            ));
        }
    }
    files.dedup_by(|one, other| one.name == other.name);
    let named = |name: &str| {
        let place = files.binary_search_by(|file| (*file.name).cmp(name));
        place.ok().map(|place| &files[place])
    };
    for file in &files {
        let mut folders = Utf8Path::new(&file.name).ancestors().skip(1);
        if let Some(file) = folders.find_map(|folder| named(folder.as_str())) {
            return Err(Error::usage(
                format!(
                    "`{}` would be both a file and a folder in the package",
                    file.name
                ),
                "rename one of them with FROM=TO",
            ));
        }
    }
    Ok(files)
}
