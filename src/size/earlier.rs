//! The earlier sizes that zips are held against.

use std::io::BufReader;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::bound::Bound;
use super::companion::SymbolFile;
use super::compare::compare;
use super::document::ZipSize;
use super::growth::Growth;
use super::measure::measure;
use crate::archive::read::{self, Reader, Source};
use crate::bytes::{MIB, Size};
use crate::error::{Error, Result};
use crate::paths::{normalized, relative_to_current};
use crate::text::quoted_name_in_full;

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
        symbols: &[SymbolFile],
    ) -> Result<Self> {
        read::check("the earlier zip", shown)?;
        let source = read::open(shown)?;
        let unreadable = || Error::io(format!("could not read `{shown}`"));
        let mut beginning = [0];
        let is_json = source.read_at(0, &mut beginning).is_ok() && beginning == *b"{";
        let sizes = if is_json {
            document(&source, &path, shown)?
        } else {
            vec![measure(&source, &path, symbols).map_err(unreadable())?]
        };
        Ok(Self { path, sizes })
    }

    /// The growth of a zip; `None` if there was none of its name. The only earlier zip is that of
    /// the `only` zip, whatever its name.
    ///
    /// # Errors
    /// [`Error::Usage`] if two earlier zips are equally close to it.
    pub(crate) fn growth(
        &self,
        zip: &ZipSize,
        is_only: bool,
        bound: Option<Bound>,
    ) -> Result<Option<Growth>> {
        let before = match self.sizes.as_slice() {
            [only] if is_only => Some(only),
            _ => self.closest(&zip.path)?,
        };
        Ok(before.map(|before| compare(zip, before, self.path.clone(), bound)))
    }

    /// The earlier zip whose path has the longest end in common with `path`, in whole components;
    /// none has a longer one than the same path. `None` if no file name is the same.
    fn closest(&self, path: &Utf8Path) -> Result<Option<&ZipSize>> {
        let shared = |before: &ZipSize| {
            let ends = path.components().rev().zip(before.path.components().rev());
            ends.take_while(|(now, before)| now == before).count()
        };
        let longest = self.sizes.iter().map(shared).max().unwrap_or_default();
        if longest == 0 {
            return Ok(None);
        }
        let mut closest = self.sizes.iter().filter(|before| shared(before) == longest);
        let first = closest.next();
        // A zip that was named twice is one.
        let Some((one, other)) = first.zip(closest.find(|other| Some(*other) != first)) else {
            return Ok(first);
        };
        let shown = |path| quoted_name_in_full(relative_to_current(path).as_str());
        Err(Error::usage(
            format!(
                "the path of {} is as close to that of {} as to that of {} in {}",
                shown(path),
                shown(&one.path),
                shown(&other.path),
                shown(&self.path),
            ),
            "compare each zip in a run of its own, with `--against` and the path of its earlier zip",
        ))
    }
}

/// The sizes in the document at the absolute `path`. Relative paths in it are relative to its folder.
fn document(source: &dyn Source, path: &Utf8Path, shown: &Utf8Path) -> Result<Vec<ZipSize>> {
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
    let mut document: EarlierDocument =
        serde_json::from_reader(reader).map_err(|error| refused(&error.to_string()))?;
    if document.sizes.is_empty() {
        return Err(refused("it has no sizes of zips"));
    }
    let folder = path.parent().unwrap_or(path);
    for zip in &mut document.sizes {
        // `-` is standard input.
        if zip.path != "-" {
            zip.path = normalized(&folder.join(&zip.path));
        }
    }
    Ok(document.sizes)
}
