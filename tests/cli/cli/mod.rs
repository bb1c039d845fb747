//! The command line itself.

mod cargo_lambda;
mod completions;
mod invocation;
mod man;
mod suggestions;
