//! A package as Lambda unpacks it: written by any tool, or not written yet.

use std::sync::Arc;

use super::budget::Budget;
use super::file::File;
use super::layer_facts::LayerFacts;
use super::zip_anomalies::ZipAnomalies;
use crate::lambda::{Architecture, MountPoint, Runtime};

/// A package with its surroundings on Lambda.
pub(crate) struct Package<'a> {
    pub(crate) mount_point: MountPoint,
    /// The files in the order of the zip.
    pub(crate) files: &'a [File],
    /// The function's layers, in the order in which Lambda unpacks them over each other.
    pub(crate) layers: &'a [Arc<LayerFacts>],
    pub(crate) architecture: Architecture,
    pub(crate) runtime: Runtime,
    pub(crate) budget: Budget,
    /// The anomalies of the zip itself.
    pub(crate) anomalies: &'a ZipAnomalies,
}

impl<'a> Package<'a> {
    /// The name and the bytes of each entry.
    pub(crate) fn sizes(&self) -> Vec<(&'a str, u64)> {
        let size = |file: &'a File| (&*file.name, file.bytes);
        self.files.iter().map(size).collect()
    }
}

#[cfg(test)]
impl<'a> Package<'a> {
    /// A package without anomalies.
    pub(crate) fn of(
        mount_point: MountPoint,
        files: &'a [File],
        layers: &'a [Arc<LayerFacts>],
    ) -> Self {
        const NO_ANOMALIES: &ZipAnomalies = &ZipAnomalies {
            broken: Vec::new(),
            encrypted: Vec::new(),
            unsupported: Vec::new(),
            descriptors: Vec::new(),
            ambiguous: Vec::new(),
            doubtful_folders: Vec::new(),
            volume_labels: Vec::new(),
            hidden: Vec::new(),
            foreign: crate::archive::read::Foreign {
                before: 0,
                after: 0,
            },
            unverified: Vec::new(),
        };
        Self {
            mount_point,
            files,
            layers,
            architecture: Architecture::X86_64,
            runtime: Runtime::Al2023,
            budget: Budget::default(),
            anomalies: NO_ANOMALIES,
        }
    }
}
