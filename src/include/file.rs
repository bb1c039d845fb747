//! One file that goes into a package beside its program.

use std::fs::Metadata;
use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use fs_err as fs;

use super::resolved::ResolvedInclude;
use super::walk::WalkEntry;
use crate::archive::{Entry, Mode, Source};
use crate::text::{composed, printable, printable_path};

/// A file or link that goes into a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncludedFile {
    /// Its path in the zip.
    pub(crate) name: Arc<str>,
    pub(crate) mode: Mode,
    /// Its path on this machine.
    pub(crate) path: Box<Utf8Path>,
    /// Its size in bytes; of a link, the length of its target.
    pub(crate) bytes: u64,
    /// The target of a link.
    pub(crate) link: Option<Box<str>>,
}

impl IncludedFile {
    /// The file or link of a walk through `include`.
    pub(super) fn read(
        include: &ResolvedInclude<'_>,
        entry: &WalkEntry<'_>,
    ) -> Result<Self, String> {
        let path = Utf8Path::from_path(&entry.path)
            .ok_or_else(|| format!("`{}` is not UTF-8", printable_path(&entry.path)))?;
        let name = include.name(path)?.into();
        let read = |error: io::Error| printable(&error.to_string());
        let metadata = &entry.metadata;
        if metadata.is_symlink() {
            let target = fs::read_link(path).map_err(read)?;
            let target = target.to_str().map(composed).ok_or_else(|| {
                let path = printable(path.as_str());
                format!("the link `{path}` has a target that is not UTF-8")
            })?;
            return Ok(Self {
                name,
                mode: Mode::Link,
                path: path.into(),
                bytes: target.len() as u64,
                link: Some(target.into()),
            });
        }
        if !metadata.is_file() {
            return Err(format!(
                "`{}` is neither a file nor a folder, and cannot be packed",
                printable(path.as_str())
            ));
        }
        Ok(Self {
            mode: match include.spec().mode {
                Some(mode) => mode,
                None if is_executable(path, metadata).map_err(read)? => Mode::Executable,
                None => Mode::Plain,
            },
            name,
            path: path.into(),
            bytes: metadata.len(),
            link: None,
        })
    }

    /// Its entry in the zip.
    pub(crate) fn entry(&self) -> Entry<'_> {
        Entry {
            name: Arc::clone(&self.name),
            mode: self.mode,
            source: match &self.link {
                Some(target) => Source::Bytes(target.as_bytes()),
                None => Source::File(&self.path, self.bytes),
            },
        }
    }
}

/// A file that anyone may execute here is executable by everyone in the package.
#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere the file has to be read"
)]
fn is_executable(_: &Utf8Path, metadata: &Metadata) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(metadata.permissions().mode() & 0o111 != 0)
}

/// Files have no such bit on this system: ELF files and scripts are executable.
#[cfg(not(unix))]
fn is_executable(path: &Utf8Path, _: &Metadata) -> io::Result<bool> {
    use std::io::Read;
    let mut beginning = Vec::new();
    fs::File::open(path)?.take(4).read_to_end(&mut beginning)?;
    Ok(crate::inspect::is_elf(&beginning) || beginning.starts_with(b"#!"))
}
