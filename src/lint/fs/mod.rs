//! The file system that Lambda gives a program: /var/task, /opt and the runtime's own files.

mod dynamic_deps;
mod path_cursor;
mod placed;
mod program;
mod rpath_tokens;
mod runtime_fs;

pub(crate) use dynamic_deps::{DynamicDeps, Loaded};
pub(crate) use placed::{components, fits, unpacked};
pub(crate) use program::{Program, absolute, has_glibc_loader, static_help};
pub(crate) use runtime_fs::{Found, RuntimeFs};
