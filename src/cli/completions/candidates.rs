//! The values that a shell offers for an argument, where clap does not know them.

use std::ffi::{OsStr, OsString};

use clap::builder::ValueHint;
use clap::{Arg, Command, ValueEnum};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};

use super::names::Selection;
use crate::lambda::Target;
use crate::lint::Lint;

/// Adds the values to a command and its subcommands. `words` is the command line so far.
pub(super) fn add(command: Command, words: &[OsString]) -> Command {
    add_to(command, &Selection::of(words))
}

fn add_to(command: Command, selection: &Selection) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|arg| with_values(arg, &name, selection));
    command.mut_subcommands(|inner| add_to(inner, selection))
}

/// An argument of `command` with its values.
fn with_values(arg: Arg, command: &str, selection: &Selection) -> Arg {
    let of = |names: fn(&Selection) -> Vec<String>| {
        let selection = selection.clone();
        ArgValueCompleter::new(move |typed: &OsStr| matching(typed, names(&selection)))
    };
    match arg.get_id().as_str() {
        "package" | "exclude" => arg.add(of(Selection::packages)),
        "bin" => arg.add(of(Selection::bins)),
        "example" => arg.add(of(Selection::examples)),
        "profile" => arg.add(of(Selection::profiles)),
        "name" if command == "layer" => arg.add(of(Selection::layers)),
        "command" if command == "man" => arg.add(of(Selection::pages)),
        "features" => {
            let selection = selection.clone();
            let features = move |typed: &OsStr| last_of_list(typed, &selection.features());
            arg.add(ArgValueCompleter::new(features))
        }
        "layer" => {
            let selection = selection.clone();
            let layers = move |typed: &OsStr| {
                let mut values = matching(typed, selection.layers_of_functions());
                values.extend(PathCompleter::file().complete(typed));
                values
            };
            arg.add(ArgValueCompleter::new(layers))
        }
        "allow" | "warn" | "deny" | "explain" => {
            let takes_group = arg.get_id() != "explain";
            let lints = move |typed: &OsStr| lints(typed, takes_group);
            arg.add(ArgValueCompleter::new(lints))
        }
        "target" => arg.add(of(|_| {
            Target::all().map(|target| target.to_string()).collect()
        })),
        "compression" => arg.add(of(|_| {
            ["fast", "default", "best"].map(str::to_owned).into()
        })),
        "cpu" => arg.add(of(|_| ["generic", "lambda"].map(str::to_owned).into())),
        "zip" | "zips" | "reports" | "html" | "against" | "symbols" | "executable"
        | "manifest_path" | "report" | "template" | "event" | "env-file" | "config" => {
            arg.value_hint(ValueHint::FilePath)
        }
        "files" | "include" | "exclude-file" | "output" => arg.value_hint(ValueHint::AnyPath),
        "folder" | "target_dir" | "out_dir" => arg.value_hint(ValueHint::DirPath),
        _ => arg,
    }
}

/// The names that begin with what was typed.
fn matching(typed: &OsStr, names: Vec<String>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let names = names.into_iter().filter(|name| name.starts_with(&*typed));
    names.map(CompletionCandidate::new).collect()
}

/// The names that begin with the last part of a list with commas or spaces, each after the parts
/// before it.
fn last_of_list(typed: &OsStr, names: &[String]) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let start = typed.rfind([',', ' ']).map_or(0, |at| at + 1);
    let (before, last) = typed.split_at(start);
    let names = names.iter().filter(|name| name.starts_with(last));
    names
        .map(|name| CompletionCandidate::new(format!("{before}{name}")))
        .collect()
}

/// The lints that begin with what was typed, and their group.
fn lints(typed: &OsStr, takes_group: bool) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let lints = Lint::value_variants().iter();
    let lints = lints.map(|lint| (lint.name(), lint.meaning()));
    let group = takes_group.then_some(("warnings", "all lints that warn"));
    let lints = lints
        .chain(group)
        .filter(|(name, _)| name.starts_with(&*typed));
    lints
        .map(|(name, meaning)| CompletionCandidate::new(name).help(Some(meaning.into())))
        .collect()
}
