//! The command lines of the builders.

use std::ffi::OsString;

use clap::ValueEnum;

use crate::cargo_config::CargoConfig;
use crate::cli::CargoOptions;
use crate::error::{Error, Result};
use crate::names::named;
use crate::process::{self, Process};
use crate::target::{Libc, Target};

/// What compiles and links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, ValueEnum)]
pub enum Builder {
    /// Chosen by what the packages need and what is installed.
    #[default]
    Auto,
    /// Cargo alone, linking with the toolchain's own `rust-lld`.
    Cargo,
}

impl Builder {
    /// The name in flags and manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cargo => "cargo",
        }
    }
}
named!(Builder, "builder");

/// One run of a builder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invocation {
    pub(crate) targets: Vec<Target>,
    /// The arguments that select packages and their binaries.
    pub(crate) selection: Vec<OsString>,
}

/// The process for an invocation; `profile` are the `--config` values of the lambda profile.
pub(crate) fn process(
    invocation: &Invocation,
    options: &CargoOptions,
    config: &CargoConfig,
    profile: &[String],
) -> Result<Process> {
    let mut process = process::cargo()
        .arg("build")
        .arg("--message-format=json-render-diagnostics");
    for target in &invocation.targets {
        if target.glibc.is_some() {
            return Err(Error::usage(
                format!("`{target}` names a glibc version, which Cargo cannot choose"),
                "leave the suffix out, or target musl, which needs no glibc",
            ));
        }
        process = process.args(["--target", target.triple()]);
    }
    process = process
        .args(invocation.selection.iter().cloned())
        .args(options.features.arguments())
        .args(options.compilation.arguments())
        .args(options.manifest.arguments());
    for setting in profile {
        process = process.args(["--config", setting]);
    }
    for target in &invocation.targets {
        // Musl targets link nothing of the system, so that the linker in the toolchain will do.
        if target.libc == Libc::Musl && !config.has_linker(*target)? {
            let triple = target.triple();
            process = process.arg("--config");
            process = process.arg(format!("target.{triple}.linker=\"rust-lld\""));
        }
    }
    Ok(process
        .args(options.compilation.settings())
        .args(options.output.arguments()))
}
