//! Stale zips: earlier runs wrote them to default places, and no run writes them again.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::cache::ZipCache;
use super::locks::Locks;
use super::zip_record::ZipRecord;
use crate::cargo::{Interrupt, Project};
use crate::config::PartialSettings;
use crate::error::{Error, Result};
use crate::lint::{Finding, Level, Lint, Named, list};
use crate::paths::relative_to_current;
use crate::plan::{self, Described};
use crate::report::{Report, RunFinding};
use crate::shell::Shell;
use crate::text;

struct StaleZip {
    path: Utf8PathBuf,
    record: ZipRecord,
    reason: String,
    level: Level,
}

impl StaleZip {
    fn described(&self) -> String {
        let path = text::printable(relative_to_current(&self.path).as_str());
        format!("`{path}` ({})", self.reason)
    }
}

/// Adds the stale zips of the workspace to the `report` of a run, or removes them if it `prunes`.
/// `outside` are the settings of the environment and the command line.
///
/// # Errors
/// [`Error::Io`] if a stale zip cannot be removed, [`Error::Interrupted`].
pub(crate) fn report_stale_zips(
    project: &Project<'_>,
    cache: &ZipCache,
    outside: &[PartialSettings],
    prunes: bool,
    report: &mut Report,
    shell: &Shell,
) -> Result<()> {
    let folder = plan::default_folder(project);
    let written: HashSet<&Utf8Path> = report.archives().iter().map(|a| &*a.path).collect();
    let mut others = zips(&folder);
    others.retain(|path| !written.contains(&**path));
    if others.is_empty() {
        return Ok(());
    }
    let stale = find(project, cache, others, outside);
    if prunes {
        let is_long = shell.is_too_many(stale.len());
        let mut removed = 0;
        for zip in stale {
            if remove(&zip, cache, project, &folder)? {
                if !is_long {
                    shell.status("Removed", zip.described());
                }
                removed += 1;
                report.add_pruned(zip.path);
            }
        }
        if is_long {
            shell.status(
                "Removed",
                format_args!("{removed} stale zips; `-v` lists them"),
            );
        }
        return Ok(());
    }
    for level in [Level::Deny, Level::Warn] {
        let zips: Vec<&StaleZip> = stale.iter().filter(|zip| zip.level == level).collect();
        let described = zips.iter().map(|zip| Named::unnamed(zip.described()));
        let Some(names) = list(described) else {
            continue;
        };
        let finding = Finding {
            lint: Lint::StaleZip,
            level,
            message: format!(
                "{names} {} left over from earlier runs",
                names.either("is", "are")
            ),
            help: "remove stale zips with `--prune`".to_owned(),
            names,
            place: None,
        };
        report.add_finding(RunFinding {
            finding,
            paths: zips.iter().map(|zip| zip.path.clone()).collect(),
        });
    }
    Ok(())
}

/// The stale zips among those that this run was not to write.
fn find(
    project: &Project<'_>,
    cache: &ZipCache,
    others: Vec<Utf8PathBuf>,
    outside: &[PartialSettings],
) -> Vec<StaleZip> {
    let others: Vec<(Utf8PathBuf, ZipRecord)> = others
        .into_iter()
        .filter_map(|path| cache.record(&path).map(|record| (path, record)))
        .collect();
    if others.is_empty() {
        return Vec::new();
    }
    // A mistake in the table of a package that was not selected is no error of this run.
    let Ok(described) = Described::read(project) else {
        return Vec::new();
    };
    let stale = others.into_iter().filter_map(|(path, record)| {
        let reason = described.why_stale(record.origin()?)?;
        cache.is_at(&path, &record).then(|| StaleZip {
            level: described
                .policy(record.origin(), outside)
                .level(Lint::StaleZip),
            path,
            record,
            reason,
        })
    });
    stale.collect()
}

/// The zips in `folder` and in the folders in it, sorted.
fn zips(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut zips = Vec::new();
    for entry in walkdir::WalkDir::new(folder)
        .max_depth(2)
        .sort_by_file_name()
    {
        let path = entry.ok().filter(|entry| entry.file_type().is_file());
        let path = path.and_then(|entry| Utf8PathBuf::from_path_buf(entry.into_path()).ok());
        zips.extend(path.filter(|path| path.extension() == Some("zip")));
    }
    zips
}

/// Removes a stale zip that is still as this tool wrote it, its debug files, its record, and its folder if that is
/// empty now. Returns false if another run has replaced it by now.
fn remove(
    zip: &StaleZip,
    cache: &ZipCache,
    project: &Project<'_>,
    folder: &Utf8Path,
) -> Result<bool> {
    let interrupt = Interrupt::cleanly();
    let parent = zip.path.parent().unwrap_or(folder);
    let mut locks = Locks::default();
    let own_folder = project.workspace.own_folder();
    if !locks.add([parent, &*own_folder], || interrupt.is_raised()) {
        return Err(interrupt.error());
    }
    cache.index().refresh();
    if !cache.is_at(&zip.path, &zip.record) {
        return Ok(false);
    }
    let doing = "could not remove a stale zip";
    fs::remove_file(&zip.path).map_err(Error::io_at(&zip.path, doing))?;
    zip.record.remove_debug_files(&[]);
    cache.forget(&zip.path);
    cache.save();
    if parent != folder {
        // Only an empty folder can be removed.
        let _ = fs::remove_dir(parent);
    }
    Ok(true)
}
