//! The folder beside a zip that holds the same files, for tools that want a folder.

mod account;
mod check;
mod fill;
mod ledger;
mod lock;
mod mark;
mod put;

pub(crate) use check::{Expected, check};
pub(crate) use fill::Filling;
pub(crate) use ledger::Ledger;
pub(crate) use lock::Locks;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::archive::{Entry, Mode, ZipDigest};
use mark::Mark;

/// The folder for the files of `zip`: its path without `.zip`. Where that would end in the path
/// that the `program` has in the package, it is the folder that the program then lies in, beside
/// the zip: `bootstrap` beside `bootstrap.zip`.
pub(crate) fn beside(zip: &Utf8Path, program: Option<&str>) -> Utf8PathBuf {
    let Some("zip") = zip.extension() else {
        return format!("{zip}.d").into();
    };
    let folder = zip.with_extension("");
    match program {
        Some(program) if folder.ends_with(program) => {
            let parts = Utf8Path::new(program).components().count();
            let parent = folder.ancestors().nth(parts);
            parent.map(Utf8Path::to_owned).unwrap_or(folder)
        }
        _ => folder,
    }
}

/// What fails if a folder cannot be looked at.
const READING: &str = "could not read the folder";

/// What is to be in a folder.
#[derive(Debug)]
pub(crate) struct Files {
    /// Of the zip that has the same.
    zip_digest: ZipDigest,
    /// What each file is, by its path in the folder.
    marks: BTreeMap<String, (Mark, Mode)>,
}

impl Files {
    /// The same as in the zip of `entries`, which have these `digests`.
    pub(crate) fn of(
        zip_digest: ZipDigest,
        entries: &[Entry<'_>],
        digests: &[blake3::Hash],
    ) -> Self {
        let marked = entries.iter().zip(digests);
        let marks = marked.map(|(entry, digest)| {
            let mark = Mark::new(entry.mode == Mode::Link, *digest);
            (entry.name.clone(), (mark, entry.mode))
        });
        Self {
            zip_digest,
            marks: marks.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_zips_path_or_has_the_program_beside_the_zip() {
        let beside = |zip: &str, program| beside(Utf8Path::new(zip), program).into_string();
        let bootstrap = Some("bootstrap");
        assert_eq!(beside("/t/arm64/orders.zip", bootstrap), "/t/arm64/orders");
        assert_eq!(beside("/t/orders/bootstrap.zip", bootstrap), "/t/orders");
        assert_eq!(beside("/t/my-bootstrap.zip", bootstrap), "/t/my-bootstrap");
        assert_eq!(beside("/t/f.pkg", bootstrap), "/t/f.pkg.d");
        assert_eq!(beside("/t/f", bootstrap), "/t/f.d");
        let agent = Some("extensions/agent");
        assert_eq!(beside("/t/extensions/agent.zip", agent), "/t");
        assert_eq!(beside("/t/agent.zip", agent), "/t/agent");
        assert_eq!(beside("/t/tools.zip", None), "/t/tools");
    }
}
