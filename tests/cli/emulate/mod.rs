//! Packages that are started as Lambda would start them. The functions are scripts of bash, which
//! needs nothing but itself.

mod answers;
mod bad_input;
mod environment;
mod extensions;
mod failures;
mod interrupt;

use forge::{Forged, Forgery};

use crate::support::project::Project;
use crate::support::run::{Outcome, Run};

/// A function that answers each event with itself.
const ECHO: &str = "while next; do respond \"$body\"; done";

/// A script of the shell that speaks the APIs.
fn script(body: &str) -> String {
    format!("{}\n{body}\n", include_str!("runtime.sh"))
}

/// A project with the zip of a function, `f.zip`.
fn function(body: &str) -> Project {
    let project = Project::empty();
    let bootstrap = Forged::file("bootstrap", 0o755, script(body));
    project.write("f.zip", Forgery::of([bootstrap]).bytes());
    project
}

/// Adds a layer with an extension, `NAME.zip`.
fn extension(project: Project, name: &str, body: &str) -> Project {
    let file = Forged::file(format!("extensions/{name}"), 0o755, script(body));
    project.write(&format!("{name}.zip"), Forgery::of([file]).bytes());
    project
}

/// Invokes `f.zip`. With bubblewrap, if it works here.
fn invoke(project: &Project, args: &[&str]) -> Outcome {
    command(project, args).run()
}

fn command<'a>(project: &'a Project, args: &[&str]) -> Run<'a> {
    project.command(&[&["invoke", "f.zip"], args].concat())
}

/// The number of processes on this machine with this command line.
fn running(command_line: &str) -> usize {
    let ps = std::process::Command::new("ps")
        .args(["-A", "-o", "args="])
        .output();
    let processes = String::from_utf8_lossy(&ps.unwrap().stdout).into_owned();
    processes
        .lines()
        .filter(|line| *line == command_line)
        .count()
}

/// Invokes `f.zip` with and without bubblewrap.
#[track_caller]
fn each_way(project: &Project, args: &[&str], holds: impl Fn(&Outcome)) {
    holds(&invoke(project, args));
    let outcome = command(project, args).env("PATH", "/nowhere").run();
    outcome.says("`bwrap` is not there");
    holds(&outcome);
}
