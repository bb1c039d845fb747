//! From a plan to zips in their places.

mod cache;
pub(crate) mod directory;
mod execution;
mod input;
mod packer;
mod pending;
mod pipeline;
mod pool;
mod preflight;
mod scan;

pub(crate) use cache::Records;
pub(crate) use execution::Command;
pub(crate) use input::{Image, Parcel};
pub(crate) use packer::Packer;
pub(crate) use pipeline::Making;
pub(crate) use pool::Workshop;
pub(crate) use preflight::{Output, check_output, toolchain};
#[cfg(test)]
pub(crate) use scan::SeenFiles;
pub(crate) use scan::{Survey, changed};
