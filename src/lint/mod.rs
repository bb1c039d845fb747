//! The checks of a package: lints, named as in rustc, each with a level that users may change.

mod budget;
mod check;
mod checks;
mod contents;
mod diagnostic;
mod file;
mod fs;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod largest;
mod layer_facts;
mod list;
mod package;
mod policy;
mod table;
mod template;
mod template_architecture;
mod template_check;
#[cfg(test)]
mod tests;
mod zip_anomalies;

pub(crate) use budget::Budget;
#[cfg(target_os = "linux")] // for `invoke`
pub(crate) use check::CheckedZip;
pub(crate) use check::ZipCheck;
pub(crate) use checks::{
    check_cpu, check_names, check_package, check_sizes, check_zip_size, missing_libraries,
};
pub(crate) use diagnostic::{Diagnostic, Finding};
pub(crate) use file::{File, FileKind};
pub(crate) use largest::largest;
pub(crate) use layer_facts::{LayerFacts, read_layer, read_whole_layer};
pub(crate) use list::{List, Named, list};
pub(crate) use package::Package;
pub(crate) use policy::{Policy, Setting, Subject};
pub(crate) use table::{Level, Lint};
pub(crate) use template::runtime_of;
pub(crate) use template_check::{TemplateCheck, ZipFacts};
pub(crate) use zip_anomalies::ZipAnomalies;
