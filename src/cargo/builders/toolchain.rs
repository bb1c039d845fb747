//! The standard library of a target: looked for, and installed.

use std::env;
use std::path::{Path, PathBuf};

use camino::Utf8PathBuf;

use super::zig::zigbuild;
use crate::cargo::config::CargoConfig;
use crate::cargo::environment::Environment;
use crate::cargo::process::{INSTALL_RUST, Process};
use crate::error::{Error, Result};
use crate::lambda::Target;
use crate::shell::Shell;

/// The permission to install a missing target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InstallPolicy {
    /// `rustup target add`
    Install,
    /// No installation: `--offline`, `--frozen` or Cargo's `net.offline`
    Offline,
    /// No installation: `--no-install`
    NoInstall,
}

/// Makes sure that the active toolchain has all `targets`.
///
/// # Errors
/// [`Error::Missing`] with the ways to get a target.
pub(crate) fn ensure_targets(
    targets: &[Target],
    missing: InstallPolicy,
    config: &CargoConfig,
    shell: &Shell,
) -> Result<()> {
    if let Some(sysroot) = sysroot_of_cargo(config)
        && targets.iter().all(|target| has_std(&sysroot, *target))
    {
        return Ok(());
    }
    let sysroot = sysroot(config)?;
    for target in targets {
        if !has_std(&sysroot, *target) {
            install(*target, &sysroot, missing, &config.environment, shell)?;
        }
    }
    Ok(())
}

/// Makes sure that the active toolchain has the source of the standard library.
///
/// # Errors
/// [`Error::Missing`] with the ways to get it.
pub(crate) fn ensure_std_source(config: &CargoConfig) -> Result<()> {
    let sysroot = sysroot(config)?;
    if has_std_source(&sysroot) {
        return Ok(());
    }
    Err(Error::Missing {
        message: format!(
            "--build-std needs the source of Rust's standard library, which the toolchain `{}` \
             does not have",
            sysroot.display()
        ),
        help: vec![
            "with rustup: `rustup component add rust-src`".to_owned(),
            "with a distribution's Rust: its source package, for instance `apt install rust-src`"
                .to_owned(),
        ],
    })
}

fn has_std(sysroot: &Path, target: Target) -> bool {
    sysroot
        .join("lib/rustlib")
        .join(target.triple())
        .join("lib")
        .is_dir()
}

fn has_std_source(sysroot: &Path) -> bool {
    sysroot
        .join("lib/rustlib/src/rust/library/std/Cargo.toml")
        .is_file()
}

/// The folder of the standard library's source in the toolchain, if it is installed, and the name
/// that the library has for it elsewhere. Code that is inlined from the library contains the folder.
///
/// # Errors
/// [`Error::Tool`] if rustc does not start.
pub(crate) fn std_source(config: &CargoConfig) -> Result<Option<(Utf8PathBuf, String)>> {
    let sysroot = match sysroot_of_cargo(config) {
        Some(sysroot) => sysroot,
        None => sysroot(config)?,
    };
    let source = Utf8PathBuf::from_path_buf(sysroot.join("lib/rustlib/src/rust"));
    let Some(source) = source.ok().filter(|_| has_std_source(&sysroot)) else {
        return Ok(None);
    };
    let process = Process::new(config.rustc()).arg("-vV");
    let output = process.output(INSTALL_RUST)?;
    let version = String::from_utf8_lossy(&output.stdout);
    let mut lines = version.lines();
    let commit = lines.find_map(|line| line.strip_prefix("commit-hash: "));
    Ok(Some((
        source,
        format!("/rustc/{}", commit.unwrap_or("unknown")),
    )))
}

/// The sysroot of the Cargo that started this tool. It spares a process, which is most of the time
/// of a run that has nothing to do. `None` if the user has chosen a rustc.
fn sysroot_of_cargo(config: &CargoConfig) -> Option<PathBuf> {
    if config.rustc() != "rustc" {
        return None;
    }
    let cargo = PathBuf::from(env::var_os("CARGO")?);
    Some(cargo.parent()?.parent()?.to_owned())
}

/// The folder of the toolchain in use.
pub(crate) fn sysroot(config: &CargoConfig) -> Result<PathBuf> {
    let process = Process::new(config.rustc()).args(["--print", "sysroot"]);
    let output = process.output(INSTALL_RUST)?;
    let sysroot = String::from_utf8_lossy(&output.stdout);
    Ok(PathBuf::from(sysroot.trim()))
}

fn install(
    target: Target,
    sysroot: &Path,
    missing: InstallPolicy,
    environment: &Environment,
    shell: &Shell,
) -> Result<()> {
    let triple = target.triple();
    let mut rustup = Process::new("rustup").args(["target", "add", triple]);
    if let Some(toolchain) = environment.get("RUSTUP_TOOLCHAIN") {
        // The message shows the command; the user may type it where that variable is not set.
        rustup = rustup.arg("--toolchain").arg(toolchain);
    }
    let by_rustup = || vec![format!("install it with `{rustup}`")];
    let has_rustup = environment.which("rustup").is_some();
    let ways = || {
        if has_rustup {
            by_rustup()
        } else {
            without_rustup(triple, sysroot, environment)
        }
    };
    match missing {
        InstallPolicy::Offline => {
            let why = ", and nothing is fetched offline";
            return Err(not_installed(triple, why, ways()));
        }
        InstallPolicy::NoInstall => {
            let why = ", and nothing is installed under --no-install";
            return Err(not_installed(triple, why, ways()));
        }
        InstallPolicy::Install => {}
    }
    if !has_rustup {
        let why = format!(
            " in `{}`, and there is no rustup to install it",
            sysroot.display()
        );
        return Err(not_installed(
            triple,
            &why,
            without_rustup(triple, sysroot, environment),
        ));
    }
    shell.status(
        "Installing",
        format_args!("Rust target {triple} (`{rustup}`)"),
    );
    let output = rustup.output("install rustup from https://rustup.rs")?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let why = format!(", and rustup could not install it\n{}", stderr.trim_end());
        let mut ways = by_rustup();
        ways.extend(without_rustup(triple, sysroot, environment));
        return Err(not_installed(triple, &why, ways));
    }
    if has_std(sysroot, target) {
        return Ok(());
    }
    let why = format!(
        " in `{}`, the toolchain in use: rustup has added it to another",
        sysroot.display()
    );
    Err(not_installed(
        triple,
        &why,
        without_rustup(triple, sysroot, environment),
    ))
}

fn not_installed(triple: &str, why: &str, help: Vec<String>) -> Error {
    Error::Missing {
        message: format!("the Rust target `{triple}` is not installed{why}"),
        help,
    }
}

/// The ways to get a target without rustup, the shortest first.
fn without_rustup(triple: &str, sysroot: &Path, environment: &Environment) -> Vec<String> {
    let build_std = match (has_std_source(sysroot), zigbuild(environment)) {
        (true, Ok(_)) => "compile it with `--build-std`: its source and zig are there",
        (true, Err(_)) => {
            "compile it with `--build-std`: its source is there; zig is not \
             (`pip install cargo-zigbuild`)"
        }
        (false, _) => {
            "compile it with `--build-std`, which needs its source (Debian: `rust-src`) and \
             zig (`pip install cargo-zigbuild`)"
        }
    };
    vec![
        build_std.to_owned(),
        format!(
            "install the distribution's package of it, where it has one (Fedora: \
             `rust-std-static-{triple}`; Nix: `targets = [\"{triple}\"]`)"
        ),
        "use Rust from https://rustup.rs".to_owned(),
    ]
}
