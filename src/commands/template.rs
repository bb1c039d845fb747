//! `cargo lambda-zip template`: a template that deploys the packages, without building them.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use cargo_metadata::Package;

use super::output::print;
use super::session::{self, current_folder};
use crate::cargo::{Project, arguments_for_one};
use crate::cli::TemplateOptions;
use crate::config;
use crate::error::{Error, Result};
use crate::paths::{relative, with_slashes};
use crate::plan::{self, PackagePlan, Plan};
use crate::report::{Commands, Report, TemplateKind, check_report_place, template};
use crate::shell::Shell;

/// Prints the template. There is a report if a package would be rejected, and nothing is printed
/// then.
///
/// # Errors
/// As the main job before it builds; [`Error::Usage`] if the packages cannot be deployed under
/// their names.
pub(crate) fn run(options: &TemplateOptions, shell: &mut Shell) -> Result<Option<Report>> {
    let flags = &options.flags;
    let kind = kind(options)?;
    if kind != TemplateKind::Terraform && flags.build.flags.settings.report.is_some() {
        return Err(Error::usage(
            format!("the template of `{kind}` reads and writes no report"),
            "`cargo lambda-zip --dry-run --report FILE` writes the planned report",
        ));
    }
    let runs_this_tool = matches!(kind, TemplateKind::Cdk | TemplateKind::Makefile);
    if let Some(argument) = options.of_builds()
        && !runs_this_tool
    {
        return Err(Error::usage(
            format!("`{argument}` has no effect on the template of `{kind}`, which builds nothing"),
            "leave it out, and give it to `cargo lambda-zip`, which builds the packages",
        ));
    }
    if let [variable, ..] = options.switched_off()
        && runs_this_tool
    {
        return Err(Error::usage(
            format!(
                "the template would run this tool, and no argument says that {variable} switches \
                 something off"
            ),
            "unset the variable; a key that is not in Cargo.toml is off",
        ));
    }
    let mut build = flags.build.clone();
    build.flags.set_dry_run();
    let folder = current_folder()?;
    let (report, commands) = session::run(&build, shell, |session, shell| {
        let project = session.project(shell);
        let plan = plan::functions(&project, &flags.targets, &session.sources)?;
        let manifest = project.options.manifest.manifest_path.as_deref();
        let default_folder = plan::default_folder(&project);
        // CARGO_TARGET_DIR or a key of a later run would put the zips elsewhere.
        let target_folder = plan
            .outputs()
            .any(|(_, output)| output.path.starts_with(&default_folder))
            .then(|| with_slashes(&relative(&project.workspace.target_folder, &folder)));
        let commands = Commands {
            all: command(options.arguments(plan.platforms(), target_folder)),
            each: commands_for_each(&plan, &project, options),
            report: config::report_of(&session.sources, &folder, manifest)
                .unwrap_or_else(|| default_folder.join("report.json")),
        };
        Ok((session.package(plan, &project, None, shell)?, commands))
    })?;
    if kind == TemplateKind::Terraform {
        check_report_place(&commands.report)?;
    }
    if report.is_rejected() {
        return Ok(Some(report.without_commands()));
    }
    let template = template(kind, report.archives(), &folder, &commands)?;
    for warning in &template.warnings {
        shell.warning(warning);
    }
    print(template.text.as_bytes())?;
    Ok(None)
}

/// The kind that the flags ask for.
fn kind(options: &TemplateOptions) -> Result<TemplateKind> {
    let flags = &options.flags;
    match flags.kind {
        TemplateKind::Sam if flags.makefile => Ok(TemplateKind::Makefile),
        TemplateKind::Sam if flags.from_source => Ok(TemplateKind::SamFromSource),
        kind if flags.makefile || flags.from_source => Err(Error::usage(
            format!("`{kind}` has no form that builds from the sources"),
            "use `--makefile` and `--from-source` with `sam`",
        )),
        kind => Ok(kind),
    }
}

/// The commands that make one package each, by the paths of the zips.
fn commands_for_each(
    plan: &Plan,
    project: &Project<'_>,
    options: &TemplateOptions,
) -> BTreeMap<Utf8PathBuf, Vec<String>> {
    let packages_of = |planned: &PackagePlan| -> Vec<&Package> {
        let ids = planned.binaries().map(|binary| &binary.package);
        ids.map(|id| &project.workspace.metadata[id]).collect()
    };
    let selected = plan.packages.iter().filter(|planned| !planned.is_taken);
    let selected: Vec<&Package> = selected.flat_map(packages_of).collect();
    let features = &project.options.features;
    let each = plan.outputs().map(|(package, output)| {
        let selection = package.selection(output);
        let given = if package.is_taken {
            options.arguments_for_taken()
        } else {
            options.arguments_for_one()
        };
        let features =
            arguments_for_one(&packages_of(package), &selected, features, package.is_taken);
        let features = features
            .iter()
            .map(|word| word.to_string_lossy().into_owned());
        let arguments = selection.into_iter().chain(features).chain(given);
        (output.path.clone(), command(arguments))
    });
    each.collect()
}

fn command(arguments: impl IntoIterator<Item = String>) -> Vec<String> {
    let program = ["cargo", "lambda-zip"].map(str::to_owned);
    program.into_iter().chain(arguments).collect()
}
