//! Cargo's configuration: files, environment and `--config`.

mod culprits;
mod linking;
mod lookup;
mod profiles;
mod read;
mod resolved;
mod rustc_wrapper;
mod rustflags;

pub(crate) use resolved::CargoConfig;
