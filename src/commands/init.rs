//! `cargo lambda-zip init`: the first configuration of a workspace.

use std::collections::BTreeMap;
use std::io::{self, Write};

use camino::Utf8Path;
use fs_err as fs;
use similar::TextDiff;

use super::output::print;
use super::session::current_folder;
use crate::cargo::{self, ManifestOptions};
use crate::cli::InitOptions;
use crate::error::{Error, Result};
use crate::init::{self, Change, Fate, InitPlan};
use crate::paths::relative;
use crate::shell::Shell;
use crate::temp::TempFile;

/// The commands of cargo-lambda, and those that take their places.
const INSTEAD: [(&str, &str); 2] = [
    ("cargo lambda build", "cargo lambda-zip"),
    ("cargo lambda deploy", "cargo lambda-zip template KIND"),
];

/// Writes the tables, or shows them in a dry run.
///
/// # Errors
/// [`Error::Usage`] if there is a table already; [`Error::Metadata`] if Cargo cannot read the
/// workspace; [`Error::Io`] if a manifest cannot be read or written.
pub(crate) fn run(options: &InitOptions, shell: &Shell) -> Result<()> {
    let manifest = ManifestOptions {
        manifest_path: options.manifest_path.clone(),
        ..ManifestOptions::default()
    };
    let metadata = cargo::metadata(&manifest)?;
    let plan = init::plan(&metadata)?;
    let folder = current_folder()?;
    tell(&plan, shell);
    if options.dry_run {
        let diffs = plan.changes.iter().map(|change| diff(change, &folder));
        let diffs: String = diffs.collect();
        return print(diffs.as_bytes());
    }
    write(&plan.changes)?;
    for change in &plan.changes {
        let path = relative(&change.path, &folder);
        shell.status("Wrote", format!("{} in {path}", change.table));
    }
    Ok(())
}

/// Shows the fate of each key, one line for those with the same fate.
fn tell(plan: &InitPlan, shell: &Shell) {
    let mut left: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for note in &plan.notes {
        match &note.fate {
            Fate::Carried(key) => shell.status(
                "Carried",
                format!("`{}` of {} as `{key}`", note.key, note.source),
            ),
            Fate::Left(reason) => {
                let keys = left.entry((&note.source, reason)).or_default();
                keys.push(&note.key);
            }
        }
    }
    for ((source, reason), keys) in left {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        shell.status("Left", format!("{} of {source}: {reason}", keys.join(", ")));
    }
    if !plan.notes.is_empty() {
        for (there, here) in INSTEAD {
            shell.status("Instead", format!("of `{there}`: `{here}`"));
        }
    }
}

/// The change as `diff -u` shows it in `folder`.
fn diff(change: &Change, folder: &Utf8Path) -> String {
    let path = relative(&change.path, folder);
    let diff = TextDiff::from_lines(&change.before, &change.after);
    let mut diff = diff.unified_diff();
    diff.header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}

/// Writes all manifests: each beside its place at first, so that none changes if one cannot be
/// written.
fn write(changes: &[Change]) -> Result<()> {
    let failed = || Error::io("could not write a manifest");
    let ready = changes
        .iter()
        .map(|change| beside(&change.path, &change.after));
    let ready: Vec<_> = ready.collect::<io::Result<_>>().map_err(failed())?;
    let mut ready = ready.into_iter();
    ready.try_for_each(TempFile::publish).map_err(failed())
}

/// A file with the contents and the permissions of the manifest at `path`, for the path that it
/// replaces, which is no link.
fn beside(path: &Utf8Path, text: &str) -> io::Result<TempFile> {
    let place = path.canonicalize_utf8()?;
    let permissions = fs::metadata(&place)?.permissions();
    if permissions.readonly() {
        let message = format!("`{path}` is read-only: make it writable");
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    let mut file = TempFile::beside(&place)?;
    file.write_all(text.as_bytes())?;
    file.file().sync_all()?;
    file.file().set_permissions(permissions)?;
    Ok(file)
}
