//! Outputs of Cargo that are kept between runs.
//!
//! In a run that has nothing to do, asking Cargo takes longer than everything that this tool does.
//!
//! `cargo metadata --no-deps` is kept as a guess: a run begins with the output of an earlier one, asks
//! Cargo beside it, and starts over if the outputs differ. Nothing has to be known about what can
//! change that output. See [`Workspace::confirm`](super::workspace::Workspace::confirm).
//!
//! `cargo tree` is kept under a key, which is a digest of everything that can change its output:
//!
//! | What can change the output | How it is hashed |
//! |---|---|
//! | the arguments | in the name of the file |
//! | the reading of the output | the version of this tool |
//! | the current folder | its path |
//! | Cargo's configuration | all tables of files, of their includes, and of `--config` |
//! | the environment | the variables whose names begin with `CARGO` or `RUST` |
//! | the toolchain | the length and the time of Cargo's executable |
//! | the lockfile | its contents |
//! | the manifests of the workspace and its members | their paths and contents |
//! | packages of registries and of repositories | not: a locked version does not change |
//! | packages in other folders | not: the output is not kept |
//!
//! The CPUs that rustc knows are kept under a key of the toolchain alone: its rows, and rustc.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::cache_key::CacheKey;
use super::process::Process;
use crate::cache_file;
use crate::error::Result;

/// The output of a Cargo command.
#[derive(Serialize, Deserialize)]
pub(crate) struct CachedOutput {
    key: CacheKey,
    text: String,
}

impl CachedOutput {
    /// The output of `command`: that of an earlier run if `key` is the same, else a new one, which
    /// is stored in `folder` if `stores`.
    ///
    /// Cargo may change the key itself, by writing the lockfile: then it runs a second time. Nothing
    /// is stored if the key changes even then, or if there is no key.
    ///
    /// # Errors
    /// [`Error::Metadata`](crate::error::Error::Metadata) if Cargo fails.
    pub(crate) fn run(
        command: &Process,
        folder: &Utf8Path,
        stores: bool,
        key: impl Fn() -> Option<CacheKey>,
    ) -> Result<String> {
        let mut before = key();
        if let Some(cached) = Self::load(command, folder)
            && Some(cached.key) == before
        {
            return Ok(cached.text);
        }
        let mut text = command.stdout()?;
        let mut after = key().filter(|_| stores);
        if after.is_some() && after != before {
            before = after;
            text = command.stdout()?;
            after = key();
        }
        if let Some(key) = after.filter(|_| after == before) {
            // Cargo would have written another lockfile if this one were behind the manifests.
            let _ = cache_file::write(&folder.join(RESOLVED), &key);
            let text = text.clone();
            Self { key, text }.store(command, folder);
        }
        Ok(text)
    }

    fn load(command: &Process, folder: &Utf8Path) -> Option<Self> {
        cache_file::read(&path(command, folder))
    }

    /// A failure costs the next run some time, and nothing else.
    fn store(&self, command: &Process, folder: &Utf8Path) {
        let _ = cache_file::write(&path(command, folder), self);
    }
}

/// The key of the last output that was stored in `folder`: Cargo has resolved these dependencies,
/// and has left the lockfile as it was.
pub(crate) fn last_resolved(folder: &Utf8Path) -> Option<CacheKey> {
    cache_file::read(&folder.join(RESOLVED))
}

const RESOLVED: &str = "resolved";

/// The file for the output of `command`.
pub(crate) fn path(command: &Process, folder: &Utf8Path) -> Utf8PathBuf {
    let name = blake3::hash(command.to_string().as_bytes()).to_hex();
    folder.join(&name[..32])
}
