//! What rustc is told beyond the user's own flags.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::toolchain;
use crate::cargo::config::CargoConfig;
use crate::error::{Error, Result};
use crate::lambda::Target;

/// Flags for rustc, and what they mean for C compilers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ExtraFlags {
    rustc: Vec<String>,
    /// The user's own flags, if there is anything to be added to them.
    own: Vec<String>,
    /// What paths are called in what is compiled.
    remaps: Vec<Remap>,
}

/// What a folder is called in what is compiled: from, to.
pub(crate) type Remap = (Utf8PathBuf, String);

impl ExtraFlags {
    /// Whether there is nothing to add.
    pub(crate) fn is_empty(&self) -> bool {
        self.rustc.is_empty()
    }

    /// The CPU to compile for, by a file of arguments.
    ///
    /// Build scripts see the flags of rustc, and `cc` and cargo-zigbuild pass `-C target-cpu` on
    /// to C compilers, which may not know the CPU. They do not look into files.
    pub(crate) fn add_cpu(&mut self, cpu: &str, own_folder: &Utf8Path) {
        self.rustc.push(format!("@{}", cpu_file(cpu, own_folder)));
    }

    /// The C library is the linker's to find, not rustc's.
    pub(crate) fn add_foreign_libc(&mut self) {
        self.rustc.push("-Clink-self-contained=no".to_owned());
    }

    /// Calls folders by other names. Where one lies in another, the later counts: so does it for
    /// rustc and for C compilers.
    pub(crate) fn add_remaps(&mut self, remaps: &[Remap]) {
        for (from, to) in remaps {
            self.rustc.push(format!("--remap-path-prefix={from}={to}"));
        }
        self.remaps.extend_from_slice(remaps);
    }

    /// The variables for C compilers of `targets`: the user's own flags, and these after them.
    ///
    /// The `cc` crate takes the first of several variables, the most special first; so that is
    /// what is looked for, and what is set.
    pub(crate) fn for_c(
        &self,
        targets: &[Target],
        config: &CargoConfig,
    ) -> Vec<(String, OsString)> {
        // The `cc` crate splits flags at spaces, unless it is told to read them as a shell would.
        let is_quoted = (self.remaps.iter()).any(|(from, _)| from.as_str().contains(' '));
        let quote = if is_quoted { "'" } else { "" };
        let map = |(from, to): &Remap| format!("{quote}-ffile-prefix-map={from}={to}{quote}");
        let maps: Vec<String> = self.remaps.iter().map(map).collect();
        if maps.is_empty() {
            return Vec::new();
        }
        let mut variables = Vec::new();
        if is_quoted {
            variables.push(("CC_SHELL_ESCAPED_FLAGS".to_owned(), "1".into()));
        }
        for (target, kind) in targets
            .iter()
            .flat_map(|t| ["CFLAGS", "CXXFLAGS"].map(|k| (t, k)))
        {
            let triple = target.triple();
            let special = format!("{kind}_{}", triple.replace('-', "_"));
            let names = [
                format!("{kind}_{triple}"),
                special.clone(),
                format!("TARGET_{kind}"),
                kind.to_owned(),
            ];
            let own = names
                .iter()
                .find_map(|name| config.build_script_variable(name));
            let mut flags = own.unwrap_or_default();
            for map in &maps {
                if !flags.is_empty() {
                    flags.push(" ");
                }
                flags.push(map);
            }
            variables.push((special, flags));
        }
        variables
    }

    /// Puts these flags after the user's own, wherever those stand.
    ///
    /// # Errors
    /// [`Error::Usage`] if the user's own cannot be known.
    pub(crate) fn after_own(mut self, target: Target, config: &CargoConfig) -> Result<Self> {
        if !self.is_empty() {
            self.own = config.rustflags(target)?;
        }
        Ok(self)
    }

    /// The value of `CARGO_ENCODED_RUSTFLAGS`; none where there is nothing to add.
    pub(crate) fn encoded(&self) -> Option<OsString> {
        let flags: Vec<&str> = self
            .own
            .iter()
            .chain(&self.rustc)
            .map(String::as_str)
            .collect();
        (!self.is_empty()).then(|| flags.join("\u{1f}").into())
    }
}

/// Cargo's own folder, if it can be told.
pub(crate) fn cargo_home() -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(home::cargo_home().ok()?).ok()
}

/// Names that every machine has for the folders of this one; `outside` are those of what is built
/// from outside of the workspace.
///
/// # Errors
/// [`Error::Tool`] if rustc cannot be asked what it is.
pub(crate) fn remaps(
    workspace_root: &Utf8Path,
    target_folder: &Utf8Path,
    outside: impl IntoIterator<Item = Remap>,
    config: &CargoConfig,
) -> Result<Vec<Remap>> {
    let mut remaps = Vec::new();
    remaps.extend(cargo_home().map(|folder| (folder, "/cargo".to_owned())));
    remaps.extend(toolchain::std_source(config)?);
    remaps.extend(outside);
    remaps.push((workspace_root.to_owned(), "/workspace".to_owned()));
    remaps.push((target_folder.to_owned(), "/target".to_owned()));
    Ok(remaps)
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
