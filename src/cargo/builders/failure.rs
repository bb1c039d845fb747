//! Causes of a failed build that the builder's own messages do not name.

use crate::cargo::config::CargoConfig;
use crate::error::Error;
use crate::lambda::{Libc, Target};

/// The error of a build for `targets`, with the likely causes that lie in the user's setup.
pub(crate) fn explained(error: Error, targets: &[Target], config: &CargoConfig) -> Error {
    let Error::Build {
        builder, status, ..
    } = error
    else {
        return error;
    };
    let mut help = Vec::new();
    if cfg!(unix) && config.environment.which("cc").is_none() {
        let install = if cfg!(target_os = "macos") {
            "`xcode-select --install`"
        } else {
            "`apt install gcc`, or `dnf install gcc`"
        };
        help.push(format!(
            "`cc` is not installed; rustc links build scripts and procedural macros for this machine \
             with it: {install}"
        ));
    }
    let foreign = targets.iter().find(|target| {
        target.libc == Libc::Musl || target.architecture.rust_name() != std::env::consts::ARCH
    });
    if let (Some(target), Some(setting)) = (foreign, config.linker_for_all_targets()) {
        help.push(format!(
            "{setting} holds for {target} too, and may not link it: put the setting under \
             `[target.TRIPLE]`, with the triple of this machine (`rustc --print host-tuple`)"
        ));
    }
    let musl = targets.iter().find(|target| target.libc == Libc::Musl);
    if let Some(setting) = musl.and_then(|target| config.flag_against_static(*target)) {
        help.push(format!(
            "{setting} asks for a program that is not static, or for start files of this machine: \
             leave it out for musl targets, for which the toolchain has all that a static program \
             needs, or build with `--target ARCH-unknown-linux-gnu`"
        ));
    }
    let missing = |target: &Target| Some((*target, config.missing_linker(*target)?));
    if let Some((target, linker)) = targets.iter().find_map(missing) {
        let without = match target.libc {
            Libc::Musl => {
                "leave out the setting, and the tool links with the toolchain's own linker"
            }
            Libc::Gnu => "use `--builder zigbuild`",
        };
        help.push(format!(
            "the linker {linker} is not installed: install it, or {without}"
        ));
    }
    Error::Build {
        builder,
        status,
        help,
    }
}
