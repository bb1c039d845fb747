//! `cargo lambda-zip check`: zips that are there, whoever made them.

use std::{io, iter};

use camino::Utf8Path;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::check_input::{self, Input};
use super::session::current_folder;
use crate::archive::read::{Fault, Reader, Record, Source, Turn, Zip};
use crate::archive::{self, PackedEntry, Permissions, Seal};
use crate::bytes;
use crate::cli::CheckOptions;
use crate::config::partial_settings::Layer;
use crate::config::{self, Fallback, Settings, layer_source};
use crate::error::{Error, Result};
use crate::inspect::{Executable, Machine};
use crate::lambda::{Architecture, Kind, MountPoint};
use crate::lint::{
    self, Diagnostic, File, Finding, LayerFacts, Level, Lint, Package, ZipAnomalies, ZipContents,
    checks,
};
use crate::report::{
    self, ArchiveReport, BinaryReport, CheckFormat, Failure, Report, github, sarif,
};
use crate::shell::Shell;

/// Judges the zips that `options` name.
///
/// # Errors
/// [`Error::Rejected`] if Lambda would not run one of them; and what keeps a zip, or a layer, from
/// being read, after all others have been judged and reported.
pub(crate) fn run(options: &CheckOptions, shell: &Shell) -> Result<()> {
    let out = || io::stdout().lock();
    if options.list {
        return report::list(out()).map_err(Error::output);
    }
    if let Some(lint) = options.explain {
        return report::explain(lint, out()).map_err(Error::output);
    }
    let folder = current_folder()?;
    let format = config::message_format(options.message_format)?;
    let settings = settings(options, &folder)?;
    let inputs = check_input::all(&options.zips, &folder)?;
    let mut failures = Vec::new();
    let turn = Turn::default();
    let check = Check {
        options,
        layers: layers(&settings, &turn, &mut failures),
        turn: &turn,
        settings: &settings,
        wants_digest: format == CheckFormat::Json,
    };
    let results = inputs.into_par_iter().map(|input| check.check(&input?));
    let mut archives = Vec::new();
    for (zip, result) in options.zips.iter().zip(results.collect::<Vec<_>>()) {
        match result {
            Ok(archive) => archives.push(archive),
            Err(error) => failures.push(Failure::new(check_input::path(zip, &folder), error)),
        }
    }
    let report = Report::of_checks(archives, failures);
    report.show(shell);
    match format {
        CheckFormat::Human => Ok(()),
        CheckFormat::Json => report.write_json(out()),
        CheckFormat::Sarif => sarif::write(&report, out()),
        CheckFormat::Github => github::write(&report, out()),
    }
    .map_err(Error::output)?;
    report.conclude(shell)
}

/// What the manifests of the current folder, the environment and the command line say.
fn settings(options: &CheckOptions, folder: &Utf8Path) -> Result<Settings> {
    let mut layers = config::layers_in(folder, options.manifest_path.as_deref())?;
    if options.kind == MountPoint::Opt {
        // A function's layers lie beside this one.
        layers = layers.iter().map(Layer::for_made_layer).collect();
    }
    layers.push(Layer::from_environment(folder).map_err(|why| Error::usage(why, None))?);
    layers.push(Layer::from_check(options, folder));
    let layers: Vec<&Layer> = layers.iter().collect();
    Ok(Settings::merge(
        &layers,
        &options.lints.0,
        &Fallback::default(),
    ))
}

/// What is known of the function's layers. One that cannot be read may have whatever is missing, so
/// that nothing is said of the zips which would not be so with it.
fn layers(settings: &Settings, turn: &Turn, failures: &mut Vec<Failure>) -> Vec<LayerFacts> {
    let mut facts = |layer: &layer_source::Layer| {
        layer.facts(turn).unwrap_or_else(|error| {
            if let layer_source::Layer::Zip(path) = layer {
                failures.push(Failure::new(path, error));
            }
            LayerFacts::default()
        })
    };
    settings.layers.iter().map(&mut facts).collect()
}

/// What all zips of a run are checked against.
struct Check<'a> {
    options: &'a CheckOptions,
    settings: &'a Settings,
    layers: Vec<LayerFacts>,
    /// Of all zips together, so that not each of them takes what one may.
    turn: &'a Turn,
    wants_digest: bool,
}

impl Check<'_> {
    fn check(&self, input: &Input) -> Result<ArchiveReport> {
        let source = &input.open()?;
        let (report, seal) = rayon::join(
            || self.check_zip(input, source),
            || self.wants_digest.then(|| Seal::read(Reader::new(source))),
        );
        let unreadable = || Error::io(format!("could not read the zip `{}`", input.shown));
        let mut report = report.map_err(unreadable())?;
        if let Some(seal) = seal {
            report.set_digests(&seal.map_err(unreadable())?);
        }
        Ok(report)
    }

    fn check_zip(&self, input: &Input, source: &dyn Source) -> io::Result<ArchiveReport> {
        let mut entries = Vec::new();
        let unpacked = match Zip::open(source) {
            Ok(zip) => {
                let unpacked = lint::read(&zip, self.turn)?;
                entries = packed_entries(&zip, &unpacked.files);
                unpacked
            }
            Err(Fault::Broken(broken)) => ZipContents::broken(broken),
            Err(Fault::Io(error)) => return Err(error),
        };
        Ok(self.report(input, source.length(), &unpacked, entries))
    }

    fn report(
        &self,
        input: &Input,
        bytes: u64,
        unpacked: &ZipContents,
        entries: Vec<PackedEntry>,
    ) -> ArchiveReport {
        let Self {
            options, settings, ..
        } = self;
        let mut package = Package {
            mount_point: options.kind,
            files: &unpacked.files,
            layers: &self.layers,
            architecture: Architecture::default(),
            runtime: settings.runtime,
            budget: settings.budget,
            anomalies: &unpacked.anomalies,
        };
        let program = package.program().and_then(File::executable);
        // In a layer, code for several architectures may lie beside what Lambda looks for.
        let is_telling =
            |file: &&File| options.kind == MountPoint::Task || checks::is_looked_for(file);
        let telling = unpacked.files.iter().filter(is_telling);
        let mut executables = telling.filter_map(File::executable);
        let architecture = settings
            .only_architecture()
            .or_else(|| architecture(program?))
            .or_else(|| executables.find_map(architecture));
        package.architecture = architecture.unwrap_or_default();
        let mut diagnostics = lint::check(&package);
        // A layer is uploaded by the same rules.
        let sizes = archive::compressed_sizes(&entries);
        let name = input.file_name();
        diagnostics.extend(lint::check_zip_size(
            options.kind,
            &name,
            bytes,
            &sizes,
            settings.budget,
        ));
        // Nothing in a layer is the program.
        let (kind, binary) = match options.kind {
            MountPoint::Task => (Kind::Function, program),
            MountPoint::Opt => (Kind::Layer, None),
        };
        let is_known = !unpacked.anomalies.is_incomplete();
        let unzipped = || bytes::sum(unpacked.files.iter().map(|file| file.bytes));
        let mut report = ArchiveReport {
            bin: input.name(),
            kind,
            architecture,
            runtime: package.runtime,
            handler: kind.handler(),
            path: input.path.clone(),
            layer_bytes: bytes::sum(self.layers.iter().map(|layer| layer.bytes)),
            unzipped_bytes: is_known.then(unzipped),
            binary: binary.map(BinaryReport::from),
            entries,
            findings: self.findings(diagnostics, &unpacked.anomalies),
            ..ArchiveReport::default()
        };
        report.set_size(bytes);
        report
    }

    /// What is reported. That the package is too large, which would be said of it, may be allowed;
    /// that nobody has looked at some of it then has to be said.
    fn findings(&self, diagnostics: Vec<Diagnostic>, anomalies: &ZipAnomalies) -> Vec<Finding> {
        let policy = &self.settings.policy;
        let findings = policy.apply(diagnostics.clone());
        let is_rejected = findings
            .iter()
            .any(|found| found.lint == Lint::UnzippedTooLarge && found.level == Level::Deny);
        if is_rejected {
            return findings;
        }
        let layers = self.layers.iter().map(|layer| &layer.anomalies);
        let unverified = iter::once(anomalies)
            .chain(layers)
            .filter_map(checks::unverified);
        policy.apply(diagnostics.into_iter().chain(unverified))
    }
}

fn architecture(executable: &Executable) -> Option<Architecture> {
    match executable {
        Executable::Binary(facts) => match facts.machine {
            Machine::Lambda(architecture) => Some(architecture),
            Machine::Other(_) => None,
        },
        Executable::Script(_) => None,
    }
}

fn packed_entries(zip: &Zip<'_>, files: &[File]) -> Vec<PackedEntry> {
    let entry = |(file, record): (&File, &Record)| PackedEntry {
        path: file.name.clone(),
        mode: file.permissions.map(Permissions),
        bytes: file.bytes,
        compressed_bytes: record.compressed,
    };
    files.iter().zip(&zip.records).map(entry).collect()
}
