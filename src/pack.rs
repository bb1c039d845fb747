//! `cargo lambda-zip pack`: a ready executable, whoever built it.

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::PackOptions;
use crate::config::{self, Layer, Settings};
use crate::error::{Error, Result};
use crate::include::{self, Include};
use crate::inspect::{Executable, Machine, NotAnExecutable, inspect};
use crate::job;
use crate::kind::Kind;
use crate::package::{self, Packer, Parcel};
use crate::paths::normalized;
use crate::report::{ArchiveReport, Report};
use crate::shell::Shell;
use crate::target::Architecture;
use crate::unpacked::Depth;

/// Packages the executable that `options` name.
///
/// # Errors
/// As the main job, but that nothing is built.
pub(crate) fn run(options: &PackOptions, shell: &Shell) -> Result<()> {
    let folder = job::current_folder()?;
    let format = config::message_format(options.contents.message_format)?;
    let path = &options.executable;
    let name = path.file_name().ok_or_else(|| {
        Error::usage(
            format!("`{path}` is no file"),
            "name an executable to package",
        )
    })?;
    if path.exists() && !path.is_file() {
        let message = format!("`{path}` is no regular file");
        return Err(Error::usage(message, "name an executable to package"));
    }
    let data = package::read(path, "the executable")?;
    let executable = inspect(&data);

    let layers = [
        Layer::from_environment(&folder).map_err(|why| Error::usage(why, None))?,
        Layer::from_contents(&options.contents, &folder),
    ];
    let settings = Settings::merge(&layers.each_ref(), &options.lints, &[]);
    let named = options.files.iter().map(|rule| rule.clone().below(&folder));
    let rules: Vec<Include> = named.chain(settings.include).collect();
    let files = include::collect(&rules, &settings.exclude, settings.symlinks)?;
    job::check_files(&options.kind.entry_name(name), &files)?;
    let layers = settings
        .layers
        .iter()
        .map(|layer| layer.facts(Depth::Names));

    let identity = ArchiveReport {
        bin: name.to_owned(),
        kind: options.kind,
        architecture: architecture(options.arch, &executable),
        runtime: settings.runtime,
        handler: (options.kind == Kind::Function).then_some("bootstrap"),
        path: output(options, &folder)?,
        ..ArchiveReport::default()
    };
    job::check_output(&identity.path)?;
    let packer = Packer {
        date: job::source_date()?,
        records: None,
    };
    let judged = packer.package(&Parcel {
        identity,
        data: &data,
        executable,
        files: &files,
        layers: &layers.collect::<Result<Vec<_>>>()?,
        compression: settings.compression,
        policy: &settings.policy,
    })?;
    let report = Report::new(vec![packer.publish(judged)?]);
    report.finish(format, shell)
}

/// As given, else what the executable is for; a script runs on either.
fn architecture(
    given: Option<Architecture>,
    executable: &Result<Executable, NotAnExecutable>,
) -> Architecture {
    match (given, executable) {
        (Some(given), _) => given,
        (None, Ok(Executable::Binary(facts))) => match facts.machine {
            Machine::Lambda(architecture) => architecture,
            Machine::Other(_) => Architecture::default(),
        },
        (None, _) => Architecture::default(),
    }
}

/// Where the zip goes: as given, else beside the executable.
fn output(options: &PackOptions, folder: &Utf8Path) -> Result<Utf8PathBuf> {
    let output = match &options.output {
        Some(output) if output.as_str().is_empty() || output.as_str().ends_with('/') => {
            return Err(Error::usage(
                format!("the output `{output}` names a folder, not a file"),
                "name a zip: `--output function.zip`",
            ));
        }
        Some(output) => output.clone(),
        None => format!("{}.zip", options.executable).into(),
    };
    Ok(normalized(&folder.join(output)))
}
