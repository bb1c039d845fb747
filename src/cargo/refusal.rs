//! The errors of Cargo commands that read the workspace, and manifests that Cargo would not end to
//! read.

use std::process::Output;

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::{Error, Result};
use crate::paths;

/// The error of a Cargo command with this `output`, without the label that Cargo gives it.
pub(super) fn error_of(output: &Output) -> Error {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let stderr = stderr.trim_end();
    Error::Metadata {
        reason: match stderr.strip_prefix("error: ") {
            Some(message) => format!(": {message}"),
            None => format!("\n{stderr}"),
        },
        manifest: manifest_in(stderr),
    }
}

/// The manifest that a message of Cargo is about, and the line in it: behind `-->`, else the first
/// path in backticks.
fn manifest_in(stderr: &str) -> Option<(Utf8PathBuf, Option<usize>)> {
    let mut lines = stderr.lines();
    let place = lines.find_map(|line| line.trim_start().strip_prefix("--> "));
    if let Some(place) = place {
        let mut parts = place.rsplitn(3, ':');
        let (_, line) = (parts.next()?, parts.next()?);
        return Some((parts.next()?.into(), line.parse().ok()));
    }
    let mut quoted = stderr.split('`').skip(1).step_by(2);
    let is_path = |text: &&str| text.ends_with("Cargo.toml");
    let path = match stderr.split_once("manifest path `") {
        Some((_, rest)) => rest.split('`').next(),
        None => quoted.find(is_path),
    };
    Some((path?.into(), None))
}

/// Refuses a manifest that is a named pipe or a device: the one at the path that is `named`, or the
/// next one above `folder`.
///
/// # Errors
/// [`Error::Usage`] for such a manifest.
pub(super) fn refuse_endless(folder: &Utf8Path, named: Option<&Utf8Path>) -> Result<()> {
    let mut above = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
    let path = match named {
        Some(path) => Some(folder.join(path)),
        None => above.find(|path| path.exists()),
    };
    let Some(path) = path.filter(|path| paths::is_endless(path)) else {
        return Ok(());
    };
    let message = format!("the manifest `{path}` is a named pipe or a device, which may never end");
    let error = Error::usage(message, "name a Cargo.toml with `--manifest-path`");
    Err(error.about(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_cargo_name_the_manifest() {
        let at = |path: &str, line| Some((Utf8PathBuf::from(path), line));
        for (stderr, expected) in [
            (
                "error: invalid type: integer `1`\n --> shop/Cargo.toml:3:11\n  |\n",
                at("shop/Cargo.toml", Some(3)),
            ),
            (
                "error: manifest path `/nope` does not exist",
                at("/nope", None),
            ),
            (
                "error: failed to parse manifest at `/a b/Cargo.toml`\n\nCaused by: `x` is odd",
                at("/a b/Cargo.toml", None),
            ),
            ("error: no such command: `metadata`", None),
        ] {
            assert_eq!(manifest_in(stderr), expected, "{stderr}");
        }
    }
}
