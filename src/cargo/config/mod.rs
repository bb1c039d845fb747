//! Cargo's configuration: files, environment and `--config`.

mod linking;
mod lookup;
mod profiles;
mod read;
mod resolved;

pub(crate) use resolved::CargoConfig;
