//! What Cargo has answered before, kept for as long as nothing has changed that it rests on.
//!
//! In a run with nothing to do, what Cargo is asked takes longer than what this tool does itself. A
//! change costs a question or two more. No answer is kept that is older or newer than its ground,
//! which was the same before and after Cargo was asked. (Cargo's configuration is read only before.)

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::cache_key::Digest;
use super::process::Process;
use crate::cache_file;
use crate::error::Result;

/// What a command of Cargo's printed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answer {
    /// All that it rests on.
    pub(crate) ground: Digest,
    pub(crate) text: String,
}

impl Answer {
    /// Asks Cargo. `take` gives what is to be made of an answer, and the ground of it as it is now;
    /// `before` is what that was, if it is known.
    ///
    /// A first answer may be what tells the ground, and Cargo itself may change it, by writing the
    /// lockfile: so it is asked a second time if need be. There is no answer to keep if things
    /// change even then, or if its ground cannot be told.
    pub(crate) fn ask<T>(
        question: &Process,
        mut before: Option<Digest>,
        take: impl Fn(&str) -> Result<(T, Option<Digest>)>,
    ) -> Result<(T, Option<Self>)> {
        let mut is_second = false;
        loop {
            let text = question.stdout()?;
            let (taken, ground) = take(&text)?;
            match ground {
                Some(ground) if before == Some(ground) => {
                    return Ok((taken, Some(Self { ground, text })));
                }
                Some(_) if !is_second => {}
                _ => return Ok((taken, None)),
            }
            before = ground;
            is_second = true;
        }
    }

    /// The answer to `question` that was kept in `folder`. Whether it still holds is for its
    /// ground to tell.
    pub(crate) fn recall(folder: &Utf8Path, question: &Process) -> Option<Self> {
        cache_file::read(&path(folder, question))
    }

    /// Keeps it in `folder`. What cannot be kept costs the next run some time, and nothing else.
    pub(crate) fn keep(&self, folder: &Utf8Path, question: &Process) {
        let _ = cache_file::write(&path(folder, question), self);
    }
}

/// Notes that dependencies were resolved on `ground`.
pub(crate) fn note_resolved(ground: Digest, folder: &Utf8Path) {
    let _ = cache_file::write(&folder.join(RESOLVED), &ground);
}

/// The ground that dependencies were last resolved on.
pub(crate) fn last_resolved(folder: &Utf8Path) -> Option<Digest> {
    cache_file::read(&folder.join(RESOLVED))
}

const RESOLVED: &str = "resolved";

fn path(folder: &Utf8Path, question: &Process) -> Utf8PathBuf {
    let name = blake3::hash(question.to_string().as_bytes()).to_hex();
    folder.join(&name[..32])
}
