//! What `invoke` makes of a package, beside what AWS's emulator does; and the table of outcomes,
//! `tests/outcomes.md`.

use std::env;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use regex::Regex;
use tempfile::TempDir;

use super::zip::Zip;
use crate::architecture::Architecture;
use crate::emulator::{Emulator, Package};
use crate::failure::Failure;
use crate::parts::repository;

/// Seconds that a function has here.
const TIMEOUT: u64 = 2;
/// As many packages as run at a time: most of them wait.
const AT_A_TIME: usize = 6;
/// Set to `write` to have the table rewritten, and not compared.
const REWRITE: &str = "CORPUS";

const HEAD: &str = "\
# Outcomes

What the caller of a function gets: of AWS's Runtime Interface Emulator, and of `cargo lambda-zip invoke`, which is to
say the same. `ID` stands for the identifier of the request, and long answers are cut off.

The table is made by the tests in `tests/real/corpus/behaviours.rs`, and they fail if the two differ, or if the table is
not what they see.
";

/// A package that is invoked, with events.
pub(super) struct Invoked {
    pub(super) name: &'static str,
    pub(super) zip: Vec<u8>,
    pub(super) layers: Vec<Vec<u8>>,
    pub(super) events: &'static [&'static str],
    pub(super) mounts: Vec<(PathBuf, &'static str)>,
}

impl Invoked {
    pub(super) fn new(name: &'static str, zip: &Zip) -> Self {
        Self {
            name,
            zip: zip.bytes(),
            layers: Vec::new(),
            events: &["{\"order\":1}"],
            mounts: Vec::new(),
        }
    }

    /// Adds a layer.
    pub(super) fn layer(mut self, zip: &Zip) -> Self {
        self.layers.push(zip.bytes());
        self
    }

    /// Adds a file of Lambda's, by that of this machine, for the emulator.
    pub(super) fn mount(mut self, file: PathBuf, place: &'static str) -> Self {
        self.mounts.push((file, place));
        self
    }

    pub(super) fn events(mut self, events: &'static [&'static str]) -> Self {
        self.events = events;
        self
    }

    /// The answers of both, one for each event.
    fn outcomes(&self, architecture: Architecture) -> [Vec<String>; 2] {
        let folder = tempfile::tempdir().unwrap();
        let zip = written(&folder, "f.zip", &self.zip);
        let layers = self.layers.iter().enumerate();
        let layers =
            layers.map(|(nth, layer)| written(&folder, &format!("layer-{nth}.zip"), layer));
        let layers: Vec<PathBuf> = layers.collect();
        [
            self.emulated(architecture, &zip, &layers),
            self.invoked(architecture, &zip, &layers),
        ]
    }

    fn emulated(&self, architecture: Architecture, zip: &Path, layers: &[PathBuf]) -> Vec<String> {
        let mut package = Package::new(architecture, zip).timeout(TIMEOUT);
        for layer in layers {
            package = package.layer(layer);
        }
        for (file, place) in &self.mounts {
            package = package.mount(file, place);
        }
        let mut emulator = Emulator::start(&package);
        let outcome = |event: &&str| {
            let before = emulator.log().len();
            let body = emulator.post(event);
            let log = emulator.log();
            // A log that is new has been begun by another emulator.
            let log = log.get(before..).unwrap_or(&log);
            if let Some(timeout) = body.strip_prefix("Task timed out") {
                return answer("Sandbox.Timedout", &format!("Task timed out{timeout}"));
            }
            // Of a function that does not start, only the log says why.
            let is_answer = !body.is_empty() || log.contains("INVOKE RTDONE(status: success");
            match Failure::logged(log).filter(|_| !is_answer) {
                Some(failure) => answer(&failure.error_type, &failure.message),
                None => shown(&body),
            }
        };
        self.events.iter().map(outcome).collect()
    }

    fn invoked(&self, architecture: Architecture, zip: &Path, layers: &[PathBuf]) -> Vec<String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
        command.args(["lambda-zip", "invoke"]).arg(zip);
        command.args(["--timeout", &TIMEOUT.to_string()]);
        command.args(["--arch", architecture.name()]);
        for layer in layers {
            command.arg("--layer").arg(layer);
        }
        for event in self.events {
            command.args(["--event", event]);
        }
        let output = command.output().unwrap();
        let answers = String::from_utf8(output.stdout).unwrap();
        let answers: Vec<String> = answers.lines().map(shown).collect();
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(answers.len(), self.events.len(), "{}: {log}", self.name);
        let is_failed = log.contains(" invocations failed");
        assert_eq!(output.status.code(), Some(is_failed.into()), "{log}");
        answers
    }
}

fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs_err::write(&path, bytes).unwrap();
    path
}

/// The answer for a failure, as Lambda has it.
fn answer(error_type: &str, message: &str) -> String {
    format!(
        "{{\"errorType\":\"{error_type}\",\"errorMessage\":\"RequestId: ID Error: {message}\"}}"
    )
}

/// An answer without what differs from run to run.
fn shown(answer: &str) -> String {
    const LONGEST: usize = 200;
    let id = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    let text = id.replace_all(answer.trim_end(), "ID");
    match text.char_indices().nth(LONGEST) {
        Some(_) => format!("{} bytes", answer.len()),
        None => text.into_owned(),
    }
}

/// Proves that both say the same of all packages, and that the table has it.
pub(super) fn prove(architecture: Architecture, packages: &[Invoked]) {
    let left = Mutex::new(packages.iter().enumerate());
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let next = left.lock().unwrap().next();
                    let Some((nth, package)) = next else { break };
                    let outcomes = package.outcomes(architecture);
                    found.lock().unwrap().push((nth, outcomes));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort();
    let mut rows = String::from("| Package | The caller gets |\n|---|---|\n");
    let mut wrong = Vec::new();
    for (package, (_, [emulated, invoked])) in packages.iter().zip(&found) {
        let cell = emulated.join(" / ").replace('|', "\\|");
        writeln!(rows, "| {} | `{cell}` |", package.name).unwrap();
        if emulated != invoked {
            wrong.push(format!("{}:\n  {emulated:?}\n  {invoked:?}", package.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "the emulator and `invoke` differ\n{}",
        wrong.join("\n")
    );
    keep(architecture, &rows);
}

/// Sees to it that the table has the rows of an architecture.
fn keep(architecture: Architecture, rows: &str) {
    static TABLE: Mutex<()> = Mutex::new(());
    let _guard = TABLE.lock().unwrap();
    let path = repository().join("tests/outcomes.md");
    let text = fs_err::read_to_string(&path).unwrap_or_default();
    let section = |of: Architecture| {
        let (_, rest) = text.split_once(&format!("\n## {of}\n\n"))?;
        Some(rest.split_once("\n## ").map_or(rest, |(rows, _)| rows))
    };
    if env::var_os(REWRITE).is_some_and(|value| value == "write") {
        let mut text = HEAD.to_owned();
        for of in Architecture::ALL {
            let kept = section(of).unwrap_or_default();
            let rows = if of == architecture { rows } else { kept };
            write!(text, "\n## {of}\n\n{rows}").unwrap();
        }
        fs_err::write(path, text).unwrap();
    } else {
        assert_eq!(
            section(architecture),
            Some(rows),
            "{} is stale; {REWRITE}=write rewrites it",
            path.display()
        );
    }
}
