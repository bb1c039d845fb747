//! ELF files and zips, written byte by byte, so that a test can have any that it needs: also
//! those that no tool would write. What the tool reads is not written by its own libraries.

pub mod elf;
mod number;
pub mod zip;

pub use elf::{Elf, Machine};
pub use zip::{Forged, Forgery};
