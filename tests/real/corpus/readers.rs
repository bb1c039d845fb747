//! The programs that a package may be unpacked by. None of them is this tool's.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::parts::{part, program, repository};
use crate::readers::{Tree, tree};
use crate::unpack;

#[derive(Clone, Copy)]
pub(super) enum Reader {
    /// The one that stands for Lambda.
    InfoZip,
    /// AWS's own, in the SAM CLI, for `sam local`. It reads with Python's `zipfile`.
    Sam,
    SevenZip,
    Bsdtar,
    /// Rust's `zip`.
    Rust,
}

impl Reader {
    /// All but the one that stands for Lambda.
    pub(super) const OTHERS: [Self; 4] = [Self::Sam, Self::SevenZip, Self::Bsdtar, Self::Rust];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::InfoZip => "unzip",
            Self::Sam => "SAM",
            Self::SevenZip => "7-Zip",
            Self::Bsdtar => "bsdtar",
            Self::Rust => "Rust's zip",
        }
    }

    /// What the function finds when `zip` has been unpacked in `into`, which is empty;
    /// nothing if the reader refuses the zip, or any entry of it.
    pub(super) fn unpack(self, zip: &Path, into: &Path) -> Option<Tree> {
        let is_unpacked = match self {
            Self::Rust => unpack::unpack(zip, into).is_ok(),
            _ => self.run(zip, into),
        };
        is_unpacked.then(|| as_the_function_sees_it(tree(into)))
    }

    fn run(self, zip: &Path, into: &Path) -> bool {
        let mut reader = match self {
            Self::InfoZip => Command::new(program("unzip")),
            Self::Sam => Command::new(program("python3")),
            Self::SevenZip => Command::new(part("7zip")),
            Self::Bsdtar => Command::new(program("bsdtar")),
            Self::Rust => unreachable!("it is no program"),
        };
        match self {
            Self::InfoZip => reader.args(["-q", "-o"]),
            Self::Sam => reader
                .arg(repository().join("tests/real/corpus/sam_unzip.py"))
                .arg(part("aws-sam-cli")),
            // Links that lead out of their folder are left to the verdict.
            Self::SevenZip => reader.args(["x", "-y", "-snld20"]),
            Self::Bsdtar => reader.arg("-xf"),
            Self::Rust => unreachable!("it is no program"),
        };
        // Both of the first two end with 1 if they have only warned.
        let tolerated = match self {
            Self::InfoZip | Self::SevenZip => 1,
            Self::Sam | Self::Bsdtar | Self::Rust => 0,
        };
        let mut confined = confined(into, &reader);
        let status = confined.arg(zip).status().unwrap();
        status.code().is_some_and(|code| code <= tolerated)
    }
}

/// `reader` in the folder that it unpacks in, which is all that it can write to: some of
/// what it reads is made to write elsewhere.
fn confined(folder: &Path, reader: &Command) -> Command {
    let mut command = Command::new(program("bwrap"));
    command
        .args(["--ro-bind", "/", "/", "--dev", "/dev", "--bind"])
        .args([folder, folder])
        .args(["--die-with-parent", "--new-session", "--chdir"])
        .arg(folder)
        // Otherwise names are taken for those of an old Western code page.
        .args(["--setenv", "LC_ALL", "C.UTF-8"])
        .args(["sh", "-c", "umask 022; exec \"$@\"", "sh"])
        .arg(reader.get_program())
        .args(reader.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Files without what makes no difference to a function, which is run by another user
/// than their owner's, and writes nothing.
fn as_the_function_sees_it(mut tree: Tree) -> Tree {
    const LINK: u32 = 0o120_000;
    for found in tree.values_mut() {
        if found.mode & 0o170_000 == LINK {
            found.mode = LINK;
        } else {
            found.mode &= 0o170_005;
        }
    }
    tree
}
