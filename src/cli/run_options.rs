//! The options of one run, which Cargo.toml cannot have: entries as in the table of settings.

use std::env;
use std::ffi::OsString;

use camino::Utf8PathBuf;

use crate::config::definition::{
    ALL, BUILD, Command, Definition, Flag, Help, LAMBDA, PACKAGING, PREFIX,
};
use crate::config::plain;
use crate::config::table::{Collect, Visitor, table};
use crate::config::value::{Resolve, Switch, Value};
use crate::report::MessageFormat;

/// Name of the variable for the format of results, without the prefix.
const MESSAGE_FORMAT: &str = "MESSAGE_FORMAT";

table! {
    /// The options of one run, as one source gives them. Cargo.toml cannot have them.
    struct PartialRunOptions;

    /// The options of one run.
    struct RunOptions;

    setting dry_run: Option<Switch> => dry_run: bool, Definition {
        flag: Some(Flag {
            long: "dry-run",
            heading: LAMBDA,
            commands: PACKAGING,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Show what would be built and written, without doing it",
            default: "",
        },
        ..Definition::RUN
    };

    setting prune: Option<Switch> => prune: bool, Definition {
        flag: Some(Flag {
            long: "prune",
            heading: LAMBDA,
            commands: BUILD,
            ..Flag::BASE
        }),
        help: Help {
            text: "Remove zips of earlier runs whose binaries no longer exist\n\n\
                   These are the zips that the lint `stale-zip` warns of: this tool has written \
                   them to default places, and nothing has changed them since. Nothing else is \
                   removed, and nothing in a dry run.",
            default: "",
        },
        ..Definition::RUN
    };

    setting env: Vec<String> => env: Vec<String>, Definition {
        flag: Some(Flag {
            long: "env",
            value: "KEY=VALUE",
            heading: LAMBDA,
            commands: &[Command::Build, Command::Invoke],
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Set an environment variable for the build\n\n\
                   Cargo sees it in everything that it is asked. `cross` does not: its container \
                   has an environment of its own.",
            default: "",
        },
        help_in: &[(Command::Invoke, Help {
            text: "Set an environment variable of the function\n\n\
                   It overrides those of --env-file. AWS_REGION and credentials can be set too. \
                   The function has no other variable of this shell.",
            default: "",
        })],
        ..Definition::RUN
    };

    setting env_file: Vec<Utf8PathBuf> => env_file: Vec<Utf8PathBuf>, Definition {
        flag: Some(Flag {
            long: "env-file",
            value: "FILE",
            heading: LAMBDA,
            commands: &[Command::Build, Command::Invoke],
            ..Flag::BASE
        }),
        help: Help {
            text: "Read environment variables for the build from a file\n\n\
                   Each line is KEY=VALUE. The value is the rest of the line, with spaces and JSON \
                   as they are; ` #` begins a comment, and $NAME is replaced by the value of that \
                   variable. Quotes around a value are left out; in single quotes, nothing is \
                   replaced.",
            default: "",
        },
        help_in: &[(Command::Invoke, Help {
            text: "Read environment variables of the function from a file\n\n\
                   Each line is KEY=VALUE, as for a build.",
            default: "",
        })],
        ..Definition::RUN
    };

    setting build_std: Option<Switch> => build_std: bool, Definition {
        variable: Some("BUILD_STD"),
        flag: Some(Flag {
            long: "build-std",
            heading: LAMBDA,
            commands: BUILD,
            ..Flag::BASE
        }),
        help: Help {
            text: "Compile Rust's standard library, too, if the toolchain lacks that of the \
                   target\n\n\
                   This needs the source of the standard library, and zig with cargo-zigbuild.",
            default: "",
        },
        ..Definition::RUN
    };

    setting no_install: Option<Switch> => no_install: bool, Definition {
        variable: Some("NO_INSTALL"),
        flag: Some(Flag {
            long: "no-install",
            heading: LAMBDA,
            commands: BUILD,
            ..Flag::BASE
        }),
        help: Help {
            text: "Do not install a missing Rust target",
            default: "",
        },
        ..Definition::RUN
    };

    setting message_format: Option<MessageFormat> => message_format: MessageFormat, Definition {
        variable: Some(MESSAGE_FORMAT),
        flag: Some(Flag {
            long: "message-format",
            value: "FORMAT",
            commands: ALL,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Format of the result: human, json, sarif, github\n\n\
                   `json` writes one document to standard output, also if the run fails. `sarif` \
                   is for code scanning, and `github` writes annotations for GitHub Actions.",
            default: "human",
        },
        ..Definition::RUN
    };
}

plain!(MessageFormat);

/// The format of results that the command line or the environment asks for, even if nothing else in
/// them can be understood.
pub(crate) fn message_format(args: &[OsString]) -> MessageFormat {
    let variable = env::var(format!("{PREFIX}{MESSAGE_FORMAT}")).unwrap_or_default();
    format_of_flag(args)
        .unwrap_or(variable)
        .parse()
        .unwrap_or_default()
}

/// The value of the last `--message-format`.
fn format_of_flag(args: &[OsString]) -> Option<String> {
    let args = args.iter().map(|arg| arg.to_string_lossy());
    let args: Vec<_> = args.take_while(|arg| arg != "--").collect();
    let value = |(position, arg): (usize, &std::borrow::Cow<'_, str>)| {
        let rest = arg.strip_prefix("--message-format")?;
        match rest.strip_prefix('=') {
            Some(value) => Some(value.to_owned()),
            None if rest.is_empty() => args.get(position + 1).map(ToString::to_string),
            None => None,
        }
    };
    args.iter().enumerate().rev().find_map(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_read_from_arguments_that_cannot_be_parsed() {
        let format = |args: &str| {
            let args: Vec<OsString> = args.split_whitespace().map(Into::into).collect();
            format_of_flag(&args)
        };
        for args in ["--message-format json", "--foo --message-format=json x"] {
            assert_eq!(format(args).as_deref(), Some("json"), "{args}");
        }
        for args in [
            "",
            "--message-format",
            "--message-formats json",
            "-- --message-format json",
        ] {
            assert_eq!(format(args), None, "{args}");
        }
    }
}
