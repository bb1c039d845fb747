//! The subcommands, one file each. Each is the pipeline: settings, plan, packages, report.

pub(crate) mod build;
pub(crate) mod check;
mod check_input;
mod check_template;
mod check_zip;
pub(crate) mod completions;
pub(crate) mod init;
#[cfg_attr(not(target_os = "linux"), path = "invoke_elsewhere.rs")]
pub(crate) mod invoke;
pub(crate) mod layer;
pub(crate) mod man;
mod output;
pub(crate) mod pack;
pub(crate) mod report;
pub(crate) mod schema;
mod session;
pub(crate) mod size;
pub(crate) mod template;
