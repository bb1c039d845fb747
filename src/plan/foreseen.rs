//! Diagnostics of packages that need no build: they are about flags of rustc and dependencies.

use super::binary::BinaryPlan;
use super::package::PackagePlan;
use crate::cargo::{self, MadeFor, Project};
use crate::lambda::{Kind, Target};
use crate::lint::{self, Diagnostic, Lint, List};
use crate::text::quoted_name;

/// Adds the diagnostics of the binaries to the packages that they are in. `profiles` is the
/// `[profile]` table of the workspace.
pub(super) fn add(
    project: &Project<'_>,
    profiles: &toml::Table,
    binaries: &[BinaryPlan<'_>],
    packages: &mut [PackagePlan],
) {
    let binaries = binaries
        .iter()
        .map(|binary| (binary.candidate.id(), binary));
    let binaries: Vec<_> = binaries.collect();
    for package in packages {
        for (id, binary) in &binaries {
            if !package.has(id) {
                continue;
            }
            let kind = kind_mismatch(project, binary, package.kind);
            for output in &mut package.outputs {
                output.foreseen.extend(kind.clone());
                let cpu = output
                    .target
                    .and_then(|target| cpu(project, profiles, binary, target));
                output.foreseen.extend(cpu);
            }
        }
    }
}

/// Finds instructions that the flags of rustc allow, and that Lambda lacks.
fn cpu(
    project: &Project<'_>,
    profiles: &toml::Table,
    binary: &BinaryPlan<'_>,
    target: Target,
) -> Option<Diagnostic> {
    let architecture = target.architecture;
    let name = &binary.candidate.target.name;
    let setting = binary.rustc_cpu(target);
    let setting = setting.map(|cpu| format!("-Ctarget-cpu={cpu}"));
    if let Some(found) =
        lint::check_cpu(name, architecture, setting.as_slice(), "the setting `cpu`")
    {
        return Some(found);
    }
    let mut flags = project.all_rustflags(target, profiles);
    flags.extend(setting);
    lint::check_cpu(
        name,
        architecture,
        &flags,
        "the flags of rustc (`rustflags` or RUSTFLAGS)",
    )
}

/// Compares the kind of a package with the dependencies of its binary.
fn kind_mismatch(project: &Project<'_>, binary: &BinaryPlan<'_>, kind: Kind) -> Option<Diagnostic> {
    let found = cargo::made_for(&binary.candidate, project.workspace);
    let name = &binary.candidate.target.name;
    let (message, right) = match (kind, found?) {
        (Kind::Function, MadeFor::Extensions) => (
            "depends on `lambda-extension` and not on `lambda_runtime`, so that it looks like an \
             external extension, but it is packaged as a function: it would never ask for an \
             invocation, and each one would end with `Sandbox.Timedout`",
            Kind::Extension,
        ),
        (Kind::Extension, MadeFor::Functions) => (
            "depends on `lambda_runtime` and not on `lambda-extension`, so that it looks like a \
             function, but it is packaged as an extension: it would not register itself, and the \
             function would fail with `Extension.InitError`",
            Kind::Function,
        ),
        _ => return None,
    };
    let shown = quoted_name(name);
    Some(Diagnostic {
        lint: Lint::KindMismatch,
        message: format!("{shown} {message}"),
        help: format!(
            "set `kind = \"{right}\"` in `[package.metadata.lambda-zip.bin.{}]`",
            shown.trim_matches('`')
        ),
        names: List::default(),
    })
}
