//! Flags for rustc beyond those of the user.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::builder::Builder;
use super::toolchain;
use crate::cargo::config::CargoConfig;
use crate::error::{Error, Result};
use crate::lambda::Target;

/// Flags for rustc, and the corresponding flags for C compilers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ExtraFlags {
    rustc: Vec<String>,
    /// The flags of the user; empty if `rustc` is.
    own: Vec<String>,
    /// The new names of folders in compiled code.
    remaps: Remaps,
    /// More `--config` values.
    settings: Vec<String>,
}

/// The new name of a folder in compiled code: from, to.
pub(crate) type Remap = (Utf8PathBuf, String);

/// The new names of folders in compiled code. If one folder lies in another, the later one counts,
/// for rustc as for C compilers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Remaps {
    /// The folders that all workspaces of this machine share.
    shared: Vec<Remap>,
    /// The folders of one workspace, and those of packages outside of it.
    local: Vec<Remap>,
}

impl Remaps {
    fn all(&self) -> impl Iterator<Item = &Remap> {
        self.shared.iter().chain(&self.local)
    }
}

impl ExtraFlags {
    /// True if there is no flag to add.
    pub(crate) fn is_empty(&self) -> bool {
        self.rustc.is_empty() && self.remaps.all().next().is_none()
    }

    /// Sets the CPU of Rust code only.
    ///
    /// The `cc` crate and cargo-zigbuild pass `-C target-cpu` on to C compilers, which may not know
    /// the CPU. rustc takes `_` for `-` in names of options, and `cc` does not. cargo-zigbuild does,
    /// but reads no file of arguments. sccache caches nothing that is compiled with such a file.
    pub(crate) fn add_cpu(&mut self, cpu: &str, builder: Builder, own_folder: &Utf8Path) {
        self.rustc.push(match builder {
            Builder::Zigbuild => format!("@{}", cpu_file(cpu, own_folder)),
            _ => format!("-Ctarget_cpu={cpu}"),
        });
    }

    /// Keeps debug information in the program, by the `settings` of its profile, and gives it a
    /// build ID.
    ///
    /// No flag reaches the container of cross. A setting for the target does, and it would replace
    /// other flags of the user: where there are some, the linker in the container decides whether
    /// there is a build ID.
    ///
    /// # Errors
    /// [`Error::Usage`] if the flags of the user cannot be read.
    pub(crate) fn add_debug_information(
        &mut self,
        settings: &[String],
        target: Target,
        builder: Builder,
        config: &CargoConfig,
    ) -> Result<()> {
        self.settings.extend_from_slice(settings);
        let linker = config.linker(target).filter(|_| builder == Builder::Cargo);
        let linker = linker.unwrap_or_default();
        let name = Utf8Path::new(linker.to_str().unwrap_or_default()).file_stem();
        let is_plain = name.is_some_and(|name| name == "ld" || name.contains("lld"));
        // The default of lld is shorter than the 20 bytes that services expect.
        let flag = if is_plain {
            "-Clink-arg=--build-id=sha1"
        } else {
            "-Clink-arg=-Wl,--build-id=sha1"
        };
        if builder != Builder::Cross {
            self.rustc.push(flag.to_owned());
        } else if config.rustflags(target)?.is_empty() {
            let triple = target.triple();
            let setting = format!("target.{triple}.rustflags=[\"{flag}\"]");
            self.settings.push(setting);
        }
        Ok(())
    }

    /// The `--config` values beyond those of the user.
    pub(crate) fn settings(&self) -> &[String] {
        &self.settings
    }

    /// Leaves the C library to the linker, instead of rustc.
    pub(crate) fn add_foreign_libc(&mut self) {
        self.rustc.push("-Clink-self-contained=no".to_owned());
    }

    /// Renames folders in compiled code.
    pub(crate) fn add_remaps(&mut self, remaps: &Remaps) {
        self.remaps = remaps.clone();
    }

    /// The new names of folders that the crates of registries need not have, if others tell that the
    /// flags have changed. Cargo knows flags, and not what a wrapper of rustc adds.
    pub(super) fn separable_remaps(&self) -> &[Remap] {
        if self.remaps.shared.is_empty() {
            return &[];
        }
        &self.remaps.local
    }

    /// The environment variables of C compilers for `targets`: the flags of the user, then these.
    ///
    /// The `cc` crate takes the most special variable that is set. This reads that one, and sets the
    /// most special one.
    pub(crate) fn for_c(
        &self,
        targets: &[Target],
        config: &CargoConfig,
    ) -> Vec<(String, OsString)> {
        // The `cc` crate splits flags at spaces, unless CC_SHELL_ESCAPED_FLAGS is set.
        let is_quoted = (self.remaps.all()).any(|(from, _)| from.as_str().contains(' '));
        let quote = if is_quoted { "'" } else { "" };
        let map = |(from, to): &Remap| format!("{quote}-ffile-prefix-map={from}={to}{quote}");
        let maps: Vec<String> = self.remaps.all().map(map).collect();
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

    /// Puts these flags after those of the user.
    ///
    /// # Errors
    /// [`Error::Usage`] if the flags of the user cannot be read.
    pub(crate) fn after_own(mut self, target: Target, config: &CargoConfig) -> Result<Self> {
        if !self.is_empty() {
            self.own = config.rustflags(target)?;
        }
        Ok(self)
    }

    /// The value of `CARGO_ENCODED_RUSTFLAGS`; `None` if there is no flag to add. `is_separate` leaves
    /// out [`Self::separable_remaps`].
    pub(crate) fn encoded(&self, is_separate: bool) -> Option<OsString> {
        let separate = self.separable_remaps().len();
        let left_out = if is_separate { separate } else { 0 };
        let remaps: Vec<_> = self.remaps.all().collect();
        let remaps = remaps[..remaps.len() - left_out].iter();
        let own = self.own.iter().chain(&self.rustc).cloned();
        let flags: Vec<String> = own.chain(remaps.map(|remap| remap_flag(remap))).collect();
        (!self.is_empty()).then(|| flags.join("\u{1f}").into())
    }
}

/// The flag of rustc that renames a folder.
pub(super) fn remap_flag((from, to): &Remap) -> String {
    format!("--remap-path-prefix={from}={to}")
}

/// The folder of Cargo itself (`CARGO_HOME`).
pub(crate) fn cargo_home() -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(home::cargo_home().ok()?).ok()
}

/// Names for the folders of this machine that are the same on every machine. `compiled` is the
/// folder of everything that is compiled, `outside` are the folders of packages outside of the
/// workspace.
///
/// # Errors
/// [`Error::Tool`] if rustc does not start.
pub(crate) fn remaps(
    workspace_root: &Utf8Path,
    compiled: &Utf8Path,
    outside: impl IntoIterator<Item = Remap>,
    config: &CargoConfig,
) -> Result<Remaps> {
    let home = cargo_home().map(|folder| (folder, "/cargo".to_owned()));
    let std = toolchain::std_source(config)?;
    let own = [
        (workspace_root.to_owned(), "/workspace".to_owned()),
        (compiled.to_owned(), "/target".to_owned()),
    ];
    Ok(Remaps {
        shared: home.into_iter().chain(std).collect(),
        local: outside.into_iter().chain(own).collect(),
    })
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
