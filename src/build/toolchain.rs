//! Whether the standard library of a target is installed, and installing it.

use std::path::{Path, PathBuf};

use crate::cli::CargoOptions;
use crate::error::{Error, Result};
use crate::process::Process;
use crate::shell::Shell;
use crate::target::Target;

/// Makes sure that the active toolchain has every one of `targets`, by `rustup target add` where
/// `may_install` and the network allow it.
///
/// # Errors
/// [`Error::MissingTarget`] with the command that would help.
pub(crate) fn ensure_targets(
    targets: &[Target],
    options: &CargoOptions,
    may_install: bool,
    shell: &Shell,
) -> Result<()> {
    let builds_std = |flag: &String| flag.starts_with("build-std");
    if options.compilation.unstable.iter().any(builds_std) {
        return Ok(());
    }
    if let Some(sysroot) = sysroot_of_cargo()
        && targets.iter().all(|target| has_std(&sysroot, *target))
    {
        return Ok(());
    }
    let sysroot = sysroot_of_rustc()?;
    for target in targets {
        if !has_std(&sysroot, *target) {
            install(*target, &sysroot, options, may_install, shell)?;
        }
    }
    Ok(())
}

fn has_std(sysroot: &Path, target: Target) -> bool {
    sysroot
        .join("lib/rustlib")
        .join(target.triple())
        .join("lib")
        .is_dir()
}

/// The sysroot that the calling Cargo lies in: a look instead of a process, which is most of what
/// a run with nothing to do would cost. Only where nothing says that rustc is another.
fn sysroot_of_cargo() -> Option<PathBuf> {
    let other_rustc = ["RUSTC", "CARGO_BUILD_RUSTC", "RUSTC_WRAPPER"];
    if other_rustc
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        return None;
    }
    let cargo = PathBuf::from(std::env::var_os("CARGO")?);
    Some(cargo.parent()?.parent()?.to_owned())
}

fn sysroot_of_rustc() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let process = Process::new(rustc).args(["--print", "sysroot"]);
    let output = process.output("install Rust from https://rustup.rs")?;
    let sysroot = String::from_utf8_lossy(&output.stdout);
    Ok(PathBuf::from(sysroot.trim()))
}

fn install(
    target: Target,
    sysroot: &Path,
    options: &CargoOptions,
    may_install: bool,
    shell: &Shell,
) -> Result<()> {
    let triple = target.triple();
    let rustup = Process::new("rustup").args(["target", "add", triple]);
    let missing = |reason: &str| Error::MissingTarget {
        triple,
        reason: reason.to_owned(),
        help: format!("install it with `{rustup}`"),
    };
    if options.manifest.is_offline() {
        return Err(missing(
            ", and nothing is fetched under --offline or --frozen",
        ));
    }
    if !may_install {
        return Err(missing(", and nothing is installed under --no-install"));
    }
    shell.status(
        "Installing",
        format_args!("Rust target {triple} (`{rustup}`)"),
    );
    let output = rustup.output(&format!(
        "install the standard library of `{triple}` with whatever installed Rust, or use rustup"
    ))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(missing(&format!(
            ", and rustup could not install it\n{}",
            stderr.trim_end()
        )));
    }
    if has_std(sysroot, target) {
        return Ok(());
    }
    Err(Error::MissingTarget {
        triple,
        reason: format!(
            ": rustup has added it to another toolchain than the one in use, `{}`",
            sysroot.display()
        ),
        help: "use the toolchain that rustup manages, or install the target into the one in use"
            .to_owned(),
    })
}
