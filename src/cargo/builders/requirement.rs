//! The need of a build for more than Cargo and the linker in the Rust toolchain.

use super::c_compiler::c_compiler;
use crate::cargo::config::CargoConfig;
use crate::cargo::native::NativeCrate;
use crate::cargo::system_library::SystemLibrary;
use crate::error::Result;
use crate::lambda::{Libc, Target};

/// A tool or library that a build needs beyond Cargo and the linker in its toolchain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// A library of the system for `target`.
    Library {
        krate: NativeCrate,
        library: &'static SystemLibrary,
        /// The variable with which the crate does not compile the library itself, if it is set.
        obstacle: Option<&'static str>,
        target: Target,
    },
    /// A C compiler for `target`.
    CCompiler { krate: NativeCrate, target: Target },
    /// A linker and a C library for `target`, which is not the host.
    Linker { target: Target },
    /// A certain glibc to link against.
    Glibc { target: Target },
}

/// The first requirement of a build for `targets` that the user's own setup does not meet; `native`
/// are crates that compile C or link a library of the system, each with the target.
///
/// # Errors
/// [`Error::CargoConfig`](crate::error::Error::CargoConfig) if the linker of a target is unclear.
pub(crate) fn requirement(
    targets: &[Target],
    native: &[(Target, NativeCrate)],
    config: &CargoConfig,
) -> Result<Option<Requirement>> {
    if let Some(&target) = targets.iter().find(|target| target.glibc.is_some()) {
        return Ok(Some(Requirement::Glibc { target }));
    }
    for (target, krate) in native {
        if let Some(library) = krate.library
            && !is_host(*target)
        {
            return Ok(Some(Requirement::Library {
                krate: krate.clone(),
                library,
                obstacle: library.obstacle(&config.environment),
                target: *target,
            }));
        }
    }
    let mut compiling = native.iter().filter(|(_, krate)| krate.library.is_none());
    let unmet = compiling.find(|(target, _)| c_compiler(*target, config).is_none());
    if let Some((target, krate)) = unmet {
        return Ok(Some(Requirement::CCompiler {
            krate: krate.clone(),
            target: *target,
        }));
    }
    for &target in targets {
        if target.libc == Libc::Gnu && !is_host(target) && !config.has_linker(target)? {
            return Ok(Some(Requirement::Linker { target }));
        }
    }
    Ok(None)
}

fn is_host(target: Target) -> bool {
    cfg!(all(target_os = "linux", target_env = "gnu"))
        && target.libc == Libc::Gnu
        && target.architecture.rust_name() == std::env::consts::ARCH
}

impl Requirement {
    /// The requirement as a reason, for messages.
    pub(crate) fn described(&self) -> String {
        match self {
            Self::Library {
                krate,
                library,
                target,
                ..
            } => format!(
                "`{}` links {} from the system, which has none for {target} ({})",
                krate.name(),
                library.library,
                krate.path.join(" → ")
            ),
            Self::CCompiler { krate, target } => format!(
                "`{}` compiles C for {target} ({})",
                krate.name(),
                krate.path.join(" → ")
            ),
            Self::Linker { target } => format!("{target} needs a linker and a C library"),
            Self::Glibc { target } => format!("`{target}` names a glibc version to link against"),
        }
    }

    /// The ways out that need neither zig nor cross.
    pub(crate) fn other_ways(&self) -> Vec<String> {
        match self {
            Self::Library {
                krate,
                library,
                obstacle,
                ..
            } => {
                let compile = library.compile_it(krate.name(), *obstacle);
                let mut ways: Vec<String> = compile.into_iter().collect();
                ways.extend(library.alternative.map(str::to_owned));
                ways.push(
                    "if you have the library for the target: `--builder cargo` or `--builder \
                     zigbuild`"
                        .to_owned(),
                );
                ways
            }
            Self::CCompiler { krate, target } => {
                let triple = target.triple();
                let name = triple.replace('-', "_");
                let mut ways = vec![format!("name a C compiler for the target: `CC_{name}=…`")];
                if cfg!(target_os = "linux") && triple == "x86_64-unknown-linux-musl" {
                    ways.push("`apt install musl-tools`, which has one".to_owned());
                }
                ways.push(format!(
                    "if `{}` does not compile C in your configuration: `--builder cargo`",
                    krate.name()
                ));
                ways
            }
            Self::Linker { target } => vec![format!(
                "configure one: `[target.{}] linker = …` in .cargo/config.toml",
                target.triple()
            )],
            Self::Glibc { .. } => Vec::new(),
        }
    }
}
