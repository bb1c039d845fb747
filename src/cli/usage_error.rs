//! Errors of the command line, in the words of this tool.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::cargo_lambda;
use crate::error::Error;
use crate::text;

/// The error for arguments that clap refuses; `args` are all of them.
pub(crate) fn usage_error(error: &clap::Error, args: &[OsString]) -> Error {
    let context = Context(error);
    let refused = context.first(ContextKind::InvalidArg);
    let refused = refused.or_else(|| context.first(ContextKind::InvalidSubcommand));
    if let Some(error) = refused.and_then(|refused| cargo_lambda::explained(&refused, args)) {
        return error;
    }
    let help = context.usage().map(|usage| format!("see `{usage} --help`"));
    Error::Usage {
        message: context.message(error),
        help: help.into_iter().collect(),
    }
}

struct Context<'a>(&'a clap::Error);

impl Context<'_> {
    fn all(&self, kind: ContextKind) -> Vec<String> {
        match self.0.get(kind) {
            Some(ContextValue::String(text)) => vec![text.clone()],
            Some(ContextValue::Strings(texts)) => texts.clone(),
            _ => Vec::new(),
        }
    }

    fn first(&self, kind: ContextKind) -> Option<String> {
        self.all(kind).into_iter().next()
    }

    /// The command that was called, for instance `cargo lambda-zip pack`.
    fn usage(&self) -> Option<String> {
        let Some(ContextValue::StyledStr(usage)) = self.0.get(ContextKind::Usage) else {
            return None;
        };
        let usage = usage.to_string();
        let words = usage.split_whitespace().skip_while(|word| *word != "cargo");
        let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase());
        let words: Vec<&str> = words.take_while(is_name).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// The argument that is refused: a flag without its value, or the name of a positional one.
    fn argument(&self) -> Option<String> {
        self.first(ContextKind::InvalidArg).map(|arg| name(&arg))
    }

    /// The way out for an argument that users expect and that has another form here.
    fn own_way(&self, argument: &str) -> Option<&'static str> {
        let is_of_layer = self.usage().is_some_and(|usage| usage.ends_with(" layer"));
        match argument {
            "--lint" | "--lints" => {
                Some("the levels of lints are set with `--allow`, `--warn` and `--deny`")
            }
            "--bins" | "--example" | "--examples" if is_of_layer => {
                Some("a layer takes binaries by their names, with `--bin NAME`")
            }
            _ => None,
        }
    }

    fn message(&self, error: &clap::Error) -> String {
        let own_words = self.own_words();
        own_words.unwrap_or_else(|| {
            let text = error.to_string();
            let first = text.split("\n\n").next().unwrap_or_default();
            first.trim_start_matches("error: ").to_owned()
        })
    }

    fn own_words(&self) -> Option<String> {
        let argument = self.argument();
        Some(match self.0.kind() {
            ErrorKind::UnknownArgument if self.own_way(argument.as_deref()?).is_some() => {
                let argument = argument?;
                let way_out = self.own_way(&argument)?;
                format!("unknown argument `{argument}`: {way_out}")
            }
            ErrorKind::UnknownArgument => {
                let suggested = self.first(ContextKind::SuggestedArg);
                unknown("argument", &argument?, suggested)
            }
            ErrorKind::InvalidSubcommand => {
                let name = self.first(ContextKind::InvalidSubcommand)?;
                let suggested = self.first(ContextKind::SuggestedSubcommand);
                unknown("command", &name, suggested)
            }
            ErrorKind::MissingSubcommand => {
                let known = self.all(ContextKind::ValidSubcommand);
                let known = known.into_iter().filter(|command| command != "help");
                let known: Vec<String> = known.collect();
                format!("a command is required: `{}`", known.join("`, `"))
            }
            ErrorKind::ValueValidation => format!("{} (in `{}`)", self.0.source()?, argument?),
            ErrorKind::InvalidValue => {
                let value = self.first(ContextKind::InvalidValue)?;
                if value.is_empty() {
                    return Some(format!("`{}` needs a value", argument?));
                }
                let known = self.all(ContextKind::ValidValue);
                let message = text::unknown("value", &value, known.iter().map(String::as_str));
                format!("{message} (in `{}`)", argument?)
            }
            ErrorKind::TooManyValues => format!("`{}` takes no value", argument?),
            ErrorKind::NoEquals => {
                format!("`{0}` takes its value after `=`: `{0}=VALUE`", argument?)
            }
            ErrorKind::MissingRequiredArgument => {
                let missing = self.all(ContextKind::InvalidArg);
                let missing: Vec<String> = missing.iter().map(|arg| name(arg)).collect();
                format!("`{}` is required", missing.join("` and `"))
            }
            ErrorKind::ArgumentConflict => {
                let argument = argument?;
                let others = self.all(ContextKind::PriorArg);
                let others: Vec<String> = others.iter().map(|arg| name(arg)).collect();
                if others.iter().all(|other| *other == argument) {
                    return Some(format!("`{argument}` is given more than once"));
                }
                let others = others.join("`, `");
                format!("`{argument}` cannot be used together with `{others}`")
            }
            _ => return None,
        })
    }
}

fn unknown(what: &str, name: &str, suggested: Option<String>) -> String {
    let suggested = suggested.filter(|suggested| is_close(name, suggested));
    let way_out = suggested.map(|suggested| format!("; did you mean `{suggested}`?"));
    format!("unknown {what} `{name}`{}", way_out.unwrap_or_default())
}

/// `true` if a suggestion of clap is likely to be meant: its threshold also allows `--bin` for
/// `--lint`.
fn is_close(name: &str, suggested: &str) -> bool {
    let [name, suggested] = [name, suggested].map(|flag| flag.trim_start_matches('-'));
    let most = (name.chars().count() / 3).max(1);
    name.starts_with(suggested)
        || suggested.starts_with(name)
        || strsim::damerau_levenshtein(name, suggested) <= most
}

/// `--arch <ARCH>` as `--arch`, and `<ZIP>...` as `ZIP`.
fn name(argument: &str) -> String {
    let word = argument.split(' ').next().unwrap_or_default();
    if word.starts_with('-') {
        return word.to_owned();
    }
    let word = word.trim_end_matches("...");
    let optional = word.strip_prefix('[').and_then(|w| w.strip_suffix(']'));
    let required = word.strip_prefix('<').and_then(|w| w.strip_suffix('>'));
    required.or(optional).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    fn refused(args: &str) -> (String, Vec<String>) {
        let args = std::iter::once("cargo-lambda-zip").chain(args.split_whitespace());
        let args: Vec<OsString> = args.map(Into::into).collect();
        match usage_error(&Cli::from_args(args.clone()).unwrap_err(), &args) {
            Error::Usage { message, help } => (message, help),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn each_kind_of_error_has_its_own_sentence() {
        for (args, message) in [
            (
                "--archs arm64",
                "unknown argument `--archs`; did you mean `--arch`?",
            ),
            ("pakc x", "unknown command `pakc`; did you mean `pack`?"),
            (
                "--example-dir x",
                "unknown argument `--example-dir`; did you mean `--example`?",
            ),
            ("--zip", "unknown argument `--zip`"),
            (
                "check --lint x",
                "unknown argument `--lint`: the levels of lints are set with `--allow`, `--warn` \
                 and `--deny`",
            ),
            (
                "layer x --example y",
                "unknown argument `--example`: a layer takes binaries by their names, with `--bin \
                 NAME`",
            ),
            ("--arch", "`--arch` needs a value"),
            (
                "--arch arm46",
                "unknown value `arm46`; did you mean `arm64`? (in `--arch`)",
            ),
            (
                "--color blue",
                "unknown value `blue`; known are `auto`, `always`, `never` (in `--color`)",
            ),
            ("--dry-run=x", "`--dry-run` takes no value"),
            ("pack", "`EXECUTABLE` is required"),
            ("check", "`ZIP` is required"),
            ("--exclude x", "`--workspace` is required"),
            (
                "--arch arm64 --target x86_64-unknown-linux-gnu",
                "`--arch` cannot be used together with `--target`",
            ),
            (
                "--runtime provided.al2 --runtime provided.al2",
                "`--runtime` is given more than once",
            ),
            (
                "-q check -v x.zip",
                "`--quiet` and `--verbose` cannot be used together",
            ),
        ] {
            assert_eq!(refused(args).0, message, "{args}");
        }
    }

    #[test]
    fn the_help_is_that_of_the_command() {
        assert_eq!(
            refused("pack x --foo").1,
            ["see `cargo lambda-zip pack --help`"]
        );
        assert_eq!(refused("--foo").1, ["see `cargo lambda-zip --help`"]);
    }
}
