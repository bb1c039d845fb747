//! The C compiler that build scripts find for a target.

use std::env;

use crate::cargo::config::CargoConfig;
use crate::lambda::{Architecture, Libc, Target};

/// The C compiler for `target` that build scripts find by themselves: through the variables of the
/// `cc` crate, or by its conventional name. `CC` alone does not count, since it names the compiler
/// for this machine.
pub(crate) fn c_compiler(target: Target, config: &CargoConfig) -> Option<String> {
    let triple = target.triple();
    let variables = [
        format!("CC_{triple}"),
        format!("CC_{}", triple.replace('-', "_")),
        "TARGET_CC".to_owned(),
    ];
    let configured = variables.into_iter().find(|name| {
        let value = config.build_script_variable(name);
        value.is_some_and(|value| !value.is_empty())
    });
    configured.or_else(|| {
        let mut conventional = conventional_names(target).into_iter().flatten();
        let found = conventional.find(|name| config.environment.which(name).is_some());
        found.map(str::to_owned)
    })
}

/// The names that the `cc` crate tries on Linux.
fn conventional_names(target: Target) -> [Option<&'static str>; 2] {
    let native = cfg!(target_os = "linux") && target.architecture.rust_name() == env::consts::ARCH;
    match (target.architecture, target.libc) {
        (Architecture::X86_64, Libc::Musl) => {
            [Some("x86_64-linux-musl-gcc"), native.then_some("musl-gcc")]
        }
        (Architecture::Arm64, Libc::Musl) => [Some("aarch64-linux-musl-gcc"), None],
        (Architecture::X86_64, Libc::Gnu) => [Some("x86_64-linux-gnu-gcc"), native.then_some("cc")],
        (Architecture::Arm64, Libc::Gnu) => [Some("aarch64-linux-gnu-gcc"), native.then_some("cc")],
    }
}
