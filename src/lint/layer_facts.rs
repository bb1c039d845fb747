//! A function's layer, as far as it is known: its files, or its size alone.

use std::io;

use camino::Utf8Path;

use super::checks::is_looked_for;
use super::contents::{self, ZipContents};
use super::file::File;
use super::zip_anomalies::ZipAnomalies;
use crate::archive::read::{self, Fault, LargeEntryLock, Zip};
use crate::bytes;
use crate::error::{Error, Result};
use crate::inspect::Executable;
use crate::lambda::Architecture;

/// The known facts about a layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LayerFacts {
    /// The file name of its zip, or its ARN without the version; empty if neither is known.
    pub(crate) name: String,
    /// Unzipped bytes.
    pub(crate) bytes: u64,
    /// `None` if only its size is known: any file that is missing may be in it.
    pub(crate) files: Option<Vec<File>>,
    pub(crate) anomalies: ZipAnomalies,
}

impl LayerFacts {
    /// A layer with these files, whose zip has that file name and no anomalies.
    pub(crate) fn of_files(name: String, files: Vec<File>) -> Self {
        Self {
            name,
            bytes: bytes::sum(files.iter().map(|file| file.bytes)),
            files: Some(files),
            anomalies: ZipAnomalies::default(),
        }
    }

    /// A layer of which only the size is known, in bytes: any file that is missing may be in it.
    pub(crate) fn of_size(bytes: u64) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }

    /// The architecture of the first program or library that Lambda looks for; `None` if there is
    /// none.
    pub(crate) fn architecture(&self) -> Option<Architecture> {
        let files = self.files.iter().flatten();
        let executables = files.filter(|file| is_looked_for(file));
        let mut executables = executables.filter_map(File::executable);
        executables.find_map(Executable::architecture)
    }
}

/// Reads the layer whose zip is at `path`. Of a broken zip, `files` is `None`.
///
/// # Errors
/// [`Error::MissingFile`], [`Error::Usage`] or [`Error::Io`] if there is no file, or it cannot be
/// read.
pub(crate) fn read_layer(path: &Utf8Path, large_entry_lock: &LargeEntryLock) -> Result<LayerFacts> {
    read::check("the layer", path)?;
    let source = read::open(path)?;
    let contents = Fault::defect(Zip::open(&source))
        .and_then(|zip| contents::read(&zip, large_entry_lock))
        .map_err(unreadable(path))?;
    let ZipContents { files, anomalies } = contents;
    Ok(LayerFacts {
        name: path.file_name().unwrap_or(path.as_str()).to_owned(),
        bytes: bytes::sum(files.iter().map(|file| file.bytes)),
        files: anomalies.broken.is_empty().then_some(files),
        anomalies,
    })
}

/// Reads the layer that a package is made for, whose zip is at `path`.
///
/// # Errors
/// The errors of [`read_layer`], and [`Error::Io`] if the zip is broken.
pub(crate) fn read_whole_layer(
    path: &Utf8Path,
    large_entry_lock: &LargeEntryLock,
) -> Result<LayerFacts> {
    let facts = read_layer(path, large_entry_lock)?;
    match facts.anomalies.broken.first() {
        Some(broken) => Err(unreadable(path)(Fault::from(broken.clone()).into())),
        None => Ok(facts),
    }
}

fn unreadable(path: &Utf8Path) -> impl FnOnce(io::Error) -> Error {
    Error::io_at(path, format!("could not read the layer `{path}`"))
}
