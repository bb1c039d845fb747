//! A generated workspace on disk.

use std::collections::BTreeMap;
use std::process::Command;

use fs_err as fs;
use serde_json::Value;

use super::workspace::{Files, Workspace};
use crate::support::project::Project;
use crate::support::run::Outcome;

pub(super) struct Laid {
    pub(super) project: Project,
    files: Files,
    prepared: Files,
}

impl Laid {
    pub(super) fn new(workspace: &Workspace) -> Self {
        let project = Project::empty();
        for package in &workspace.packages {
            project.write(&format!("gen/{}.txt", package.name), "before any build");
        }
        let mut laid = Self {
            project,
            files: Files::new(),
            prepared: Files::new(),
        };
        laid.update(workspace);
        laid
    }

    /// Writes what has changed, and nothing else.
    pub(super) fn update(&mut self, workspace: &Workspace) {
        let (files, prepared) = (workspace.files(), workspace.prepared());
        for (path, text) in changed(&self.files, &files) {
            match text {
                Some(text) => self.project.write(path, text),
                None => fs::remove_file(self.project.path(path)).unwrap(),
            }
        }
        for (name, text) in changed(&self.prepared, &prepared) {
            let path = format!("../prepared/{name}");
            match text {
                Some(text) => {
                    self.project.write(&path, text);
                    self.project.set_mode(&path, 0o755);
                }
                None => fs::remove_file(self.project.path(&path)).unwrap(),
            }
        }
        (self.files, self.prepared) = (files, prepared);
    }

    /// Copies everything but the target folder, with the times of files.
    pub(super) fn copy_to(&self, folder: &str) {
        let copy = self.project.path(folder);
        fs::create_dir(&copy).unwrap();
        let entries = fs::read_dir(self.project.path("")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let kept = paths.filter(|path| !path.ends_with("target"));
        let copied = Command::new("cp").arg("-a").args(kept).arg(copy).status();
        assert!(copied.unwrap().success());
    }

    /// All files, for the message of a failure.
    pub(super) fn description(&self) -> String {
        let files = self.files.iter().chain(&self.prepared);
        let is_source = |text: &str| text.starts_with("// mark");
        let texts = files.map(|(path, text)| {
            let text = if is_source(text) { "" } else { text };
            format!("=== {path}\n{text}\n")
        });
        texts.collect()
    }
}

/// The files of `new` that `old` does not have, and those of `old` that are no more.
fn changed<'a>(old: &'a Files, new: &'a Files) -> Vec<(&'a String, Option<&'a String>)> {
    let written = new
        .iter()
        .filter(|(path, text)| old.get(*path) != Some(*text));
    let removed = old.keys().filter(|path| !new.contains_key(*path));
    let written = written.map(|(path, text)| (path, Some(text)));
    written.chain(removed.map(|path| (path, None))).collect()
}

/// The archives of a report, by their paths.
pub(super) fn archives(outcome: &Outcome) -> BTreeMap<String, Value> {
    let report = outcome.json();
    let archives = report["archives"].as_array().into_iter().flatten();
    archives
        .map(|archive| {
            (
                archive["path"].as_str().unwrap().to_owned(),
                archive.clone(),
            )
        })
        .collect()
}
