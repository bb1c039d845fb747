//! The earlier sizes that zips are held against.

use std::io::BufReader;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::bound::Bound;
use super::compare::compare;
use super::document::ZipSize;
use super::growth::Growth;
use super::measure::measure;
use crate::archive::read::{self, Reader, Source};
use crate::bytes::{MIB, Size};
use crate::error::{Error, Result};

/// The sizes of earlier zips.
pub(crate) struct Earlier {
    path: Utf8PathBuf,
    sizes: Vec<ZipSize>,
}

/// A document of `size`, or a report: both have a list of zips with their entries.
#[derive(Deserialize)]
struct EarlierDocument {
    #[serde(alias = "archives")]
    sizes: Vec<ZipSize>,
}

impl Earlier {
    /// Reads the earlier zip or document at the absolute `path`, which is `shown` in messages.
    ///
    /// # Errors
    /// [`Error::MissingFile`], [`Error::Io`] if it cannot be read, [`Error::Usage`] if it is neither
    /// a zip nor a document with sizes.
    pub(crate) fn read(
        path: Utf8PathBuf,
        shown: &Utf8Path,
        debug_files: &[Utf8PathBuf],
    ) -> Result<Self> {
        read::check("the earlier zip", shown)?;
        let source = read::open(shown)?;
        let unreadable = || Error::io(format!("could not read `{shown}`"));
        let mut beginning = [0];
        let is_json = source.read_at(0, &mut beginning).is_ok() && beginning == *b"{";
        let sizes = if is_json {
            document(&source, shown)?
        } else {
            vec![measure(&source, &path, debug_files).map_err(unreadable())?]
        };
        Ok(Self { path, sizes })
    }

    /// The growth of a zip; `None` if there was none of its name. The only earlier zip is that of
    /// the `only` zip, whatever its name.
    pub(crate) fn growth(
        &self,
        zip: &ZipSize,
        is_only: bool,
        bound: Option<Bound>,
    ) -> Option<Growth> {
        let name = zip.path.file_name();
        let same = |before: &&ZipSize| before.path.file_name() == name;
        let only = match self.sizes.as_slice() {
            [only] if is_only => Some(only),
            _ => None,
        };
        let before = only.or_else(|| self.sizes.iter().find(same))?;
        Some(compare(zip, before, self.path.clone(), bound))
    }
}

/// The sizes in a document.
fn document(source: &dyn Source, shown: &Utf8Path) -> Result<Vec<ZipSize>> {
    /// The largest document that is read, in bytes. That of a zip at Lambda's quota has a few MiB.
    const MOST: u64 = 256 * MIB;
    let refused = |why: &str| {
        Error::usage(
            format!("`{shown}` is no earlier result: {why}"),
            "name an earlier zip, or a file with the output of `size --message-format json`",
        )
    };
    if source.length() > MOST {
        return Err(refused(&format!("it is longer than {}", Size(MOST))));
    }
    let reader = BufReader::new(Reader::new(source));
    let document: EarlierDocument =
        serde_json::from_reader(reader).map_err(|error| refused(&error.to_string()))?;
    if document.sizes.is_empty() {
        return Err(refused("it has no sizes of zips"));
    }
    Ok(document.sizes)
}
