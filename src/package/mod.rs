//! Packages: from a plan to zips in their places.

mod build;
mod cache;
mod debug_file;
pub(crate) mod directory;
mod identity;
mod index;
mod input;
mod libraries;
mod locks;
mod packer;
mod pending;
mod pipeline;
mod pool;
mod preflight;
mod scan;
mod stale_zips;
mod zip_record;

pub(crate) use cache::ZipCache;
pub(crate) use identity::layer_report;
pub(crate) use pipeline::run;
pub(crate) use stale_zips::report_stale_zips;
