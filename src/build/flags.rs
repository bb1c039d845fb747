//! What rustc is told beyond the user's own flags.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::cargo_config::CargoConfig;
use crate::error::{Error, Result};
use crate::target::Target;

/// Flags for rustc alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ExtraFlags(Vec<String>);

impl ExtraFlags {
    /// The CPU to compile for, by a file of arguments.
    ///
    /// Build scripts see the flags of rustc, and `cc` and cargo-zigbuild pass `-C target-cpu` on
    /// to C compilers, which may not know the CPU. They do not look into files.
    pub(crate) fn add_cpu(&mut self, cpu: &str, own_folder: &Utf8Path) {
        self.0.push(format!("@{}", cpu_file(cpu, own_folder)));
    }

    /// The C library is the linker's to find, not rustc's.
    pub(crate) fn add_foreign_libc(&mut self) {
        self.0.push("-Clink-self-contained=no".to_owned());
    }

    /// The value of `CARGO_ENCODED_RUSTFLAGS`: the user's own flags, wherever they stand, and
    /// these after them. None where there is nothing to add.
    ///
    /// # Errors
    /// [`Error::Usage`] if the user's own flags cannot be known, or differ between `targets`.
    pub(crate) fn encoded(
        &self,
        targets: &[Target],
        config: &CargoConfig,
    ) -> Result<Option<OsString>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let mut all: Option<Vec<String>> = None;
        for target in targets {
            let mut flags = config.rustflags(*target)?;
            flags.extend(self.0.iter().cloned());
            if all.as_ref().is_some_and(|others| *others != flags) {
                return Err(Error::usage(
                    "the configured rustflags differ between the targets",
                    "build one target at a time",
                ));
            }
            all = Some(flags);
        }
        Ok(all.map(|flags| flags.join("\u{1f}").into()))
    }
}

/// Writes the file that [`ExtraFlags::add_cpu`] names.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write_cpu_file(cpu: &str, own_folder: &Utf8Path) -> Result<()> {
    let path = cpu_file(cpu, own_folder);
    let text = format!("-Ctarget-cpu={cpu}\n");
    if fs::read_to_string(&path).is_ok_and(|current| current == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(own_folder);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(Error::io("could not write a file of flags for rustc"))
}

fn cpu_file(cpu: &str, own_folder: &Utf8Path) -> Utf8PathBuf {
    own_folder.join("rustc").join(cpu)
}
