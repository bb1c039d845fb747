//! What becomes of a package under AWS's emulator.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::readers::Reader;
use crate::architecture::Architecture::X86_64;
use crate::emulator::{Emulator, Package};
use crate::failure::Failure;

pub(super) enum Emulated {
    /// It starts, and answers.
    Answers,
    /// It does not; and what the loader or an interpreter said of it, if they did.
    Fails(Failure, Option<String>),
    /// The emulator itself ends, looking for the bootstrap.
    Crashes,
    /// It does not even get so far.
    CannotBeUnpacked,
}

impl Emulated {
    pub(super) fn start(zip: &Path, layers: &[PathBuf], mounts: &[(PathBuf, &str)]) -> Self {
        let mut package = Package::new(X86_64, zip).unpacked_by(|zip, into| {
            let tree = Reader::InfoZip.unpack(zip, into);
            tree.map(drop).ok_or_else(|| "unzip refuses it".into())
        });
        for layer in layers {
            package = package.layer(layer);
        }
        for (file, place) in mounts {
            package = package.mount(file, place);
        }
        let Ok(mut emulator) = Emulator::try_start(&package) else {
            return Self::Crashes;
        };
        match emulator.invoke(&json!({"order": "o-40", "lines": []})) {
            Ok(_) => Self::Answers,
            Err(failure) => Self::Fails(failure, own_words(&emulator.log())),
        }
    }
}

/// What the package itself printed first: lines of the emulator's begin with the time.
fn own_words(log: &str) -> Option<String> {
    let mut lines = log.lines();
    let own = lines.find(|line| line.contains("/var/task/") && !line.contains("] (rapid) "))?;
    Some(own.to_owned())
}

impl fmt::Display for Emulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answers => f.write_str("answers"),
            Self::Fails(failure, None) => write!(f, "{failure}"),
            Self::Fails(failure, Some(words)) => write!(f, "{failure} (``{words}``)"),
            Self::Crashes => f.write_str("the emulator crashes"),
            Self::CannotBeUnpacked => f.write_str("cannot be unpacked"),
        }
    }
}
