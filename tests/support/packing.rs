//! Executables to be packed that no Cargo project knows of.

use forge::{Elf, Machine};

use super::project::Project;
use super::run::Run;

/// A folder that belongs to no Cargo project, with an executable in it.
pub(crate) fn folder() -> Project {
    let folder = Project::empty();
    folder.write("handler", elf().bytes());
    folder
}

pub(crate) fn elf() -> Elf {
    Elf::static_pie(Machine::X86_64).payload("not made by Cargo")
}

pub(crate) fn pack<'a>(folder: &'a Project, args: &[&str]) -> Run<'a> {
    folder.command(&[&["pack"], args].concat())
}
