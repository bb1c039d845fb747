//! The file that the page is written to.

use std::io::{Read, Write};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::document::ZipSize;
use super::page;
use crate::error::{Error, Result};
use crate::paths::{file_above, impossible};
use crate::temp::{self, TempFiles};

/// The file for a page.
pub(crate) struct PageFile {
    path: Utf8PathBuf,
}

impl PageFile {
    /// The file at the absolute `path`. Its folder is created.
    ///
    /// # Errors
    /// [`Error::Usage`] if something else than a page is there, [`Error::Io`] if the folder cannot be
    /// created.
    pub(crate) fn at(path: Utf8PathBuf) -> Result<Self> {
        let refused = |why: String| {
            Error::usage(
                format!("the page `{path}` {why}"),
                "name another file, for instance `--html sizes.html`",
            )
        };
        if let Some(file) = file_above(&path) {
            return Err(refused(format!(
                "would be in `{file}`, which is not a folder"
            )));
        }
        if let Some(why) = impossible(&path) {
            return Err(refused(why.to_owned()));
        }
        if let Ok(metadata) = fs::metadata(&path) {
            if !metadata.is_file() {
                return Err(refused("is not a regular file".to_owned()));
            }
            if metadata.len() > 0 && !is_page(&path) {
                let why = "exists and is not a page of `size`; it would be overwritten";
                return Err(refused(why.to_owned()));
            }
        }
        let file = Self { path };
        fs::create_dir_all(file.folder()).map_err(file.unwritable())?;
        Ok(file)
    }

    /// Writes the page of `sizes` in one step.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub(crate) fn write(&self, sizes: &[ZipSize]) -> Result<()> {
        let page = page::page(sizes)
            .map_err(Into::into)
            .map_err(self.unwritable())?;
        let write = || {
            let mut file = TempFiles::default().file_in(self.folder())?;
            file.write_all(page.as_bytes())?;
            temp::persist(file, &self.path)?;
            Ok(())
        };
        write().map_err(self.unwritable())
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    fn folder(&self) -> &Utf8Path {
        self.path.parent().unwrap_or(&self.path)
    }

    fn unwritable(&self) -> impl FnOnce(std::io::Error) -> Error {
        Error::io(format!("could not write the page `{}`", self.path))
    }
}

/// True if the file begins as pages do.
fn is_page(path: &Utf8Path) -> bool {
    let mut beginning = vec![0; page::MARK.len()];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut beginning));
    read.is_ok() && beginning == page::MARK.as_bytes()
}
