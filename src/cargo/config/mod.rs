//! The user's Cargo configuration.

mod lookup;
mod read;
mod resolved;

pub(crate) use resolved::CargoConfig;
