//! The flags `-A`, `-W` and `-D`. Later ones on the command line win.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::config::definition;
use crate::lint::{Level, Setting, Subject};

const HEADING: &str = "Lint Options";

/// Level, name, letter and help of each flag.
type Flag = (Level, &'static str, char, &'static str);
static FLAGS: [Flag; 3] = [
    (
        Level::Allow,
        "allow",
        'A',
        "Do not report a lint (repeatable)",
    ),
    (
        Level::Warn,
        "warn",
        'W',
        "Report a lint as a warning (repeatable)",
    ),
    (
        Level::Deny,
        "deny",
        'D',
        "Reject packages for a lint, or for all `warnings` (repeatable)",
    ),
];

/// The flags with an effect: `size` checks nothing, and `invoke` rejects nothing.
fn flags(command: definition::Command) -> &'static [Flag] {
    match command {
        definition::Command::Size => &[],
        definition::Command::Invoke => &FLAGS[..2],
        _ => &FLAGS,
    }
}

/// Adds the flags to the command `clap`; the help names the key if it reads keys.
pub(super) fn augment(clap: Command, command: definition::Command) -> Command {
    let key = if command.reads_keys() {
        " [key: lints]"
    } else {
        ""
    };
    clap.args(flags(command).iter().map(|(_, name, short, help)| {
        Arg::new(*name)
            .long(*name)
            .short(*short)
            .value_name("LINT")
            .help(format!("{help}{key}"))
            .help_heading(HEADING)
            .action(ArgAction::Append)
            .value_parser(value_parser!(Subject))
    }))
}

/// The levels, in the order of the command line.
pub(super) fn levels(matches: &ArgMatches, command: definition::Command) -> Vec<Setting> {
    let mut levels: Vec<(usize, Setting)> = Vec::new();
    for &(level, name, ..) in flags(command) {
        let subjects = matches.get_many::<Subject>(name).into_iter().flatten();
        let places = matches.indices_of(name).into_iter().flatten();
        let settings = subjects.map(|&subject| Setting { subject, level });
        levels.extend(places.zip(settings));
    }
    levels.sort_by_key(|(place, _)| *place);
    levels.into_iter().map(|(_, setting)| setting).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Lint;

    #[test]
    fn levels_keep_the_order_of_the_command_line() {
        let command = augment(Command::new("test"), definition::Command::Build);
        let matches = command
            .try_get_matches_from(["test", "-D", "debug-info", "-Dwarnings", "-A", "debug-info"])
            .unwrap();
        let lint = Subject::Lint(Lint::DebugInfo);
        let expected = [
            (lint, Level::Deny),
            (Subject::Warnings, Level::Deny),
            (lint, Level::Allow),
        ];
        assert_eq!(
            levels(&matches, definition::Command::Build),
            expected.map(|(subject, level)| Setting { subject, level })
        );
    }
}
