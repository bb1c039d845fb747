//! The command line: its types, their help, and what they say as settings.

mod build;
mod cargo_lambda;
mod check;
mod completions;
mod init;
mod invoke;
mod layer;
mod lints;
mod man;
mod pack;
mod raw_args;
#[cfg(test)]
mod reference;
mod report;
mod run_options;
mod schema;
mod settings;
mod size;
mod template;
#[cfg(test)]
mod tests;
mod usage_error;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use build::BuildOptions;
pub(crate) use check::CheckOptions;
pub(crate) use completions::{CompletionsOptions, answer};
pub(crate) use init::InitOptions;
pub(crate) use invoke::InvokeOptions;
pub(crate) use layer::LayerOptions;
pub(crate) use man::{ManOptions, pages};
pub(crate) use pack::PackOptions;
pub(crate) use raw_args::{message_format, report_path, shell};
pub(crate) use report::{ReportCommand, ReportOptions};
pub(crate) use run_options::RunOptions;
pub(crate) use schema::{DocumentKind, SchemaOptions};
pub(crate) use settings::Takers;
pub(crate) use size::SizeOptions;
pub(crate) use template::TemplateOptions;
pub(crate) use usage_error::usage_error;

use crate::cargo::TargetOptions;

/// Builds the binaries of a Cargo workspace for AWS Lambda and writes one zip for each.
///
/// Every binary of the selected packages becomes a zip with the program as `bootstrap` at its root,
/// one for each architecture. Each zip is checked: can Lambda start it, and is it within Lambda's
/// limits of 50 MiB zipped and 250 MiB unzipped?
#[derive(Debug, Parser)]
#[command(
    name = "cargo lambda-zip",
    bin_name = "cargo lambda-zip",
    version,
    styles = clap_cargo::style::CLAP_STYLING,
    after_long_help = after_long_help(),
    subcommand_value_name = "COMMAND",
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) build: BuildOptions,
    #[command(flatten)]
    pub(crate) targets: TargetOptions,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// A command other than the main job.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Pack(Box<PackOptions>),
    Layer(Box<LayerOptions>),
    Check(Box<CheckOptions>),
    Template(Box<TemplateOptions>),
    Invoke(Box<InvokeOptions>),
    Report(ReportOptions),
    Size(Box<SizeOptions>),
    Init(Box<InitOptions>),
    Schema(SchemaOptions),
    Completions(CompletionsOptions),
    Man(ManOptions),
}

fn after_long_help() -> String {
    let variables = settings::definitions();
    let mut variables: Vec<_> = variables.iter().filter_map(|d| d.full_variable()).collect();
    variables.dedup();
    format!(
        "\
Examples:
  cargo lambda-zip                          package the binaries of this package or workspace
  cargo lambda-zip --arch arm64,x86_64      build them for both architectures at once
  cargo lambda-zip -p orders --bin orders   package only this one
  cargo lambda-zip --dry-run                show what would be built and written
  cargo lambda-zip layer                    package the layers that are configured

Exit codes:
  0    done
  1    a lint rejected a package, an invocation failed, or a zip grew too much
  2    wrong usage or configuration
  3    a target, a tool or a file is missing
  4    a file could not be read or written
  101  the build failed
  129  ended by SIGHUP
  130  ended by Ctrl-C
  141  the reader of the output closed it
  143  ended by SIGTERM

Configuration, from the lowest to the highest precedence:
  [workspace.metadata.lambda-zip]           in the Cargo.toml of the workspace
  [package.metadata.lambda-zip]             in the Cargo.toml of a package
  [package.metadata.lambda-zip.bin.NAME]    for one binary
  environment variables                     {}
  command line
A key in Cargo.toml has the name of its flag, unless the help of the flag names another one.",
        variables.join("\n                                            ")
    )
}

impl Cli {
    /// Parses the command line.
    ///
    /// # Errors
    /// The help, the version, and what is wrong with the command line.
    pub(crate) fn from_args(args: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let args: Vec<OsString> = args.into_iter().collect();
        let matches = Self::command().try_get_matches_from(&args)?;
        let matches = match check_matches(&matches) {
            Ok(()) => matches,
            Err(conflict) => with_command_first(&args, &matches).ok_or(conflict)?,
        };
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut Self::command()))
    }
}

impl Cli {
    /// The share of the packages that the run is for, as the report names it.
    pub(crate) fn partition(&self) -> Option<String> {
        let flags = match &self.command {
            None => &self.build.flags,
            Some(Command::Layer(options)) => &options.build.flags,
            Some(_) => return None,
        };
        let partition = flags.run().ok()?.partition?;
        Some(partition.to_string())
    }
}

/// The matches of the same arguments with the subcommand first, so that flags before it are its own;
/// `None` if it does not take them.
fn with_command_first(args: &[OsString], matches: &ArgMatches) -> Option<ArgMatches> {
    let name = matches.subcommand_name()?;
    let mut positions = (1..args.len()).filter(|at| args[*at] == name);
    positions.find_map(|at| {
        let mut args = args.to_vec();
        args[1..=at].rotate_right(1);
        let matches = Cli::command().try_get_matches_from(args).ok()?;
        check_matches(&matches).is_ok().then_some(matches)
    })
}

/// The flags that are accepted before and after a subcommand.
const GLOBAL: [&str; 3] = ["verbose", "quiet", "color"];

/// Refuses what clap accepts as soon as there are global flags: flags of the main job before a
/// subcommand, and `-q` and `-v` on two sides of it.
fn check_matches(matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((name, own)) = matches.subcommand() else {
        return Ok(());
    };
    let mut command = Cli::command();
    command.build();
    let arguments = command.get_arguments();
    let mut others = arguments.filter(|arg| !GLOBAL.contains(&arg.get_id().as_str()));
    let conflict = |message| Cli::command().error(ErrorKind::ArgumentConflict, message);
    if let Some(arg) = others.find(|arg| is_given(arg.get_id().as_str(), matches)) {
        return Err(conflict(format!(
            "`{arg}` is not accepted before `{name}`; see `cargo lambda-zip help {name}` for the \
             flags of `{name}`, which go after it"
        )));
    }
    if is_given("quiet", own) && is_given("verbose", own) {
        return Err(conflict(
            "`--quiet` and `--verbose` cannot be used together".to_owned(),
        ));
    }
    Ok(())
}

/// The flag of an argument, such as `--jobs`; `None` for a positional one.
fn flag(argument: &Arg) -> Option<String> {
    let long = argument.get_long().map(|long| format!("--{long}"));
    long.or_else(|| Some(format!("-{}", argument.get_short()?)))
}

/// True if the command line has the argument.
fn is_given(id: &str, matches: &ArgMatches) -> bool {
    matches.value_source(id) == Some(ValueSource::CommandLine)
}

/// The arguments as they are meant. Cargo runs `cargo lambda-zip …` as
/// `cargo-lambda-zip lambda-zip …`; the repeated word is optional. AWS's `build-lambda-zip` for Go
/// has the flag `-output`.
pub(crate) fn normalized(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<_> = args.into_iter().collect();
    if args.get(1).is_some_and(|word| word == "lambda-zip") {
        args.remove(1);
    }
    for arg in args.iter_mut().skip(1).take_while(|arg| *arg != "--") {
        let text = arg.to_str().and_then(|arg| arg.strip_prefix("-output"));
        if let Some(rest) = text.filter(|rest| rest.is_empty() || rest.starts_with('=')) {
            *arg = format!("--output{rest}").into();
        }
    }
    args
}
