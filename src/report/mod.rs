//! The results of a run, for people and for machines.

mod failure;
mod file;
mod findings;
mod format;
mod github;
mod human;
mod json;
mod lints;
mod merge;
mod model;
mod package;
mod print;
mod run_finding;
mod sarif;
mod schema;
mod status;
mod templates;
mod unchecked;

pub(crate) use failure::{Failure, show_errors};
pub(crate) use file::{ReportFile, check_report_place};
pub(crate) use format::MessageFormat;
pub(crate) use json::write_json;
pub(crate) use lints::{explain, list};
pub(crate) use merge::MergedReport;
pub(crate) use model::Report;
pub(crate) use package::{
    ArchiveReport, BinaryReport, DebugFileReport, LayerReport, TemplateReport,
};
pub(crate) use print::Print;
pub(crate) use run_finding::RunFinding;
pub(crate) use schema::SCHEMA;
#[cfg(test)]
pub(crate) use schema::assert_schema;
pub(crate) use templates::{Commands, TemplateKind, template};
pub(crate) use unchecked::UncheckedReport;
