//! `cargo lambda-zip completions`, and the answers to the shells that have loaded its script.

mod candidates;
mod names;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Args;
use clap_complete::CompleteEnv;
use clap_complete::env::{EnvCompleter, Powershell};

use super::Cli;
use crate::text::named;

/// The environment variable with the name of the shell that asks. The scripts set it.
const VARIABLE: &str = "_CARGO_LAMBDA_ZIP_COMPLETE";
const PROGRAM: &str = "cargo-lambda-zip";

const AFTER_HELP: &str = "\
Load the script when the shell starts:
  bash        eval \"$(cargo lambda-zip completions bash)\"     in ~/.bashrc
  zsh         source <(cargo lambda-zip completions zsh)      in ~/.zshrc, after compinit
  fish        cargo lambda-zip completions fish | source      in ~/.config/fish/config.fish
  PowerShell  cargo lambda-zip completions powershell | Out-String | Invoke-Expression
                                                              in $PROFILE

In bash, zsh and fish, `cargo lambda-zip` and `cargo-lambda-zip` are completed, in PowerShell
`cargo-lambda-zip`.";

/// Prints the script that completes commands in a shell.
///
/// The script asks this program while you type: packages, binaries, examples, features, profiles
/// and layers are those of the workspace in the current folder.
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct CompletionsOptions {
    /// Shell: bash, zsh, fish, powershell
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub(crate) shell: CompletionShell,
}

/// A shell with completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CompletionShell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl CompletionShell {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
        }
    }

    /// The script that the shell loads.
    pub(crate) fn script(self) -> String {
        match self {
            Self::Bash => include_str!("cargo-lambda-zip.bash").to_owned(),
            Self::Zsh => include_str!("cargo-lambda-zip.zsh").to_owned(),
            Self::Fish => include_str!("cargo-lambda-zip.fish").to_owned(),
            Self::Powershell => {
                let mut script = Vec::new();
                // A vector takes everything.
                let _ =
                    Powershell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script);
                String::from_utf8_lossy(&script).into_owned()
            }
        }
    }
}
named!(CompletionShell, "shell");

/// Answers a shell that asks for completions: `cargo-lambda-zip -- WORDS`, with [`VARIABLE`]. Returns
/// `None` if no shell asks.
pub(crate) fn answer(args: &[OsString]) -> Option<ExitCode> {
    std::env::var_os(VARIABLE)?;
    let words = args.iter().skip_while(|arg| *arg != "--").skip(1);
    let words: Vec<OsString> = words.cloned().collect();
    let folder = std::env::current_dir().ok();
    let factory = || candidates::add(<Cli as clap::CommandFactory>::command(), &words);
    let answered = CompleteEnv::with_factory(factory)
        .var(VARIABLE)
        .bin(PROGRAM)
        .completer(PROGRAM)
        .try_complete(args, folder.as_deref());
    match answered {
        Ok(true) => Some(ExitCode::SUCCESS),
        Ok(false) => None,
        Err(_) => Some(ExitCode::FAILURE),
    }
}
