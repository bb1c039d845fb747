//! `cargo lambda-zip check`: zips from any tool.

use std::io;
use std::sync::Arc;

use camino::Utf8Path;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::check_input::Input;
use super::session::current_folder;
use super::{check_input, check_template, check_zip};
use crate::archive::read::LargeEntryLock;
use crate::bytes;
use crate::cli::CheckOptions;
use crate::cloudformation::ParameterOverride;
use crate::config::{self, LayerSource, PartialSettings, Settings};
use crate::error::{Error, Result};
use crate::globs;
use crate::lambda::MountPoint;
use crate::lint::{self, LayerFacts, ZipCheck};
use crate::meter::Meter;
use crate::package;
use crate::report::{self, Failure, LayerReport, MessageFormat, Report};
use crate::shell::{Progress, Shell};
use crate::text;

/// Checks the zips that `options` name. There is no report if a list or an explanation was asked
/// for, which is written to standard output. `has_file` is true if the report will be in a file.
///
/// # Errors
/// Wrong settings. A zip or a layer that cannot be read is told by the report, with the results of
/// all others.
pub(crate) fn run(options: &CheckOptions, has_file: bool, shell: &Shell) -> Result<Option<Report>> {
    let out = || io::stdout().lock();
    if options.list {
        report::list(out()).map_err(Error::output)?;
        return Ok(None);
    }
    if let Some(lint) = options.explain {
        report::explain(lint, out()).map_err(Error::output)?;
        return Ok(None);
    }
    refuse_unused(options)?;
    let folder = current_folder()?;
    let format = options.flags.run()?.message_format;
    let settings = settings(options, &folder)?;
    let zips = globs::expanded(&options.zips);
    let inputs = check_input::all(&zips, &folder)?;
    let mut failures = Vec::new();
    let large_entry_lock = LargeEntryLock::default();
    let layers = layers(&settings, &large_entry_lock, &mut failures);
    let (layers, layer_reports): (Vec<_>, Vec<_>) = layers.into_iter().unzip();
    let check = ZipCheck {
        mount_point: options.kind,
        layers: &layers,
        architecture: settings.only_architecture(),
        runtime: settings.runtime,
        budget: settings.budget(),
        policy: &settings.policy,
        large_entry_lock: &large_entry_lock,
    };
    let wants_digest = has_file || format == MessageFormat::Json;
    let meter = Arc::new(Meter::default());
    let known = inputs.iter().flatten().map(Input::bytes);
    meter.expect(bytes::sum(known));
    let results = Progress::during(shell, "Checking", &meter, || {
        let results = inputs.into_par_iter().map(|input| {
            let mut report = check_zip::report(&check, &input?, wants_digest, &meter)?;
            report.layers.clone_from(&layer_reports);
            Ok(report)
        });
        results.collect::<Vec<_>>()
    });
    let mut archives = Vec::new();
    for (zip, result) in zips.iter().zip(results) {
        match result {
            Ok(archive) => archives.push(archive),
            Err(error) => failures.push(Failure::of_file(check_input::path(zip, &folder), error)),
        }
    }
    let (mut findings, mut unchecked) = (Vec::new(), Vec::new());
    let mut parameters = Some(Vec::new());
    let overrides = options.parameter_overrides.iter();
    let overrides: Vec<ParameterOverride> = overrides.flat_map(|given| given.0.clone()).collect();
    for template in &options.template {
        let path = check_input::path(template, &folder);
        let meter = Arc::new(Meter::default());
        let checked = Progress::during(shell, "Checking", &meter, || {
            check_template::run(&path, &overrides, &check, wants_digest, &meter)
        });
        match checked {
            Ok(checked) => {
                archives.extend(checked.archives);
                failures.extend(checked.failures);
                findings.extend(checked.findings);
                unchecked.extend(checked.unchecked);
                if let Some(parameters) = &mut parameters {
                    parameters.extend(checked.parameters);
                }
            }
            Err(error) => {
                failures.push(Failure::of_file(path, error));
                // It may have any.
                parameters = None;
            }
        }
    }
    if let Some(parameters) = parameters {
        refuse_unknown(&overrides, &parameters)?;
    }
    let mut report = Report::of_checks(archives, failures).and_unchecked(unchecked);
    for finding in findings {
        report.add_finding(finding);
    }
    Ok(Some(report))
}

/// Refuses options for zips without a template, if there are none.
fn refuse_unused(options: &CheckOptions) -> Result<()> {
    if !options.zips.is_empty() {
        return Ok(());
    }
    let given = &options.flags.settings;
    let unused = [
        (options.kind == MountPoint::Opt, "--kind"),
        (given.architectures.is_some(), "--arch"),
        (given.runtime.is_some(), "--runtime"),
        (!given.layers.is_empty(), "--layer"),
    ];
    match unused.into_iter().find(|(is_given, _)| *is_given) {
        None => Ok(()),
        Some((_, option)) => Err(Error::usage(
            format!(
                "`{option}` has no effect on the zips of a template, which says what each of them is for"
            ),
            "write it into the template, or name a zip beside `--template`",
        )),
    }
}

/// Refuses a value of a parameter that no template has: the default would be checked.
fn refuse_unknown(overrides: &[ParameterOverride], parameters: &[String]) -> Result<()> {
    let known = parameters.iter().map(String::as_str);
    match overrides
        .iter()
        .find(|given| !parameters.contains(&given.name))
    {
        None => Ok(()),
        Some(given) => Err(Error::usage(
            text::unknown("parameter", &given.name, known),
            "name one of the section `Parameters` of the template",
        )),
    }
}

/// The settings of the manifests of the current folder, the environment and the command line.
fn settings(options: &CheckOptions, folder: &Utf8Path) -> Result<Settings> {
    let mut sources = config::settings_in(folder, options.manifest_path.as_deref())?;
    if options.kind == MountPoint::Opt {
        // The layers of a function are beside this one.
        sources = sources.iter().map(PartialSettings::for_layers).collect();
    }
    let flags = options.flags.sources(folder)?;
    for source in &flags {
        config::refuse_names(&source.layers)?;
    }
    sources.extend(flags);
    Ok(Settings::merge(&sources.iter().collect::<Vec<_>>()))
}

/// The layers of the function, each with its report. One that cannot be read, and one that the
/// configuration names, may contain any missing file, so that missing files are not reported then.
fn layers(
    settings: &Settings,
    large_entry_lock: &LargeEntryLock,
    failures: &mut Vec<Failure>,
) -> Vec<(Arc<LayerFacts>, LayerReport)> {
    let architecture = settings.only_architecture();
    let mut facts = |layer: &LayerSource| match layer {
        LayerSource::Zip(path) => {
            let read = lint::read_layer(path, large_entry_lock);
            read.map_err(|error| failures.push(Failure::of_file(path, error)))
                .ok()
        }
        other => other.facts(),
    };
    let with_report = |layer: &LayerSource| {
        let Some(layer) = layer.for_architecture(architecture) else {
            // It is another one for each architecture.
            return (Arc::default(), LayerReport::default());
        };
        let facts = facts(&layer).unwrap_or_default();
        let report = package::layer_report(&layer, &facts);
        (Arc::new(facts), report)
    };
    settings.layers.iter().map(with_report).collect()
}
