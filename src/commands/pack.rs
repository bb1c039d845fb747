//! `cargo lambda-zip pack`: an executable that is there already, from any build tool.

use std::io::{self, IsTerminal};

use camino::Utf8Path;

use super::session::current_folder;
use crate::cli::{PackOptions, RunOptions};
use crate::config::{OutputTemplate, Settings};
use crate::error::{Error, Result};
use crate::plan::ExecutableRequest;
use crate::report::{MessageFormat, Report, ReportFile};
use crate::shell::Shell;
use crate::{package, plan};

/// Packages the executable that the command line names. The report will be in `file`.
///
/// # Errors
/// As the main job, except that nothing is built.
pub(crate) fn run(
    options: &PackOptions,
    file: Option<&ReportFile>,
    shell: &Shell,
) -> Result<Report> {
    let folder = current_folder()?;
    let mut flags = options.flags.clone();
    let run = flags.run()?;
    flags.settings.include.splice(0..0, options.files.clone());
    let settings = Settings::merge(&flags.sources(&folder)?.each_ref());
    let request = ExecutableRequest {
        path: &options.executable,
        folder: &folder,
    };
    if settings
        .output
        .as_ref()
        .is_some_and(OutputTemplate::is_standard_output)
    {
        return to_standard_output(&request, settings, &run, file, shell);
    }
    let plan = plan::executable(&request, settings)?;
    package::run(plan, None, run.dry_run, file, shell)
}

/// Packages into a temporary folder, and copies the zip to standard output.
///
/// # Errors
/// [`Error::Usage`] if something else would be written there, or if it is a terminal.
fn to_standard_output(
    request: &ExecutableRequest<'_>,
    settings: Settings,
    run: &RunOptions,
    file: Option<&ReportFile>,
    shell: &Shell,
) -> Result<Report> {
    let other = match () {
        () if run.message_format != MessageFormat::Human => "`--message-format`",
        () if run.print.is_some() => "`--print`",
        () if run.dry_run => "`--dry-run`",
        () if settings.folder.is_some() => "`--folder`",
        () => "",
    };
    if !other.is_empty() {
        return Err(Error::usage(
            format!("`--output -` cannot be used together with {other}"),
            "write the zip to a file: `--output FILE`",
        ));
    }
    if io::stdout().is_terminal() {
        return Err(Error::usage(
            "a zip is not written to a terminal",
            "redirect standard output, or write the zip to a file: `--output FILE`",
        ));
    }
    let folder = tempfile::tempdir().map_err(Error::io("could not create a temporary folder"))?;
    let path = Utf8Path::from_path(folder.path()).ok_or_else(|| {
        Error::usage(
            "the path of the temporary folder is not UTF-8",
            "set `TMPDIR`",
        )
    })?;
    let settings = Settings {
        output: Some(OutputTemplate::in_folder(path)),
        ..settings
    };
    let plan = plan::executable(request, settings)?;
    package::run(plan, None, false, file, shell)?.copied_to(io::stdout().lock())
}
