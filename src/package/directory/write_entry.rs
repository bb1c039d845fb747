//! Writes one entry of a zip to its place in a folder, whole or not at all.

use std::fs::File;
use std::io::{self, Read};

use camino::Utf8Path;
use zip::read::ZipFile;

use crate::archive::Mode;
use crate::temp::TempFile;

/// Writes an entry to a temporary file beside `place`, then renames that.
pub(crate) fn write_entry(
    mut entry: ZipFile<'_, impl Read>,
    place: &Utf8Path,
    mode: Mode,
) -> io::Result<()> {
    if mode == Mode::Link {
        let mut target = String::new();
        entry.read_to_string(&mut target)?;
        return TempFile::made(place, |path| symlink(&target, path))?.publish();
    }
    let mut file = TempFile::beside(place)?;
    io::copy(&mut entry, &mut file)?;
    set_mode(file.file(), mode)?;
    file.publish()
}

#[cfg(unix)]
fn symlink(target: &str, path: &std::path::Path) -> io::Result<()> {
    fs_err::os::unix::fs::symlink(target, path)
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
fn set_mode(file: &File, mode: Mode) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode.permissions()))
}

#[cfg(not(unix))]
pub(crate) fn has_mode(_: &Utf8Path, _: Mode) -> bool {
    true
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: Mode) -> io::Result<()> {
    Ok(())
}
