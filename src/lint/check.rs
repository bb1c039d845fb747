//! The check of a zip from any tool: would Lambda accept and start it?

use std::sync::Arc;
use std::{io, iter};

use super::budget::Budget;
use super::checks::{self, is_looked_for, unverified};
use super::contents::{self, ZipContents};
use super::diagnostic::{Diagnostic, Finding};
use super::file::File;
use super::layer_facts::LayerFacts;
use super::package::Package;
use super::policy::Policy;
use super::table::{Level, Lint};
use super::zip_anomalies::ZipAnomalies;
use crate::archive::read::{Defect, LargeEntryLock, Zip};
use crate::archive::{PackedEntry, Permissions};
use crate::bytes;
use crate::inspect::Executable;
use crate::lambda::{Architecture, MountPoint, Runtime};

/// All that zips are checked against.
pub(crate) struct ZipCheck<'a> {
    pub(crate) mount_point: MountPoint,
    /// The function's layers, in the order in which Lambda unpacks them.
    pub(crate) layers: &'a [Arc<LayerFacts>],
    /// The function's architecture; `None` if the programs in the zip tell it.
    pub(crate) architecture: Option<Architecture>,
    pub(crate) runtime: Runtime,
    pub(crate) budget: Budget,
    pub(crate) policy: &'a Policy,
    /// Shared by all zips of a run, so that only one of them holds a large entry in memory.
    pub(crate) large_entry_lock: &'a LargeEntryLock,
}

/// A zip that was checked.
pub(crate) struct CheckedZip {
    /// The architecture it was checked for, if it was given or a program tells it.
    pub(crate) architecture: Option<Architecture>,
    /// The program that Lambda starts.
    pub(crate) program: Option<Executable>,
    /// Bytes of all entries, unzipped; `None` if some of them may be unknown.
    pub(crate) unzipped_bytes: Option<u64>,
    /// In the order of the zip; empty if it cannot be read.
    pub(crate) entries: Vec<PackedEntry>,
    pub(crate) findings: Vec<Finding>,
}

impl ZipCheck<'_> {
    /// Checks a zip of so many `bytes`, whose file is called `file_name`.
    ///
    /// # Errors
    /// If the system cannot read it; what is wrong with the zip is among the findings.
    pub(crate) fn check(
        &self,
        zip: &Result<Zip<'_>, Defect>,
        file_name: &str,
        bytes: u64,
    ) -> io::Result<CheckedZip> {
        let contents = contents::read(zip, self.large_entry_lock)?;
        let ZipContents { files, anomalies } = &contents;
        let compressed = || {
            let records = zip.iter().flat_map(|zip| &zip.entries);
            records.map(|record| record.compressed)
        };
        let mut package = Package {
            mount_point: self.mount_point,
            files,
            layers: self.layers,
            architecture: Architecture::default(),
            runtime: self.runtime,
            budget: self.budget,
            anomalies,
        };
        let program = package.program().and_then(File::executable);
        let architecture = self.architecture_of(program, files);
        package.architecture = architecture.unwrap_or_default();
        let mut diagnostics = checks::check_package(&package);
        let names = files.iter().map(|file| &*file.name);
        let sizes: Vec<_> = names.zip(compressed()).collect();
        diagnostics.extend(checks::check_zip_size(
            self.mount_point,
            file_name,
            bytes,
            &sizes,
            self.budget,
        ));
        let is_known = !anomalies.is_incomplete();
        Ok(CheckedZip {
            architecture,
            program: program.cloned(),
            unzipped_bytes: is_known.then(|| bytes::sum(files.iter().map(|file| file.bytes))),
            findings: self.findings(diagnostics, anomalies),
            entries: packed_entries(contents.files, compressed()),
        })
    }

    /// The architecture to check for: as given, or that of the program, or of any executable.
    fn architecture_of(
        &self,
        program: Option<&Executable>,
        files: &[File],
    ) -> Option<Architecture> {
        // In a layer, code for several architectures may lie beside what Lambda looks for.
        let is_function = self.mount_point == MountPoint::Task;
        let files = files
            .iter()
            .filter(|file| is_function || is_looked_for(file));
        let executables = files.filter_map(File::executable);
        self.architecture.or_else(|| {
            program
                .into_iter()
                .chain(executables)
                .find_map(Executable::architecture)
        })
    }

    /// The findings to report. If a package that is too large is allowed, entries that were not
    /// read for that reason are findings of their own.
    fn findings(&self, mut diagnostics: Vec<Diagnostic>, anomalies: &ZipAnomalies) -> Vec<Finding> {
        let too_large = Lint::UnzippedTooLarge;
        let is_rejected = self.policy.level(too_large) == Level::Deny
            && diagnostics.iter().any(|found| found.lint == too_large);
        if !is_rejected {
            let layers = self.layers.iter().map(|layer| &layer.anomalies);
            diagnostics.extend(iter::once(anomalies).chain(layers).filter_map(unverified));
        }
        self.policy.apply(diagnostics)
    }
}

fn packed_entries(files: Vec<File>, compressed: impl Iterator<Item = u64>) -> Vec<PackedEntry> {
    let entry = |(file, compressed_bytes): (File, u64)| PackedEntry {
        path: file.name,
        mode: file.permissions.map(Permissions),
        bytes: file.bytes,
        compressed_bytes,
    };
    files.into_iter().zip(compressed).map(entry).collect()
}
