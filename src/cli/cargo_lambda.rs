//! Arguments of cargo-lambda, and what they are called here.
//!
//! Source: `cargo lambda build --help` of cargo-lambda 1.9.

use std::ffi::OsString;

use crate::error::Error;

/// The arguments of `cargo lambda build`: each has a counterpart.
const ARGUMENTS: &[(&str, &str)] = &[
    (
        "build",
        "leave out `build`: `cargo lambda-zip` builds and packages",
    ),
    ("--arm64", "`--arm64` is `--arch arm64` here"),
    ("--x86-64", "`--x86-64` is `--arch x86_64` here"),
    (
        "--output-format",
        "leave out `--output-format`: a zip is always written, and `--folder DIR` writes the files, too",
    ),
    (
        "--lambda-dir",
        "`--lambda-dir DIR` is `--output 'DIR/{bin}.zip'` here, or `--folder 'DIR/{bin}'` for the files",
    ),
    ("-l", "`-l DIR` is `--output 'DIR/{bin}.zip'` here"),
    (
        "--extension",
        "`--extension` is `kind = \"extension\"` in `[package.metadata.lambda-zip.bin.NAME]` here, \
         or `pack --kind extension`",
    ),
    (
        "--internal",
        "`--internal` is a layer here: `cargo lambda-zip layer LAYER --bin NAME`",
    ),
    (
        "--flatten",
        "`--flatten NAME` is `--bin NAME --folder DIR` here",
    ),
    (
        "--skip-target-check",
        "`--skip-target-check` is `--no-install` here",
    ),
    (
        "--compiler",
        "`--compiler NAME` is `--builder NAME` here, with cargo, zigbuild or cross",
    ),
    ("-c", "`-c NAME` is `--builder NAME` here"),
    ("-i", "`-i FILE` is `--include FILE` here"),
    (
        "--disable-optimizations",
        "`--disable-optimizations` is a profile here: `--profile release`",
    ),
];

/// The commands of cargo-lambda without a counterpart.
const COMMANDS: &[(&str, &str)] = &[
    (
        "deploy",
        "upload the zip: `aws lambda update-function-code --function-name NAME --zip-file fileb://FILE`",
    ),
    ("watch", "go on with `cargo lambda watch`"),
    ("start", "go on with `cargo lambda start`"),
    ("new", "create the project with `cargo new`"),
    ("system", "`-v` shows the builder and the reason for it"),
];

/// The error for an argument that is cargo-lambda's, with all others of `args`; `None` if it is not.
pub(super) fn explained(refused: &str, args: &[OsString]) -> Option<Error> {
    if let Some((command, way_out)) = find(COMMANDS, refused) {
        return Some(Error::Usage {
            message: format!(
                "`{command}` is a command of cargo-lambda, and has no counterpart here"
            ),
            help: vec![(*way_out).to_owned()],
        });
    }
    find(ARGUMENTS, refused)?;
    let args = args.iter().skip(1).filter_map(|arg| arg.to_str());
    let args = args.take_while(|arg| *arg != "--");
    let mut known: Vec<_> = args.filter_map(|arg| find(ARGUMENTS, arg)).collect();
    known.dedup();
    let names: Vec<String> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
    let ways_out: Vec<&str> = known.iter().map(|(_, way_out)| *way_out).collect();
    let are = if names.len() == 1 {
        "is an argument"
    } else {
        "are arguments"
    };
    Some(Error::Usage {
        message: format!("{} {are} of cargo-lambda", names.join(", ")),
        help: vec![ways_out.join("; ")],
    })
}

/// The row of an argument, which may have its value behind `=`.
fn find<'t>(table: &'t [(&str, &str)], argument: &str) -> Option<&'t (&'t str, &'t str)> {
    let name = argument.split([' ', '=']).next()?;
    table.iter().find(|(known, _)| *known == name)
}
