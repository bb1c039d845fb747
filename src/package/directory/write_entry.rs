//! Writes one entry of a zip to its place in a folder, whole or not at all.

use std::io::{self, Read};

use camino::Utf8Path;
use fs_err as fs;
use tempfile::NamedTempFile;
use zip::read::ZipFile;

use crate::archive::Mode;
use crate::temp;

/// Writes an entry to a temporary file beside `place`, then renames that.
pub(crate) fn write_entry(
    mut entry: ZipFile<'_, impl Read>,
    place: &Utf8Path,
    mode: Mode,
) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Utf8Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(temp::PREFIX);
    if mode == Mode::Link {
        let mut target = String::new();
        entry.read_to_string(&mut target)?;
        let link = builder.make_in(folder, |path| symlink(&target, path))?;
        return temp::publish(link, place);
    }
    let mut file = builder.tempfile_in(folder)?;
    io::copy(&mut entry, &mut file)?;
    set_mode(&file, mode)?;
    temp::publish(file, place)
}

#[cfg(unix)]
fn symlink(target: &str, path: &std::path::Path) -> io::Result<()> {
    fs::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn symlink(_: &str, _: &std::path::Path) -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "a folder with links in it can be written on Unix only",
    ))
}

/// Whether a file has the permissions of an entry. Links have none of their own.
#[cfg(unix)]
pub(crate) fn has_mode(path: &Utf8Path, mode: Mode) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let found = path.symlink_metadata().map(|m| m.permissions().mode());
    mode == Mode::Link || found.is_ok_and(|found| found & 0o7777 == mode.permissions())
}

#[cfg(unix)]
fn set_mode(file: &NamedTempFile, mode: Mode) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(mode.permissions());
    fs::set_permissions(file.path(), mode)
}

#[cfg(not(unix))]
pub(crate) fn has_mode(_: &Utf8Path, _: Mode) -> bool {
    true
}

#[cfg(not(unix))]
fn set_mode(_: &NamedTempFile, _: Mode) -> io::Result<()> {
    Ok(())
}
