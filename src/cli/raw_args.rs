//! Values of flags that matter even if the arguments as a whole cannot be understood.

use std::env;
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{ColorChoice, CommandFactory, ValueEnum};

use super::{Cli, Command};
use crate::cargo::OutputOptions;
use crate::config::definition::PREFIX;
use crate::config::{self, ReportPath};
use crate::report::{MessageFormat, Print};
use crate::shell::Shell;

/// The format of results that the command line or the environment asks for.
pub(crate) fn message_format(args: &[OsString]) -> MessageFormat {
    if value(args, "--print").is_some_and(|print| print == Print::Paths.name()) {
        return MessageFormat::Paths;
    }
    let format = value(args, "--message-format").or_else(|| variable("MESSAGE_FORMAT"));
    format
        .and_then(|format| format.parse().ok())
        .unwrap_or_default()
}

/// The shell for answers of the command line itself, such as its help and its errors.
pub(crate) fn shell(args: &[OsString]) -> Shell {
    let color = value(args, "--color").or_else(|| env::var("CARGO_TERM_COLOR").ok());
    let options = OutputOptions {
        color: color.and_then(|color| ColorChoice::from_str(&color, false).ok()),
        ..OutputOptions::default()
    };
    options.shell()
}

/// The absolute path of the report that the command line, the environment or the manifest of the
/// workspace asks for; `cli` is `None` if the arguments could not be parsed. In a dry run, only the
/// flag counts: the report of the last run stays.
pub(crate) fn report_path(args: &[OsString], cli: Option<&Cli>) -> Option<Utf8PathBuf> {
    let reads_manifest = match cli {
        None => guessed(args)?,
        Some(cli) => match cli.command {
            None | Some(Command::Layer(_)) => true,
            Some(Command::Pack(_) | Command::Check(_)) => false,
            // A variable for the reports of runs does not move the merged one.
            Some(Command::Report(_)) => {
                let path = value(args, "--report");
                return path.and_then(|path| absolute(&path));
            }
            Some(
                Command::Invoke(_)
                | Command::Template(_)
                | Command::Size(_)
                | Command::Init(_)
                | Command::Schema(_)
                | Command::Completions(_)
                | Command::Man(_),
            ) => return None,
        },
    };
    if let Some(flag) = value(args, "--report") {
        return absolute(&flag);
    }
    if before_dashes(args).any(|arg| arg == "--dry-run") {
        return None;
    }
    if let Some(variable) = variable("REPORT") {
        return absolute(&variable);
    }
    let folder = current_folder()?;
    let named = value(args, "--manifest-path");
    reads_manifest
        .then(|| config::report_in(&folder, named.as_deref().map(Utf8Path::new)))
        .flatten()
}

/// The absolute path of a report, as the user names it.
fn absolute(text: &str) -> Option<Utf8PathBuf> {
    let path: ReportPath = text.parse().ok()?;
    Some(path.below(&current_folder()?).into_path())
}

fn current_folder() -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(env::current_dir().ok()?).ok()
}

/// Guesses whether the command reads the key `report` of manifests; `None` if it has no report.
fn guessed(args: &[OsString]) -> Option<bool> {
    let mut words = before_dashes(args).skip(1);
    let word = words.find(|word| !word.starts_with('-')).unwrap_or("");
    match Cli::command().find_subcommand(word) {
        None => Some(true),
        Some(command) => {
            let mut args = command.get_arguments();
            let takes_report = args.any(|arg| arg.get_id() == "report");
            takes_report.then_some(word == "layer")
        }
    }
}

/// The value of an environment variable, by its name without the prefix; `None` if it is empty.
fn variable(name: &str) -> Option<String> {
    let value = env::var(format!("{PREFIX}{name}")).ok();
    value.filter(|value| !value.is_empty())
}

/// The last value of a flag.
fn value(args: &[OsString], flag: &str) -> Option<String> {
    let args: Vec<&str> = before_dashes(args).collect();
    let value = |(position, arg): (usize, &&str)| {
        let rest = arg.strip_prefix(flag)?;
        let next = || {
            args.get(position + 1)
                .filter(|next| !next.starts_with("--"))
        };
        match rest.strip_prefix('=') {
            Some(value) => Some(value.to_owned()),
            None if rest.is_empty() => next().map(ToString::to_string),
            None => None,
        }
    };
    args.iter().enumerate().rev().find_map(value)
}

/// The arguments before `--`; one that is not UTF-8 is empty.
fn before_dashes(args: &[OsString]) -> impl Iterator<Item = &str> {
    let args = args.iter().map(|arg| arg.to_str().unwrap_or_default());
    args.take_while(|arg| *arg != "--")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(Into::into).collect()
    }

    #[test]
    fn a_flag_is_read_from_arguments_that_cannot_be_parsed() {
        let format = |text: &str| value(&args(text), "--message-format");
        for text in ["--message-format json", "--foo --message-format=json x"] {
            assert_eq!(format(text).as_deref(), Some("json"), "{text}");
        }
        for text in [
            "",
            "--message-format",
            "--message-format --foo",
            "--message-formats json",
            "-- --message-format json",
        ] {
            assert_eq!(format(text), None, "{text}");
        }
    }

    #[test]
    fn the_command_is_guessed_by_its_name() {
        for (text, expected) in [
            ("tool", Some(true)),
            ("tool --archs arm64", Some(true)),
            ("tool -v layer a.b", Some(true)),
            ("tool pack", Some(false)),
            ("tool check --kind x", Some(false)),
            ("tool invoke x.zip --report x", None),
        ] {
            assert_eq!(guessed(&args(text)), expected, "{text}");
        }
    }
}
