//! A pool of threads that make packages, beside the build.

use std::sync::{Arc, mpsc};

use fs_err as fs;

use super::locks::Locks;
use super::packer::{CheckedPackage, Packer};
use crate::cargo::Interrupt;
use crate::error::Result;
use crate::meter::{Meter, Task};
use crate::report::Report;
use crate::shell::{Progress, Shell};

/// Makes packages on all processors.
///
/// Compression cannot be stopped in the middle, so that the end of a run does not wait for it. When
/// the pool is dropped, all temporary files are removed, even if threads are still at work.
pub(crate) struct PackagingPool {
    packer: Arc<Packer>,
    sender: mpsc::Sender<Result<CheckedPackage>>,
    results: mpsc::Receiver<Result<CheckedPackage>>,
    under_way: usize,
    /// The bytes of all packages.
    meter: Arc<Meter>,
}

impl PackagingPool {
    pub(crate) fn new(packer: Packer) -> Self {
        let (sender, results) = mpsc::channel();
        Self {
            packer: Arc::new(packer),
            sender,
            results,
            under_way: 0,
            meter: Arc::default(),
        }
    }

    /// Forgets the included files that were read before anything was built.
    pub(crate) fn forget_files(&self) {
        self.packer.files.forget();
    }

    /// Starts a job for so many bytes.
    pub(crate) fn start(
        &mut self,
        bytes: u64,
        work: impl FnOnce(&Packer, &Task<'_>) -> Result<CheckedPackage> + Send + 'static,
    ) {
        self.under_way += 1;
        let packer = Arc::clone(&self.packer);
        let sender = self.sender.clone();
        self.meter.expect(bytes);
        let task = Task::of(&self.meter, bytes);
        rayon::spawn(move || {
            // The receiver is gone if another job has failed.
            let _ = sender.send(work(&packer, &task));
        });
    }

    /// Waits for all jobs.
    ///
    /// # Errors
    /// The first error of a job, or [`Error::Interrupted`](crate::error::Error::Interrupted).
    pub(crate) fn finish(
        &mut self,
        interrupt: &Interrupt,
        shell: &Shell,
    ) -> Result<Vec<CheckedPackage>> {
        let mut progress = Progress::new(shell, "Packaging");
        let mut checked = Vec::new();
        while self.under_way > 0 {
            interrupt.check()?;
            if let Ok(result) = self.results.recv_timeout(Progress::INTERVAL) {
                checked.push(result?);
                self.under_way -= 1;
            }
            progress.update(&self.meter);
        }
        Ok(checked)
    }

    /// Publishes all packages that were not rejected. Problems that can be foreseen leave all of
    /// them unpublished; after a failure in the middle, the report has the packages before it.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) for a folder with something that this tool did not write, [`Error::Io`](crate::error::Error::Io) if
    /// something cannot be put in its place, [`Error::Interrupted`](crate::error::Error::Interrupted) while another run is at work
    /// in a folder.
    pub(crate) fn publish(
        &self,
        checked: Vec<CheckedPackage>,
        mut locks: Locks,
        interrupt: &Interrupt,
    ) -> Result<Report> {
        let folders = checked.iter().filter_map(CheckedPackage::folder);
        for folder in folders.clone() {
            // Only a folder that exists can be locked. A file in its way is reported later.
            let _ = fs::create_dir_all(folder);
        }
        if !locks.add(folders, || interrupt.is_raised()) {
            return Err(interrupt.error());
        }
        let ready = checked.into_iter();
        let ready = ready.map(|checked| self.packer.stage(checked, &locks));
        let ready: Vec<_> = ready.collect::<Result<_>>()?;
        let mut published = Vec::new();
        let mut failure = None;
        for ready in ready {
            match self.packer.publish(ready) {
                Ok(report) => published.push(report),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        if let Some(cache) = &self.packer.cache {
            cache.save();
        }
        let report = Report::of_packages(published);
        Ok(match failure {
            Some(error) => report.and_failed(error),
            None => report,
        })
    }
}

impl Drop for PackagingPool {
    fn drop(&mut self) {
        self.packer.temp_files.close();
    }
}
