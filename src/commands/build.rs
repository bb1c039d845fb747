//! `cargo lambda-zip`: the main job.

use super::session;
use crate::cargo::TargetOptions;
use crate::cli::BuildOptions;
use crate::error::Result;
use crate::plan;
use crate::report::{Report, ReportFile};
use crate::shell::Shell;

/// Builds the binaries that the command line selects, and writes a zip for each. The report will be
/// in `file`.
///
/// # Errors
/// Every problem of planning, building and packaging, except that Lambda would not run one of them,
/// which the report tells.
pub(crate) fn run(
    cli: &BuildOptions,
    targets: &TargetOptions,
    file: Option<&ReportFile>,
    shell: &mut Shell,
) -> Result<Report> {
    session::run(cli, shell, |session, shell| {
        let project = session.project(shell);
        let plan = plan::functions(&project, targets, &session.sources)?;
        session.package(plan, &project, file, shell)
    })
}
