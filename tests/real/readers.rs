//! The tool's zips, read by the programs that others read zips with: each finds the
//! names, modes, links and bytes that went in, and checksums that hold.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use walkdir::WalkDir;

use crate::packing::pack;
use crate::parts::{output, part, program, repository};

/// What lies under a name. The contents of a link are where it leads to.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Found {
    /// With the type of the file, as the file system has it.
    pub(crate) mode: u32,
    sha256: String,
}

impl Found {
    fn new(mode: u32, bytes: &[u8]) -> Self {
        let sha256 = base16ct::lower::encode_string(&Sha256::digest(bytes));
        Self { mode, sha256 }
    }
}

pub(crate) type Tree = BTreeMap<String, Found>;

const SCRIPT: &[u8] = b"#!/bin/sh\n";

/// A package with every kind of entry that the tool writes.
struct Package {
    folder: TempDir,
    /// What has been put into it.
    contents: Tree,
}

impl Package {
    fn new() -> Self {
        let mut package = Self {
            folder: tempfile::tempdir().unwrap(),
            contents: Tree::new(),
        };
        package.add("data/empty", 0o644, b"");
        package.add("data/deflated", 0o644, &b"the same again\n".repeat(1000));
        package.add("data/stored", 0o644, &noise(100_000));
        // Larger than what is compressed in one piece.
        package.add("data/large", 0o644, &b"0123456789abcdef".repeat(33 << 16));
        package.add("data/tools/run", 0o755, SCRIPT);
        package.add("data/a name of words", 0o644, b"words");
        package.add("data/-rf", 0o644, b"no option");
        package.add("data/.hidden/...", 0o755, b"dots");
        package.add("data/Grüße/日本 🚀.txt", 0o644, b"letters");
        package.link("data/link", "deflated");
        package.link("data/tools/up", "../.hidden/...");
        package.link("data/tools/Größe", "../Grüße");
        package.pack();
        package
    }

    fn add(&mut self, name: &str, mode: u32, bytes: &[u8]) {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, bytes).unwrap();
        fs_err::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let found = Found::new(0o100_000 | mode, bytes);
        self.contents.insert(name.to_owned(), found);
    }

    fn link(&mut self, name: &str, target: &str) {
        symlink(target, self.path(name)).unwrap();
        let found = Found::new(0o120_777, target.as_bytes());
        self.contents.insert(name.to_owned(), found);
    }

    fn pack(&mut self) {
        fs_err::write(self.path("handler"), SCRIPT).unwrap();
        let bootstrap = Found::new(0o100_755, SCRIPT);
        self.contents.insert("bootstrap".to_owned(), bootstrap);
        let args = ["handler", "data", "--symlinks", "preserve"];
        pack(self.folder.path(), &args);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn zip(&self) -> PathBuf {
        self.path("handler.zip")
    }

    /// What lies there when `reader` has unpacked the package in an empty folder.
    fn unpacked_by(&self, reader: &mut Command) -> Tree {
        let folder = self.path("unpacked");
        fs_err::create_dir(&folder).unwrap();
        // Otherwise some readers take names for those of an old Western code page.
        output(reader.env("LC_ALL", "C.UTF-8").current_dir(&folder));
        tree(&folder)
    }
}

/// Bytes that do not shrink, the same ones every time.
fn noise(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes
}

/// Everything below `folder` but the folders themselves.
pub(crate) fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.unwrap();
        if entry.file_type().is_dir() {
            continue;
        }
        let path = entry.path();
        let bytes = if entry.file_type().is_symlink() {
            let target = fs_err::read_link(path).unwrap();
            target.as_os_str().as_bytes().to_vec()
        } else {
            fs_err::read(path).unwrap()
        };
        let mode = entry.metadata().unwrap().permissions().mode();
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        tree.insert(name, Found::new(mode, &bytes));
    }
    tree
}

#[test]
#[ignore = "needs Info-ZIP's unzip: run tests/run"]
fn unzip_finds_what_went_in() {
    let package = Package::new();
    let unzip = program("unzip");
    output(Command::new(&unzip).arg("-tq").arg(package.zip()));

    let unpacked = package.unpacked_by(Command::new(unzip).arg("-q").arg(package.zip()));

    assert_eq!(unpacked, package.contents);
}

#[test]
#[ignore = "needs 7-Zip: run tests/run"]
fn seven_zip_finds_what_went_in() {
    let package = Package::new();
    let seven_zip = part("7zip");
    output(Command::new(&seven_zip).arg("t").arg(package.zip()));

    // It is careful with links that lead out of their own folder, unless told so.
    let mut unpack = Command::new(seven_zip);
    let unpacked = package.unpacked_by(unpack.args(["x", "-snld20"]).arg(package.zip()));

    assert_eq!(unpacked, package.contents);
}

#[test]
#[ignore = "needs libarchive's bsdtar: run tests/run"]
fn bsdtar_finds_what_went_in() {
    let package = Package::new();
    let mut unpack = Command::new(program("bsdtar"));

    let unpacked = package.unpacked_by(unpack.arg("-xf").arg(package.zip()));

    assert_eq!(unpacked, package.contents);
}

#[test]
#[ignore = "needs Python: run tests/run"]
fn python_finds_what_went_in() {
    let package = Package::new();
    let script = repository().join("tests/real/readers/listing.py");

    let listing = output(
        Command::new(program("python3"))
            .arg(script)
            .arg(package.zip()),
    );

    let found: Tree = serde_json::from_slice(&listing).unwrap();
    assert_eq!(found, package.contents);
}
