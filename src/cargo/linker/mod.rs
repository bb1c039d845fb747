//! The linker for musl targets: `rust-lld` of the Rust toolchain, in the place of a C compiler.
//!
//! Build scripts and rustflags give linker arguments as a C compiler takes them (`-Wl,…`,
//! `-rdynamic`, `-pthread`), which `rust-lld` refuses. And crates link `-lm` or `-ldl`, which musl
//! has as empty archives beside its C library, and the toolchain has not.
//! So rustc calls this tool under the name `rust-lld`: it translates the arguments, adds the folder
//! with the empty archives, and calls the real `rust-lld`.

mod folder;
mod response_file;
mod translate;
mod wrapper;

pub(super) use folder::link_to_this_program;
pub(crate) use folder::{NAME_ON_PATH, path, write};
pub(crate) use wrapper::run;
