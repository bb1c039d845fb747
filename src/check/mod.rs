//! `cargo lambda-zip check`: zips that are there, whoever made them.

mod github;
mod input;
mod sarif;
mod table;

use std::io;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::archive::{self, PackedEntry, Permissions, Seal};
use crate::cli::{CheckFormat, CheckOptions};
use crate::config::{self, Fallback, Layer, Settings};
use crate::error::{Error, Result};
use crate::inspect::{Executable, Machine};
use crate::job;
use crate::kind::Kind;
use crate::lint::{self, File, LayerFacts, Package, Root, limits};
use crate::reader::{Fault, Reader, Record, Source, Zip};
use crate::report::{ArchiveReport, BinaryReport, Report, WRITING};
use crate::shell::Shell;
use crate::target::Architecture;
use crate::unpacked::{self, Depth, Unpacked};
use input::Input;

/// Judges the zips that `options` name.
///
/// # Errors
/// [`Error::Rejected`] if Lambda would not run one of them; and what keeps a zip from being read.
pub(crate) fn run(options: &CheckOptions, shell: &Shell) -> Result<()> {
    let out = || io::stdout().lock();
    if options.list {
        return table::list(out()).map_err(Error::io(WRITING));
    }
    if let Some(lint) = options.explain {
        return table::explain(lint, out()).map_err(Error::io(WRITING));
    }
    let folder = job::current_folder()?;
    let format = config::message_format(options.message_format)?;
    let layers = [
        Layer::from_environment(&folder).map_err(|why| Error::usage(why, None))?,
        Layer::from_check(options, &folder),
    ];
    let settings = Settings::merge(&layers.each_ref(), &options.lints, &Fallback::default());
    let inputs = input::all(&options.zips, &folder)?;
    let layers = settings.layers.iter();
    let check = Check {
        options,
        layers: layers
            .map(|layer| layer.facts(Depth::Contents))
            .collect::<Result<Vec<_>>>()?,
        settings: &settings,
        wants_digest: format == CheckFormat::Json,
    };
    let archives = inputs.par_iter().map(|input| check.check(input));
    let report = Report::of_checks(archives.collect::<Result<_>>()?);
    report.show(shell);
    match format {
        CheckFormat::Human => Ok(()),
        CheckFormat::Json => report.write_json(out()),
        CheckFormat::Sarif => sarif::write(report.archives(), out()),
        CheckFormat::Github => github::write(report.archives(), out()),
    }
    .map_err(Error::io(WRITING))?;
    report.verdict()
}

/// What all zips of a run are checked against.
struct Check<'a> {
    options: &'a CheckOptions,
    settings: &'a Settings,
    layers: Vec<LayerFacts>,
    wants_digest: bool,
}

impl Check<'_> {
    fn check(&self, input: &Input) -> Result<ArchiveReport> {
        let source = input.open()?;
        let source = source.as_ref();
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
                let unpacked = unpacked::read(&zip, Depth::Contents)?;
                entries = packed_entries(&zip, &unpacked.files);
                unpacked
            }
            Err(Fault::Broken(broken)) => Unpacked::broken(broken),
            Err(Fault::Io(error)) => return Err(error),
        };
        Ok(self.judge(input, source.length(), &unpacked, entries))
    }

    fn judge(
        &self,
        input: &Input,
        bytes: u64,
        unpacked: &Unpacked,
        entries: Vec<PackedEntry>,
    ) -> ArchiveReport {
        let Self {
            options, settings, ..
        } = self;
        let mut package = Package {
            root: options.kind,
            files: &unpacked.files,
            layers: &self.layers,
            architecture: Architecture::default(),
            runtime: settings.runtime,
            budget: settings.budget,
            format: &unpacked.format,
        };
        let program = package.program().and_then(executable);
        let mut executables = unpacked.files.iter().filter_map(executable);
        let architecture = options
            .arch
            .or_else(|| architecture(program?))
            .or_else(|| executables.find_map(architecture));
        package.architecture = architecture.unwrap_or_default();
        let mut observations = lint::judge(&package);
        // A layer is uploaded by the same rules.
        let sizes = archive::compressed_sizes(&entries);
        let name = input.file_name();
        observations.extend(lint::judge_zip(
            options.kind,
            &name,
            bytes,
            &sizes,
            settings.budget,
        ));
        // A layer without machine code is for any architecture, and nothing in it is the program.
        let (kind, architecture, binary) = match options.kind {
            Root::Task => (Kind::Function, Some(package.architecture), program),
            Root::Opt => (Kind::Layer, architecture, None),
        };
        let mut report = ArchiveReport {
            bin: input.name(),
            kind,
            architecture,
            runtime: package.runtime,
            handler: kind.handler(),
            path: input.path.clone(),
            unzipped_bytes: Some(limits::sum(unpacked.files.iter().map(|file| file.bytes))),
            binary: binary.map(BinaryReport::from),
            entries,
            findings: settings.policy.apply(observations),
            ..ArchiveReport::default()
        };
        report.set_size(bytes);
        report
    }
}

fn executable(file: &File) -> Option<&Executable> {
    file.contents.as_ref()?.executable.as_ref().ok()
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
