//! Which builder: decided from what is to be compiled, what is configured and what is installed.

use camino::Utf8Path;

use super::builder::Builder;
use super::command_line::Driver;
use super::tools::{self, Cross, CrossLacks, OLDEST_ZIG, Zigbuild, ZigbuildLacks};
use crate::cargo::NativeCrate;
use crate::cargo::config::CargoConfig;
use crate::error::{Error, Result};
use crate::lambda::{Libc, Target};

/// A builder that is there, and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) driver: Driver,
    pub(crate) reason: String,
}

/// What a build needs beyond Cargo and the linker in its toolchain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// A C compiler for `target`.
    CCompiler { krate: NativeCrate, target: Target },
    /// A linker and a C library for `target`, which is not the host.
    Linker { target: Target },
    /// A certain glibc to link against.
    Glibc { target: Target },
}

/// The first requirement of a build for `targets` that nothing of the user's own meets; `native` are
/// crates that compile C, each with the target it does so for.
pub(crate) fn requirement(
    targets: &[Target],
    native: &[(Target, NativeCrate)],
    config: &CargoConfig,
) -> Result<Option<Requirement>> {
    if let Some(&target) = targets.iter().find(|target| target.glibc.is_some()) {
        return Ok(Some(Requirement::Glibc { target }));
    }
    let unmet = native
        .iter()
        .find(|(target, _)| tools::c_compiler(*target, config).is_none());
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
        && target.architecture.rust_name() == std::env::consts::ARCH
}

/// The builder for `wanted`.
///
/// # Errors
/// [`Error::Missing`] with everything that would help, if nothing installed will do.
pub(crate) fn decide(
    wanted: Builder,
    requirement: Option<&Requirement>,
    native: &[(Target, NativeCrate)],
    config: &CargoConfig,
    workspace_root: &Utf8Path,
) -> Result<Decision> {
    let environment = &config.environment;
    match wanted {
        Builder::Cargo => Ok(chosen(Driver::Cargo, "as configured")),
        Builder::Zigbuild => tools::zigbuild(environment)
            .map(|zigbuild| chosen(Driver::Zigbuild(zigbuild), "as configured"))
            .map_err(|why| {
                missing(
                    "zigbuild cannot be used".to_owned(),
                    vec![zigbuild_help(&why)],
                )
            }),
        Builder::Cross => tools::cross(environment)
            .map(|cross| chosen(Driver::Cross(cross), "as configured"))
            .map_err(|why| missing("cross cannot be used".to_owned(), vec![cross_help(&why)])),
        Builder::Auto => match requirement {
            None => Ok(chosen(Driver::Cargo, enough_for_cargo(native, config))),
            Some(requirement) => choose(
                requirement,
                tools::cross_is_configured(workspace_root, environment),
                tools::zigbuild(environment),
                || tools::cross(environment),
            ),
        },
    }
}

/// Why nothing more than Cargo is needed.
fn enough_for_cargo(native: &[(Target, NativeCrate)], config: &CargoConfig) -> String {
    let compiler = native.first().and_then(|(target, krate)| {
        let compiler = tools::c_compiler(*target, config)?;
        Some(format!(
            "`{}` compiles C, and `{compiler}` is there for it",
            krate.name()
        ))
    });
    compiler.unwrap_or_else(|| "nothing needs more than Rust and its linker".to_owned())
}

fn chosen(driver: Driver, reason: impl Into<String>) -> Decision {
    Decision {
        driver,
        reason: reason.into(),
    }
}

/// Zig, unless the user has set cross up; cross where there is no zig.
fn choose(
    requirement: &Requirement,
    cross_is_configured: bool,
    zigbuild: Result<Zigbuild, ZigbuildLacks>,
    cross: impl FnOnce() -> Result<Cross, CrossLacks>,
) -> Result<Decision> {
    // The glibc of a container is what it is.
    let cross_will_do = !matches!(requirement, Requirement::Glibc { .. });
    if !(cross_is_configured && cross_will_do)
        && let Ok(zigbuild) = zigbuild
    {
        return Ok(chosen(Driver::Zigbuild(zigbuild), requirement.described()));
    }
    let cross = if cross_will_do { Some(cross()) } else { None };
    match (cross, zigbuild) {
        (Some(Ok(cross)), _) => Ok(chosen(Driver::Cross(cross), requirement.described())),
        (_, Ok(zigbuild)) => Ok(chosen(Driver::Zigbuild(zigbuild), requirement.described())),
        (cross, Err(no_zigbuild)) => {
            let mut help = vec![zigbuild_help(&no_zigbuild)];
            if let Some(Err(no_cross)) = cross {
                help.push(cross_help(&no_cross));
            }
            help.extend(requirement.other_ways());
            Err(missing(
                format!(
                    "{}, and nothing that can do so is installed",
                    requirement.described()
                ),
                help,
            ))
        }
    }
}

fn missing(message: String, help: Vec<String>) -> Error {
    Error::Missing { message, help }
}

impl Requirement {
    fn described(&self) -> String {
        match self {
            Self::CCompiler { krate, target } => format!(
                "`{}` compiles C for {target} ({})",
                krate.name(),
                krate.path.join(" → ")
            ),
            Self::Linker { target } => format!("{target} needs a linker and a C library"),
            Self::Glibc { target } => {
                format!("`{target}` asks to be linked against a certain glibc")
            }
        }
    }

    fn other_ways(&self) -> Vec<String> {
        match self {
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

/// The shortest way to a working zigbuild on this platform.
fn zigbuild_help(why: &ZigbuildLacks) -> String {
    let install = if cfg!(target_os = "macos") {
        "`brew install zig cargo-zigbuild`"
    } else if cfg!(windows) {
        "`pip install cargo-zigbuild` (which brings zig), or `scoop install zig` and \
         `cargo install cargo-zigbuild`"
    } else {
        "`pip install cargo-zigbuild` (which brings zig; in a virtual environment where the \
         system's Python refuses)"
    };
    match why {
        ZigbuildLacks::Program => format!("install cargo-zigbuild: {install}"),
        ZigbuildLacks::Zig => format!("cargo-zigbuild is there, but zig is not: {install}"),
        ZigbuildLacks::NewZig { zig, version } => {
            format!("`{zig}` is zig {version}; {OLDEST_ZIG} or newer is needed: {install}")
        }
        ZigbuildLacks::WorkingZig { zig, reason } => {
            format!("`{zig}` does not work ({reason}); install it anew: {install}")
        }
    }
}

fn cross_help(why: &CrossLacks) -> String {
    match why {
        CrossLacks::Program => {
            "install cross, `cargo install cross`, and docker or podman".to_owned()
        }
        CrossLacks::Engine => {
            "cross is there, but neither docker nor podman is: install one, or name one with \
             CROSS_CONTAINER_ENGINE"
                .to_owned()
        }
        CrossLacks::NamedEngine(name) => format!(
            "cross is there, but not `{}`, which CROSS_CONTAINER_ENGINE names: correct or unset it",
            name.display()
        ),
        CrossLacks::Daemon { engine, reason } => format!(
            "cross is there, but `{}` does not answer ({reason}): start it",
            engine.display()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn c_requirement() -> Requirement {
        Requirement::CCompiler {
            krate: NativeCrate {
                path: vec!["shop v1.0.0".to_owned(), "ring v0.17.14".to_owned()],
            },
            target: Target::default(),
        }
    }

    fn zigbuild() -> Zigbuild {
        Zigbuild {
            program: PathBuf::from("cargo-zigbuild"),
            python: None,
            zig: "zig".to_owned(),
            version: OLDEST_ZIG,
        }
    }

    const NO_CROSS: fn() -> Result<Cross, CrossLacks> = || Err(CrossLacks::Program);
    const CROSS: fn() -> Result<Cross, CrossLacks> = || {
        Ok(Cross {
            program: PathBuf::from("cross"),
            engine: PathBuf::from("podman"),
        })
    };

    fn name(decision: Result<Decision>) -> &'static str {
        decision.unwrap().driver.builder().name()
    }

    #[test]
    fn zig_is_preferred_unless_cross_was_set_up() {
        let requirement = c_requirement();
        assert_eq!(
            name(choose(&requirement, false, Ok(zigbuild()), CROSS)),
            "zigbuild"
        );
        assert_eq!(
            name(choose(&requirement, true, Ok(zigbuild()), CROSS)),
            "cross"
        );
        assert_eq!(
            name(choose(&requirement, true, Ok(zigbuild()), NO_CROSS)),
            "zigbuild"
        );
        let no_zig = Err(ZigbuildLacks::Program);
        assert_eq!(name(choose(&requirement, false, no_zig, CROSS)), "cross");
    }

    #[test]
    fn without_either_the_error_names_the_crate_its_path_and_every_way_out() {
        let error = choose(&c_requirement(), false, Err(ZigbuildLacks::Zig), NO_CROSS).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("`ring v0.17.14` compiles C"), "{message}");
        assert!(message.contains("shop v1.0.0 → ring v0.17.14"), "{message}");
        let help = error.help().join("\n");
        for way in [
            "cargo-zigbuild",
            "cargo install cross",
            "CC_x86_64",
            "--builder cargo",
        ] {
            assert!(help.contains(way), "{way}: {help}");
        }
    }

    #[test]
    fn a_certain_glibc_is_never_left_to_a_container() {
        let requirement = Requirement::Glibc {
            target: "x86_64-unknown-linux-gnu.2.26".parse().unwrap(),
        };
        let no_zig = Err(ZigbuildLacks::Program);
        assert!(choose(&requirement, true, no_zig, CROSS).is_err());
        assert_eq!(
            name(choose(&requirement, true, Ok(zigbuild()), CROSS)),
            "zigbuild"
        );
    }
}
