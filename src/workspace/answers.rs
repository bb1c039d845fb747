//! What Cargo has answered before, kept for as long as nothing has changed that it rests on.
//!
//! In a run with nothing to do, what Cargo is asked takes longer than what this tool does itself. A
//! change costs one more question; no answer is older than its ground.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::ground::Digest;
use crate::kept;
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
        kept::read(&path(folder, question))
    }

    /// Keeps it in `folder`. What cannot be kept costs the next run some time, and nothing else.
    pub(super) fn keep(&self, folder: &Utf8Path, question: &Process) {
        let _ = kept::write(&path(folder, question), self);
    }
}

fn path(folder: &Utf8Path, question: &Process) -> Utf8PathBuf {
    let name = blake3::hash(question.to_string().as_bytes()).to_hex();
    folder.join(&name[..32])
}
