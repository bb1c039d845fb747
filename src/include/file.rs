//! What is packed of a place.

use std::fs::Metadata;
use std::io;

use camino::Utf8Path;
use fs_err as fs;

use super::resolved::ResolvedInclude;
use super::walk::WalkEntry;
use crate::archive::Mode;
use crate::include::IncludedFile;
use crate::text::{printable, printable_path};

/// The file or link at `entry`, as `root` includes it.
pub(super) fn file(
    root: &ResolvedInclude<'_>,
    entry: &WalkEntry<'_>,
) -> Result<IncludedFile, String> {
    let path = Utf8Path::from_path(&entry.path)
        .ok_or_else(|| format!("`{}` is not UTF-8", printable_path(&entry.path)))?;
    let name = root.name(path)?;
    let read = |error: io::Error| printable(&error.to_string());
    let metadata = &entry.metadata;
    if metadata.is_symlink() {
        let target = fs::read_link(path).map_err(read)?;
        let target = target.to_str().map(str::to_owned).ok_or_else(|| {
            let path = printable(path.as_str());
            format!("the link `{path}` leads to what is not UTF-8")
        })?;
        return Ok(IncludedFile {
            name,
            mode: Mode::Link,
            path: path.to_owned(),
            bytes: target.len() as u64,
            link: Some(target),
        });
    }
    if !metadata.is_file() {
        return Err(format!(
            "`{}` is neither a file nor a folder, so that no zip can hold it",
            printable(path.as_str())
        ));
    }
    Ok(IncludedFile {
        mode: if is_executable(path, metadata).map_err(read)? {
            Mode::Executable
        } else {
            Mode::Plain
        },
        name,
        path: path.to_owned(),
        bytes: metadata.len(),
        link: None,
    })
}

/// Executable by anyone here, executable by everyone there.
#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere the file has to be read"
)]
fn is_executable(_: &Utf8Path, metadata: &Metadata) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(metadata.permissions().mode() & 0o111 != 0)
}

/// Where files have no such bit, their beginnings tell: ELF files and scripts.
#[cfg(not(unix))]
fn is_executable(path: &Utf8Path, _: &Metadata) -> io::Result<bool> {
    use std::io::Read;
    let mut beginning = Vec::new();
    fs::File::open(path)?.take(4).read_to_end(&mut beginning)?;
    Ok(crate::inspect::is_elf(&beginning) || beginning.starts_with(b"#!"))
}
