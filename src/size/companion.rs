//! The debug files of the programs in a zip.

use std::fs::{File, Metadata};
use std::sync::atomic::{AtomicBool, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use object::read::ReadCache;

use crate::inspect::{DebugLink, is_debug_file_of};

/// The places where debug files are looked for.
pub(super) struct Companions<'a> {
    /// The path of the zip; `None` for standard input.
    zip: Option<&'a Utf8Path>,
    /// The files that the user names.
    named: &'a [SymbolFile],
}

/// A file with symbols that the user names.
pub(crate) struct SymbolFile {
    path: Utf8PathBuf,
    /// True if it is of the same build as a program that was read.
    fits: AtomicBool,
}

impl SymbolFile {
    /// The file at the absolute `path`.
    pub(crate) fn at(path: Utf8PathBuf) -> Self {
        Self {
            path,
            fits: AtomicBool::new(false),
        }
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// True if it is of the same build as a program that was read so far.
    pub(crate) fn fits(&self) -> bool {
        self.fits.load(Ordering::Relaxed)
    }
}

/// A debug file of the same build as a program.
pub(super) struct Companion {
    pub(super) path: Utf8PathBuf,
    pub(super) file: ReadCache<File>,
}

impl<'a> Companions<'a> {
    /// The files beside the zip at `path`, an absolute path or `-`, and those that are `named`.
    pub(super) fn of(path: &'a Utf8Path, named: &'a [SymbolFile]) -> Self {
        Self {
            zip: path.is_absolute().then_some(path),
            named,
        }
    }

    /// The debug file of the program `entry`: one that the user names, or one beside the zip with
    /// the name that this tool, or the program itself, gives it. A file of another build is none.
    pub(super) fn find(&self, entry: &str, program: &ReadCache<File>) -> Option<Companion> {
        // Each is tried: of two that fit, none is told to fit no program.
        let named = self.named.iter().filter_map(|named| {
            let companion = companion(named.path.clone(), program)?;
            named.fits.store(true, Ordering::Relaxed);
            Some(companion)
        });
        let named: Vec<Companion> = named.collect();
        if let Some(first) = named.into_iter().next() {
            return Some(first);
        }
        let mut places = Vec::new();
        if let Some(zip) = self.zip {
            places.push(zip.with_extension("debug"));
            let stem = zip.file_stem().unwrap_or_default();
            let own = format!("{stem}.{}.debug", entry.replace('/', "-"));
            places.push(zip.with_file_name(own));
            if let Some(link) = DebugLink::of(program) {
                // A link leads to a file in the same folder only.
                let name = Utf8Path::new(&link.file_name)
                    .file_name()
                    .unwrap_or_default();
                places.push(zip.with_file_name(name));
            }
        }
        places.into_iter().find_map(|path| companion(path, program))
    }
}

/// The file at `path`, if it is of the same build as the program.
fn companion(path: Utf8PathBuf, program: &ReadCache<File>) -> Option<Companion> {
    // Opening a named pipe could wait for ever.
    fs::metadata(&path).ok().filter(Metadata::is_file)?;
    let file = ReadCache::new(fs::File::open(&path).ok()?.into_file());
    let is_of_program = is_debug_file_of(&file, program, || crc32(&path));
    is_of_program.then_some(Companion { path, file })
}

/// The checksum of a file; `None` if it cannot be read.
fn crc32(path: &Utf8Path) -> Option<u32> {
    struct Sum(crc32fast::Hasher);
    impl std::io::Write for Sum {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut sum = Sum(crc32fast::Hasher::new());
    std::io::copy(&mut fs::File::open(path).ok()?, &mut sum).ok()?;
    Some(sum.0.finalize())
}
