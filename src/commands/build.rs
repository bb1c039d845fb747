//! `cargo lambda-zip`: the main job.

use super::session;
use crate::cargo::TargetOptions;
use crate::cli::BuildOptions;
use crate::error::Result;
use crate::shell::Shell;
use crate::{package, plan};

/// Builds the binaries that the command line selects, and writes a zip for each.
///
/// # Errors
/// [`Error::Rejected`](crate::error::Error::Rejected) if Lambda would not run one of them, and
/// every problem of planning, building and packaging.
pub(crate) fn run(cli: &BuildOptions, targets: &TargetOptions, shell: &mut Shell) -> Result<()> {
    session::run(cli, shell, |session, shell| {
        let project = session.project(shell);
        let plan = plan::functions(&project, targets, &session.sources)?;
        package::run(plan, Some(&project), session.run.dry_run, shell)
    })
}
