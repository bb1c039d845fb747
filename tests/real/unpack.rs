//! Unpacks a package as Lambda does.

use std::error::Error;
use std::fs::Permissions;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use libdeflater::Decompressor;
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

const FILE_TYPE: u32 = 0o170_000;
const SYMLINK: u32 = 0o120_000;

/// What unpacks a zip into a folder.
pub(crate) type Unpack = fn(&Path, &Path) -> Result<(), Box<dyn Error>>;

/// Unpacks `zip` into the folder `into`, which need not exist or be empty.
pub(crate) fn unpack(zip: &Path, into: &Path) -> Result<(), Box<dyn Error>> {
    fs_err::create_dir_all(into)?;
    let mut archive = ZipArchive::new(fs_err::File::open(zip)?)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        let path = into.join(
            entry
                .enclosed_name()
                .ok_or(format!("unsafe path `{name}`"))?,
        );
        if entry.is_dir() {
            fs_err::create_dir_all(path)?;
            continue;
        }
        let bytes = inflate(&mut entry).map_err(|error| format!("`{name}`: {error}"))?;
        // Without Unix attributes nothing says that a file is executable.
        let mode = entry.unix_mode().unwrap_or(0o644);
        fs_err::create_dir_all(path.parent().ok_or("no parent")?)?;
        if mode & FILE_TYPE == SYMLINK {
            symlink(String::from_utf8(bytes)?, path)?;
        } else {
            fs_err::write(&path, bytes)?;
            fs_err::set_permissions(path, Permissions::from_mode(mode & 0o777))?;
        }
    }
    Ok(())
}

fn inflate<R: Read>(entry: &mut ZipFile<'_, R>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut packed = Vec::new();
    entry.read_to_end(&mut packed)?;
    match entry.compression() {
        CompressionMethod::Stored => Ok(packed),
        CompressionMethod::DEFLATE => {
            let mut bytes = vec![0; entry.size().try_into()?];
            let length = Decompressor::new().deflate_decompress(&packed, &mut bytes)?;
            bytes.truncate(length);
            Ok(bytes)
        }
        other => Err(format!("compression method {other} is neither stored nor deflate").into()),
    }
}
