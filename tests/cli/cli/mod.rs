//! The command line itself.

mod invocation;
mod suggestions;
