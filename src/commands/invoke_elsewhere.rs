//! `cargo lambda-zip invoke` on a system that is not Linux: it cannot start what is in a package.

use std::env::consts::OS;

use crate::cli::InvokeOptions;
use crate::error::{Error, Result};
use crate::shell::Shell;

/// Names the ways to run a package.
///
/// # Errors
/// [`Error::Missing`], always.
pub(crate) fn run(options: &InvokeOptions, _: &Shell) -> Result<()> {
    let zip = &options.zip;
    Err(Error::Missing {
        message: format!("`{zip}` has programs for Linux, and this machine runs {OS}"),
        help: vec![
            format!("run `cargo lambda-zip invoke {zip}` in Docker, WSL or a Linux machine"),
            "run `sam local invoke`, which uses Docker".to_owned(),
        ],
    })
}
