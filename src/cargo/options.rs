//! Cargo's own options, with Cargo's meaning.

use camino::Utf8PathBuf;
use cargo_config2::{Color, TermConfig, When};
use clap::{ArgAction, Args, ColorChoice};

use crate::shell::{Bar, BarWhen, Shell, Verbosity};

/// Heading of Cargo's options in the help.
pub(crate) const CARGO_OPTIONS: &str = "Cargo Options";

/// The default profile.
pub(crate) const LAMBDA_PROFILE: &str = "lambda";

/// The options of `cargo build`, except those that choose binaries.
#[derive(Debug, Clone, Args)]
pub(crate) struct CargoOptions {
    #[command(flatten)]
    pub(crate) packages: PackageOptions,
    #[command(flatten)]
    pub(crate) features: FeatureOptions,
    #[command(flatten)]
    pub(crate) compilation: CompilationOptions,
    #[command(flatten)]
    pub(crate) manifest: ManifestOptions,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// The packages to build.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = CARGO_OPTIONS)]
pub(crate) struct PackageOptions {
    /// Package to build: name, name@version, URL or glob (repeatable)
    #[arg(short, long, value_name = "SPEC")]
    pub(crate) package: Vec<String>,

    /// Build all packages in the workspace
    #[arg(long, visible_alias = "all")]
    pub(crate) workspace: bool,

    /// Package to leave out of --workspace (repeatable)
    #[arg(
        hide_short_help = true,
        long,
        value_name = "SPEC",
        requires = "workspace"
    )]
    pub(crate) exclude: Vec<String>,
}

/// The binaries and examples to build.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = CARGO_OPTIONS)]
pub(crate) struct TargetOptions {
    /// Build only this binary (name or glob; repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) bin: Vec<String>,

    // As documentation, the brackets would be a link.
    #[arg(hide_short_help = true, long, help = "Build all binaries [default]")]
    pub(crate) bins: bool,

    /// Build only this example (name or glob; repeatable)
    #[arg(hide_short_help = true, long, value_name = "NAME")]
    pub(crate) example: Vec<String>,

    /// Build all examples
    #[arg(hide_short_help = true, long)]
    pub(crate) examples: bool,
}

/// The features to activate.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = CARGO_OPTIONS)]
pub(crate) struct FeatureOptions {
    /// Features to activate, separated by spaces or commas
    #[arg(short = 'F', long, value_name = "FEATURES")]
    pub(crate) features: Vec<String>,

    /// Activate all available features
    #[arg(long, hide_short_help = true)]
    pub(crate) all_features: bool,

    /// Do not activate the `default` feature
    #[arg(long, hide_short_help = true)]
    pub(crate) no_default_features: bool,
}

/// The way to compile.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = CARGO_OPTIONS)]
pub(crate) struct CompilationOptions {
    /// Build with the `release` profile instead of `lambda`
    #[arg(short, long, conflicts_with = "profile")]
    pub(crate) release: bool,

    /// Build with this profile [default: lambda]
    ///
    /// Unless the manifest defines a profile `lambda`, it is `release` with thin LTO, one codegen
    /// unit and stripped symbols, each only where your release profile does not say otherwise.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Number of parallel jobs
    #[arg(
        hide_short_help = true,
        short,
        long,
        value_name = "N",
        allow_negative_numbers = true
    )]
    pub(crate) jobs: Option<String>,

    /// Build as much as possible after an error
    #[arg(long, hide_short_help = true)]
    pub(crate) keep_going: bool,

    /// Directory for all generated files
    #[arg(hide_short_help = true, long, value_name = "DIRECTORY")]
    pub(crate) target_dir: Option<Utf8PathBuf>,

    /// Report build timings
    #[arg(hide_short_help = true,
        long,
        value_name = "FMTS",
        num_args = 0..=1,
        default_missing_value = "",
        require_equals = true
    )]
    pub(crate) timings: Option<String>,

    /// Ignore the `rust-version` of packages
    #[arg(long, hide_short_help = true)]
    pub(crate) ignore_rust_version: bool,

    /// Override a Cargo configuration value (KEY=VALUE or a file; repeatable)
    #[arg(hide_short_help = true, long, value_name = "KEY=VALUE|PATH")]
    pub(crate) config: Vec<String>,

    /// Unstable flags of Cargo (repeatable)
    #[arg(hide_short_help = true, short = 'Z', value_name = "FLAG")]
    pub(crate) unstable: Vec<String>,
}

/// The workspace, and the use of its lockfile and the network.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = CARGO_OPTIONS)]
pub(crate) struct ManifestOptions {
    /// Path to Cargo.toml
    #[arg(long, hide_short_help = true, value_name = "PATH")]
    pub(crate) manifest_path: Option<Utf8PathBuf>,

    /// Require that Cargo.lock stays as it is
    #[arg(long)]
    pub(crate) locked: bool,

    /// Run without accessing the network
    #[arg(hide_short_help = true, long)]
    pub(crate) offline: bool,

    /// The same as --locked and --offline
    #[arg(long, hide_short_help = true)]
    pub(crate) frozen: bool,
}

/// The amount and the look of the output.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct OutputOptions {
    /// Show decisions, commands and files (-vv: Cargo is very verbose, too)
    #[arg(short, long, global = true, help_heading = None, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,

    /// Show only warnings and errors
    #[arg(short, long, global = true, help_heading = None)]
    pub(crate) quiet: bool,

    /// When to use colour: auto, always or never
    #[arg(
        long,
        global = true,
        help_heading = None,
        hide_short_help = true,
        value_name = "WHEN",
        env = "CARGO_TERM_COLOR",
        hide_env = true,
        hide_possible_values = true
    )]
    pub(crate) color: Option<ColorChoice>,
}

impl OutputOptions {
    /// The shell that the command line asks for.
    pub(crate) fn shell(&self) -> Shell {
        self.configured_shell(&TermConfig::default())
    }

    /// The shell that the command line asks for; where it is silent, Cargo's `[term]` table decides.
    pub(crate) fn configured_shell(&self, config: &TermConfig) -> Shell {
        let verbosity = match () {
            () if self.quiet => Verbosity::Quiet,
            () if self.verbose > 0 => Verbosity::Verbose,
            () if config.quiet == Some(true) => Verbosity::Quiet,
            () if config.verbose == Some(true) => Verbosity::Verbose,
            () => Verbosity::Normal,
        };
        let color = match (self.color, config.color) {
            (Some(ColorChoice::Always), _) | (None, Some(Color::Always)) => {
                anstream::ColorChoice::Always
            }
            (Some(ColorChoice::Never), _) | (None, Some(Color::Never)) => {
                anstream::ColorChoice::Never
            }
            (Some(ColorChoice::Auto), _) | (None, Some(Color::Auto) | None) => {
                anstream::ColorChoice::Auto
            }
        };
        let shell = Shell::new(verbosity, color);
        let (environment, progress) = (Bar::from_env(), &config.progress);
        let when = progress.when.map(|when| match when {
            When::Auto => BarWhen::Auto,
            When::Always => BarWhen::Always,
            When::Never => BarWhen::Never,
        });
        let width = progress.width.and_then(|width| width.try_into().ok());
        shell.with_bar(Bar {
            when: when.unwrap_or(environment.when),
            width: width.or(environment.width),
        })
    }
}
