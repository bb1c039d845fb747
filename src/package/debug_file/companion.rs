//! The file with the debug information of one program.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use object::read::ReadCache;

use super::strip;
use crate::archive::{FileDigest, OpenFile};
use crate::error::{Error, Result};
use crate::inspect::{Executable, ExecutableFile, NotAnExecutable, build_id};
use crate::package::index::{Facts, FileKey, Index};
use crate::report::DebugFileReport;
use crate::temp::{TempFile, TempFiles, unwritable};

/// A debug file that is in its place, or ready to take it.
pub(in crate::package) struct DebugFile {
    path: Utf8PathBuf,
    bytes: u64,
    build_id: Option<String>,
    /// `None` if the same file is in its place.
    draft: Option<TempFile>,
}

impl DebugFile {
    pub(in crate::package) fn path(&self) -> &Utf8Path {
        &self.path
    }

    pub(in crate::package) fn is_there(&self) -> bool {
        self.draft.is_none()
    }

    pub(in crate::package) fn report(&self) -> DebugFileReport {
        DebugFileReport {
            path: self.path.clone(),
            bytes: self.bytes,
            build_id: self.build_id.clone(),
        }
    }

    /// Moves the file to its place in one step. The `index` knows it then.
    ///
    /// # Errors
    /// If it cannot be renamed.
    pub(in crate::package) fn publish(&mut self, index: &Index) -> io::Result<()> {
        let Some(draft) = self.draft.take() else {
            return Ok(());
        };
        draft.publish()?;
        index.learn(&self.path);
        Ok(())
    }
}

/// Separates a program from its debug information, for which the file at `path` is. `None` if it is
/// no ELF file that can be taken apart; lints say what it is. If the `index` knows both parts and
/// the file is in its place, nothing is read before the program is packed.
///
/// # Errors
/// [`Error::Io`] if the program cannot be read, or a file cannot be written beside `path`.
pub(in crate::package) fn separate(
    program: &Arc<ExecutableFile>,
    path: &Utf8Path,
    index: &Index,
    temp_files: &TempFiles,
) -> Result<Option<(ExecutableFile, DebugFile)>> {
    let failed = || Error::io_at(path, "could not write the debug file");
    let parts = match known(program, path, index).map_err(failed())? {
        Some(stripped) => Some((stripped, None)),
        None => split(program, path, index, temp_files)?,
    };
    let Some((stripped, draft)) = parts else {
        return Ok(None);
    };
    let handle = program.file.handle().map_err(failed())?;
    let file = DebugFile {
        path: path.to_owned(),
        bytes: program.file.bytes(),
        build_id: build_id(&ReadCache::new(handle)).map(base16ct::lower::encode_string),
        draft,
    };
    Ok(Some((stripped, file)))
}

/// The stripped program, if the `index` knows it and the debug file is in its place.
fn known(
    program: &Arc<ExecutableFile>,
    path: &Utf8Path,
    index: &Index,
) -> io::Result<Option<ExecutableFile>> {
    let metadata = program.file.handle()?.metadata()?;
    let Some(facts) = index.facts(stripped_key(program, path), &metadata) else {
        return Ok(None);
    };
    if !is_at(path, &index.open_facts(&program.file)?.digest(), index) {
        return Ok(None);
    }
    let mut executable = without_debug_information(program);
    if let Ok(executable) = &mut executable {
        executable.searched(facts.lacks_client);
    }
    let (linked, beside) = (Arc::clone(program), path.to_owned());
    let make = move || {
        let changed = || io::Error::other(format!("`{}` was changed", linked.file.path));
        let stripped = strip(&linked.file.read()?, &beside).ok_or_else(changed)?;
        unnamed(&stripped, &beside)
    };
    Ok(Some(ExecutableFile {
        file: OpenFile::deferred(&program.file.path, facts.digest(), make),
        executable,
        secret: None,
    }))
}

/// The stripped program, and the debug file unless it is in its place. The `index` knows both then.
fn split(
    program: &ExecutableFile,
    path: &Utf8Path,
    index: &Index,
    temp_files: &TempFiles,
) -> Result<Option<(ExecutableFile, Option<TempFile>)>> {
    let failed = || Error::io_at(path, "could not write the debug file");
    let handle = program.file.handle().map_err(failed())?;
    let reading = index.reading(stripped_key(program, path), handle);
    let reading_linked = index.reading(FileKey::of(&program.file.path, ""), handle);
    let linked = program.file.read().map_err(failed())?;
    let facts = Facts::of_bytes(&linked);
    let digest = facts.digest();
    reading_linked.end(facts);
    let Some(bytes) = strip(&linked, path) else {
        return Ok(None);
    };
    let draft = if is_at(path, &digest, index) {
        None
    } else {
        Some(draft(&linked, path, temp_files).map_err(failed())?)
    };
    let stripped = unnamed(&bytes, path).map_err(failed())?;
    let stripped = OpenFile::unnamed(&program.file.path, stripped).map_err(failed())?;
    let stripped = ExecutableFile::of(stripped)?;
    // The facts are derived from those of the program when it is known.
    if stripped.executable == without_debug_information(program) {
        reading.end(Facts::of_bytes(&bytes));
    }
    Ok(Some((stripped, draft)))
}

fn stripped_key(program: &ExecutableFile, path: &Utf8Path) -> FileKey {
    FileKey::stripped(&program.file.path, path.file_name().unwrap_or_default())
}

fn strip(linked: &[u8], path: &Utf8Path) -> Option<Vec<u8>> {
    let name = path.file_name().unwrap_or_default();
    strip::stripped(linked, name, crc32fast::hash(linked))
}

fn without_debug_information(
    program: &ExecutableFile,
) -> std::result::Result<Executable, NotAnExecutable> {
    let executable = program.executable.clone();
    executable.map(Executable::without_debug_information)
}

/// True if the regular file at `path` has this digest.
fn is_at(path: &Utf8Path, digest: &FileDigest, index: &Index) -> bool {
    let is_file = fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() == digest.bytes);
    is_file && (index.digest(path)).is_ok_and(|file| file.blake3 == digest.blake3)
}

fn draft(bytes: &[u8], path: &Utf8Path, temp_files: &TempFiles) -> io::Result<TempFile> {
    let mut file = temp_files.file_for(path)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// A file without a name, on the disk of `beside`.
fn unnamed(bytes: &[u8], beside: &Utf8Path) -> io::Result<File> {
    let write = || {
        let mut file = tempfile::tempfile_in(beside.parent().unwrap_or(Utf8Path::new(".")))?;
        file.write_all(bytes)?;
        file.rewind()?;
        Ok(file)
    };
    write().map_err(unwritable(beside))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use forge::{Elf, Machine};

    use super::*;

    /// A program, the place of its debug file, and an index.
    struct Case {
        folder: tempfile::TempDir,
        index: Index,
    }

    impl Case {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let program = Elf::static_pie(Machine::X86_64).with_build_id([7; 20]);
            let program = program.with_debug_info(100_000).bytes();
            fs::write(folder.path().join("program"), program).unwrap();
            let index = Index::in_folder(Utf8Path::from_path(folder.path()).unwrap(), false);
            Self { folder, index }
        }

        fn path(&self, name: &str) -> Utf8PathBuf {
            Utf8PathBuf::try_from(self.folder.path().join(name)).unwrap()
        }

        /// Separates the program, and puts the debug file in its place.
        fn separate(&self) -> (ExecutableFile, DebugFile) {
            let program = ExecutableFile::open(&self.path("program"), "the program").unwrap();
            let path = self.path("a.debug");
            let (program, temp_files) = (Arc::new(program), TempFiles::default());
            let parts = separate(&program, &path, &self.index, &temp_files).unwrap();
            let (stripped, mut file) = parts.unwrap();
            file.publish(&self.index).unwrap();
            (stripped, file)
        }
    }

    #[test]
    fn a_program_that_is_known_is_stripped_again_only_to_be_packed() {
        let case = Case::new();
        let (first, file) = case.separate();
        assert!(first.file.known_digest().is_none());
        let (again, same) = case.separate();
        assert_eq!(again.executable, first.executable);
        let (same, file) = (same.report(), file.report());
        assert_eq!((same.bytes, same.build_id), (file.bytes, file.build_id));
        let digest = again.file.known_digest().unwrap();
        let stripped = again.file.read().unwrap();
        assert_eq!(digest.blake3, blake3::hash(&stripped));
        assert_eq!(digest.bytes, stripped.len() as u64);
        assert!(stripped == first.file.read().unwrap());
    }

    #[test]
    fn a_debug_file_that_was_changed_is_written_again() {
        let case = Case::new();
        case.separate();
        let right = fs::read(case.path("a.debug")).unwrap();
        let mut wrong = right.clone();
        wrong[1000] ^= 1;
        fs::write(case.path("a.debug"), wrong).unwrap();
        let (program, _) = case.separate();
        assert!(program.file.known_digest().is_none());
        assert!(fs::read(case.path("a.debug")).unwrap() == right);
    }
}
