//! `cargo lambda-zip pack`: a ready executable, whoever built it.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::build;
use crate::archive::Mode;
use crate::cargo::Interrupt;
use crate::cli::{ContentOptions, PackOptions};
use crate::config::partial_settings::Layer;
use crate::config::{self, Fallback, OutputTemplate, Settings, Values};
use crate::error::{Error, Result};
use crate::inspect::{Executable, Machine, NotAnExecutable};
use crate::lambda::Architecture;
use crate::package::directory::{self, Expected, Ledger};
use crate::package::{self, Image, Packer, Parcel, Workshop};
use crate::paths::normalized;
use crate::report::{ArchiveReport, Report};
use crate::shell::Shell;
use crate::{plan, temp};

/// Packages the executable that `options` name.
///
/// # Errors
/// As the main job, but that nothing is built.
pub(crate) fn run(options: &PackOptions, shell: &Shell) -> Result<()> {
    let current_folder = build::current_folder()?;
    let format = config::message_format(options.contents.message_format)?;
    let path = &options.executable;
    let name = path.file_name().ok_or_else(|| {
        Error::usage(
            format!("`{path}` is no file"),
            "name an executable to package",
        )
    })?;
    let through_a_file = |error: std::io::Error| error.kind() == std::io::ErrorKind::NotADirectory;
    if path.metadata().is_err_and(through_a_file) {
        let message = format!("`{path}` names a file as if it were a folder");
        let help = "name an executable to package, without a `/` behind it";
        return Err(Error::usage(message, help));
    }
    if path.exists() && !path.is_file() {
        let message = format!("`{path}` is no regular file");
        return Err(Error::usage(message, "name an executable to package"));
    }
    let image = Image::read(path, "the executable")?;

    let contents = ContentOptions {
        include: [&options.files[..], &options.contents.include].concat(),
        ..options.contents.clone()
    };
    let wrong = |why| Error::usage(why, None);
    let layers = [
        Layer::from_environment(&current_folder).map_err(wrong)?,
        Layer::from_contents(&contents, options.output.as_deref(), &current_folder)
            .map_err(wrong)?,
    ];
    let settings = Settings::merge(&layers.each_ref(), &options.lints, &Fallback::default());
    let entry = options.kind.entry_name(name);
    let files = plan::files(&settings, [entry.as_str()])?;
    plan::check_exclusions(std::iter::once(&settings))?;
    let layers = plan::KnownLayers::default().of(&settings)?;

    // Of several, for which others build, this is for one.
    let asked = options.arch.or_else(|| settings.only_architecture());
    let architecture = architecture(asked, &image.executable);
    let template = settings.output.as_ref();
    let path = output(options, template, name, architecture, &current_folder)?;
    let unpacked = || directory::beside(&path, Some(&entry));
    let identity = ArchiveReport {
        bin: name.to_owned(),
        kind: options.kind,
        architecture: Some(architecture),
        runtime: settings.runtime,
        handler: options.kind.handler(),
        folder: settings.also_binary.then(unpacked),
        path,
        ..ArchiveReport::default()
    };
    let executable = normalized(&current_folder.join(&options.executable));
    let program = Expected::File(&executable, Mode::Executable);
    // Outside of Cargo's target folder there is no place for a record that would not be deployed,
    // or lie around: only what is right already may be in a folder.
    let ledger = Ledger::default();
    let output = package::Output {
        path: &identity.path,
        folder: identity.folder.as_deref(),
        programs: vec![(&entry, program)],
        files: &files,
        settings: &settings,
    };
    package::check_output(&output, &ledger)?;
    identity.path.parent().map(temp::remove);
    let interrupt = Interrupt::install()?;
    let mut workshop = Workshop::new(Packer::new(build::source_date()?, None, ledger));
    let programs = [(entry, Arc::new(image))];
    workshop.start(move |packer| {
        let judged = packer.package(&Parcel {
            identity,
            programs: &programs,
            files: &files,
            layers: &layers,
            settings: &settings,
        })?;
        Ok(vec![judged])
    });
    let judged = workshop.finish(&interrupt, shell)?;
    Report::new(workshop.publish(judged, &interrupt)?).finish(format, shell)
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
fn output(
    options: &PackOptions,
    template: Option<&OutputTemplate>,
    bin: &str,
    architecture: Architecture,
    folder: &Utf8Path,
) -> Result<Utf8PathBuf> {
    let Some(template) = template else {
        let beside = format!("{}.zip", options.executable);
        return Ok(normalized(&folder.join(beside)));
    };
    template.render(&Values {
        bin,
        arch: Some(architecture.name()),
        ..Values::default()
    })
}
