//! The file with the debug information of one program.

use std::io::{self, Seek, Write};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use tempfile::NamedTempFile;

use super::strip;
use crate::archive::{FileDigest, OpenFile};
use crate::error::{Error, Result};
use crate::inspect::{ExecutableFile, build_id};
use crate::report::DebugFileReport;
use crate::temp::TempFiles;

/// A debug file that is in its place, or ready to take it.
pub(in crate::package) struct DebugFile {
    path: Utf8PathBuf,
    bytes: u64,
    build_id: Option<String>,
    /// `None` if the same file is in its place.
    draft: Option<NamedTempFile>,
}

impl DebugFile {
    pub(in crate::package) fn path(&self) -> &Utf8Path {
        &self.path
    }

    pub(in crate::package) fn is_there(&self) -> bool {
        self.draft.is_none()
    }

    pub(in crate::package) fn report(&self) -> DebugFileReport {
        DebugFileReport {
            path: self.path.clone(),
            bytes: self.bytes,
            build_id: self.build_id.clone(),
        }
    }

    /// Moves the file to its place in one step.
    ///
    /// # Errors
    /// If it cannot be renamed.
    pub(in crate::package) fn publish(&mut self) -> io::Result<()> {
        let Some(draft) = self.draft.take() else {
            return Ok(());
        };
        draft.persist(&self.path).map_err(|error| {
            let message = format!("failed to write `{}`: {}", self.path, error.error);
            io::Error::new(error.error.kind(), message)
        })?;
        Ok(())
    }
}

/// Separates a program from its debug information, for which the file at `path` is. `None` if it is
/// no ELF file that can be taken apart; lints say what it is.
///
/// # Errors
/// [`Error::Io`] if the program cannot be read, or a file cannot be written beside `path`.
pub(in crate::package) fn separate(
    program: &ExecutableFile,
    path: &Utf8Path,
    temp_files: &TempFiles,
) -> Result<Option<(ExecutableFile, DebugFile)>> {
    let failed = || Error::io_at(path, format!("could not write the debug file `{path}`"));
    let linked = program.file.read().map_err(failed())?;
    let name = path.file_name().unwrap_or_default();
    let Some(stripped) = strip::stripped(&linked, name, crc32fast::hash(&linked)) else {
        return Ok(None);
    };
    let stripped = unnamed(&stripped, &program.file.path, path).map_err(failed())?;
    let draft = if is_at(path, &linked) {
        None
    } else {
        Some(draft(&linked, path, temp_files).map_err(failed())?)
    };
    let file = DebugFile {
        path: path.to_owned(),
        bytes: linked.len() as u64,
        build_id: build_id(linked.as_slice()).map(base16ct::lower::encode_string),
        draft,
    };
    Ok(Some((ExecutableFile::of(stripped)?, file)))
}

/// True if the regular file at `path` has these bytes.
fn is_at(path: &Utf8Path, bytes: &[u8]) -> bool {
    let is_file = fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() == bytes.len() as u64);
    is_file && FileDigest::of(path).is_ok_and(|file| file.blake3 == blake3::hash(bytes))
}

fn draft(bytes: &[u8], path: &Utf8Path, temp_files: &TempFiles) -> io::Result<NamedTempFile> {
    let mut file = temp_files.file_in(path.parent().unwrap_or(Utf8Path::new(".")))?;
    file.write_all(bytes)?;
    Ok(file)
}

/// A file without a name, on the disk of `beside`. It stands in for the program at `program`.
fn unnamed(bytes: &[u8], program: &Utf8Path, beside: &Utf8Path) -> io::Result<OpenFile> {
    let mut file = tempfile::tempfile_in(beside.parent().unwrap_or(Utf8Path::new(".")))?;
    file.write_all(bytes)?;
    file.rewind()?;
    OpenFile::unnamed(program, file)
}
