//! The flags of a command for the table of settings, and their values as a source.

use std::fmt::Debug;
use std::marker::PhantomData;

use camino::Utf8Path;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};

use super::lints;
use super::run_options::{PartialRunOptions, RunOptions};
use crate::config::definition::{Command, Definition, Flag};
use crate::config::table::Visitor;
use crate::config::value::{Given, Switch, Takes, Value, Word};
use crate::config::{self, PartialSettings};
use crate::error::Result;

/// A type for each [`Command`].
pub(crate) trait Takers: Debug + Clone {
    const COMMAND: Command;
}

#[derive(Debug, Clone)]
pub(crate) struct Build;
#[derive(Debug, Clone)]
pub(crate) struct Template;
#[derive(Debug, Clone)]
pub(crate) struct Pack;
#[derive(Debug, Clone)]
pub(crate) struct Check;
#[derive(Debug, Clone)]
pub(crate) struct Invoke;
#[derive(Debug, Clone)]
pub(crate) struct Size;

impl Takers for Build {
    const COMMAND: Command = Command::Build;
}

impl Takers for Template {
    const COMMAND: Command = Command::Template;
}

impl Takers for Pack {
    const COMMAND: Command = Command::Pack;
}

impl Takers for Check {
    const COMMAND: Command = Command::Check;
}

impl Takers for Invoke {
    const COMMAND: Command = Command::Invoke;
}

impl Takers for Size {
    const COMMAND: Command = Command::Size;
}

/// The settings and options that the command line gives to a command.
#[derive(Debug, Clone)]
pub(crate) struct SettingFlags<C> {
    /// Paths are as they were written.
    pub(crate) settings: PartialSettings,
    run: PartialRunOptions,
    command: PhantomData<C>,
}

impl<C: Takers> SettingFlags<C> {
    /// The settings of the environment and of the command line, with paths relative to
    /// `current_folder`.
    ///
    /// # Errors
    /// [`crate::error::Error::Usage`] for a variable with a wrong value.
    pub(crate) fn sources(&self, current_folder: &Utf8Path) -> Result<[PartialSettings; 2]> {
        let environment = PartialSettings::from_environment(current_folder)?;
        let mut flags = self.settings.clone();
        flags.resolve_paths(current_folder);
        Ok([environment, flags])
    }

    /// Lets the run be a dry run.
    pub(crate) fn set_dry_run(&mut self) {
        self.run.dry_run = Some(Switch(true));
    }

    /// The options of this run, from the environment and the command line. Each command that reads a
    /// variable asks for them.
    ///
    /// # Errors
    /// [`crate::error::Error::Usage`] for a variable that is unknown or has a wrong value.
    pub(crate) fn run(&self) -> Result<RunOptions> {
        config::check_names(&definitions())?;
        let mut environment = config::of_process(Some(C::COMMAND));
        let mut run = PartialRunOptions::default();
        run.visit(&mut environment);
        environment.finish()?;
        Ok(PartialRunOptions::merged([run, self.run.clone()]).into())
    }
}

/// All settings and options.
pub(super) fn definitions() -> Vec<&'static Definition> {
    let mut definitions = PartialSettings::definitions();
    definitions.extend(PartialRunOptions::definitions());
    definitions
}

impl<C: Takers> Args for SettingFlags<C> {
    fn augment_args(command: clap::Command) -> clap::Command {
        let mut augment = Augment {
            clap: command,
            command: C::COMMAND,
        };
        PartialSettings::default().visit(&mut augment);
        PartialRunOptions::default().visit(&mut augment);
        lints::augment(augment.clap, C::COMMAND)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<C: Takers> FromArgMatches for SettingFlags<C> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut read = Read {
            matches,
            command: C::COMMAND,
        };
        let mut settings = PartialSettings {
            lints: lints::levels(matches, C::COMMAND),
            ..PartialSettings::default()
        };
        settings.visit(&mut read);
        let mut run = PartialRunOptions::default();
        run.visit(&mut read);
        Ok(Self {
            settings,
            run,
            command: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Adds the flags to a command of clap.
struct Augment {
    clap: clap::Command,
    command: Command,
}

impl Visitor for Augment {
    fn setting<V: Given>(&mut self, definition: &'static Definition, _: &mut V) {
        if let Some(flag) = definition.flag_of(self.command) {
            let arg = argument::<V>(definition, flag, self.command);
            self.clap = std::mem::take(&mut self.clap).arg(arg);
        }
    }

    fn key<V: Value>(&mut self, _: &'static Definition, _: &mut V) {}
}

fn argument<V: Given>(definition: &'static Definition, flag: &Flag, command: Command) -> Arg {
    let takes = if flag.single_in.contains(&command) {
        Takes::One
    } else {
        V::TAKES
    };
    let arg = Arg::new(flag.long)
        .long(flag.long)
        .short(flag.short)
        .help(definition.short_help(command))
        .long_help(definition.long_help(command, takes, V::RULE))
        .help_heading(flag.heading)
        .hide_short_help(!flag.is_common)
        .hide_possible_values(V::TAKES != Takes::Nothing)
        .value_parser(V::Word::parser())
        .conflicts_with_all(flag.conflicts_with);
    match takes {
        Takes::Nothing => {
            let arg = arg.action(ArgAction::Set).num_args(0);
            arg.default_missing_value("true")
        }
        Takes::One => arg.action(ArgAction::Set).value_name(flag.value),
        Takes::OneEach => arg.action(ArgAction::Append).value_name(flag.value),
        Takes::Several => {
            let arg = arg.action(ArgAction::Append).value_name(flag.value);
            arg.value_delimiter(',')
        }
    }
}

/// Reads the values of the flags.
struct Read<'a> {
    matches: &'a ArgMatches,
    command: Command,
}

impl Visitor for Read<'_> {
    fn setting<V: Given>(&mut self, definition: &'static Definition, value: &mut V) {
        if let Some(flag) = definition.flag_of(self.command) {
            let words = self.matches.get_many::<V::Word>(flag.long);
            *value = V::from_words(words.into_iter().flatten().cloned());
        }
    }

    fn key<V: Value>(&mut self, _: &'static Definition, _: &mut V) {}
}
