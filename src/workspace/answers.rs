//! What Cargo has answered before, kept for as long as nothing has changed that it rests on.
//!
//! In a run with nothing to do, what Cargo is asked takes longer than what this tool does itself. A
//! change costs one more question; no answer is older than its ground.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::ground::Digest;
use crate::process::Process;

/// What a command of Cargo's printed.
#[derive(Serialize, Deserialize)]
pub(super) struct Answer {
    /// All that it rests on.
    pub(super) ground: Digest,
    pub(super) text: String,
}

impl Answer {
    /// The answer to `question` that was kept in `folder`. Whether it still holds is for its
    /// ground to tell.
    pub(super) fn recall(folder: &Utf8Path, question: &Process) -> Option<Self> {
        serde_json::from_slice(&fs::read(path(folder, question)).ok()?).ok()
    }

    /// Keeps it in `folder`, in the place of an earlier one. What cannot be kept costs the next run
    /// some time, and nothing else.
    pub(super) fn keep(&self, folder: &Utf8Path, question: &Process) {
        let _ = self.write(folder, question);
    }

    fn write(&self, folder: &Utf8Path, question: &Process) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.persist(path(folder, question))?;
        Ok(())
    }
}

fn path(folder: &Utf8Path, question: &Process) -> Utf8PathBuf {
    let name = blake3::hash(question.to_string().as_bytes()).to_hex();
    folder.join(&name[..32])
}
