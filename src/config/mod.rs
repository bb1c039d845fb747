//! Configuration: layers of optional settings, merged per binary.
//!
//! `[workspace.metadata.lambda-zip]` < `[package.metadata.lambda-zip]` <
//! `[package.metadata.lambda-zip.bin.NAME]` < environment < command line.

mod environment;
mod layer_name;
pub(crate) mod layer_source;
mod manifest;
mod output_template;
pub(crate) mod partial_settings;
mod project;
mod resolve;
mod settings;
mod table;

#[cfg(test)]
pub(crate) use environment::NAMES;
pub(crate) use environment::{message_format, switch};
pub(crate) use layer_name::{LayerBin, LayerName};
pub(crate) use manifest::ManifestFile;
pub(crate) use output_template::{OutputTemplate, Values};
pub(crate) use project::layers_in;
pub(crate) use resolve::{
    Sources, configure, fallback, package_table, root_manifest, workspace_table,
};
pub(crate) use settings::{Fallback, Settings, targets_named_by};
pub(crate) use table::{MadeLayer, Table};
