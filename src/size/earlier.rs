//! The earlier sizes that zips are held against.

use std::io::BufReader;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::bound::Bound;
use super::companion::SymbolFile;
use super::compare::compare;
use super::document::{EntrySize, ZipSize};
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
    zips: Vec<EarlierZip>,
}

/// An earlier zip.
#[derive(PartialEq)]
struct EarlierZip {
    path: Utf8PathBuf,
    /// `None` if the document does not say it: a report has archives that were not written.
    size: Option<ZipSize>,
}

/// A document of `size`, or a report: both have a list of zips with their entries.
#[derive(Deserialize)]
struct EarlierDocument {
    #[serde(alias = "archives")]
    sizes: Vec<DocumentedZip>,
}

/// A zip in a document. Its sizes may be `null`, but not missing.
#[derive(Deserialize)]
struct DocumentedZip {
    path: Utf8PathBuf,
    #[serde(deserialize_with = "Option::deserialize")]
    zipped_bytes: Option<u64>,
    #[serde(deserialize_with = "Option::deserialize")]
    unzipped_bytes: Option<u64>,
    #[serde(default)]
    overhead_bytes: u64,
    entries: Vec<EntrySize>,
}

impl DocumentedZip {
    /// The zip, its relative path taken from `folder`.
    fn below(self, folder: &Utf8Path) -> EarlierZip {
        // `-` is standard input.
        let path = match self.path.as_str() {
            "-" => self.path,
            path => normalized(&folder.join(path)),
        };
        let sizes = self.zipped_bytes.zip(self.unzipped_bytes);
        let size = sizes.map(|(zipped_bytes, unzipped_bytes)| ZipSize {
            path: path.clone(),
            zipped_bytes,
            unzipped_bytes,
            overhead_bytes: self.overhead_bytes,
            entries: self.entries,
            growth: None,
        });
        EarlierZip { path, size }
    }
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
        let zips = if is_json {
            document(&source, &path, shown)?
        } else {
            let size = measure(&source, &path, symbols).map_err(unreadable())?;
            vec![EarlierZip {
                path: path.clone(),
                size: Some(size),
            }]
        };
        Ok(Self { path, zips })
    }

    /// The growth of a zip; `None` if there was none of its name. The only earlier zip is that of
    /// the `only` zip, whatever its name.
    ///
    /// # Errors
    /// [`Error::Usage`] if two earlier zips are equally close to it, or the sizes of the earlier one
    /// are not known.
    pub(crate) fn growth(
        &self,
        zip: &ZipSize,
        is_only: bool,
        bound: Option<Bound>,
    ) -> Result<Option<Growth>> {
        let before = match self.zips.as_slice() {
            [only] if is_only => Some(only),
            _ => self.closest(&zip.path)?,
        };
        let Some(before) = before else {
            return Ok(None);
        };
        let Some(size) = &before.size else {
            return Err(Error::usage(
                format!(
                    "{} has no sizes of {}, so {} cannot be compared: that zip was not written, as in \
                     a dry run, or was rejected",
                    shown(&self.path),
                    shown(&before.path),
                    shown(&zip.path),
                ),
                "name the earlier zip itself with `--against`, or the report of a run that wrote it",
            ));
        };
        Ok(Some(compare(zip, size, self.path.clone(), bound)))
    }

    /// The earlier zip whose path has the longest end in common with `path`, in whole components;
    /// none has a longer one than the same path. `None` if no file name is the same.
    fn closest(&self, path: &Utf8Path) -> Result<Option<&EarlierZip>> {
        let shared = |before: &EarlierZip| {
            let ends = path.components().rev().zip(before.path.components().rev());
            ends.take_while(|(now, before)| now == before).count()
        };
        let longest = self.zips.iter().map(shared).max().unwrap_or_default();
        if longest == 0 {
            return Ok(None);
        }
        let mut closest = self.zips.iter().filter(|before| shared(before) == longest);
        let first = closest.next();
        // A zip that was named twice is one.
        let Some((one, other)) = first.zip(closest.find(|other| Some(*other) != first)) else {
            return Ok(first);
        };
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

/// A path in messages.
fn shown(path: &Utf8Path) -> String {
    quoted_name_in_full(relative_to_current(path).as_str())
}

/// The zips in the document at the absolute `path`. Relative paths in it are relative to its folder.
fn document(source: &dyn Source, path: &Utf8Path, shown: &Utf8Path) -> Result<Vec<EarlierZip>> {
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
    let folder = path.parent().unwrap_or(path);
    let zips = document.sizes.into_iter().map(|zip| zip.below(folder));
    Ok(zips.collect())
}
