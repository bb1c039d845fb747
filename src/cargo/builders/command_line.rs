//! The command lines of the builders.

use std::ffi::OsString;

use camino::Utf8Path;

use super::builder::Builder;
use super::flags::ExtraFlags;
use super::messages::PathMap;
use super::toolchain;
use super::tools::{Cross, Zigbuild};
use crate::cargo::config::CargoConfig;
use crate::cargo::{self, CargoOptions, Process};
use crate::error::{Error, Result};
use crate::lambda::{Libc, Target};

/// A builder that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Driver {
    Cargo,
    Zigbuild(Zigbuild),
    Cross(Cross),
}

/// One run of a builder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invocation {
    pub(crate) driver: Driver,
    pub(crate) targets: Vec<Target>,
    /// The arguments that select packages and their binaries.
    pub(crate) selection: Vec<OsString>,
    /// What rustc is told beyond the user's own flags.
    pub(crate) flags: ExtraFlags,
}

/// What the command lines of all invocations have in common.
pub(crate) struct BuildContext<'a> {
    pub(crate) options: &'a CargoOptions,
    pub(crate) config: &'a CargoConfig,
    /// The `--config` values of the lambda profile.
    pub(crate) profile: &'a [String],
    pub(crate) workspace_root: &'a Utf8Path,
    pub(crate) target_folder: &'a Utf8Path,
    pub(crate) build_std: bool,
}

impl Driver {
    /// The builder it is.
    pub(crate) fn builder(&self) -> Builder {
        match self {
            Self::Cargo => Builder::Cargo,
            Self::Zigbuild(_) => Builder::Zigbuild,
            Self::Cross(_) => Builder::Cross,
        }
    }

    /// Whether it takes one target at a time.
    pub(crate) fn takes_one_target(&self) -> bool {
        matches!(self, Self::Cross(_))
    }

    /// Whether it compiles with the toolchain that is active here.
    pub(crate) fn uses_local_toolchain(&self) -> bool {
        !matches!(self, Self::Cross(_))
    }

    /// Where the paths it reports are found here.
    pub(crate) fn path_map(&self, context: &BuildContext<'_>) -> PathMap {
        match self {
            Self::Cargo | Self::Zigbuild(_) => PathMap::default(),
            Self::Cross(_) => PathMap::of_container(context.workspace_root, context.target_folder),
        }
    }
}

/// The process for an invocation.
///
/// # Errors
/// [`Error::Usage`] if the builder cannot do what is asked.
pub(crate) fn process(invocation: &Invocation, context: &BuildContext<'_>) -> Result<Process> {
    let BuildContext {
        options, config, ..
    } = context;
    check(invocation, context)?;
    let mut process =
        start(&invocation.driver, context)?.arg("--message-format=json-render-diagnostics");
    for target in &invocation.targets {
        process = process
            .arg("--target")
            .arg(argument(*target, &invocation.driver)?);
    }
    process = process
        .args(invocation.selection.iter().cloned())
        .args(options.compilation.arguments());
    process = match invocation.driver {
        // It runs in the workspace's folder, with paths of its own.
        Driver::Cross(_) => process.args(options.manifest.arguments_without_path()),
        Driver::Cargo | Driver::Zigbuild(_) => process
            .args(options.manifest.arguments())
            .args(options.compilation.target_dir_argument()),
    };
    for setting in context.profile {
        process = process.args(["--config", setting]);
    }
    if invocation.driver == Driver::Cargo {
        process = with_linkers(process, &invocation.targets, config)?;
    }
    process = process.args(options.compilation.settings());
    if context.build_std {
        process = process
            .arg("-Zbuild-std=std,panic_unwind")
            .env("RUSTC_BOOTSTRAP", "1");
    }
    process = process.args(options.output.arguments());
    if let Some(flags) = invocation.flags.encoded() {
        process = process.env("CARGO_ENCODED_RUSTFLAGS", flags);
    }
    for (name, flags) in invocation.flags.for_c(&invocation.targets, config) {
        process = process.env(name, flags);
    }
    Ok(process.with_given(&config.environment))
}

/// Refuses what a builder would ignore or fail with.
fn check(invocation: &Invocation, context: &BuildContext<'_>) -> Result<()> {
    match &invocation.driver {
        Driver::Cross(_) if context.build_std => Err(Error::usage(
            "--build-std leaves the C library to zig, which cross does not have",
            "use `--builder zigbuild`",
        )),
        Driver::Cross(_) if !invocation.flags.is_empty() => Err(Error::usage(
            "--cpu and --reproducible do not reach the container that cross compiles in",
            "configure flags as `[target.TRIPLE] rustflags` in .cargo/config.toml, which does",
        )),
        Driver::Cross(_) if !context.config.environment.given().is_empty() => Err(Error::usage(
            "--env and --env-file do not reach the container that cross compiles in",
            "export the variables, and name them in Cross.toml: `[build.env] passthrough = […]`",
        )),
        Driver::Cargo if context.build_std => Err(Error::usage(
            "--build-std leaves the C library to zig, which the builder `cargo` does not have",
            "use `--builder zigbuild`",
        )),
        Driver::Cargo | Driver::Zigbuild(_) | Driver::Cross(_) => Ok(()),
    }
}

fn start(driver: &Driver, context: &BuildContext<'_>) -> Result<Process> {
    Ok(match driver {
        Driver::Cargo => cargo::cargo().arg("build"),
        Driver::Zigbuild(zigbuild) => {
            let process = Process::new(&zigbuild.program).arg("zigbuild");
            match &zigbuild.python {
                Some(python) => process.env("CARGO_ZIGBUILD_PYTHON_PATH", python),
                None => process,
            }
        }
        Driver::Cross(cross) => Process::new(&cross.program)
            .current_folder(context.workspace_root)
            .env("CROSS_CONTAINER_ENGINE", &cross.engine)
            .env("CARGO_TARGET_DIR", context.target_folder)
            // cross does not recognise the toolchain that is active, and would have rustup update
            // it; one that is a folder it leaves alone, if it is told so.
            .env("RUSTUP_TOOLCHAIN", toolchain::sysroot(context.config)?)
            .env("CROSS_CUSTOM_TOOLCHAIN", "1")
            .arg("build"),
    })
}

/// The target as the builder takes it.
fn argument(target: Target, driver: &Driver) -> Result<String> {
    match (driver, target.glibc) {
        (Driver::Zigbuild(_), _) => Ok(target.to_string()),
        (Driver::Cargo | Driver::Cross(_), None) => Ok(target.triple().to_owned()),
        (Driver::Cargo | Driver::Cross(_), Some(_)) => Err(Error::usage(
            format!(
                "`{target}` names a glibc version, which the builder `{}` cannot choose",
                driver.builder()
            ),
            "use `--builder zigbuild`, or target musl, which needs no glibc",
        )),
    }
}

/// Whether the user's flags are for a C compiler that links, which a linker itself does not know.
fn has_driver_flags(target: Target, config: &CargoConfig) -> bool {
    const MARKS: [&str; 3] = ["-Wl,", "-fuse-ld", "linker-flavor"];
    // Flags that cannot be told from here are Cargo's to report.
    let flags = config.rustflags(target).unwrap_or_default();
    flags
        .iter()
        .any(|flag| MARKS.iter().any(|mark| flag.contains(mark)))
}

/// Musl targets link nothing of the system, so that the linker in the toolchain will do, unless
/// the user has chosen one.
fn with_linkers(mut process: Process, targets: &[Target], config: &CargoConfig) -> Result<Process> {
    for target in targets {
        if target.libc == Libc::Musl
            && !config.has_linker(*target)?
            && !has_driver_flags(*target, config)
        {
            let setting = format!("target.{}.linker=\"rust-lld\"", target.triple());
            process = process.arg("--config").arg(setting);
        }
    }
    Ok(process)
}
