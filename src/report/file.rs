//! The file that the report of a run is written to.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::error::{Error, Result};
use crate::paths::{plain, relative, why_no_file};
use crate::temp::{self, TempFile};

const UNWRITTEN: &str = "could not write the report";

/// How often the file is written again if another run has removed its temporary file: a run clears
/// the folders of its zips.
const ATTEMPTS: usize = 5;

/// The file for the report of a run.
#[derive(Debug)]
pub(crate) struct ReportFile {
    path: Utf8PathBuf,
}

/// The keys that every report has.
#[derive(Deserialize)]
struct AnyReport {
    #[serde(rename = "version")]
    _version: IgnoredAny,
    #[serde(rename = "archives")]
    _archives: IgnoredAny,
}

impl ReportFile {
    /// The file at the absolute `path`. Its folder is created, and tried.
    ///
    /// # Errors
    /// [`Error::ReportPlace`] if something else than a report is there, [`Error::Io`] if the folder
    /// cannot be written to.
    pub(crate) fn at(path: Utf8PathBuf) -> Result<Self> {
        check_report_place(&path)?;
        let file = Self { path };
        let folder = file.folder();
        let tried = temp::try_folder(folder).map_err(temp::unwritable(&file.path));
        tried.map_err(Error::io_at(&file.path, UNWRITTEN))?;
        temp::remove_left(folder, false);
        Ok(file)
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The way from the folder of the file to the absolute `path`.
    pub(super) fn way_to(&self, path: &Utf8Path) -> Utf8PathBuf {
        relative_path(path, self.folder())
    }

    /// Writes in one step what `write` writes.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub(super) fn write(&self, write: impl Fn(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let replace = || {
            let mut file = TempFile::beside(&self.path)?;
            let mut out = io::BufWriter::new(&mut file);
            write(&mut out)?;
            out.flush()?;
            drop(out);
            file.publish()
        };
        let is_gone = |written: &io::Result<()>| {
            let error = written.as_ref().err();
            error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        let mut written: io::Result<()> = replace();
        for _ in 1..ATTEMPTS {
            if is_gone(&written) {
                written = replace();
            }
        }
        written.map_err(Error::io_at(&self.path, UNWRITTEN))
    }

    fn folder(&self) -> &Utf8Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// Refuses to replace anything but a report, and a file in the place of a parent folder.
///
/// # Errors
/// [`Error::ReportPlace`], and [`Error::Io`] if what is at the absolute `path` cannot be read.
pub(crate) fn check_report_place(path: &Utf8Path) -> Result<()> {
    let refused = |why: &str| {
        Err(Error::ReportPlace {
            message: format!("the report `{path}` {why}"),
            help: "name another file, for instance `--report report.json`",
            path: path.to_owned(),
        })
    };
    if let Some(why) = why_no_file(path) {
        return refused(&why);
    }
    let Ok(metadata) = fs::metadata(path) else {
        return Ok(());
    };
    if metadata.len() == 0 {
        return Ok(());
    }
    let doing = "could not read what is at the report's place";
    let text = fs::read(path).map_err(Error::io_at(path, doing))?;
    match serde_json::from_slice::<AnyReport>(&text) {
        Ok(_) => Ok(()),
        Err(_) => refused("exists and is not a report; it would be overwritten"),
    }
}

/// The path from the folder of the report to `path`. Links are followed where the way leads up: `..`
/// is the parent of the folder that a link leads to.
fn relative_path(path: &Utf8Path, folder: &Utf8Path) -> Utf8PathBuf {
    if !path.is_absolute() {
        // Standard input or output.
        return path.to_owned();
    }
    if path.starts_with(folder) {
        return relative(path, folder);
    }
    let parent = path.parent().map(real_folder).unwrap_or_default();
    let name = path.file_name().unwrap_or_default();
    relative(&parent.join(name), &real_folder(folder))
}

/// The folder by its one name; parts that do not exist are kept.
pub(super) fn real_folder(folder: &Utf8Path) -> Utf8PathBuf {
    for ancestor in folder.ancestors() {
        if let Ok(real) = ancestor.canonicalize_utf8() {
            let real = Utf8Path::new(&*plain(real.as_str())).to_owned();
            let rest = folder.strip_prefix(ancestor).unwrap_or(Utf8Path::new(""));
            return if rest == "" { real } else { real.join(rest) };
        }
    }
    folder.to_owned()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_the_report_to_the_files_through_links_too() {
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        for folder in ["a/b", "c/d"] {
            fs::create_dir_all(place.join(folder)).unwrap();
        }
        fs::os::unix::fs::symlink("../c/d", place.join("a/link")).unwrap();
        for (path, folder, expected) in [
            ("a/b/x.zip", "a", "b/x.zip"),
            ("a/b/x.zip", "c/d", "../../a/b/x.zip"),
            ("a/x.zip", "a/link", "../../a/x.zip"),
            ("a/link/x.zip", "a", "link/x.zip"),
            ("a/none/x.zip", "a/b", "../none/x.zip"),
        ] {
            let found = relative_path(&place.join(path), &place.join(folder));
            assert_eq!(found, expected, "{path} from {folder}");
        }
        assert_eq!(relative_path("-".into(), place), "-");
    }
}
