//! The checks behind the lints.

pub(crate) mod collisions;
pub(crate) mod counts;
pub(crate) mod entrypoint;
pub(crate) mod layer;
mod libraries;
pub(crate) mod links;
mod misplaced;
pub(crate) mod names;
mod permissions;
mod program;
pub(crate) mod secrets;
pub(crate) mod sizes;
pub(crate) mod zip;

pub(crate) use layer::is_looked_for;
pub(crate) use program::{Program, absolute};
pub(crate) use sizes::{largest, zipped};
pub(crate) use zip::unverified;
