//! Definition of a setting: its names, its help, and the commands that take it.

use super::value::{Rule, Takes};

/// A command that takes settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// The main job, and `layer`.
    Build,
    Template,
    Pack,
    Check,
    Invoke,
    Size,
}

impl Command {
    /// True if the command reads the keys of Cargo.toml.
    pub(crate) fn reads_keys(self) -> bool {
        matches!(self, Self::Build | Self::Template | Self::Check)
    }
}

/// The main job and `layer`.
pub(crate) const BUILD: &[Command] = &[Command::Build];
/// The commands that plan builds.
pub(crate) const PLANNING: &[Command] = &[Command::Build, Command::Template];
/// The commands that plan packages.
pub(crate) const CONTENTS: &[Command] = &[Command::Build, Command::Template, Command::Pack];
/// The commands that write packages.
pub(crate) const PACKAGING: &[Command] = &[Command::Build, Command::Pack];
/// The commands that know one function.
pub(crate) const ALL: &[Command] = &[
    Command::Build,
    Command::Template,
    Command::Pack,
    Command::Check,
    Command::Invoke,
];
/// The commands that write a result to standard output.
pub(crate) const PRINTING: &[Command] = &[
    Command::Build,
    Command::Pack,
    Command::Check,
    Command::Invoke,
    Command::Size,
];
/// Heading in the help.
pub(crate) const LAMBDA: &str = "Lambda Options";

/// Prefix of the environment variables.
pub(crate) const PREFIX: &str = "CARGO_LAMBDA_ZIP_";

/// Everything about one setting except its type.
#[derive(Debug)]
pub(crate) struct Definition {
    /// Name of the field. With `-` for `_` it is the key in Cargo.toml.
    pub(crate) id: &'static str,
    pub(crate) is_key: bool,
    /// Name of the environment variable, without the prefix.
    pub(crate) variable: Option<&'static str>,
    pub(crate) flag: Option<Flag>,
    pub(crate) help: Help,
    /// Help about the key, for the commands that read it.
    pub(crate) help_of_key: &'static str,
    /// Help for the commands in which the flag means something slightly different.
    pub(crate) help_in: &'static [(Command, Help)],
}

/// A flag of the command line.
#[derive(Debug)]
pub(crate) struct Flag {
    /// Without the dashes; also the name of clap's argument.
    pub(crate) long: &'static str,
    pub(crate) short: Option<char>,
    /// Empty for a flag that takes no value.
    pub(crate) value: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) commands: &'static [Command],
    /// Commands in which a flag for a list takes one value only.
    pub(crate) single_in: &'static [Command],
    /// `true` if `-h` shows it; `--help` shows all flags.
    pub(crate) is_common: bool,
    /// The flag that cannot be given together with this one.
    pub(crate) conflicts_with: Option<&'static str>,
}

/// The help for a setting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Help {
    /// A short sentence and, after an empty line, further ones.
    pub(crate) text: &'static str,
    /// The default in words; empty if there is none.
    pub(crate) default: &'static str,
}

impl Definition {
    /// A setting of Cargo.toml.
    pub(crate) const KEY: Self = Self {
        id: "",
        is_key: true,
        variable: None,
        flag: None,
        help: Help {
            text: "",
            default: "",
        },
        help_of_key: "",
        help_in: &[],
    };

    /// An option of one run, which Cargo.toml cannot have.
    pub(crate) const RUN: Self = Self {
        is_key: false,
        ..Self::KEY
    };

    /// The key in Cargo.toml.
    pub(crate) fn key(&self) -> Option<String> {
        self.is_key.then(|| self.id.replace('_', "-"))
    }

    /// The flag, if `command` takes it.
    pub(crate) fn flag_of(&self, command: Command) -> Option<&Flag> {
        let flag = self.flag.as_ref();
        flag.filter(|flag| flag.commands.contains(&command))
    }

    /// The full name of the environment variable.
    pub(crate) fn full_variable(&self) -> Option<String> {
        self.variable.map(|name| format!("{PREFIX}{name}"))
    }

    /// The key, if `command` reads it, and the flag has another name.
    fn key_unlike_flag(&self, command: Command) -> Option<String> {
        let flag = self.flag.as_ref()?;
        self.key()
            .filter(|key| command.reads_keys() && key != flag.long)
    }

    fn help_of(&self, command: Command) -> (&'static str, &'static str, &'static str) {
        let own = self.help_in.iter().find(|(of, _)| *of == command);
        let help = own.map_or(self.help, |(_, help)| *help);
        let (short, rest) = help.text.split_once("\n\n").unwrap_or((help.text, ""));
        (short, rest, help.default)
    }

    /// The help that `-h` shows.
    pub(crate) fn short_help(&self, command: Command) -> String {
        let (short, _, default) = self.help_of(command);
        let mut help = short.to_owned();
        let key = self.key_unlike_flag(command);
        for (what, value) in [
            ("key", key.as_deref().unwrap_or_default()),
            ("default", default),
        ] {
            if !value.is_empty() {
                help.extend([" [", what, ": ", value, "]"]);
            }
        }
        help
    }

    /// The help that `--help` shows.
    pub(crate) fn long_help(&self, command: Command, takes: Takes, rule: Rule) -> String {
        let (_, rest, _) = self.help_of(command);
        let mut paragraphs = vec![self.short_help(command)];
        if !rest.is_empty() {
            paragraphs.push(rest.to_owned());
        }
        if command.reads_keys() && !self.help_of_key.is_empty() {
            paragraphs.push(self.help_of_key.to_owned());
        }
        let repeats = match takes {
            Takes::Nothing | Takes::One => "",
            Takes::OneEach => "The flag may be repeated.",
            Takes::Several => "The flag may be repeated, or take several values with commas.",
        };
        let rule = if self.is_key && command.reads_keys() {
            rule.text()
        } else {
            ""
        };
        let more = [repeats, rule].join(" ");
        if !more.trim().is_empty() {
            paragraphs.push(more.trim().to_owned());
        }
        if let Some(variable) = self.full_variable() {
            paragraphs.push(format!("[env: {variable}]"));
        }
        paragraphs.join("\n\n")
    }
}

impl Flag {
    /// A flag without a value for every command, shown by `--help` only.
    pub(crate) const BASE: Self = Self {
        long: "",
        short: None,
        value: "",
        heading: "Package Options",
        commands: &[
            Command::Build,
            Command::Template,
            Command::Pack,
            Command::Check,
        ],
        single_in: &[],
        is_common: false,
        conflicts_with: None,
    };
}
