//! `cargo lambda-zip template`.

use std::env;

use clap::{ArgMatches, Args, FromArgMatches};

use super::build::BuildOptions;
use super::run_options::PartialRunOptions;
use super::{flag, is_given, settings};
use crate::cargo::TargetOptions;
use crate::config::definition::{Command, Definition};
use crate::config::table::Visitor;
use crate::config::value::{Given, Switch, Takes, Value};
use crate::config::{OutputTemplate, PartialSettings};
use crate::report::TemplateKind;

const AFTER_HELP: &str = "\
Examples:
  cargo lambda-zip template sam --arch arm64 > template.yaml
  cargo lambda-zip template aws-cli -p orders > deploy.sh
  cargo lambda-zip template sam --makefile > Makefile

The template of Terraform reads the report of a run: that of --report, or of the key `report`, else
<target-dir>/lambda-zip/report.json. Write it with `cargo lambda-zip --report FILE`.

Memory, timeout and environment of a function belong into the template: edit them there.";

/// Prints a template for SAM, CloudFormation, the AWS CLI, Terraform, CDK or Serverless.
///
/// It deploys the packages, and nothing is built. The options choose and describe the same packages as those of the main job.
/// Paths in the template are relative to the current folder, so save it there.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Template Options", after_long_help = AFTER_HELP)]
pub(crate) struct TemplateFlags {
    /// Kind of template: sam, cloudformation, aws-cli, terraform, cdk, serverless
    #[arg(value_name = "KIND", help_heading = None, hide_possible_values = true)]
    pub(crate) kind: TemplateKind,

    /// sam: print the Makefile with which `sam build` builds from the sources
    ///
    /// The template that goes with it is that of --from-source. Build with
    /// `sam build --build-in-source`.
    #[arg(long, conflicts_with = "from_source")]
    pub(crate) makefile: bool,

    /// sam: let `sam build` build from the sources, with the Makefile of --makefile
    #[arg(long)]
    pub(crate) from_source: bool,

    #[command(flatten)]
    pub(crate) targets: TargetOptions,

    #[command(flatten)]
    pub(crate) build: BuildOptions<settings::Template>,
}

/// The options of `template`, and the arguments that they were read from.
#[derive(Debug, Clone)]
pub(crate) struct TemplateOptions {
    pub(crate) flags: TemplateFlags,
    given: Vec<GivenArgument>,
    switched_off: Vec<String>,
}

/// An argument of the command line, with its value, or one that a variable stands for.
#[derive(Debug, Clone)]
struct GivenArgument {
    position: usize,
    id: String,
    words: Vec<String>,
}

/// The arguments that choose packages.
const SELECTION: [&str; 7] = [
    "package",
    "workspace",
    "exclude",
    "bin",
    "bins",
    "example",
    "examples",
];
/// The arguments that choose platforms.
const PLATFORMS: [&str; 2] = ["arch", "target"];
/// The arguments that choose features, which a package need not have.
const FEATURES: [&str; 3] = ["features", "all_features", "no_default_features"];
/// The arguments that are for functions, and not for the layers that they take by name.
const OF_FUNCTIONS: [&str; 3] = ["include", "exclude-file", "layer"];
/// The arguments that change how packages are built, and neither their plan nor their place.
const OF_BUILDS: [&str; 10] = [
    "jobs",
    "keep_going",
    "timings",
    "ignore_rust_version",
    "reproducible",
    "debug-file",
    "bundle-libraries",
    "no-install",
    "compression",
    "max-zip-size",
];
/// The other arguments that do not change what is packaged.
const OTHERS: [&str; 6] = [
    "makefile",
    "from_source",
    "report",
    "verbose",
    "quiet",
    "color",
];

impl TemplateOptions {
    /// The arguments of the main job that makes all packages for `platforms` in `target_folder`. Each of
    /// these is left out if the arguments name it.
    pub(crate) fn arguments(
        &self,
        platforms: Vec<String>,
        target_folder: Option<String>,
    ) -> Vec<String> {
        let mut arguments = self.given_without(&[]);
        let names = |ids: &[&str]| self.given.iter().any(|given| ids.contains(&&*given.id));
        if !names(&PLATFORMS) {
            arguments.extend(platforms);
        }
        if let Some(folder) = target_folder.filter(|_| !names(&["target_dir"])) {
            arguments.extend(["--target-dir".to_owned(), folder]);
        }
        arguments
    }

    /// The variables that switch something off, which no argument does.
    pub(crate) fn switched_off(&self) -> &[String] {
        &self.switched_off
    }

    /// The first argument of the command line that has an effect on builds only.
    pub(crate) fn of_builds(&self) -> Option<&str> {
        // Variables, which have no position, are for all commands.
        let mut given = self.given.iter().filter(|given| given.position > 0);
        let found = given.find(|given| OF_BUILDS.contains(&&*given.id))?;
        found.words.first().map(String::as_str)
    }

    /// The arguments for the folder of one package, beside those that choose it and its features.
    pub(crate) fn arguments_for_one(&self) -> Vec<String> {
        self.given_without(&[&SELECTION[..], &PLATFORMS, &FEATURES].concat())
    }

    /// The same for a layer that is made because functions take it by its name.
    pub(crate) fn arguments_for_taken(&self) -> Vec<String> {
        let mut given = self.given.iter().rev();
        let output = given.find(|given| given.id == "output");
        let output = output.and_then(|given| given.words.last()?.parse().ok());
        let names_package = output.is_some_and(|output: OutputTemplate| output.names_package());
        let place = (!names_package).then_some("output");
        let dropped = [&SELECTION[..], &PLATFORMS, &FEATURES, &OF_FUNCTIONS].concat();
        self.given_without(&[&dropped[..], place.as_slice()].concat())
    }

    fn given_without(&self, ids: &[&str]) -> Vec<String> {
        let is_kept = |given: &&GivenArgument| {
            let id = given.id.as_str();
            !ids.contains(&id) && !OTHERS.contains(&id)
        };
        let kept = self.given.iter().filter(is_kept);
        kept.flat_map(|given| given.words.clone()).collect()
    }
}

impl Args for TemplateOptions {
    fn augment_args(command: clap::Command) -> clap::Command {
        TemplateFlags::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for TemplateOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut variables = Variables {
            matches,
            given: Vec::new(),
            switched_off: Vec::new(),
        };
        PartialSettings::default().visit(&mut variables);
        PartialRunOptions::default().visit(&mut variables);
        let mut given: Vec<GivenArgument> = Vec::new();
        for argument in TemplateFlags::augment_args(clap::Command::new("template")).get_arguments()
        {
            given.extend(given_as(argument, matches));
        }
        given.sort_by_key(|given| given.position);
        // Arguments have a higher precedence than variables.
        given.splice(0..0, variables.given);
        Ok(Self {
            flags: TemplateFlags::from_arg_matches(matches)?,
            given,
            switched_off: variables.switched_off,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The arguments that the variables of this process stand for.
struct Variables<'m> {
    matches: &'m ArgMatches,
    given: Vec<GivenArgument>,
    switched_off: Vec<String>,
}

impl Visitor for Variables<'_> {
    fn setting<V: Given>(&mut self, definition: &'static Definition, _: &mut V) {
        let flag = definition.flag_of(Command::Template);
        let (Some(flag), Some(variable)) = (flag, definition.full_variable()) else {
            return;
        };
        let value = env::var(&variable).unwrap_or_default();
        let is_replaced = match flag.long {
            id if PLATFORMS.contains(&id) => PLATFORMS.iter().any(|id| is_given(id, self.matches)),
            id => V::TAKES != Takes::OneEach && is_given(id, self.matches),
        };
        if value.is_empty() || is_replaced {
            return;
        }
        let name = format!("--{}", flag.long);
        let words = match (V::TAKES, value.parse()) {
            (Takes::Nothing, Ok(Switch(false))) => return self.switched_off.push(variable),
            (Takes::Nothing, _) => vec![name],
            _ => vec![name, value],
        };
        self.given.push(GivenArgument {
            position: 0,
            id: flag.long.to_owned(),
            words,
        });
    }

    fn key<V: Value>(&mut self, _: &'static Definition, _: &mut V) {}
}

/// The values of one argument on the command line, each with its flag.
fn given_as(argument: &clap::Arg, matches: &ArgMatches) -> Vec<GivenArgument> {
    let id = argument.get_id().as_str();
    let Some(flag) = flag(argument).filter(|_| is_given(id, matches)) else {
        return Vec::new();
    };
    let takes_values = argument.get_action().takes_values()
        && argument.get_num_args().is_none_or(|n| n.takes_values());
    let values = matches.get_raw(id).into_iter().flatten();
    let values = values.map(|value| value.to_string_lossy().into_owned());
    let positions = matches.indices_of(id).into_iter().flatten();
    let of_value = |(position, value): (usize, String)| GivenArgument {
        position,
        id: id.to_owned(),
        words: match () {
            () if !takes_values => vec![flag.clone()],
            () if argument.is_require_equals_set() && value.is_empty() => vec![flag.clone()],
            () if argument.is_require_equals_set() => vec![format!("{flag}={value}")],
            () => vec![flag.clone(), value],
        },
    };
    positions.zip(values).map(of_value).collect()
}
