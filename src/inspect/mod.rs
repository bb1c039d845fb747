//! Facts about one file, from its bytes: the program is never run.

mod binary;
mod build_id;
mod client_scan;
mod contents;
mod dynamic;
mod elf;
mod executable;
mod executable_file;
mod layout;
mod script;
mod secret;
mod start;
mod start_file;
mod static_pie_start;
mod strings;
mod symbols;

pub(crate) use binary::{BinaryFacts, Linkage};
pub(crate) use build_id::build_id;
pub(crate) use client_scan::ClientScan;
pub(crate) use contents::Contents;
pub(crate) use elf::{HEADER, Machine, NotAnExecutable, is_elf, is_of_other_system, machine_of};
pub(crate) use executable::{Executable, inspect};
pub(crate) use executable_file::ExecutableFile;
pub(crate) use layout::{DebugLink, Layout, Origin, is_debug_file_of};
pub(crate) use script::ScriptFacts;
pub(crate) use secret::SecretScan;
pub(crate) use start::BadStart;
