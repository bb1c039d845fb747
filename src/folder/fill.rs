//! Making a folder hold what its zip does, and nothing more of what it did before.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use tempfile::NamedTempFile;
use walkdir::WalkDir;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::check::{Found, Survey, Wanted, survey};
use super::ledger::Written;
use super::{Contents, Ledger, READING};
use crate::archive::Mode;
use crate::error::{Error, Result};
use crate::leftovers;

/// What is to be done in a folder.
#[derive(Debug)]
pub(crate) struct Filling {
    folder: Utf8PathBuf,
    zip: Utf8PathBuf,
    contents: Contents,
    survey: Survey,
    /// Of the contents, what is not there as it has to be.
    missing: BTreeSet<String>,
    /// What is remembered of earlier runs.
    remembered: Written,
}

impl Filling {
    /// Looks at what is to be done, so that `folder` holds `contents`, as the `zip` beside it
    /// does.
    ///
    /// # Errors
    /// As [`check`](super::check).
    pub(crate) fn plan(
        folder: &Utf8Path,
        zip: &Utf8Path,
        contents: Contents,
        ledger: &Ledger,
    ) -> Result<Self> {
        let remembered = ledger.written(zip, folder);
        let wanted = contents.0.iter();
        let wanted =
            wanted.map(|(name, (mark, mode))| (name.as_str(), Wanted::Marked(*mark, *mode)));
        let survey = survey(folder, zip, &wanted.collect(), &remembered)?;
        let mut missing = BTreeSet::new();
        for (name, (mark, mode)) in &contents.0 {
            let is_right = match survey.found.get(name) {
                Some(Found::Theirs) => true,
                Some(Found::Ours(found)) => {
                    let path = folder.join(name);
                    found == mark && has_mode(&path, *mode).map_err(Error::io(READING))?
                }
                Some(Found::Nothing) | None => false,
            };
            if !is_right {
                missing.insert(name.clone());
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            zip: zip.to_owned(),
            contents,
            survey,
            missing,
            remembered,
        })
    }

    /// Does it, and says whether there was anything to do. The zip is in its place by now.
    ///
    /// # Errors
    /// If something cannot be read or written. What has been done until then is remembered, so
    /// that a later run can go on.
    pub(crate) fn carry_out(mut self, ledger: &Ledger) -> io::Result<bool> {
        let mut written = self.written();
        let mut intended = written.clone();
        for name in &self.missing {
            let (mark, _) = self.contents.0[name];
            intended.0.entry(name.clone()).or_default().push(mark);
        }
        // Before anything is done: who kills a run must not lock out the next.
        if intended != self.remembered {
            ledger.keep(&self.zip, &self.folder, &intended)?;
            self.remembered = intended;
        }
        let done = self.work(&mut written);
        if written != self.remembered {
            let kept = ledger.keep(&self.zip, &self.folder, &written);
            return done.and_then(|changed| kept.map(|()| changed));
        }
        done
    }

    /// What is there and was written by runs before this one.
    fn written(&self) -> Written {
        let found = self.survey.found.iter();
        let ours = found.filter_map(|(name, found)| match found {
            Found::Ours(mark) => Some((name, mark)),
            Found::Nothing | Found::Theirs => None,
        });
        let all = ours.chain(&self.survey.stale);
        Written(
            all.map(|(name, mark)| (name.clone(), vec![*mark]))
                .collect(),
        )
    }

    fn work(&self, written: &mut Written) -> io::Result<bool> {
        for file in &self.survey.leftovers {
            // Another run may have been quicker.
            fs::remove_file(file).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
        }
        for name in self.survey.stale.keys() {
            let stale = self.folder.join(name);
            fs::remove_file(&stale)?;
            written.0.remove(name);
            let parents = stale.ancestors().skip(1);
            // Folders that are now empty; the first that is not ends it.
            let inside = parents.take_while(|parent| *parent != self.folder);
            let _ = inside.map(fs::remove_dir).find(Result::is_err);
        }
        if !self.missing.is_empty() {
            let file = BufReader::new(fs::File::open(&self.zip)?);
            let mut zip = ZipArchive::new(file)?;
            for index in 0..zip.len() {
                let entry = zip.by_index(index)?;
                let name = entry.name()?.into_owned();
                if self.missing.contains(&name) {
                    let (mark, mode) = self.contents.0[&name];
                    put(entry, &self.folder.join(&name), mode)?;
                    written.0.insert(name, vec![mark]);
                }
            }
        }
        Ok(!self.missing.is_empty() || !self.survey.stale.is_empty())
    }
}

/// Writes an entry beside its place, then puts it there.
fn put(mut entry: ZipFile<'_, impl Read>, place: &Utf8Path, mode: Mode) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Utf8Path::new("."));
    fs::create_dir_all(folder)?;
    if place
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.is_dir())
    {
        // Nothing but folders is left in it.
        for entry in WalkDir::new(place).contents_first(true) {
            fs::remove_dir(entry?.path())?;
        }
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(leftovers::PREFIX);
    if mode == Mode::Link {
        let mut target = String::new();
        entry.read_to_string(&mut target)?;
        let link = builder.make_in(folder, |path| symlink(&target, path))?;
        return persist(link, place);
    }
    let mut file = builder.tempfile_in(folder)?;
    io::copy(&mut entry, &mut file)?;
    set_mode(&file, mode)?;
    persist(file, place)
}

fn persist<F>(file: NamedTempFile<F>, place: &Utf8Path) -> io::Result<()> {
    let failed = |error: tempfile::PersistError<F>| {
        let message = format!("failed to write `{place}`: {}", error.error);
        io::Error::new(error.error.kind(), message)
    };
    file.persist(place).map(drop).map_err(failed)
}

#[cfg(unix)]
fn symlink(target: &str, path: &std::path::Path) -> io::Result<()> {
    fs::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn symlink(_: &str, _: &std::path::Path) -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "a folder with links in it is made on Unix only",
    ))
}

/// Whether a file has the permissions of an entry. Links have none of their own.
#[cfg(unix)]
fn has_mode(path: &Utf8Path, mode: Mode) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::symlink_metadata(path)?.permissions().mode();
    Ok(mode == Mode::Link || found & 0o777 == mode.permissions())
}

#[cfg(unix)]
fn set_mode(file: &NamedTempFile, mode: Mode) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(mode.permissions());
    fs::set_permissions(file.path(), mode)
}

#[cfg(not(unix))]
fn has_mode(_: &Utf8Path, _: Mode) -> io::Result<bool> {
    Ok(true)
}

#[cfg(not(unix))]
fn set_mode(_: &NamedTempFile, _: Mode) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    fn fill(zip: &Utf8Path, ledger: &Ledger, between: impl FnOnce(&Utf8Path)) -> io::Result<bool> {
        let folder = zip.with_extension("");
        let contents = ["a", "b"].map(|name| {
            let mark = Mark::new(false, blake3::hash(name.as_bytes()));
            (name.to_owned(), (mark, Mode::Plain))
        });
        let filling = Filling::plan(&folder, zip, Contents(contents.into()), ledger).unwrap();
        between(&folder);
        filling.carry_out(ledger)
    }

    #[test]
    fn after_a_failure_half_way_the_next_run_goes_on() {
        use std::io::Write;
        let place = tempfile::tempdir().unwrap();
        let place = Utf8Path::from_path(place.path()).unwrap();
        let ledger = Ledger::in_folder(place.join("records"));
        let zip = place.join("f.zip");
        let mut writer = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
        for name in ["a", "b"] {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(name, options).unwrap();
            writer.write_all(name.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        let in_the_way = |folder: &Utf8Path| {
            fs::create_dir_all(folder.join("b")).unwrap();
            fs::write(folder.join("b/x"), "").unwrap();
        };
        fill(&zip, &ledger, in_the_way).unwrap_err();
        let folder = place.join("f");
        let known = ledger.written(&zip, &folder);
        assert_eq!(known.0.keys().collect::<Vec<_>>(), ["a"]);
        fs::remove_dir_all(folder.join("b")).unwrap();
        assert!(fill(&zip, &ledger, |_| ()).unwrap());
        assert!(!fill(&zip, &ledger, |_| ()).unwrap());
        assert_eq!(ledger.written(&zip, &folder).0.len(), 2);
    }
}
