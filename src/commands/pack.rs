//! `cargo lambda-zip pack`: an executable that is there already, from any build tool.

use super::session::current_folder;
use crate::cli::PackOptions;
use crate::config::Settings;
use crate::error::Result;
use crate::plan::ExecutableRequest;
use crate::shell::Shell;
use crate::{package, plan};

/// Packages the executable that the command line names.
///
/// # Errors
/// As the main job, except that nothing is built.
pub(crate) fn run(options: &PackOptions, shell: &Shell) -> Result<()> {
    let folder = current_folder()?;
    let mut flags = options.flags.clone();
    let run = flags.run()?;
    flags.settings.include.splice(0..0, options.files.clone());
    let settings = Settings::merge(&flags.sources(&folder)?.each_ref());
    let request = ExecutableRequest {
        path: &options.executable,
        folder: &folder,
    };
    let plan = plan::executable(&request, settings)?;
    let report = package::run(plan, None, run.dry_run, shell)?;
    report.finish(run.message_format, shell)
}
