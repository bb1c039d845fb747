//! The folder in which rustc finds this tool as a linker, with the empty archives of musl.

use std::env;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::error::{Error, Result};
#[cfg(unix)]
use crate::temp::TempFile;

/// The name of the linker. rustc tells from it which arguments the linker takes.
const NAME: &str = if cfg!(windows) {
    "rust-lld.exe"
} else {
    "rust-lld"
};

/// The name of the linker on the `PATH`. rustc looks into its own folder first, which has a
/// `rust-lld`, and takes a name without the number of a version at its end.
pub(crate) const NAME_ON_PATH: &str = "rust-lld-0";

/// The folder of the archives, beside the linker.
pub(super) const ARCHIVES: &str = "lib";

/// The archives that musl installs without contents, because its libc has all of it.
/// Source: `EMPTY_LIB_NAMES` in musl's Makefile.
const LIBRARIES: [&str; 8] = [
    "crypt", "dl", "m", "pthread", "resolv", "rt", "util", "xnet",
];

/// The libraries of GCC for unwinding and arithmetic, which Rust has in its own `libunwind` and
/// `compiler_builtins`. Source: `library/unwind/src/lib.rs` in Rust.
const OF_GCC: [&str; 3] = ["gcc", "gcc_eh", "gcc_s"];

/// An `ar` archive without members.
const EMPTY_ARCHIVE: &[u8] = b"!<arch>\n";

/// The linker in the tool's own folder.
pub(crate) fn path(own_folder: &Utf8Path) -> Utf8PathBuf {
    own_folder.join("linker").join(NAME)
}

/// Makes the linker and the archives.
///
/// # Errors
/// If they cannot be written.
pub(crate) fn write(own_folder: &Utf8Path) -> Result<()> {
    let path = path(own_folder);
    let write = || -> io::Result<()> {
        let archives = path.with_file_name(ARCHIVES);
        fs::create_dir_all(&archives)?;
        for library in LIBRARIES.iter().chain(&OF_GCC) {
            let archive = archives.join(format!("lib{library}.a"));
            if fs::read(&archive).ok().as_deref() != Some(EMPTY_ARCHIVE) {
                fs::write(archive, EMPTY_ARCHIVE)?;
            }
        }
        link_to_this_program(&path)?;
        let on_path = format!("{NAME_ON_PATH}{}", env::consts::EXE_SUFFIX);
        link_to_this_program(&path.with_file_name(on_path))
    };
    write().map_err(Error::io("could not prepare the linker"))
}

/// Makes a link to this program, or a copy where links need a privilege.
///
/// # Errors
/// If it cannot be written.
#[cfg(unix)]
pub(in crate::cargo) fn link_to_this_program(path: &Utf8Path) -> io::Result<()> {
    let program = env::current_exe()?;
    if fs::read_link(path).is_ok_and(|present| present == program) {
        return Ok(());
    }
    // A rename, since another run may use the link at this moment.
    let link = |place: &std::path::Path| std::os::unix::fs::symlink(&program, place);
    TempFile::made(path, link)?.publish()
}

#[cfg(not(unix))]
pub(in crate::cargo) fn link_to_this_program(path: &Utf8Path) -> io::Result<()> {
    // Links need a privilege on Windows. A running program cannot be replaced, and is the same.
    let program = env::current_exe()?;
    let size = |path: &std::path::Path| fs::metadata(path).map(|metadata| metadata.len()).ok();
    if size(path.as_std_path()) == size(&program) {
        return Ok(());
    }
    fs::copy(program, path).map(drop)
}
