//! Zips, unpacked as Lambda does it.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::archive::read::{CentralDirectoryEntry, Defect, Fault, LargeEntryLock, Source, Zip};
use crate::bytes;
use crate::lambda::quotas;

/// Lambda makes sure that folders can be entered.
const FOLDER: u32 = 0o755;
/// The permissions of a file without those of Unix.
const NONE: u32 = 0o644;

/// Unpacks a zip into a folder. Links are kept; a later entry replaces an earlier one. Files get the
/// permissions that others have: the user that runs functions owns nothing.
///
/// # Errors
/// If it is not a zip, is damaged, is larger than Lambda allows, has an entry that is encrypted or
/// compressed by another method than deflate, or one whose path leaves the folder; and if the
/// system cannot write.
pub(super) fn unpack(source: &dyn Source, into: &Path) -> Result<(), Fault> {
    let zip = Zip::open(source)?;
    if let Some(defect) = &zip.defect {
        return Err(defect.clone().into());
    }
    let bytes = bytes::sum(zip.entries.iter().map(|entry| entry.size));
    if bytes >= quotas::UNZIPPED {
        let why = format!(
            "it unzips to {bytes} bytes, and {} are too many",
            quotas::UNZIPPED
        );
        return Err(Defect { entry: None, why }.into());
    }
    let lock = LargeEntryLock::default();
    for entry in &zip.entries {
        let refuse = |why: &str| {
            let entry = Some(entry.name().to_string());
            let why = why.to_owned();
            Fault::from(Defect { entry, why })
        };
        if let Some(why) = entry.why_closed() {
            return Err(refuse(&format!("is {why}")));
        }
        let path = place(entry, into).ok_or_else(|| refuse("would be outside of the package"))?;
        write(&zip, entry, &lock, &path)?;
    }
    Ok(())
}

/// The path of an entry in the folder `into`; `None` if it would not be in it. No link is followed.
fn place(entry: &CentralDirectoryEntry, into: &Path) -> Option<PathBuf> {
    let name = entry.name();
    let name = name.trim_end_matches('/');
    let mut path = into.to_owned();
    let mut parts = name.split('/').filter(|part| *part != ".").peekable();
    while let Some(part) = parts.next() {
        if part.is_empty() || part == ".." || part.contains('\0') {
            return None;
        }
        path.push(part);
        let is_link = || {
            path.symlink_metadata()
                .is_ok_and(|found| found.is_symlink())
        };
        if parts.peek().is_some() && is_link() {
            return None;
        }
    }
    Some(path)
}

fn write(
    zip: &Zip<'_>,
    entry: &CentralDirectoryEntry,
    lock: &LargeEntryLock,
    path: &Path,
) -> Result<(), Fault> {
    if entry.name().ends_with('/') && !entry.is_link() {
        fs::create_dir_all(path)?;
        return Ok(fs::set_permissions(
            path,
            PermissionsExt::from_mode(FOLDER),
        )?);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    if path.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
        fs::remove_file(path)?;
    }
    if entry.is_link() {
        let target = zip.look(entry, lock, |_| true, |_| {}, <[u8]>::to_vec)?;
        let target = String::from_utf8_lossy(&target).into_owned();
        return Ok(symlink(target, path)?);
    }
    let mut file = fs::File::create(path)?;
    let mut written = Ok(());
    let each = |piece: &[u8]| {
        if written.is_ok() {
            written = file.write_all(piece);
        }
    };
    zip.look(entry, lock, |_| false, each, |_| ())?;
    written?;
    let mode = as_another_user(entry.permissions().unwrap_or(NONE));
    Ok(fs::set_permissions(path, PermissionsExt::from_mode(mode))?)
}

/// The permissions that another user has, for everybody: here the owner of the files runs them.
fn as_another_user(mode: u32) -> u32 {
    (mode & 0o007) * 0o111
}

#[cfg(test)]
mod tests {
    use std::io;

    use forge::{Forged, Forgery};

    use super::*;

    fn unpacked(entries: &[Forged]) -> (tempfile::TempDir, Result<(), Fault>) {
        let folder = tempfile::tempdir().unwrap();
        let bytes = Forgery::of(entries.iter().cloned()).bytes();
        let into = folder.path().join("task");
        fs::create_dir(&into).unwrap();
        let done = unpack(&bytes, &into);
        (folder, done)
    }

    #[test]
    fn files_have_the_permissions_of_others_and_links_are_kept() {
        let dos = Forged {
            host: 0,
            ..Forged::file("dos", 0o755, "")
        };
        let (folder, done) = unpacked(&[
            Forged::file("bin/a", 0o755, "first"),
            Forged::file("bin/a", 0o750, "second").deflated(),
            Forged::folder("empty/"),
            Forged::link("link", "/opt/x"),
            dos,
        ]);
        done.unwrap();
        let path = |name: &str| folder.path().join("task").join(name);
        let mode = |name| fs::metadata(path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(fs::read_link(path("link")).unwrap(), Path::new("/opt/x"));
        assert_eq!(
            (mode("bin/a"), mode("dos"), mode("empty")),
            (0, 0o444, 0o755)
        );
        fs::set_permissions(path("bin/a"), PermissionsExt::from_mode(0o400)).unwrap();
        assert_eq!(fs::read(path("bin/a")).unwrap(), b"second");
    }

    #[test]
    fn nothing_is_written_outside_of_the_folder() {
        for names in [
            &["../a"][..],
            &["/a"],
            &["b/../../a"],
            &["b//a"],
            &["..", ""],
        ] {
            let files: Vec<Forged> = names.iter().map(|n| Forged::file(*n, 0o644, "")).collect();
            let (folder, done) = unpacked(&files);
            let error = io::Error::from(done.unwrap_err()).to_string();
            assert!(
                error.contains("outside of the package"),
                "{names:?}: {error}"
            );
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
        let (folder, done) = unpacked(&[
            Forged::link("link", ".."),
            Forged::file("link/a", 0o644, ""),
        ]);
        assert!(done.is_err());
        assert!(!folder.path().join("a").exists());
        let (folder, done) = unpacked(&[Forged::link("a", "../b"), Forged::file("a", 0o644, "x")]);
        done.unwrap();
        assert!(!folder.path().join("b").exists());
    }

    #[test]
    fn what_lambda_cannot_unpack_is_refused() {
        let file = Forged::file("a", 0o644, "a");
        let encrypted = Forged {
            flags: 1,
            ..file.clone()
        };
        let bzip2 = Forged {
            method: 12,
            ..file.clone()
        };
        let damaged = Forged {
            crc32: Some(1),
            ..file.clone()
        };
        let bomb = Forged {
            size: Some(250 << 20),
            ..file
        };
        for (entry, why) in [
            (encrypted, "is encrypted"),
            (bzip2, "by bzip2"),
            (damaged, "checksum"),
            (bomb, "262144000"),
        ] {
            let error = io::Error::from(unpacked(&[entry]).1.unwrap_err()).to_string();
            assert!(error.contains(why), "{error}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert!(unpack(&b"no zip".to_vec(), folder.path()).is_err());
    }
}
