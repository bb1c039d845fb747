//! `check`'s verdicts: one defect or one oddity at a time.

mod contents;
mod layers;
mod programs;
mod zips;

use forge::elf::{Elf, Machine};
use forge::{Forged, Forgery};

use crate::support::project::Project;
use crate::support::run::Outcome;

fn elf() -> Elf {
    Elf::static_pie(Machine::X86_64)
}

fn bootstrap() -> Forged {
    Forged::file("bootstrap", 0o755, elf().bytes())
}

/// A dynamic program that needs a library.
fn needing(library: &'static str) -> Forged {
    let elf = Elf::dynamic(Machine::X86_64).needs(library, &[]);
    Forged::file("bootstrap", 0o755, elf.bytes())
}

fn library(name: &str) -> Forged {
    Forged::file(name, 0o644, elf().bytes())
}

fn text(name: &str) -> Forged {
    Forged::file(name, 0o644, "text")
}

fn script(text: &str) -> Forged {
    Forged::file("bootstrap", 0o755, text)
}

fn check(zip: &[u8], args: &[&str]) -> Outcome {
    let folder = Project::empty();
    folder.write("f.zip", zip);
    folder.run(&[&["check", "f.zip"], args].concat())
}

/// Accepted without a word.
#[track_caller]
fn accepts(zip: &Forgery) {
    check(&zip.bytes(), &["-D", "warnings"]).exits(0);
}

/// Accepted, with one finding.
#[track_caller]
fn warns(entries: impl IntoIterator<Item = Forged>, lint: &str) {
    let outcome = check(&Forgery::of(entries).bytes(), &[]);
    outcome.exits(0).says(&format!("warning[{lint}]"));
    let findings = outcome.stderr.matches("warning[").count();
    outcome.promise(findings == 1, "one finding");
}

/// Rejected, for one reason.
#[track_caller]
fn rejects(entries: impl IntoIterator<Item = Forged>, lint: &str) -> Outcome {
    rejects_bytes(&Forgery::of(entries).bytes(), lint)
}

#[track_caller]
fn rejects_bytes(zip: &[u8], lint: &str) -> Outcome {
    let outcome = check(zip, &[]);
    outcome.exits(1).says(&format!("error[{lint}]"));
    let findings = outcome.stderr.matches("error[").count();
    outcome.promise(findings == 1, "one finding");
    outcome
}
