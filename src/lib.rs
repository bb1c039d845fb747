//! `cargo lambda-zip`: from the binaries of a Cargo workspace to AWS Lambda deployment packages.
//!
//! Data flows one way, each step a value:
//!
//! ```text
//! cli → commands → config → cargo (metadata) → plan → cargo/builders → package → archive → lint → report
//! ```
//!
//! The rooms stand on floors. A room uses only rooms on the floors below its own; a test holds
//! that against this table.
//!
//! | floor | room | what it holds |
//! |---|---|---|
//! | 9 | `commands` | the subcommands, one file each |
//! | 8 | `package` | from a plan to zips in their places |
//! | 8 | `cli` | the command line: types and their help |
//! | 7 | `emulate` | Lambda around a package that is started on this machine |
//! | 7 | `size` | what takes the room in a zip: by entry, crate and function |
//! | 7 | `init` | the first configuration of a workspace, and what that of cargo-lambda says |
//! | 7 | `plan` | what is built and written; reads what that takes, and writes nothing |
//! | 6 | `report` | the results, for people and machines |
//! | 6 | `config` | the settings, their sources and their merge |
//! | 5 | `lint` | the checks of packages, and their levels |
//! | 5 | `include` | the files beside the program |
//! | 4 | `cargo` | the user's Cargo: its options, configuration, metadata and builders |
//! | 4 | `cloudformation` | the user's CloudFormation and SAM templates, as far as they are certain |
//! | 4 | `inspect` | facts about one file: ELF, script, secret |
//! | 3 | `lambda` | AWS's facts: architectures, runtimes, quotas, libraries |
//! | 3 | `archive` | the zip format: written, and read |
//! | 3 | `shell` | the terminal: status lines, colour, progress |
//! | 3 | `cache_file` | a value in a file, whole or absent |
//! | 2 | `temp` | temporary files, and those that killed runs left |
//! | 1 | `error` | the one error enum, with its exit codes |
//! | 1 | `bytes` | byte sizes as people read them |
//! | 1 | `text` | quoting, lists, suggestions |
//! | 1 | `globs` | globs within bounds |
//! | 1 | `paths` | paths of one machine, by one name |
//! | 1 | `meter` | the bytes of some work, which progress bars show |

mod archive;
mod bytes;
mod cache_file;
mod cargo;
mod cli;
mod cloudformation;
mod commands;
mod config;
#[cfg(target_os = "linux")]
mod emulate;
mod error;
mod globs;
mod include;
mod init;
mod inspect;
mod lambda;
mod lint;
mod meter;
mod package;
mod paths;
mod plan;
mod report;
mod shell;
mod size;
mod temp;
mod text;

#[cfg(fuzzing)]
pub use lint::fuzzing::check_zip;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use cargo::Interrupt;
use cli::{Cli, Command};
use commands::{
    build, check, completions, invoke, layer, man, pack, report as merge, schema, template,
};
use error::{Error, Result};
use report::{MessageFormat, Report, ReportFile};
use shell::{Shell, Verbosity};

/// Runs the program with `args`, the first of which is its own name, and returns its exit code.
/// Under the name `rust-lld` it is a linker, and under another one a wrapper of rustc. It answers
/// shells that complete its commands.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(code) = cargo::linker::run(&args).or_else(|| cargo::rustc_wrapper::run(&args)) {
        return code;
    }
    if let Some(code) = cli::answer(&args) {
        return code;
    }
    let args = cli::normalized(args);
    let format = cli::message_format(&args);
    let interrupt = Interrupt::install(move |error| last_words(error, format));
    let cli = match Cli::from_args(args.iter().cloned()) {
        Ok(cli) => cli,
        Err(answer) if answer.use_stderr() => {
            let shell = cli::shell(&args);
            let file = cli::report_path(&args, None).and_then(|path| ReportFile::at(path).ok());
            let report = Report::of_error(cli::usage_error(&answer, &args));
            Interrupt::take_last_word();
            return end(report.finish(format, file.as_ref(), &shell), &shell);
        }
        // The help or the version.
        Err(answer) => {
            let shell = cli::shell(&args);
            let printed = write!(shell.output(), "{}", answer.render().ansi());
            return end(printed.map_err(Error::output), &shell);
        }
    };
    let mut shell = match &cli.command {
        None => cli.build.cargo.output.shell(),
        Some(Command::Layer(options)) => options.build.cargo.output.shell(),
        Some(Command::Pack(options)) => options.display.shell(),
        Some(Command::Check(options)) => options.display.shell(),
        Some(Command::Template(options)) => options.flags.build.cargo.output.shell(),
        Some(Command::Invoke(options)) => options.display.shell(),
        Some(Command::Report(options)) => options.display.shell(),
        Some(Command::Size(options)) => options.display.shell(),
        Some(Command::Init(options)) => options.display.shell(),
        Some(Command::Schema(_) | Command::Completions(_) | Command::Man(_)) => cli::shell(&args),
    };
    let file = cli::report_path(&args, Some(&cli)).map(ReportFile::at);
    let (file, result) = match file.transpose() {
        Err(error) => (None, Err(error)),
        Ok(file) => {
            let result = interrupt.and_then(|interrupt| {
                // A process that was ended by the signal fails in some way of its own.
                let result = run(&cli, file.as_ref(), &mut shell);
                result.map_err(|error| interrupt.check().err().unwrap_or(error))
            });
            let is_refused = matches!(result, Err(Error::ReportPlace { .. }));
            (file.filter(|_| !is_refused), result)
        }
    };
    Interrupt::take_last_word();
    if let Err(error @ (Error::Invocation { .. } | Error::Merged { .. } | Error::Told(_))) = result
    {
        // Its document has been written.
        return end(Err(error), &shell);
    }
    let report = result.unwrap_or_else(|error| Some(Report::of_error(error)));
    let format = match &cli.command {
        // Standard output is the place of the document.
        Some(Command::Report(_)) if file.is_none() => MessageFormat::Json,
        _ => format,
    };
    end(
        report.map_or(Ok(()), |mut report| {
            report.set_partition(cli.partition());
            report.finish(format, file.as_ref(), &shell)
        }),
        &shell,
    )
}

/// The report of the command; `None` if its answer is none.
fn run(cli: &Cli, file: Option<&ReportFile>, shell: &mut Shell) -> Result<Option<Report>> {
    match &cli.command {
        None => build::run(&cli.build, &cli.targets, file, shell).map(Some),
        Some(Command::Layer(options)) => layer::run(options, file, shell).map(Some),
        Some(Command::Pack(options)) => pack::run(options, file, shell).map(Some),
        Some(Command::Check(options)) => check::run(options, file.is_some(), shell),
        Some(Command::Template(options)) => template::run(options, shell),
        Some(Command::Invoke(options)) => invoke::run(options, shell).map(|()| None),
        Some(Command::Report(options)) => merge::run(options, file, shell).map(|()| None),
        Some(Command::Size(options)) => commands::size::run(options, shell).map(|()| None),
        Some(Command::Init(options)) => commands::init::run(options, shell).map(|()| None),
        Some(Command::Schema(options)) => schema::run(options).map(|()| None),
        Some(Command::Completions(options)) => completions::run(options).map(|()| None),
        Some(Command::Man(options)) => man::run(options).map(|()| None),
    }
}

/// Writes the document of a run that a signal has ended; people have nothing to read.
fn last_words(error: Error, format: MessageFormat) {
    if format != MessageFormat::Human {
        let shell = Shell::new(Verbosity::Quiet, anstream::ColorChoice::Auto);
        // The exit code tells all that can be told.
        let _ = Report::of_error(error).finish(format, None, &shell);
    }
}

/// Shows the error of a run, and returns the exit code.
fn end(result: Result<()>, shell: &Shell) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader needs no more, which is not an error.
        Err(error @ Error::BrokenPipe) => error.exit_code(),
        Err(error) => {
            shell.error(&error);
            error.exit_code()
        }
    }
}
