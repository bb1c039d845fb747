//! The zips of a function: its code and its layers.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::root::Root;
use crate::archive::read::{self, Fault, FileSource, LargeEntryLock, Source, Zip};
use crate::config::{self, LayerSource, Settings};
use crate::error::{Error, Result};
use crate::lambda::MountPoint;
use crate::lint::{self, CheckedZip, ZipCheck};

/// A function's zip and those of its layers, opened.
pub(crate) struct Package<'a> {
    path: &'a Utf8Path,
    code: FileSource,
    layers: Vec<(Utf8PathBuf, FileSource)>,
}

impl<'a> Package<'a> {
    /// Opens the zip `path` and the layers that the settings name.
    ///
    /// # Errors
    /// [`Error::MissingFile`] or [`Error::Io`] if one is not there or cannot be read,
    /// [`Error::Usage`] for what is no file, a layer without a zip, and one that is given twice.
    pub(crate) fn open(path: &'a Utf8Path, settings: &Settings) -> Result<Self> {
        read::check("the zip", path)?;
        let mut layers: Vec<(Utf8PathBuf, FileSource)> = Vec::new();
        let mut known = Vec::new();
        config::refuse_names(&settings.layers)?;
        for layer in &settings.layers {
            let layer = layer.for_architecture(settings.only_architecture());
            let Some(LayerSource::Zip(layer)) = layer else {
                return Err(Error::usage(
                    "a layer without a zip cannot be unpacked",
                    "name the zip of each layer; `{arch}` in its path needs `--arch`",
                ));
            };
            read::check("the layer", &layer)?;
            let real = fs::canonicalize(&layer).unwrap_or_else(|_| layer.clone().into());
            if known.contains(&real) {
                return Err(Error::usage(
                    format!("the layer `{layer}` is given twice"),
                    "give it once: Lambda refuses a function with two versions of one layer",
                ));
            }
            known.push(real);
            let opened = read::open(&layer)?;
            layers.push((layer, opened));
        }
        Ok(Self {
            path,
            code: read::open(path)?,
            layers,
        })
    }

    /// Checks the code beside its layers, as `check` does.
    ///
    /// # Errors
    /// [`Error::Io`] if a zip cannot be read.
    pub(crate) fn check(&self, settings: &Settings) -> Result<CheckedZip> {
        let large_entry_lock = LargeEntryLock::default();
        let layers = self.layers.iter();
        let layers =
            layers.map(|(path, _)| lint::read_layer(path, &large_entry_lock).map(Arc::new));
        let check = ZipCheck {
            mount_point: MountPoint::Task,
            layers: &layers.collect::<Result<Vec<_>>>()?,
            architecture: settings.only_architecture(),
            runtime: settings.runtime,
            budget: settings.budget(),
            policy: &settings.policy,
            large_entry_lock: &large_entry_lock,
        };
        let name = self.path.file_name().unwrap_or(self.path.as_str());
        let checked = Fault::defect(Zip::open(&self.code))
            .and_then(|zip| check.check(&zip, name, self.code.length()));
        let doing = format!("could not read the zip `{}`", self.path);
        checked.map_err(Error::io_at(self.path, doing))
    }

    /// Unpacks all of them.
    ///
    /// # Errors
    /// [`Error::NotUnpacked`] if Lambda could not unpack one, [`Error::Io`] if the system cannot
    /// write.
    pub(crate) fn unpack(&self) -> Result<Root> {
        let root = Root::new()?;
        root.unpack(MountPoint::Task, &self.code, self.path)?;
        for (path, layer) in &self.layers {
            root.unpack(MountPoint::Opt, layer, path)?;
        }
        Ok(root)
    }
}
