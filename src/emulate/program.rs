//! A program that is started: would Lambda execute it, and what does it take here?

use std::os::unix::fs::PermissionsExt;

use fs_err as fs;
use object::read::ReadCache;

use super::root::Root;
use crate::inspect::{Executable, Machine, inspect};
use crate::lambda::Architecture;

/// A program that Linux executes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Program {
    /// It is a script, or dynamically linked, or may be.
    pub(super) needs_system: bool,
    /// The dynamic loader that it needs.
    pub(super) loader: Option<String>,
    /// It is machine code for another architecture than this machine's.
    pub(super) is_foreign: bool,
}

/// The architecture of this machine.
pub(crate) const OWN: Architecture = if cfg!(target_arch = "aarch64") {
    Architecture::Arm64
} else {
    Architecture::X86_64
};

impl Program {
    /// The program that the function sees at `path`, on a machine of an architecture.
    ///
    /// # Errors
    /// The system's reason why it cannot be executed, in the words of Lambda.
    pub(super) fn find(
        root: &Root,
        path: &str,
        architecture: Architecture,
    ) -> Result<Self, &'static str> {
        let unknown = Self {
            needs_system: true,
            ..Self::default()
        };
        let Some(file) = root.find(path) else {
            // It may be a link to a program of the system.
            return Ok(unknown);
        };
        let metadata = fs::metadata(&file).map_err(|_| "no such file or directory")?;
        if metadata.is_dir() || metadata.permissions().mode() & 0o111 == 0 {
            return Err("permission denied");
        }
        let Ok(file) = fs::File::open(&file) else {
            return Ok(unknown);
        };
        match inspect(&ReadCache::new(file.into_file())) {
            Ok(Executable::Script(_)) => Ok(unknown),
            Ok(Executable::Binary(facts)) if facts.machine == Machine::Lambda(architecture) => {
                Ok(Self {
                    needs_system: facts.interpreter.is_some(),
                    loader: facts.interpreter,
                    is_foreign: architecture != OWN,
                })
            }
            // The C library would run any text as a script of the shell, which Lambda does not.
            Ok(Executable::Binary(_)) | Err(_) => Err("exec format error"),
        }
    }
}
