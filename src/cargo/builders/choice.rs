//! The builder: chosen by what is compiled, what is configured and what is installed.

use camino::Utf8Path;

use super::builder::Builder;
use super::c_compiler::c_compiler;
use super::command_line::Driver;
use super::cross::{self, Cross};
use super::missing_tool::MissingTool;
use super::requirement::Requirement;
use super::zig::{Zigbuild, zigbuild};
use crate::cargo::config::CargoConfig;
use crate::cargo::native::NativeCrate;
use crate::error::{Error, Result};
use crate::lambda::Target;

/// An installed builder, and the reason for choosing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) driver: Driver,
    pub(crate) reason: String,
}

/// The builder for `wanted`.
///
/// # Errors
/// [`Error::Missing`] with every way out, if no installed builder will do.
pub(crate) fn decide(
    wanted: Builder,
    requirement: Option<&Requirement>,
    native: &[(Target, NativeCrate)],
    config: &CargoConfig,
    workspace_root: &Utf8Path,
) -> Result<Decision> {
    let environment = &config.environment;
    let unusable = |tool: MissingTool| {
        missing(
            format!("the builder `{wanted}` cannot be used"),
            vec![tool.help()],
        )
    };
    let driver = match (wanted, requirement) {
        (Builder::Cargo, _) => Driver::Cargo,
        (Builder::Zigbuild, _) => Driver::Zigbuild(zigbuild(environment).map_err(unusable)?),
        (Builder::Cross, _) => Driver::Cross(cross::cross(environment).map_err(unusable)?),
        (Builder::Auto, None) => {
            return Ok(chosen(Driver::Cargo, enough_for_cargo(native, config)));
        }
        (Builder::Auto, Some(requirement)) => {
            return choose(
                requirement,
                cross::is_configured(workspace_root, environment),
                zigbuild(environment),
                || cross::cross(environment),
            );
        }
    };
    Ok(chosen(driver, "as configured"))
}

/// The reason why Cargo alone is enough.
fn enough_for_cargo(native: &[(Target, NativeCrate)], config: &CargoConfig) -> String {
    let mut compiling = native.iter().filter(|(_, krate)| krate.library.is_none());
    let compiler = compiling.next().and_then(|(target, krate)| {
        let compiler = c_compiler(*target, config)?;
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

/// Zig, unless the user has set cross up; cross if zig is not installed.
fn choose(
    requirement: &Requirement,
    cross_is_configured: bool,
    zigbuild: Result<Zigbuild, MissingTool>,
    cross: impl FnOnce() -> Result<Cross, MissingTool>,
) -> Result<Decision> {
    // A container may have the library, if the user has set it up; zig has none.
    if let Requirement::Library { .. } = requirement {
        return match cross_is_configured.then(cross) {
            Some(Ok(cross)) => Ok(chosen(Driver::Cross(cross), requirement.described())),
            _ => Err(missing(requirement.described(), requirement.other_ways())),
        };
    }
    // A container has one glibc, and it may not be the one that is asked for.
    let cross_will_do = !matches!(requirement, Requirement::Glibc { .. });
    let reason = requirement.described();
    if !(cross_is_configured && cross_will_do)
        && let Ok(zigbuild) = zigbuild
    {
        return Ok(chosen(Driver::Zigbuild(zigbuild), reason));
    }
    let cross = cross_will_do.then(cross);
    match (cross, zigbuild) {
        (Some(Ok(cross)), _) => Ok(chosen(Driver::Cross(cross), reason)),
        (_, Ok(zigbuild)) => Ok(chosen(Driver::Zigbuild(zigbuild), reason)),
        (cross, Err(no_zigbuild)) => {
            let mut help = vec![no_zigbuild.help()];
            if let Some(Err(no_cross)) = cross {
                help.push(no_cross.help());
            }
            help.extend(requirement.other_ways());
            let message = format!("{reason}, and no builder that can do so is installed");
            Err(missing(message, help))
        }
    }
}

fn missing(message: String, help: Vec<String>) -> Error {
    Error::Missing { message, help }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn c_requirement() -> Requirement {
        Requirement::CCompiler {
            krate: NativeCrate {
                path: vec!["shop v1.0.0".to_owned(), "ring v0.17.14".to_owned()],
                library: None,
            },
            target: Target::default(),
        }
    }

    fn zigbuild() -> Zigbuild {
        Zigbuild {
            program: PathBuf::from("cargo-zigbuild"),
            python: None,
        }
    }

    const NO_CROSS: fn() -> Result<Cross, MissingTool> = || Err(MissingTool::Cross);
    const CROSS: fn() -> Result<Cross, MissingTool> = || {
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
        let no_zig = Err(MissingTool::Zigbuild);
        assert_eq!(name(choose(&requirement, false, no_zig, CROSS)), "cross");
    }

    #[test]
    fn without_either_the_error_names_the_crate_its_path_and_every_way_out() {
        let error = choose(&c_requirement(), false, Err(MissingTool::Zig), NO_CROSS).unwrap_err();
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
        let no_zig = Err(MissingTool::Zigbuild);
        assert!(choose(&requirement, true, no_zig, CROSS).is_err());
        assert_eq!(
            name(choose(&requirement, true, Ok(zigbuild()), CROSS)),
            "zigbuild"
        );
    }
}
