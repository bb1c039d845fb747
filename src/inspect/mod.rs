//! Facts about one file, from its bytes: the program is never run.

mod binary;
mod contents;
mod dynamic;
mod elf;
mod executable;
mod executable_file;
mod script;
mod secret;
mod start;
mod start_file;
mod strings;
mod symbols;

pub(crate) use binary::{BinaryFacts, Linkage};
pub(crate) use contents::Contents;
#[cfg(not(unix))]
pub(crate) use elf::is_elf;
pub(crate) use elf::{HEADER, Machine, NotAnExecutable, machine_of};
pub(crate) use executable::{Executable, inspect};
pub(crate) use executable_file::ExecutableFile;
pub(crate) use script::ScriptFacts;
pub(crate) use secret::SecretScan;
pub(crate) use start::BadStart;
