//! Cargo's own options, with Cargo's meaning.

use std::ffi::OsString;

use camino::Utf8PathBuf;
use cargo_config2::{Color, TermConfig};
use clap::{ArgAction, Args, ColorChoice};

use crate::shell::{Shell, Verbosity};

/// The profile that is built with unless another is named.
pub(crate) const LAMBDA_PROFILE: &str = "lambda";

/// The options of `cargo build` that apply to whatever is built, but for the choice of binaries.
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

/// Which packages.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct PackageOptions {
    /// Package to build (name, name@version, URL or glob; repeatable)
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

/// Which of their targets.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct TargetOptions {
    /// Build only this binary (name or glob; repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) bin: Vec<String>,

    /// Build all binaries [default]
    #[arg(long)]
    pub(crate) bins: bool,

    /// Build only this example (name or glob; repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) example: Vec<String>,

    /// Build all examples
    #[arg(long)]
    pub(crate) examples: bool,
}

/// Which features.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Feature Selection")]
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

/// How to compile.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Compilation Options")]
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
    #[arg(short, long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) jobs: Option<String>,

    /// Build as much as possible, whatever fails
    #[arg(long, hide_short_help = true)]
    pub(crate) keep_going: bool,

    /// Directory for all generated files
    #[arg(long, value_name = "DIRECTORY")]
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

/// Which workspace.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Manifest Options")]
pub(crate) struct ManifestOptions {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<Utf8PathBuf>,

    /// Require that Cargo.lock stays as it is
    #[arg(long)]
    pub(crate) locked: bool,

    /// Run without accessing the network
    #[arg(long)]
    pub(crate) offline: bool,

    /// The same as --locked and --offline
    #[arg(long, hide_short_help = true)]
    pub(crate) frozen: bool,
}

/// What is shown.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Display Options")]
pub(crate) struct OutputOptions {
    /// Show more: decisions, exact commands, all files (-vv: also Cargo's very verbose output)
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,

    /// Show only warnings and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Coloring
    #[arg(long, value_name = "WHEN", env = "CARGO_TERM_COLOR", hide_env = true)]
    pub(crate) color: Option<ColorChoice>,
}

impl FeatureOptions {
    /// The single features named, however they were separated.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.features
            .iter()
            .flat_map(|list| list.split([',', ' ']))
            .filter(|name| !name.is_empty())
    }

    /// The options, in the user's own words.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        self.arguments_with(&self.features)
    }

    /// The options for a build in which only `features` are known.
    pub(crate) fn arguments_with<F: AsRef<std::ffi::OsStr>>(
        &self,
        features: &[F],
    ) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--features", features);
        arguments.flag("--all-features", self.all_features);
        arguments.flag("--no-default-features", self.no_default_features);
        arguments.0
    }
}

impl PackageOptions {
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--package", &self.package);
        arguments.flag("--workspace", self.workspace);
        arguments.each("--exclude", &self.exclude);
        arguments.0
    }
}

impl TargetOptions {
    /// Without a choice: the binaries. Libraries have nothing to be packaged, and one that does
    /// not compile for Linux must not stand in the way.
    pub(crate) fn wants_all_bins(&self) -> bool {
        self.bins || (self.bin.is_empty() && self.example.is_empty() && !self.examples)
    }

    /// Whether any example was asked for.
    pub(crate) fn wants_examples(&self) -> bool {
        self.examples || !self.example.is_empty()
    }

    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--bin", &self.bin);
        arguments.flag("--bins", self.wants_all_bins());
        arguments.each("--example", &self.example);
        arguments.flag("--examples", self.examples);
        arguments.0
    }
}

impl ManifestOptions {
    /// The options that every Cargo command takes.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--manifest-path", &self.manifest_path);
        arguments.0.extend(self.arguments_without_path());
        arguments.0
    }

    /// The same for a Cargo that runs in the workspace's folder.
    pub(crate) fn arguments_without_path(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.flag("--locked", self.locked);
        arguments.flag("--offline", self.offline);
        arguments.flag("--frozen", self.frozen);
        arguments.0
    }

    /// Whether nothing may be fetched.
    pub(crate) fn is_offline(&self) -> bool {
        self.offline || self.frozen
    }
}

impl CompilationOptions {
    /// The profile's name as Cargo knows it.
    pub(crate) fn profile(&self) -> &str {
        match &self.profile {
            Some(profile) => profile,
            None if self.release => "release",
            None => LAMBDA_PROFILE,
        }
    }

    /// What goes to every Cargo command: the settings it reads before anything else.
    pub(crate) fn settings(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--config", &self.config);
        arguments.each("-Z", &self.unstable);
        arguments.0
    }

    /// What goes to `cargo build` only.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--profile", Some(self.profile()));
        arguments.each("--jobs", &self.jobs);
        arguments.flag("--keep-going", self.keep_going);
        match self.timings.as_deref() {
            None => {}
            Some("") => arguments.flag("--timings", true),
            Some(formats) => arguments.0.push(format!("--timings={formats}").into()),
        }
        arguments.flag("--ignore-rust-version", self.ignore_rust_version);
        arguments.0
    }

    /// `--target-dir`, if it was given.
    pub(crate) fn target_dir_argument(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--target-dir", &self.target_dir);
        arguments.0
    }
}

impl OutputOptions {
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        // The first -v is for this tool's own decisions and commands, and for Cargo's.
        match self.verbose {
            0 => {}
            1 => arguments.flag("--verbose", true),
            _ => arguments.flag("-vv", true),
        }
        arguments.flag("--quiet", self.quiet);
        arguments.each("--color", self.color.map(|when| when.to_string()));
        arguments.0
    }

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
        Shell::new(verbosity, color)
    }
}

/// An argument list in the making.
#[derive(Default)]
struct Arguments(Vec<OsString>);

impl Arguments {
    fn flag(&mut self, flag: &str, given: bool) {
        if given {
            self.0.push(flag.into());
        }
    }

    fn each<V: AsRef<std::ffi::OsStr>>(&mut self, flag: &str, values: impl IntoIterator<Item = V>) {
        for value in values {
            self.0.push(flag.into());
            self.0.push(value.as_ref().into());
        }
    }
}
