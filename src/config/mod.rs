//! Configuration: partial settings of several sources, merged for each binary.
//!
//! From the lowest to the highest precedence: `[workspace.metadata.lambda-zip]`,
//! `[package.metadata.lambda-zip]`, `[package.metadata.lambda-zip.bin.NAME]`, environment, command
//! line.

pub(crate) mod definition;
mod deploy_name;
mod environment;
mod layer_name;
mod layer_source;
mod manifest;
mod metadata;
mod output_template;
mod partial_settings;
mod project;
mod report_path;
mod resolve;
mod settings;
mod settings_table;
pub(crate) mod table;
pub(crate) mod value;
mod wording;
mod words;

pub(crate) use deploy_name::DeployName;
pub(crate) use environment::{check_names, of_process};
pub(crate) use layer_name::{LayerBin, LayerName};
pub(crate) use layer_source::{LayerSource, refuse_names};
pub(crate) use manifest::{ManifestFile, Owner};
pub(crate) use metadata::{LayerConfig, Table};
pub(crate) use output_template::{OutputTemplate, Values};
pub(crate) use project::{report_in, report_of, settings_in};
pub(crate) use report_path::ReportPath;
pub(crate) use resolve::{
    configure, defaults, package_table, root_manifest, selected_table, workspace_table,
};
pub(crate) use settings_table::{PartialSettings, Settings};
pub(crate) use words::plain;
