//! `-A`, `-W` and `-D`, whose order on the command line counts.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use crate::lint::{Level, Setting, Subject};

const HEADING: &str = "Lint Options";
const FLAGS: [(Level, &str, char, &str); 3] = [
    (
        Level::Allow,
        "allow",
        'A',
        "Do not report a lint (repeatable)",
    ),
    (Level::Warn, "warn", 'W', "Report a lint (repeatable)"),
    (
        Level::Deny,
        "deny",
        'D',
        "Reject packages for a lint, or for `warnings` (repeatable)",
    ),
];

/// The lint levels of the command line, in its order.
#[derive(Debug, Clone, Default)]
pub(crate) struct LintFlags(pub(crate) Vec<Setting>);

impl Args for LintFlags {
    fn augment_args(command: Command) -> Command {
        FLAGS
            .iter()
            .fold(command, |command, (_, name, short, help)| {
                command.arg(
                    Arg::new(*name)
                        .long(*name)
                        .short(*short)
                        .value_name("LINT")
                        .help(*help)
                        .help_heading(HEADING)
                        .action(ArgAction::Append)
                        .value_parser(value_parser!(Subject)),
                )
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LintFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut settings: Vec<(usize, Setting)> = Vec::new();
        for (level, name, ..) in FLAGS {
            let subjects = matches.get_many::<Subject>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            settings.extend(
                places
                    .zip(subjects)
                    .map(|(place, &subject)| (place, Setting { subject, level })),
            );
        }
        settings.sort_by_key(|(place, _)| *place);
        Ok(Self(
            settings.into_iter().map(|(_, setting)| setting).collect(),
        ))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Lint;

    #[test]
    fn levels_keep_the_order_of_the_command_line() {
        let command = LintFlags::augment_args(Command::new("test"));
        let matches = command
            .try_get_matches_from(["test", "-D", "debug-info", "-Dwarnings", "-A", "debug-info"])
            .unwrap();
        let LintFlags(settings) = LintFlags::from_arg_matches(&matches).unwrap();
        let lint = Subject::Lint(Lint::DebugInfo);
        let expected = [
            (lint, Level::Deny),
            (Subject::Warnings, Level::Deny),
            (lint, Level::Allow),
        ];
        assert_eq!(
            settings,
            expected.map(|(subject, level)| Setting { subject, level })
        );
    }
}
