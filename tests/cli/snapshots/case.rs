//! The file of one case.

use std::process::{Command, Stdio};

use crate::support::project::Project;

use super::{normal, setup};

/// A situation, what leads to it, and what the tool then says:
///
/// ```text
/// The situation in one sentence.
///
/// package orders
/// $ cargo lambda-zip
/// $ cargo lambda-zip --arch arm64
///
/// -- src/main.rs --
/// A file of the project: its contents, up to the next line of this form.
/// -- exit code --
/// 0
/// -- stdout --
/// -- stderr --
///        Fresh …
/// ```
///
/// A line that begins with `$` is run by the shell in the project's folder. The output is that of
/// the last line; those before it must succeed. The other lines are those of [`setup::apply`].
pub(super) struct Case<'a> {
    /// Everything before the output, as it stands in the file.
    head: &'a str,
}

const OUTPUT: &str = "-- exit code --\n";

impl<'a> Case<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let (head, _) = text.split_once(OUTPUT).expect("a line `-- exit code --`");
        Self { head }
    }

    /// The text of the file, with the output of now.
    pub(super) fn run(&self) -> String {
        let project = Project::empty();
        let mut sections = Sections::of(self.head);
        let steps = sections.next().expect("what leads to the situation").1;
        for (name, contents) in sections {
            project.write(name, contents);
        }
        let (_situation, steps) = steps.split_once("\n\n").expect("a sentence, then steps");
        let steps = steps.trim_end();
        let (before, last) = steps.rsplit_once('\n').unwrap_or(("", steps));
        let last = last.strip_prefix("$ ").expect("a command at the end");
        for step in before.lines() {
            let Some(command) = step.strip_prefix("$ ") else {
                setup::apply(&project, step);
                continue;
            };
            let (code, _, stderr) = shell(&project, command);
            assert_eq!(code, 0, "{step}\n{stderr}");
        }
        let (code, stdout, stderr) = shell(&project, last);
        let [stdout, stderr] = [stdout, stderr].map(|text| normal::text(&text, &project));
        let head = self.head;
        format!("{head}{OUTPUT}{code}\n-- stdout --\n{stdout}-- stderr --\n{stderr}")
    }
}

/// The parts between lines `-- NAME --`, of which the first has no name.
struct Sections<'a> {
    name: &'a str,
    rest: Option<&'a str>,
}

impl<'a> Sections<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            name: "",
            rest: Some(text),
        }
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = (self.name, self.rest.take()?);
        let mut start = 0;
        for line in rest.split_inclusive('\n') {
            let next = line.trim_end().strip_prefix("-- ");
            if let Some(next) = next.and_then(|line| line.strip_suffix(" --")) {
                self.name = next;
                self.rest = Some(&rest[start + line.len()..]);
                return Some((name, &rest[..start]));
            }
            start += line.len();
        }
        Some((name, rest))
    }
}

/// Runs a line of the shell, in which `cargo` stands for this tool alone, as Cargo would call it.
fn shell(project: &Project, line: &str) -> (i32, String, String) {
    const CARGO: &str = "cargo() { \"$TOOL\" \"$@\"; }\n";

    let mut command = Command::new("/bin/sh");
    project.stage().dress(&mut command);
    let output = command
        .args(["-c", &format!("umask 022\n{CARGO}{line}")])
        .env("TOOL", env!("CARGO_BIN_EXE_cargo-lambda-zip"))
        // What is done at the same time is said in an order that nothing fixes.
        .env("RAYON_NUM_THREADS", "1")
        .env("CARGO_BUILD_JOBS", "1")
        .env_remove("COLUMNS")
        .env_remove("GITHUB_ACTIONS")
        .current_dir(project.path(""))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| {
        let mut text = String::from_utf8(bytes).expect("UTF-8");
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str("⏎\n");
        }
        text
    });
    let code = output.status.code().expect("an exit code");
    (code, stdout, stderr)
}
