//! `cargo lambda-zip pack`: an executable that is there already, from any build tool.

use super::session::current_folder;
use crate::cli::{ContentOptions, PackOptions};
use crate::config::partial_settings::Layer;
use crate::config::{self, Fallback, Settings};
use crate::error::{Error, Result};
use crate::plan::ExecutableRequest;
use crate::shell::Shell;
use crate::{package, plan};

/// Packages the executable that the command line names.
///
/// # Errors
/// As the main job, except that nothing is built.
pub(crate) fn run(options: &PackOptions, shell: &Shell) -> Result<()> {
    let folder = current_folder()?;
    let format = config::message_format(options.contents.message_format)?;
    let contents = ContentOptions {
        include: [&options.files[..], &options.contents.include].concat(),
        ..options.contents.clone()
    };
    let wrong = |why| Error::usage(why, None);
    let sources = [
        Layer::from_environment(&folder).map_err(wrong)?,
        Layer::from_contents(&contents, options.output.as_deref(), &folder).map_err(wrong)?,
    ];
    let lints = &options.lints.0;
    let settings = Settings::merge(&sources.each_ref(), lints, &Fallback::default());
    let request = ExecutableRequest {
        path: &options.executable,
        kind: options.kind,
        architecture: options.arch,
        folder: &folder,
    };
    let plan = plan::executable(&request, settings)?;
    let report = package::run(plan, None, options.dry_run, shell)?;
    report.finish(format, shell)
}
