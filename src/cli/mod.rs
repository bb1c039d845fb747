//! The command line: types and their help, nothing else.

mod check;
mod contents;
mod layer;
mod lints;
mod pack;

pub(crate) use check::CheckOptions;
pub(crate) use contents::ContentOptions;
pub(crate) use layer::LayerOptions;
pub(crate) use lints::LintFlags;
pub(crate) use pack::PackOptions;

use std::ffi::OsString;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand};

use crate::cargo::builders::Builder;
use crate::cargo::{CargoOptions, TargetOptions};
use crate::config;
use crate::lambda::{Architecture, Cpus, Target};

const AFTER_HELP: &str = "\
Examples:
  cargo lambda-zip                          package the binaries of this package or workspace
  cargo lambda-zip --arch arm64,x86_64      for both architectures, in one build
  cargo lambda-zip -p orders --bin orders   only this one
  cargo lambda-zip --dry-run                show what would be built and written
  cargo lambda-zip layer                    make the layers that are configured

Exit codes:
  0  done                                   3    a target, tool or file is missing
  1  a package was rejected by a lint       4    input or output failed
  2  wrong usage or configuration           101  the build failed
                                            130  interrupted
                                            141  nobody reads the output

Keys of [workspace.metadata.lambda-zip], [package.metadata.lambda-zip] and, below either,
[….bin.NAME] (of a package) and [….layer.NAME] are named as the flags. CARGO_LAMBDA_ZIP_ARCH,
_TARGET, _RUNTIME, _BUILDER, _REPRODUCIBLE, _CPU, _OUTPUT, _COMPRESSION, _FOLDER,
_MAX_ZIP_SIZE, _MAX_UNZIPPED_SIZE, _MESSAGE_FORMAT, _NO_INSTALL and _BUILD_STD are read from the
environment.";

/// Builds the binaries of a Cargo workspace for AWS Lambda and writes one bootstrap zip for each.
///
/// What Cargo builds is what gets packaged: every binary of the selected packages becomes a zip
/// with the program as `bootstrap` at its root, for each architecture, checked against what
/// Lambda can start and against its limits of 50 MiB zipped and 250 MiB unzipped.
#[derive(Debug, Parser)]
#[command(
    name = "cargo lambda-zip",
    bin_name = "cargo lambda-zip",
    version,
    about,
    styles = clap_cargo::style::CLAP_STYLING,
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    subcommand_value_name = "COMMAND",
    disable_help_subcommand = true,
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) build: BuildOptions,
    #[command(flatten)]
    pub(crate) targets: TargetOptions,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The options of whatever builds and packages.
#[derive(Debug, Clone, Args)]
pub(crate) struct BuildOptions {
    #[command(flatten)]
    pub(crate) packaging: Packaging,
    #[command(flatten)]
    pub(crate) contents: ContentOptions,
    #[command(flatten)]
    pub(crate) lints: LintFlags,
    #[command(flatten)]
    pub(crate) cargo: CargoOptions,
}

/// What is done instead of the main job.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Pack(Box<PackOptions>),
    Layer(Box<LayerOptions>),
    Check(Box<CheckOptions>),
}

/// Options of the zip and of the function it is for.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Lambda Options")]
pub(crate) struct Packaging {
    /// Architecture of the function: x86_64 or arm64 (repeat or separate by commas for both)
    ///
    /// Short for the musl target of that architecture. Cargo's and Docker's spellings, aarch64
    /// and amd64, are accepted.
    #[arg(
        long,
        value_name = "ARCH",
        value_delimiter = ',',
        conflicts_with = "target"
    )]
    pub(crate) arch: Vec<Architecture>,

    /// Target triple to build for, instead of --arch
    ///
    /// One of {x86_64,aarch64}-unknown-linux-{musl,gnu}; several are one build. Without this and
    /// --arch: the metadata of the package or workspace, then Cargo's build.target where Lambda
    /// can run it, then x86_64-unknown-linux-musl.
    #[arg(long, value_name = "TRIPLE", value_delimiter = ',')]
    pub(crate) target: Vec<Target>,

    /// What compiles and links: auto, cargo, zigbuild or cross [default: auto]
    ///
    /// `auto` takes Cargo with the linker of the Rust toolchain, which is all that pure Rust
    /// needs. Where a dependency compiles C for the target and no C compiler for it is
    /// configured, it takes cargo-zigbuild, else cross. `-v` says what was chosen and why.
    #[arg(long, value_name = "BUILDER")]
    pub(crate) builder: Option<Builder>,

    /// Where to write each zip [default: <target-dir>/lambda-zip/{arch}/{bin}.zip]
    ///
    /// The placeholders {bin}, {package}, {version}, {arch}, {target} and {profile} are replaced.
    /// Of a layer, {bin} is its name, and {arch} is `any` if it runs on either.
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(crate) output: Option<String>,

    /// Show what would be built and written, and do neither
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// CPU to compile for: lambda, generic or a name that rustc knows
    ///
    /// `lambda` is the oldest that Lambda has: x86-64-v3 (AVX2), and neoverse-n1 (Graviton2). For
    /// one architecture only: ARCH=NAME (repeatable). C compilers are not told.
    #[arg(hide_short_help = true, long, value_name = "[ARCH=]NAME")]
    pub(crate) cpu: Vec<Cpus>,

    /// Make the same zip from another folder, Cargo home or user's account
    ///
    /// Rust's panics and debug information, and C's `__FILE__`, name paths of the machine. This
    /// calls them /workspace, /cargo, /target and /rustc/HASH, by rustc's --remap-path-prefix and C's
    /// -ffile-prefix-map, after flags of your own.
    #[arg(long)]
    pub(crate) reproducible: bool,

    /// Set an environment variable for the build (repeatable)
    #[arg(hide_short_help = true, long, value_name = "KEY=VALUE")]
    pub(crate) env: Vec<String>,

    /// Read environment variables for the build from a file (repeatable)
    #[arg(hide_short_help = true, long, value_name = "FILE")]
    pub(crate) env_file: Vec<Utf8PathBuf>,

    /// Compile Rust's standard library too, for a toolchain without that of the target
    ///
    /// Needs the toolchain's source of it, and zig with cargo-zigbuild.
    #[arg(hide_short_help = true,
        long,
        env = "CARGO_LAMBDA_ZIP_BUILD_STD",
        value_parser = |text: &str| config::switch("BUILD_STD", text)
    )]
    pub(crate) build_std: bool,

    /// Do not install a missing Rust target
    #[arg(hide_short_help = true,
        long,
        env = "CARGO_LAMBDA_ZIP_NO_INSTALL",
        value_parser = |text: &str| config::switch("NO_INSTALL", text)
    )]
    pub(crate) no_install: bool,
}

/// `cargo lambda-zip …` reaches the program as `cargo-lambda-zip lambda-zip …`; both forms work.
pub(crate) fn without_repeated_word(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<_> = args.into_iter().collect();
    if args.get(1).is_some_and(|word| word == "lambda-zip") {
        args.remove(1);
    }
    args
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;

    const VARIABLE: &str = "CARGO_LAMBDA_ZIP_";

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_and_reference_name_every_variable_and_no_other() {
        let names: BTreeSet<&str> = config::NAMES.into();
        // Of these flags, Clap reads the variables.
        let command = Cli::command();
        let read = command.get_arguments().filter_map(clap::Arg::get_env);
        for name in read.filter_map(|variable| variable.to_str()?.strip_prefix(VARIABLE)) {
            assert!(names.contains(name), "{name}");
        }
        let (_, list) = AFTER_HELP.split_once(VARIABLE).unwrap();
        let (list, _) = list.split_once(" are read").unwrap();
        let words = list.split([' ', '\n', ',']);
        let in_help = words.filter(|word| !word.is_empty() && *word != "and");
        let in_help = in_help.map(|word| word.trim_start_matches('_'));
        assert_eq!(in_help.collect::<BTreeSet<_>>(), names);

        let reference = include_str!("../../docs/configuration.md");
        let (_, table) = reference
            .split_once("\n| Key | Flag | Environment |")
            .unwrap();
        let (table, _) = table.split_once("\n\n").unwrap();
        let in_table = table.split(VARIABLE).skip(1);
        let in_table = in_table.filter_map(|rest| Some(rest.split_once('`')?.0));
        assert_eq!(in_table.collect::<BTreeSet<_>>(), names);
    }

    #[test]
    fn the_repeated_word_is_optional() {
        let strip = |args: &[&str]| without_repeated_word(args.iter().map(Into::into));
        assert_eq!(strip(&["x", "lambda-zip", "-q"]), ["x", "-q"]);
        assert_eq!(strip(&["x", "-q", "lambda-zip"]), ["x", "-q", "lambda-zip"]);
        assert_eq!(strip(&["x"]), ["x"]);
    }
}
