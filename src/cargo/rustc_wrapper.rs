//! This tool as a wrapper of rustc, between Cargo and the user's own wrapper, such as sccache.
//!
//! A cache of what rustc compiles compares its arguments. `--reproducible` renames the folders of the
//! workspace in compiled code, by arguments that contain them. Crates of a registry do not contain
//! these folders: without the arguments they are found in the cache from every checkout.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::config::CargoConfig;
use super::linker::link_to_this_program;
use super::process::Process;
use crate::error::{Error, Result};

/// The name of this program as the wrapper.
const NAME: &str = "lambda-zip-rustc";

/// The variables for the wrapper. sccache compares all variables that begin with `CARGO_`.
const WRAPPER: &str = "LAMBDA_ZIP_RUSTC_WRAPPER";
const CARGO_HOME: &str = "LAMBDA_ZIP_CARGO_HOME";
const REMAPS: &str = "LAMBDA_ZIP_REMAPS";

/// Separates the folders in [`REMAPS`].
const SEPARATOR: char = '\u{1f}';

/// The settings of the wrapper.
pub(super) struct Wrapping {
    /// The user's own wrapper.
    wrapper: String,
    cargo_home: Utf8PathBuf,
    /// `FROM=TO` for each folder.
    remaps: String,
}

impl Wrapping {
    pub(super) fn new(
        wrapper: String,
        cargo_home: &Utf8Path,
        remaps: &[(Utf8PathBuf, String)],
    ) -> Self {
        let remaps: Vec<String> = (remaps.iter())
            .map(|(from, to)| format!("{from}={to}"))
            .collect();
        Self {
            wrapper,
            cargo_home: cargo_home.to_owned(),
            remaps: remaps.join(&SEPARATOR.to_string()),
        }
    }

    /// Makes the Cargo of `process` call this program as its wrapper.
    pub(super) fn wrap(self, process: Process, own_folder: &Utf8Path) -> Process {
        process
            .env("RUSTC_WRAPPER", path(own_folder).as_str())
            .env(WRAPPER, self.wrapper)
            .env(CARGO_HOME, self.cargo_home.as_str())
            .env(REMAPS, self.remaps)
    }
}

/// True if `wrapper` is this program: a build script runs the tool within a build of the tool.
pub(super) fn is_own(wrapper: &str) -> bool {
    Utf8Path::new(wrapper).file_stem() == Some(NAME)
}

/// The wrapper in the tool's own folder.
fn path(own_folder: &Utf8Path) -> Utf8PathBuf {
    let name = format!("{NAME}{}", env::consts::EXE_SUFFIX);
    own_folder.join("rustc").join(name)
}

/// Makes the wrapper, if the user has one that it could call.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write(own_folder: &Utf8Path, config: &CargoConfig) -> Result<()> {
    if config.rustc_wrapper().is_none() {
        return Ok(());
    }
    let path = path(own_folder);
    let write = || -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(own_folder))?;
        link_to_this_program(&path)
    };
    write().map_err(Error::io("could not prepare the wrapper of rustc"))
}

/// Calls the user's wrapper if Cargo has called this tool as its wrapper; `None` if it has not.
/// `args` begin with the name of the program.
pub(crate) fn run(args: &[OsString]) -> Option<ExitCode> {
    let (name, arguments) = args.split_first()?;
    if Path::new(name).file_stem()? != NAME {
        return None;
    }
    let Some(wrapper) = env::var_os(WRAPPER) else {
        anstream::eprintln!("error: `{NAME}` is only for builds of cargo lambda-zip");
        return Some(ExitCode::FAILURE);
    };
    let mut command = Command::new(&wrapper);
    command.args(arguments).args(flags(arguments));
    for name in [WRAPPER, CARGO_HOME, REMAPS] {
        command.env_remove(name);
    }
    Some(replace_by(&mut command).unwrap_or_else(|error| {
        let wrapper = wrapper.display();
        anstream::eprintln!("error: the wrapper of rustc, `{wrapper}`, was not started: {error}");
        ExitCode::FAILURE
    }))
}

/// Runs a command in the place of this process, which then also ends by its signals.
#[cfg(unix)]
fn replace_by(command: &mut Command) -> io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
fn replace_by(command: &mut Command) -> io::Result<ExitCode> {
    let code = command.status()?.code();
    let code = code.and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The flags that rename the folders of the workspace, if the crate may contain them.
fn flags(arguments: &[OsString]) -> Vec<String> {
    let text = |name| env::var(name).unwrap_or_default();
    let (cargo_home, remaps) = (text(CARGO_HOME), text(REMAPS));
    let remaps: Vec<&str> = remaps.split(SEPARATOR).collect();
    // Cargo sets the variable for every crate, and not for questions to rustc.
    let Some(package) = env::var_os("CARGO_MANIFEST_DIR") else {
        return Vec::new();
    };
    let generated = env::var_os("OUT_DIR");
    let has_generated_sources = generated.is_some_and(|folder| !is_empty(Path::new(&folder)));
    let is_shared = is_in_cargo_home(Path::new(&package), &cargo_home, &remaps);
    if !is_for_target(arguments)
        || is_shared && !has_generated_sources && !has_separate_debug_files(arguments)
    {
        return Vec::new();
    }
    let flag = |remap| format!("--remap-path-prefix={remap}");
    remaps.into_iter().map(flag).collect()
}

/// True if a package lies in the folder of Cargo, and in none of the renamed folders.
fn is_in_cargo_home(package: &Path, cargo_home: &str, remaps: &[&str]) -> bool {
    let mut folders = remaps.iter().filter_map(|remap| remap.rsplit_once('='));
    package.starts_with(cargo_home) && !folders.any(|(folder, _)| package.starts_with(folder))
}

/// True if a build script has made no file in its folder.
fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// True if a crate is compiled for a target, and so gets the flags of rustc. Build scripts and
/// procedural macros do not. Cargo puts arguments into a file if they are too long.
fn is_for_target(arguments: &[OsString]) -> bool {
    let begins = |argument: &OsStr, start: &str| {
        let argument = argument.as_encoded_bytes();
        argument.starts_with(start.as_bytes())
    };
    let starts = ["--target", "@"];
    (arguments.iter()).any(|argument| starts.iter().any(|start| begins(argument, start)))
}

/// True if debug information is in files of its own, whose paths in the target folder the crate
/// contains.
fn has_separate_debug_files(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| {
        let value = argument.to_str().and_then(|text| text.rsplit_once('='));
        value.is_some_and(|(name, value)| name.ends_with("split-debuginfo") && value != "off")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_of_cargo_that_are_in_no_renamed_folder_are_shared() {
        let is_shared = |package: &str, remaps: &[&str]| {
            is_in_cargo_home(Path::new(package), "/home/me/.cargo", remaps)
        };
        let crate_of_registry = "/home/me/.cargo/registry/src/index/bytes-1.0.0";
        assert!(is_shared(crate_of_registry, &["/shop=/workspace"]));
        assert!(!is_shared("/shop", &["/shop=/workspace"]));
        assert!(!is_shared("/pricing", &["/shop=/workspace"]));
        // The folder of Cargo lies in the workspace.
        assert!(!is_shared(crate_of_registry, &["/home/me=/workspace"]));
        assert!(!is_shared(
            crate_of_registry,
            &[
                "/home/me/.cargo/registry=a=/workspace",
                "/home/me=/workspace"
            ]
        ));
    }

    #[test]
    fn build_scripts_and_procedural_macros_get_no_flags() {
        let is_target = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            is_for_target(&arguments)
        };
        assert!(is_target(&[
            "rustc",
            "--target",
            "x86_64-unknown-linux-musl"
        ]));
        assert!(is_target(&["rustc", "@arguments"]));
        assert!(!is_target(&["rustc", "--crate-name", "serde_derive"]));
    }

    #[test]
    fn a_folder_that_cannot_be_read_counts_as_generated_sources() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_empty(folder.path()));
        fs::write(folder.path().join("private.rs"), "").unwrap();
        assert!(!is_empty(folder.path()));
        assert!(!is_empty(&folder.path().join("none")));
    }

    #[test]
    fn debug_information_in_other_files_is_seen() {
        let is_separate = |argument: &str| has_separate_debug_files(&[argument.into()]);
        assert!(is_separate("split-debuginfo=unpacked"));
        assert!(is_separate("-Csplit-debuginfo=packed"));
        assert!(!is_separate("split-debuginfo=off"));
        assert!(!is_separate("debuginfo=2"));
    }
}
