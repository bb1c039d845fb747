//! Lambda around a package on this machine: its Runtime API and Extensions API, its phases, its
//! folders and its environment.
//!
//! ```text
//! zips → root (unpacked) → sandbox → run → environment → process
//!                                              ↕
//!                             server → api → state
//! ```
//!
//! The main thread goes from phase to phase, and waits for changes of the state. Each connection and
//! each process has a thread that changes it.

mod api;
mod environment;
mod event;
mod extension;
mod failure;
mod folder;
mod function;
mod gate;
mod http;
mod id;
mod log;
mod memory;
mod monitor;
mod outcome;
mod package;
mod process;
mod program;
mod refusal;
mod root;
mod run;
mod sandbox;
mod server;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod unpack;
mod variables;

pub(crate) use environment::Setup;
pub(crate) use event::events;
pub(crate) use function::{Function, name};
pub(crate) use log::Log;
pub(crate) use outcome::{Document, Invocation, Outcome};
pub(crate) use package::Package;
pub(crate) use program::OWN;
pub(crate) use run::run;
pub(crate) use sandbox::Sandbox;
pub(crate) use variables::check as check_variables;
