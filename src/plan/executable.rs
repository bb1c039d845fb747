//! The plan of `pack`: one package of an executable that is there already.

use std::io;
use std::sync::Arc;

use camino::Utf8Path;

use super::contents;
use super::layer_cache::LayerCache;
use super::model::Plan;
use super::package::{OutputSpec, PackagePlan, ProgramPlan, ProgramSource};
use crate::config::{Settings, Values};
use crate::error::{Error, Result};
use crate::include::{self, IncludedFiles};
use crate::inspect::{Executable, ExecutableFile, Machine, NotAnExecutable};
use crate::lambda::Architecture;
use crate::paths::normalized;

/// The executable that the command line names.
pub(crate) struct ExecutableRequest<'a> {
    /// As the user has named it.
    pub(crate) path: &'a Utf8Path,
    /// The current folder.
    pub(crate) folder: &'a Utf8Path,
}

/// Plans the package of an executable.
///
/// # Errors
/// Every problem that can be found before anything is packed.
pub(crate) fn executable(request: &ExecutableRequest<'_>, settings: Settings) -> Result<Plan> {
    let name = file_name(request.path)?;
    let file = ExecutableFile::open(request.path, "the executable")?;
    let entry = settings.kind.entry_name(name);
    let IncludedFiles {
        files,
        unused_excludes,
        awaited,
    } = contents::files(&settings, [entry.as_str()], &|_| false)?;
    include::check_excludes(std::iter::once(&unused_excludes[..]))?;
    // Several configured architectures are for other builds, and do not tell this one.
    let asked = settings.only_architecture();
    let architecture = asked.unwrap_or_else(|| architecture_of(&file.executable));
    let layers = LayerCache::default().of(&settings, Some(architecture))?;
    let values = Values {
        bin: name,
        arch: Some(architecture.name()),
        ..Values::default()
    };
    let path = match &settings.output {
        Some(template) => template.render(&values)?,
        None => normalized(&request.folder.join(format!("{}.zip", request.path))),
    };
    let folder = settings.folder.as_ref();
    let folder = folder.map(|folder| folder.render(&values)).transpose()?;
    Plan::without_builds(vec![PackagePlan {
        name: name.to_owned(),
        kind: settings.kind,
        owner: None,
        outputs: vec![OutputSpec {
            deploy_name: name.to_owned(),
            architecture: Some(architecture),
            target: None,
            path,
            folder,
            layers,
            foreseen: Vec::new(),
        }],
        programs: vec![ProgramPlan {
            source: ProgramSource::File(Arc::new(file)),
            path: entry,
        }],
        files,
        unused_excludes,
        awaited,
        settings,
        builder: None,
        origin: None,
        expected: true,
        is_taken: false,
    }])
}

/// The name of the executable.
///
/// # Errors
/// [`Error::Usage`] if the path does not name a regular file.
fn file_name(path: &Utf8Path) -> Result<&str> {
    let refused = |message: String| Err(Error::usage(message, "name an executable to package"));
    let Some(name) = path.file_name() else {
        return refused(format!("`{path}` is not a file"));
    };
    let through_a_file = |error: io::Error| error.kind() == io::ErrorKind::NotADirectory;
    // Windows says only that such a name is invalid.
    let as_a_folder = || {
        let file = path.as_str().trim_end_matches(std::path::is_separator);
        file != path.as_str() && Utf8Path::new(file).is_file()
    };
    if path.metadata().is_err_and(through_a_file) || as_a_folder() {
        let message = format!("`{path}` names a file as if it were a folder");
        let help = "name an executable to package, without a `/` behind it";
        return Err(Error::usage(message, help));
    }
    if path.exists() && !path.is_file() {
        return refused(format!("`{path}` is not a regular file"));
    }
    Ok(name)
}

/// The architecture of an executable; a script runs on every architecture.
fn architecture_of(executable: &Result<Executable, NotAnExecutable>) -> Architecture {
    match executable {
        Ok(Executable::Binary(facts)) => match facts.machine {
            Machine::Lambda(architecture) => architecture,
            Machine::Other(_) => Architecture::default(),
        },
        Ok(Executable::Script(_)) | Err(_) => Architecture::default(),
    }
}
