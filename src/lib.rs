//! `cargo lambda-zip`: from the binaries of a Cargo workspace to AWS Lambda deployment packages.
//!
//! Data flows one way, each step a value:
//!
//! ```text
//! cli → config → workspace → plan → build → inspect → archive → lint → report
//! ```
//!
//! | room | what it holds |
//! |---|---|
//! | `cli` | the command line: types and their help |
//! | `config` | the layers of configuration and their merge |
//! | `environment` | the variables that a build will find |
//! | `cargo_config` | the user's Cargo configuration |
//! | `workspace` | `cargo metadata`, and what a selection means |
//! | `plan` | what will be built and written; finds problems before anything compiles |
//! | `build` | the builders' command lines, running them, what they report |
//! | `inspect` | what a file is to Linux, and whether it is secret |
//! | `include` | files beside the executable |
//! | `layers` | what a function's layers add to it |
//! | `layer` | a layer that is made: its name, its programs |
//! | `archive` | the zip that is written |
//! | `reader`, `unpacked` | zips that are there, whoever wrote them, and what is in them |
//! | `zips` | zips that are named, or come through a pipe |
//! | `folder` | the files of a zip in a folder beside it |
//! | `lint` | the judgements, their levels, Lambda's limits |
//! | `parcel` | programs and files that are to become a package |
//! | `package` | a parcel through the rooms above, to one zip |
//! | `workshop` | where packages are made, side by side |
//! | `check` | any zip through the same judgement |
//! | `pack` | a package of an executable that somebody else has built |
//! | `report` | the result, for people and as JSON |
//! | `target`, `kind`, `builder`, `cpu`, `size`, `names` | what a user may name; what AWS says of it |
//! | `kept` | values between runs |
//! | `error`, `shell`, `process` | common to all |
//! | `job` | the main job, and layers, from end to end |

mod archive;
mod bytes;
mod cache_file;
mod cargo;
mod cli;
mod commands;
mod config;
mod error;
mod include;
mod inspect;
mod lambda;
mod lint;
mod package;
mod paths;
mod plan;
mod report;
mod shell;
mod temp;
mod text;

#[cfg(test)]
#[path = "../tests/support/forge.rs"]
mod forge;

#[cfg(fuzzing)]
pub use lint::fuzzing::judge;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use commands::{build, check, layer, pack};
use error::Error;
use shell::Shell;

/// Runs the program with `args`, the first of which is its own name, and gives its exit code.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = cli::without_repeated_word(args);
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(answer) => {
            // Help and version are answers too; a closed pipe is nobody's error.
            let _ = answer.print();
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2));
        }
    };
    let (mut shell, result);
    match &cli.command {
        None => {
            shell = Shell::new(&cli.build.cargo.output);
            result = build::run(&cli.build, &cli.targets, &mut shell);
        }
        Some(Command::Layer(options)) => {
            shell = Shell::new(&options.build.cargo.output);
            result = layer::run(options, &mut shell);
        }
        Some(Command::Pack(options)) => {
            shell = Shell::new(&options.display);
            result = pack::run(options, &shell);
        }
        Some(Command::Check(options)) => {
            shell = Shell::new(&options.display);
            result = check::run(options, &shell);
        }
    }
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has had enough, which is no error.
        Err(error @ Error::Unheard) => error.exit_code(),
        Err(error) => {
            shell.error(&error);
            error.exit_code()
        }
    }
}
