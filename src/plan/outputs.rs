//! The places of zips and folders.

use camino::{Utf8Path, Utf8PathBuf};

use crate::cargo::{Candidate, LAMBDA_PROFILE, Project};
use crate::config::{DeployName, Settings, Values};
use crate::error::{Error, Result};
use crate::lambda::{Architecture, FUNCTION_NAME, Libc, Target, is_name};

use super::package::{OutputSpec, Owner};

/// The value of `{arch}` for a package that runs on every architecture.
const ANY: &str = "any";

/// The facts that the outputs of all packages of a run share.
pub(super) struct OutputContext<'a> {
    /// The folder of the zips whose settings name no place.
    folder: Utf8PathBuf,
    /// `None` if nothing can be built.
    profile: Option<&'a str>,
}

/// The folder of the zips whose settings name no place.
pub(crate) fn default_folder(project: &Project<'_>) -> Utf8PathBuf {
    project.workspace.target_folder.join("lambda-zip")
}

impl<'a> OutputContext<'a> {
    /// The context of a run that builds.
    pub(super) fn of(project: &'a Project<'a>) -> Self {
        Self {
            folder: default_folder(project),
            profile: Some(project.profile()),
        }
    }

    /// The context of a run without a Cargo project.
    pub(super) fn in_folder(folder: &Utf8Path) -> Self {
        Self {
            folder: folder.to_owned(),
            profile: None,
        }
    }

    /// The outputs of a binary, one for each target.
    ///
    /// # Errors
    /// Those of [`Self::output`].
    pub(super) fn of_binary(
        &self,
        candidate: &Candidate<'_>,
        settings: &Settings,
    ) -> Result<Vec<OutputSpec>> {
        let owner = Owner::of(candidate.package);
        let name = &candidate.target.name;
        let targets = settings.targets.iter();
        let outputs = targets.map(|&target| {
            let architecture = Some(target.architecture);
            self.output(name, Some(&owner), settings, architecture, Some(target))
        });
        outputs.collect()
    }

    /// The output of the package `name` for one platform.
    ///
    /// # Errors
    /// [`Error::Usage`] for a placeholder that has no value, and for a name to deploy as that Lambda
    /// would refuse.
    pub(super) fn output(
        &self,
        name: &str,
        owner: Option<&Owner>,
        settings: &Settings,
        architecture: Option<Architecture>,
        target: Option<Target>,
    ) -> Result<OutputSpec> {
        let values = Values {
            bin: name,
            package: owner.map(|owner| owner.name.as_str()),
            version: owner.map(|owner| owner.version.as_str()),
            arch: Some(architecture.map_or(ANY, Architecture::name)),
            target: target.map(Target::triple),
            profile: self.profile,
        };
        let folder = settings.folder.as_ref();
        Ok(OutputSpec {
            deploy_name: deploy_name(name, settings, architecture)?,
            architecture,
            target,
            path: match &settings.output {
                Some(template) => template.render(&values)?,
                None => self.default_path(name, architecture, target),
            },
            folder: folder.map(|folder| folder.render(&values)).transpose()?,
            layers: Vec::new(),
            foreseen: Vec::new(),
        })
    }

    /// The place of a zip whose settings name none. Its basename tells everything but the profile:
    /// keys in S3 and the artifacts of CI systems are named by basenames.
    fn default_path(
        &self,
        name: &str,
        architecture: Option<Architecture>,
        target: Option<Target>,
    ) -> Utf8PathBuf {
        let mut folder = self.folder.clone();
        // A package for which nothing is built is the same in every profile.
        let profile = self.profile.filter(|_| target.is_some());
        folder.extend(profile.filter(|profile| *profile != LAMBDA_PROFILE));
        folder.join(default_file_name(
            name,
            architecture,
            target.map(|t| t.libc),
        ))
    }
}

/// The name to deploy a package as: the setting `name`, else the name of the package itself; with
/// the architecture if there are several, since one function or layer has one architecture here.
///
/// # Errors
/// [`Error::Usage`] if the setting is too long with the architecture.
fn deploy_name(
    name: &str,
    settings: &Settings,
    architecture: Option<Architecture>,
) -> Result<String> {
    let base = settings.name.as_ref().map_or(name, DeployName::as_str);
    let name = match architecture {
        Some(architecture) if settings.has_several_architectures() => {
            format!("{base}-{architecture}")
        }
        _ => base.to_owned(),
    };
    if settings.name.is_some() && !is_name(&name, FUNCTION_NAME) {
        return Err(Error::usage(
            format!(
                "Lambda refuses the name `{name}`: it has more than {FUNCTION_NAME} characters"
            ),
            "shorten the key `name`: for several architectures, `-x86_64` or `-arm64` is appended",
        ));
    }
    Ok(name)
}

/// The file name of a zip at its default place: `orders-arm64.zip`, `orders-arm64-gnu.zip` for a
/// gnu target, `certs.zip` for every architecture.
fn default_file_name(name: &str, architecture: Option<Architecture>, libc: Option<Libc>) -> String {
    let architecture = architecture.map_or_else(String::new, |a| format!("-{a}"));
    let libc = match libc {
        Some(Libc::Gnu) => "-gnu",
        Some(Libc::Musl) | None => "",
    };
    format!("{name}{architecture}{libc}.zip")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_place_tells_binary_architecture_libc_and_profile() {
        let path = |profile, target: Option<&str>, architecture| {
            let context = OutputContext {
                // Braces in a folder's name are not placeholders.
                folder: "/a{b}/lambda-zip".into(),
                profile,
            };
            let target = target.map(|target| target.parse().unwrap());
            let settings = Settings::skipped();
            let output = context.output("x", None, &settings, architecture, target);
            output.unwrap().path
        };
        let (arm64, musl) = (
            Some(Architecture::Arm64),
            Some("aarch64-unknown-linux-musl"),
        );
        let gnu = Some("aarch64-unknown-linux-gnu.2.26");
        for (profile, target, architecture, file) in [
            (Some("lambda"), musl, arm64, "x-arm64.zip"),
            (Some("lambda"), gnu, arm64, "x-arm64-gnu.zip"),
            (Some("dev"), musl, arm64, "dev/x-arm64.zip"),
            (Some("release"), gnu, arm64, "release/x-arm64-gnu.zip"),
            // A layer of files.
            (Some("dev"), None, arm64, "x-arm64.zip"),
            (None, None, None, "x.zip"),
        ] {
            let expected = format!("/a{{b}}/lambda-zip/{file}");
            assert_eq!(path(profile, target, architecture), expected);
        }
    }
}
