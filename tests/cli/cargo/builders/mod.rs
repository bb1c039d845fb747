//! The builders, and the Cargo command that each is run with.

mod choice;
mod command_line;
mod environment;
mod failure;
mod linker;
mod system_library;
mod targets;
mod wrapper;
