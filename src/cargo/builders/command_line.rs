//! The command lines of the builders.

use std::env;
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};

use super::builder::Builder;
use super::cross::Cross;
use super::flags::{ExtraFlags, cargo_home};
use super::messages::PathMap;
use super::toolchain;
use super::zig::Zigbuild;
use crate::cargo::build_folders::BuildFolders;
use crate::cargo::candidate::BinaryId;
use crate::cargo::config::CargoConfig;
use crate::cargo::linker;
use crate::cargo::options::CargoOptions;
use crate::cargo::process::{Process, cargo};
use crate::cargo::rustc_wrapper::{Wrapping, is_own};
use crate::cargo::workspace::own_folder_below;
use crate::error::{Error, Result};
use crate::lambda::{Libc, Target};

/// An installed builder.
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
    /// The binaries that it is run for. Cargo may build others beside them.
    pub(crate) programs: Vec<BinaryId>,
    /// Flags for rustc beyond those of the user.
    pub(crate) flags: ExtraFlags,
}

/// The common part of all invocations.
pub(crate) struct BuildContext<'a> {
    pub(crate) options: &'a CargoOptions,
    pub(crate) config: &'a CargoConfig,
    /// The `--config` values of the lambda profile.
    pub(crate) profile: &'a [String],
    pub(crate) workspace_root: &'a Utf8Path,
    pub(crate) target_folder: &'a Utf8Path,
    pub(crate) folders: BuildFolders,
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

    /// True if it takes one target at a time.
    pub(crate) fn takes_one_target(&self) -> bool {
        matches!(self, Self::Cross(_))
    }

    /// True if it compiles with the active toolchain of this machine.
    pub(crate) fn uses_local_toolchain(&self) -> bool {
        !matches!(self, Self::Cross(_))
    }

    /// The map from the paths that it reports to paths on this machine.
    pub(crate) fn path_map(&self, context: &BuildContext<'_>) -> PathMap {
        match self {
            Self::Cargo | Self::Zigbuild(_) => PathMap::default(),
            Self::Cross(_) => {
                PathMap::of_container(context.workspace_root, context.folders.programs())
            }
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
    let wrapper = config
        .rustc_wrapper()
        .filter(|wrapper| invocation.driver == Driver::Cargo && !is_own(wrapper));
    let path = wrapper.as_ref().and_then(|_| linker_path(context));
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
        // It runs in the root folder of the workspace, with its own paths.
        Driver::Cross(_) => process.args(options.manifest.arguments_without_path()),
        Driver::Cargo | Driver::Zigbuild(_) => process
            .args(options.manifest.arguments())
            .args(context.folders.arguments()),
    };
    for setting in context.profile {
        process = process.args(["--config", setting]);
    }
    if invocation.driver == Driver::Cargo {
        process = with_linkers(process, &invocation.targets, context, path.is_some())?;
    }
    process = process.args(options.compilation.settings());
    for setting in invocation.flags.settings() {
        process = process.args(["--config", setting]);
    }
    if context.build_std {
        process = process
            .arg("-Zbuild-std=std,panic_unwind")
            .env("RUSTC_BOOTSTRAP", "1");
    }
    process = process.args(options.output.arguments());
    let separate = invocation.flags.separable_remaps();
    let wrapping = match (wrapper, cargo_home()) {
        (Some(wrapper), Some(home)) if !separate.is_empty() => {
            Some(Wrapping::new(wrapper, &home, separate))
        }
        _ => None,
    };
    if let Some(flags) = invocation.flags.encoded(wrapping.is_some()) {
        process = process.env("CARGO_ENCODED_RUSTFLAGS", flags);
    }
    for (name, flags) in invocation.flags.for_c(&invocation.targets, config) {
        process = process.env(name, flags);
    }
    process = process.with_given(&config.environment);
    // These are stronger than the variables of the same name that are given.
    if let Some((folder, path)) = path {
        process = process.env_path(&folder, path);
    }
    if let Some(wrapping) = wrapping {
        process = wrapping.wrap(process, &own_folder_below(context.target_folder));
    }
    Ok(process)
}

/// Refuses an option that the builder would ignore or fail with.
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
        Driver::Cargo => cargo().arg("build"),
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
            .env("CARGO_TARGET_DIR", context.folders.programs())
            // cross does not recognise the active toolchain, and would have rustup update it. With
            // CROSS_CUSTOM_TOOLCHAIN it takes a toolchain by its folder and leaves it alone.
            .env("RUSTUP_TOOLCHAIN", toolchain::sysroot(context.config)?)
            .env("CROSS_CUSTOM_TOOLCHAIN", "1")
            .arg("build"),
    })
}

/// The value of `--target` for the builder.
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

/// Sets the linker of the toolchain for musl targets, which need no library of the system, unless
/// the user has chosen a linker.
fn with_linkers(
    mut process: Process,
    targets: &[Target],
    context: &BuildContext<'_>,
    is_on_path: bool,
) -> Result<Process> {
    let linker = if is_on_path {
        linker::NAME_ON_PATH.to_owned()
    } else {
        linker::path(&own_folder_below(context.target_folder)).into_string()
    };
    let linker = toml::Value::String(linker);
    for target in targets {
        if target.libc == Libc::Musl && !context.config.has_linker(*target)? {
            let setting = format!("target.{}.linker={linker}", target.triple());
            process = process.arg("--config").arg(setting);
        }
    }
    Ok(process)
}

/// The folder of the linker, and the `PATH` of the build with this folder before all others. A cache
/// of what rustc compiles compares its arguments, in which a name is the same in every checkout.
/// `None` if Cargo's configuration replaces the `PATH`, or if the folder cannot be on it.
fn linker_path(context: &BuildContext<'_>) -> Option<(Utf8PathBuf, OsString)> {
    if context.config.sets_variable("PATH") {
        return None;
    }
    let linker = linker::path(&own_folder_below(context.target_folder));
    let folder = linker.parent()?.to_owned();
    let path = context.config.environment.get("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.clone().into_std_path_buf());
    let path = env::join_paths(folders.chain(env::split_paths(&path))).ok()?;
    Some((folder, path))
}
