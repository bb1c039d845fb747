//! The verdict of `check`.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde::Deserialize;

use crate::report;

/// What `check` says of a package.
pub(super) struct Judged {
    pub(super) is_accepted: bool,
    /// What it takes the package to be for.
    pub(super) architecture: Option<String>,
    pub(super) findings: BTreeSet<Finding>,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    level: String,
    lint: String,
    message: String,
}

#[derive(Deserialize)]
struct Report {
    archives: Vec<Archive>,
}

#[derive(Deserialize)]
struct Archive {
    architecture: Option<String>,
    findings: Vec<Finding>,
}

impl Judged {
    /// Judges a function for x86_64, with its layers.
    pub(super) fn function(zip: &Path, layers: &[PathBuf]) -> Self {
        let mut command = check();
        command.args(["--arch", "x86_64"]).arg(zip);
        for layer in layers {
            command.arg("--layer").arg(layer);
        }
        Self::of(&command.output().unwrap())
    }

    /// Judges a layer by itself.
    pub(super) fn layer(zip: &Path) -> Self {
        let mut command = check();
        command.args(["--kind", "layer", "--arch", "x86_64"]);
        Self::of(&command.arg(zip).output().unwrap())
    }

    /// The verdict that a run of `check` gave.
    pub(super) fn of(output: &Output) -> Self {
        let said = || String::from_utf8_lossy(&output.stderr);
        let is_accepted = match output.status.code() {
            Some(0) => true,
            Some(1) => false,
            _ => panic!("no verdict, {}: {}", output.status, said()),
        };
        let report: Report = serde_json::from_value(report::read(&output.stdout)).unwrap();
        let [archive] = <[Archive; 1]>::try_from(report.archives)
            .ok()
            .expect("one zip");
        Self {
            is_accepted,
            architecture: archive.architecture,
            findings: archive.findings.into_iter().collect(),
        }
    }

    /// Whether a finding has `words` in it.
    pub(super) fn says(&self, words: &str) -> bool {
        self.findings.iter().any(|one| one.message.contains(words))
    }

    /// The lints that it names.
    pub(super) fn lints(&self) -> BTreeSet<&str> {
        self.findings.iter().map(|one| &*one.lint).collect()
    }
}

/// `cargo lambda-zip check`, which reports in JSON.
pub(super) fn check() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    command.args(["lambda-zip", "check", "--message-format", "json"]);
    command
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_accepted {
            "accepted"
        } else {
            "rejected"
        })?;
        let named: BTreeSet<(&str, &str)> = self
            .findings
            .iter()
            .map(|one| (&*one.level, &*one.lint))
            .collect();
        for (nth, (level, lint)) in named.into_iter().enumerate() {
            let separator = if nth == 0 { ": " } else { ", " };
            write!(f, "{separator}`{lint}`")?;
            if level != "deny" {
                write!(f, " ({level})")?;
            }
        }
        Ok(())
    }
}
