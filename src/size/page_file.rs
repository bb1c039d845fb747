//! The file that the page is written to.

use std::io::{self, Read, Write};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::document::ZipSize;
use super::page;
use crate::error::{Error, Result};
use crate::paths::why_no_file;
use crate::temp::{self, TempFile};

const UNWRITTEN: &str = "could not write the page";

/// The file for a page.
pub(crate) struct PageFile {
    path: Utf8PathBuf,
}

impl PageFile {
    /// The file at the absolute `path`. Its folder is created, and tried.
    ///
    /// # Errors
    /// [`Error::Usage`] if something else than a page is there, [`Error::Io`] if the folder cannot be
    /// written to.
    pub(crate) fn at(path: Utf8PathBuf) -> Result<Self> {
        let refused = |why: String| {
            Error::usage(
                format!("the page `{path}` {why}"),
                "name another file, for instance `--html sizes.html`",
            )
        };
        if let Some(why) = why_no_file(&path) {
            return Err(refused(why));
        }
        if fs::metadata(&path).is_ok_and(|metadata| metadata.len() > 0) && !is_page(&path) {
            let why = "exists and is not a page of `size`; it would be overwritten";
            return Err(refused(why.to_owned()));
        }
        let folder = path.parent().unwrap_or(&path);
        let tried = temp::try_folder(folder).map_err(temp::unwritable(&path));
        tried.map_err(Error::io(UNWRITTEN))?;
        Ok(Self { path })
    }

    /// Writes the page of `sizes` in one step.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub(crate) fn write(&self, sizes: &[ZipSize]) -> Result<()> {
        let write = || -> io::Result<()> {
            let mut file = TempFile::beside(&self.path)?;
            file.write_all(page::page(sizes)?.as_bytes())?;
            file.publish()
        };
        write().map_err(Error::io(UNWRITTEN))
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }
}

/// True if the file begins as pages do.
fn is_page(path: &Utf8Path) -> bool {
    let mut beginning = vec![0; page::MARK.len()];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut beginning));
    read.is_ok() && beginning == page::MARK.as_bytes()
}
