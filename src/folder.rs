//! The folder beside a zip that holds the same files, for tools that want a folder.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use tempfile::NamedTempFile;
use walkdir::WalkDir;
use zip::ZipArchive;
use zip::read::ZipFile;

use crate::error::{Error, Result};
use crate::include;

/// The folder for the files of `zip`: its path without `.zip`. Where that would end in the path
/// that the `program` has in the package, it is the folder that the program then lies in, beside
/// the zip: `bootstrap` beside `bootstrap.zip`.
pub(crate) fn beside(zip: &Utf8Path, program: Option<&str>) -> Utf8PathBuf {
    let Some("zip") = zip.extension() else {
        return format!("{zip}.d").into();
    };
    let folder = zip.with_extension("");
    match program {
        Some(program) if folder.ends_with(program) => {
            let parts = Utf8Path::new(program).components().count();
            let parent = folder.ancestors().nth(parts);
            parent.map(Utf8Path::to_owned).unwrap_or(folder)
        }
        _ => folder,
    }
}

/// What a zip contains: sizes and checksums, by name.
#[derive(Debug, Default)]
pub(crate) struct Listing(BTreeMap<String, (u64, u32)>);

impl Listing {
    /// Of the zip at `path`; nothing, if there is none. It may be anybody's, so that names that
    /// would lead out of a folder are left out.
    pub(crate) fn of(path: &Utf8Path) -> Self {
        let mut contents = BTreeMap::new();
        let Ok(mut zip) = open(path) else {
            return Self::default();
        };
        for index in 0..zip.len() {
            if let Ok(entry) = zip.by_index_raw(index)
                && let Ok(name) = entry.name()
                && include::check_name(&name).is_ok()
            {
                contents.insert(name.into_owned(), (entry.size(), entry.crc32()));
            }
        }
        Self(contents)
    }

    /// Whether the file, or link, at `path` is as the entry `name`.
    fn has(&self, name: &str, path: &Utf8Path) -> bool {
        let is_same = |&(size, crc32): &(u64, u32)| {
            let on_disk = checksum(path, size);
            matches!(on_disk, Ok(Some(found)) if found == crc32)
        };
        self.0.get(name).is_some_and(is_same)
    }
}

fn open(path: &Utf8Path) -> io::Result<ZipArchive<BufReader<fs::File>>> {
    Ok(ZipArchive::new(BufReader::new(fs::File::open(path)?))?)
}

/// The checksum of a file of `size` bytes, or of where a link leads; none of anything else.
fn checksum(path: &Utf8Path, size: u64) -> io::Result<Option<u32>> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        let target = fs::read_link(path)?;
        return Ok(target
            .to_str()
            .map(|target| crc32fast::hash(target.as_bytes())));
    }
    if !metadata.is_file() || metadata.len() != size {
        return Ok(None);
    }
    let mut file = fs::File::open(path)?;
    let mut hash = crc32fast::Hasher::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Some(hash.finalize())),
            length => hash.update(&buffer[..length]),
        }
    }
}

/// Refuses to replace in `folder` what no earlier run has put there with the zip that is at `zip`
/// now, or to leave it there, where it would be deployed too.
///
/// `programs` are paths of executables in the package, and `files` of the files beside them, each
/// with where that is now.
///
/// # Errors
/// [`Error::Usage`] for these, [`Error::Io`] if the folder cannot be read.
pub(crate) fn check<'a>(
    folder: &Utf8Path,
    zip: &Utf8Path,
    programs: impl IntoIterator<Item = &'a str>,
    files: impl IntoIterator<Item = (&'a str, &'a Utf8Path)>,
) -> Result<()> {
    let earlier = Listing::of(zip);
    let mut expected = BTreeMap::new();
    expected.extend(
        programs
            .into_iter()
            .map(|name| (folder.join(name), (name, None))),
    );
    let files = files.into_iter();
    expected.extend(files.map(|(name, now)| (folder.join(name), (name, Some(now)))));
    for (path, &(name, now)) in &expected {
        let folders = path.ancestors().skip(1);
        let mut inside = folders.take_while(|parent| parent.starts_with(folder));
        if let Some(file) = inside.find(|parent| parent.exists() && !parent.is_dir())
            && !earlier.has(&name_in(folder, file), file)
        {
            return Err(refused(file, "is in the way of a folder"));
        }
        let is_ours = || match now {
            None => is_program(path),
            Some(now) => now == path,
        };
        if path.symlink_metadata().is_ok() && !earlier.has(name, path) && !is_ours() {
            return Err(refused(
                path,
                "was not written with the zip that is there: it would be lost",
            ));
        }
    }
    if zip.starts_with(folder) {
        return Ok(()); // others may have their files beside the zip
    }
    for entry in WalkDir::new(folder).min_depth(1) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.io_error().is_some_and(is_missing) => break,
            Err(error) => return Err(Error::io("could not read the folder")(error.into())),
        };
        let is_known = |path: &Utf8Path| {
            expected.contains_key(path) || earlier.has(&name_in(folder, path), path)
        };
        let path = Utf8Path::from_path(entry.path());
        if !entry.file_type().is_dir() && !path.is_some_and(is_known) {
            let path = path.unwrap_or(folder);
            return Err(refused(
                path,
                "is no part of the package, but would be deployed with it",
            ));
        }
    }
    Ok(())
}

/// The name of what is at `path` in `folder`, as a zip has it.
fn name_in(folder: &Utf8Path, path: &Utf8Path) -> String {
    include::entry_name(path.strip_prefix(folder).unwrap_or(path))
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn refused(path: &Utf8Path, why: &str) -> Error {
    Error::usage(
        format!("`{path}` {why}"),
        "remove it, or write the zip and its folder elsewhere with `--output`",
    )
}

/// Whether a file is what may be replaced by a program.
fn is_program(path: &Utf8Path) -> bool {
    let mut beginning = Vec::new();
    let is_file = path
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.is_file());
    let read = is_file.then(|| fs::File::open(path)?.take(4).read_to_end(&mut beginning));
    matches!(read, Some(Ok(_)))
        && (beginning.starts_with(b"\x7fELF") || beginning.starts_with(b"#!"))
}

/// Makes `folder` hold what the zip at `path` does, and nothing more of what it did before, when
/// it contained what was `earlier` there. Says whether anything was to be done.
///
/// # Errors
/// If something cannot be read or written.
pub(crate) fn fill(folder: &Utf8Path, path: &Utf8Path, earlier: &Listing) -> io::Result<bool> {
    let contents = Listing::of(path);
    let mut changed = false;
    for name in earlier
        .0
        .keys()
        .filter(|name| !contents.0.contains_key(*name))
    {
        let stale = folder.join(name);
        if earlier.has(name, &stale) {
            fs::remove_file(&stale)?;
            changed = true;
            let parents = stale.ancestors().skip(1);
            // Folders that are now empty; the first that is not ends it.
            let inside = parents.take_while(|parent| *parent != folder);
            let _ = inside.map(fs::remove_dir).find(Result::is_err);
        }
    }
    let mut zip = open(path)?;
    for index in 0..zip.len() {
        let entry = zip.by_index(index)?;
        let name = entry.name()?.into_owned();
        let place = folder.join(&name);
        if !contents.has(&name, &place) || !has_mode(&place, &entry)? {
            put(entry, &place)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Writes an entry beside its place, then puts it there.
fn put(mut entry: ZipFile<'_, impl Read>, place: &Utf8Path) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Utf8Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lambda-zip-");
    if entry.is_symlink() {
        let mut target = String::new();
        entry.read_to_string(&mut target)?;
        let link = builder.make_in(folder, |path| symlink(&target, path))?;
        return persist(link, place);
    }
    let mut file = builder.tempfile_in(folder)?;
    io::copy(&mut entry, &mut file)?;
    set_mode(&file, &entry)?;
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
fn has_mode(path: &Utf8Path, entry: &ZipFile<'_, impl Read>) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::symlink_metadata(path)?;
    let mode = metadata.permissions().mode();
    Ok(entry.is_symlink() == metadata.is_symlink()
        && (metadata.is_symlink() || entry.unix_mode().is_none_or(|m| m & 0o777 == mode & 0o777)))
}

#[cfg(unix)]
fn set_mode(file: &NamedTempFile, entry: &ZipFile<'_, impl Read>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = entry.unix_mode().unwrap_or(0o644) & 0o777;
    fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn has_mode(_: &Utf8Path, _: &ZipFile<'_, impl Read>) -> io::Result<bool> {
    Ok(true)
}

#[cfg(not(unix))]
fn set_mode(_: &NamedTempFile, _: &ZipFile<'_, impl Read>) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_zips_path_or_has_the_program_beside_the_zip() {
        let beside = |zip: &str, program| beside(Utf8Path::new(zip), program).into_string();
        let bootstrap = Some("bootstrap");
        assert_eq!(beside("/t/arm64/orders.zip", bootstrap), "/t/arm64/orders");
        assert_eq!(beside("/t/orders/bootstrap.zip", bootstrap), "/t/orders");
        assert_eq!(beside("/t/my-bootstrap.zip", bootstrap), "/t/my-bootstrap");
        assert_eq!(beside("/t/f.pkg", bootstrap), "/t/f.pkg.d");
        assert_eq!(beside("/t/f", bootstrap), "/t/f.d");
        let agent = Some("extensions/agent");
        assert_eq!(beside("/t/extensions/agent.zip", agent), "/t");
        assert_eq!(beside("/t/agent.zip", agent), "/t/agent");
        assert_eq!(beside("/t/tools.zip", None), "/t/tools");
    }
}
