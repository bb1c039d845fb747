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
    Error::Build {
        builder,
        status,
        help,
    }
}
