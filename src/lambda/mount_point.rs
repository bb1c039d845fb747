//! The folders that Lambda unpacks zips into, and the places there that it starts programs from.

use camino::Utf8Path;

use crate::paths::normalized;

/// The folder that Lambda unpacks a zip into.
///
/// Source: the Lambda developer guide, "Defined runtime environment variables" (`LAMBDA_TASK_ROOT`)
/// and "Packaging your layer content".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MountPoint {
    /// `/var/task`, for a function's code.
    Task,
    /// `/opt`, for layers.
    Opt,
}

impl MountPoint {
    /// Both of them.
    pub(crate) const ALL: [Self; 2] = [Self::Task, Self::Opt];

    /// The folder's absolute path.
    pub(crate) fn path(self) -> &'static str {
        self.beginning().trim_end_matches('/')
    }

    /// The beginning of the paths in the folder.
    pub(crate) fn beginning(self) -> &'static str {
        match self {
            Self::Task => "/var/task/",
            Self::Opt => "/opt/",
        }
    }
}

/// The folders of a function's environment that links in a package may lead to: layers, the code,
/// the folder that the function may write to, and the runtime.
///
/// Source: the Lambda developer guide, "Packaging your layer content", "Configure ephemeral storage"
/// and "Defined runtime environment variables" (`LAMBDA_TASK_ROOT`, `LAMBDA_RUNTIME_DIR`).
const LAMBDA_FOLDERS: [&str; 4] = ["/opt", "/tmp", "/var/task", "/var/runtime"];

/// `true` if the absolute `path` lies in one of Lambda's own folders.
pub(crate) fn is_in_lambda_folder(path: &Utf8Path) -> bool {
    let path = normalized(path);
    LAMBDA_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// The paths of a function's program, in the order in which Lambda looks for it.
///
/// Source: the message of AWS's Runtime Interface Emulator, `Couldn't find valid bootstrap(s):
/// [/var/task/bootstrap /opt/bootstrap]`.
pub(crate) const BOOTSTRAPS: [&str; 2] = ["/var/task/bootstrap", "/opt/bootstrap"];

/// The folder of external extensions: Lambda starts every file in it.
///
/// Source: the Lambda developer guide, "Lambda Extensions API".
pub(crate) const EXTENSIONS: &str = "/opt/extensions";
