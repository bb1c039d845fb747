//! The command line itself.

mod cargo_lambda;
mod invocation;
mod suggestions;
