//! What is remembered of one folder, kept true while things are done there.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::ledger::{Ledger, Written};
use crate::package::directory::Mark;

/// A folder's page in the ledger.
#[derive(Debug)]
pub(crate) struct Account {
    ledger: Ledger,
    zip: Utf8PathBuf,
    folder: Utf8PathBuf,
    /// What the ledger has.
    kept: Written,
    /// What is there and was written by this run or by one before it.
    written: Written,
}

impl Account {
    /// Of the `folder` of a `zip`, of which the `ledger` has `kept`, and `written` is there.
    pub(crate) fn open(
        ledger: &Ledger,
        zip: &Utf8Path,
        folder: &Utf8Path,
        kept: Written,
        written: Written,
    ) -> Self {
        Self {
            ledger: ledger.clone(),
            zip: zip.to_owned(),
            folder: folder.to_owned(),
            kept,
            written,
        }
    }

    /// Something may be written from now on, beside or instead of what is there.
    ///
    /// # Errors
    /// If that cannot be kept.
    pub(crate) fn intend<'a>(
        &mut self,
        files: impl Iterator<Item = (&'a str, Mark)>,
    ) -> io::Result<()> {
        let mut intended = self.written.clone();
        for (name, mark) in files {
            intended.0.entry(name.to_owned()).or_default().push(mark);
        }
        self.keep(intended)
    }

    /// Something was written.
    pub(crate) fn add(&mut self, name: &str, mark: Mark) {
        self.written.0.insert(name.to_owned(), vec![mark]);
    }

    /// Something is no longer there.
    pub(crate) fn remove(&mut self, name: &str) {
        self.written.0.remove(name);
    }

    /// Nothing more will be done.
    ///
    /// # Errors
    /// If what was done cannot be kept.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        self.keep(self.written.clone())
    }

    fn keep(&mut self, written: Written) -> io::Result<()> {
        if written != self.kept {
            self.ledger.keep(&self.zip, &self.folder, &written)?;
            self.kept = written;
        }
        Ok(())
    }
}
