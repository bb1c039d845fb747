//! The options of one run, which Cargo.toml cannot have: entries as in the table of settings.

use camino::Utf8PathBuf;

use crate::cargo::Partition;
use crate::config::definition::{
    BUILD, Command, Definition, Flag, Help, LAMBDA, PACKAGING, PLANNING, PRINTING,
};
use crate::config::plain;
use crate::config::table::{Collect, Visitor, table};
use crate::config::value::{Resolve, Switch, Value};
use crate::report::{MessageFormat, Print};

/// Help for `--message-format` of commands whose result is no report of packages.
const DOCUMENT_HERE: Help = Help {
    text: "Format of the result: human, json\n\n\
           `json` writes one document to standard output, also if the run fails.",
    default: "human",
};

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
        help_in: &[(Command::Pack, Help {
            text: "Show what would be written, without doing it",
            default: "",
        })],
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

    setting verify: Option<Switch> => verify: bool, Definition {
        flag: Some(Flag {
            long: "verify",
            heading: LAMBDA,
            commands: BUILD,
            ..Flag::BASE
        }),
        help: Help {
            text: "Read every file, even one that an earlier run has read\n\n\
                   On Linux, a file whose size, times and place on the disk are as they were has \
                   not changed: nothing can set the change time. This flag is for a disk that you \
                   do not trust, and for files that a program changes through a memory mapping.",
            default: "",
        },
        ..Definition::RUN
    };

    setting partition: Option<Partition> => partition: Option<Partition>, Definition {
        variable: Some("PARTITION"),
        flag: Some(Flag {
            long: "partition",
            value: "K/N",
            heading: LAMBDA,
            commands: BUILD,
            ..Flag::BASE
        }),
        help: Help {
            text: "Package one of N shares of the binaries, for instance `2/8`\n\n\
                   A binary is in the same share on every machine, with all its architectures, also \
                   if others are added. So several machines share the work of one command.",
            default: "",
        },
        ..Definition::RUN
    };

    setting env: Vec<String> => env: Vec<String>, Definition {
        flag: Some(Flag {
            long: "env",
            value: "KEY=VALUE",
            heading: LAMBDA,
            commands: &[Command::Build, Command::Template, Command::Invoke],
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
            commands: &[Command::Build, Command::Template, Command::Invoke],
            ..Flag::BASE
        }),
        help: Help {
            text: "Read environment variables for the build from a file\n\n\
                   Each line is KEY=VALUE. The value is the rest of the line, with spaces and JSON \
                   as they are; ` #` begins a comment, and $NAME is replaced by the value of that \
                   variable. Quotes around a value are left out; in single quotes, nothing is \
                   replaced. A name alone takes its value from the environment.",
            default: "",
        },
        help_in: &[(Command::Invoke, Help {
            text: "Read environment variables of the function from a file\n\n\
                   Each line is KEY=VALUE, as for a build. A name alone takes its value from this \
                   shell, and is left out if it has none there.",
            default: "",
        })],
        ..Definition::RUN
    };

    setting build_std: Option<Switch> => build_std: bool, Definition {
        variable: Some("BUILD_STD"),
        flag: Some(Flag {
            long: "build-std",
            heading: LAMBDA,
            commands: PLANNING,
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
            commands: PLANNING,
            ..Flag::BASE
        }),
        help: Help {
            text: "Do not install a missing Rust target",
            default: "",
        },
        ..Definition::RUN
    };

    setting print: Option<Print> => print: Option<Print>, Definition {
        flag: Some(Flag {
            long: "print",
            value: "WHAT",
            commands: &[Command::Build, Command::Pack, Command::Check],
            conflicts_with: Some("message-format"),
            ..Flag::BASE
        }),
        help: Help {
            text: "Print the absolute paths of the zips, one a line: paths\n\n\
                   They are those of the zips that were not rejected, also of those that were there \
                   already. In a dry run, they are those that would be written.",
            default: "",
        },
        ..Definition::RUN
    };

    setting message_format: Option<MessageFormat> => message_format: MessageFormat, Definition {
        variable: Some("MESSAGE_FORMAT"),
        flag: Some(Flag {
            long: "message-format",
            value: "FORMAT",
            commands: PRINTING,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Format of the result: human, json, sarif, github\n\n\
                   `json` writes one document to standard output, also if the run fails. `sarif` \
                   is for code scanning, and `github` writes annotations for GitHub Actions.",
            default: "human",
        },
        help_in: &[(Command::Invoke, DOCUMENT_HERE), (Command::Size, DOCUMENT_HERE)],
        ..Definition::RUN
    };
}

plain!(Print, MessageFormat, Partition);
