//! Where packages are made: side by side, beside the build, and left at once when it is time.

use std::sync::{Arc, mpsc};

use fs_err as fs;

use super::locks::Locks;
use super::packer::{CheckedPackage, Packer};
use crate::cargo::Interrupt;
use crate::error::Result;
use crate::report::ArchiveReport;
use crate::shell::{Progress, Shell};

/// Makes packages on all processors.
///
/// What takes long cannot be stopped in the middle: whoever has to end does not wait for it. When
/// the workshop is dropped nothing half-made is left, even if somebody is still at work.
pub(crate) struct PackagingPool {
    packer: Arc<Packer>,
    sender: mpsc::Sender<Result<CheckedPackage>>,
    results: mpsc::Receiver<Result<CheckedPackage>>,
    under_way: usize,
}

impl PackagingPool {
    pub(crate) fn new(packer: Packer) -> Self {
        let (sender, results) = mpsc::channel();
        Self {
            packer: Arc::new(packer),
            sender,
            results,
            under_way: 0,
        }
    }

    /// Begins some work.
    pub(crate) fn start(
        &mut self,
        work: impl FnOnce(&Packer) -> Result<CheckedPackage> + Send + 'static,
    ) {
        self.under_way += 1;
        let packer = Arc::clone(&self.packer);
        let sender = self.sender.clone();
        rayon::spawn(move || {
            // Nobody listens any more once something else has failed.
            let _ = sender.send(work(&packer));
        });
    }

    /// Waits for all that was begun.
    ///
    /// # Errors
    /// The first of the work, or [`Error::Interrupted`].
    pub(crate) fn finish(
        &mut self,
        interrupt: &Interrupt,
        shell: &Shell,
    ) -> Result<Vec<CheckedPackage>> {
        let progress = Progress::new(shell, self.under_way);
        let mut checked = Vec::new();
        let mut done = 0;
        while self.under_way > 0 {
            interrupt.check()?;
            if let Ok(result) = self.results.recv_timeout(Progress::INTERVAL) {
                checked.push(result?);
                self.under_way -= 1;
                done += 1;
            }
            progress.update(done);
        }
        Ok(checked)
    }

    /// Puts all that was not rejected in its place; nothing, if anything may not be put there.
    ///
    /// # Errors
    /// [`Error::Usage`] for a folder with something that this tool did not write, [`Error::Io`] if
    /// something cannot be put in its place, [`Error::Interrupted`] while another run is at work
    /// in a folder.
    pub(crate) fn publish(
        &self,
        checked: Vec<CheckedPackage>,
        mut locks: Locks,
        interrupt: &Interrupt,
    ) -> Result<Vec<ArchiveReport>> {
        let folders = checked.iter().filter_map(CheckedPackage::folder);
        for folder in folders.clone() {
            // Only what is there can be locked. What is in the way of it will be named.
            let _ = fs::create_dir_all(folder);
        }
        if !locks.add(folders, || interrupt.is_raised()) {
            return Err(interrupt.error());
        }
        let ready = checked.into_iter();
        let ready = ready.map(|checked| self.packer.stage(checked, &locks));
        let ready: Vec<_> = ready.collect::<Result<_>>()?;
        let ready = ready.into_iter();
        ready.map(|ready| self.packer.publish(ready)).collect()
    }
}

impl Drop for PackagingPool {
    fn drop(&mut self) {
        self.packer.temp_files.close();
    }
}
