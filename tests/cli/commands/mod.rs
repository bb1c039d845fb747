//! The subcommands from end to end.

mod check;
mod check_project;
mod exit_codes;
mod init;
mod layer;
mod pack;
mod pack_refused;
mod pack_reproducible;
mod schema;
mod template;
