//! Configuration: layers of optional settings, merged per binary.
//!
//! `[workspace.metadata.lambda-zip]` < `[package.metadata.lambda-zip]` <
//! `[package.metadata.lambda-zip.bin.NAME]` < environment < command line.

mod environment;
mod layer;
mod manifest;
mod output;
mod project;
mod settings;
mod table;

#[cfg(test)]
pub(crate) use environment::NAMES as ENVIRONMENT;
pub(crate) use environment::{message_format, switch};
pub(crate) use layer::Layer;
pub(crate) use manifest::{ManifestFile, Owner};
pub(crate) use output::{OutputTemplate, Values};
pub(crate) use project::layers_in;
pub(crate) use settings::{Fallback, Settings, targets_named_by};
pub(crate) use table::{MadeLayer, Table};
