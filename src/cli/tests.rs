//! The command line as a whole.

use clap::CommandFactory;

use super::*;
use crate::config::PartialSettings;
use crate::config::definition::Command as Taker;
use crate::lambda::{Architecture, Target};

fn parse(args: &str) -> Result<Cli, String> {
    let args = std::iter::once("cargo-lambda-zip").chain(args.split_whitespace());
    Cli::from_args(args.map(Into::into)).map_err(|error| error.to_string())
}

#[test]
fn the_definition_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn the_short_help_of_every_command_fits_a_screen() {
    let mut command = Cli::command().term_width(100);
    command.build();
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let expected = [
        "pack",
        "layer",
        "check",
        "template",
        "invoke",
        "report",
        "size",
        "init",
        "schema",
        "completions",
        "man",
        "help",
    ];
    assert_eq!(names, expected);
    let commands = expected.into_iter().filter(|name| *name != "help");
    for name in commands.chain([""]) {
        let command = match name {
            "" => &mut command,
            name => command.find_subcommand_mut(name).unwrap(),
        };
        let help = command.render_help().to_string();
        let lines = help.lines().count();
        assert!(lines <= 56, "{lines} lines:\n{help}");
        assert!(!help.contains("Exit codes"), "{help}");
        assert!(!help.contains("CARGO_LAMBDA_ZIP"), "{help}");
    }
}

#[test]
fn the_help_names_every_value_of_a_closed_set() {
    let command = Cli::command();
    // Their results are no findings about lines, which code scanning and annotations are for.
    let has_value = |name: &str, value: &str| {
        !["invoke", "size"].contains(&name) || !["sarif", "github"].contains(&value)
    };
    for command in command.get_subcommands().chain([&command]) {
        for arg in command
            .get_arguments()
            .filter(|arg| arg.is_hide_possible_values_set())
        {
            let help = arg.get_help().unwrap().to_string();
            for value in arg.get_possible_values() {
                let value = value.get_name();
                let is_named = help.contains(value);
                assert_eq!(
                    is_named,
                    has_value(command.get_name(), value),
                    "{value}: {help}"
                );
            }
        }
    }
}

#[test]
fn the_long_help_names_every_variable() {
    let help = Cli::command().render_long_help().to_string();
    for definition in settings::definitions() {
        if let Some(variable) = definition.full_variable() {
            assert!(help.contains(&variable), "{variable}");
            if definition.flag_of(Taker::Build).is_some() {
                assert!(help.contains(&format!("[env: {variable}]")), "{variable}");
            }
        }
    }
}

#[test]
fn a_key_that_is_not_named_as_its_flag_is_in_the_help() {
    let help = Cli::command().term_width(200).render_help().to_string();
    for key in ["architectures", "targets", "exclude", "layers", "lints"] {
        assert!(help.contains(&format!("[key: {key}]")), "{key}: {help}");
    }
    assert!(!help.contains("[key: runtime]"), "{help}");
}

#[test]
fn the_help_of_a_command_names_only_what_it_reads() {
    let long_help = |name: &str| {
        let mut command = Cli::command().term_width(200);
        command.build();
        let command = command.find_subcommand_mut(name).unwrap();
        command.render_long_help().to_string()
    };
    for name in ["pack", "invoke", "size"] {
        let help = long_help(name);
        for of_manifests in [
            "[key:",
            "Cargo.toml",
            "manifest",
            "all sources",
            "profile `dev`",
        ] {
            assert!(
                !help.contains(of_manifests),
                "{name}, {of_manifests}: {help}"
            );
        }
    }
    for name in ["check", "layer", "template"] {
        assert!(long_help(name).contains("[key: lints]"), "{name}");
    }
    for name in ["invoke", "size"] {
        assert!(!long_help(name).contains("sarif"), "{name}");
    }
    let template = long_help("template");
    for unused in ["--dry-run", "--prune", "--verify", "--print", "--partition"] {
        assert!(
            !template.contains(&format!("{unused} ")),
            "{unused}: {template}"
        );
        assert!(
            !template.contains(&format!("{unused}\n")),
            "{unused}: {template}"
        );
    }
}

#[test]
fn a_command_takes_no_option_without_an_effect() {
    for (command, options) in [
        (
            "template sam",
            &[
                "--dry-run",
                "--prune",
                "--verify",
                "--partition 1/2",
                "--print paths",
                "--message-format json",
                "--folder d",
            ][..],
        ),
        ("invoke x.zip", &["-D debug-info", "--report x"]),
        ("init", &["--locked", "--offline", "--frozen"]),
        ("size x.zip", &["-A debug-info"]),
    ] {
        for option in options {
            let error = parse(&format!("{command} {option}")).unwrap_err();
            assert!(error.contains("unexpected argument"), "{error}");
        }
    }
}

#[test]
fn flags_are_read_as_settings() {
    let cli = parse(
        "--arch arm64,x86_64 --arch arm64 --reproducible --cpu lambda --dry-run -D debug-info",
    )
    .unwrap();
    let PartialSettings {
        architectures,
        reproducible,
        cpu,
        lints,
        runtime,
        ..
    } = cli.build.flags.settings.clone();
    let architecture = [
        Architecture::Arm64,
        Architecture::X86_64,
        Architecture::Arm64,
    ];
    assert_eq!(architectures, Some(architecture.to_vec()));
    assert!(reproducible.is_some() && runtime.is_none());
    assert_eq!(cpu, "lambda".parse().ok());
    assert_eq!(lints.len(), 1);
    let cli = parse("--target x86_64-unknown-linux-gnu.2.26").unwrap();
    let target: Target = "x86_64-unknown-linux-gnu.2.26".parse().unwrap();
    assert_eq!(cli.build.flags.settings.targets, Some(vec![target]));
}

#[test]
fn an_architecture_and_a_target_exclude_each_other() {
    let error = parse("--arch arm64 --target x86_64-unknown-linux-gnu").unwrap_err();
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn pack_and_check_take_one_architecture() {
    for command in ["pack x", "check x.zip", "invoke x.zip"] {
        assert!(parse(&format!("{command} --arch arm64")).is_ok());
        for two in ["--arch arm64 --arch x86_64", "--arch arm64,x86_64"] {
            assert!(
                parse(&format!("{command} {two}")).is_err(),
                "{command} {two}"
            );
        }
    }
}

#[test]
fn display_options_are_accepted_before_and_after_a_subcommand() {
    for args in ["-q pack x", "pack -q x", "pack x -q", "pack x --quiet"] {
        let Some(Command::Pack(pack)) = parse(args).unwrap().command else {
            panic!("{args}");
        };
        assert!(pack.display.quiet, "{args}");
    }
    for args in ["-vv layer --color always", "--color always layer -vv"] {
        let Some(Command::Layer(layer)) = parse(args).unwrap().command else {
            panic!("{args}");
        };
        assert_eq!(layer.build.cargo.output.verbose, 2, "{args}");
        let color = layer.build.cargo.output.color;
        assert_eq!(color, Some(clap::ColorChoice::Always), "{args}");
    }
    for args in [
        "-q -v",
        "-q check -v x.zip",
        "-v check x.zip -q",
        "check -q -v x.zip",
    ] {
        assert!(parse(args).is_err(), "{args}");
    }
}

#[test]
fn other_flags_are_accepted_before_a_subcommand_that_has_them() {
    for (args, same) in [
        ("--arch arm64 pack x", "pack --arch arm64 x"),
        ("-p layer layer tools", "layer -p layer tools"),
        ("-A debug-info check x.zip", "check -A debug-info x.zip"),
    ] {
        let [args, same] = [args, same].map(|args| format!("{:?}", parse(args).unwrap().command));
        assert_eq!(args, same);
    }
    for args in [
        "--bins check x.zip",
        "--profile dev pack x",
        "--bins layer tools",
    ] {
        let error = parse(args).unwrap_err();
        assert!(error.contains("is not accepted before"), "{error}");
    }
}

#[test]
fn help_is_a_command() {
    for (args, usage) in [
        ("help", "Usage: cargo lambda-zip [OPTIONS]"),
        ("help pack", "Usage: cargo lambda-zip pack"),
        ("help check", "Usage: cargo lambda-zip check"),
    ] {
        let help = parse(args).unwrap_err();
        assert!(help.contains(usage), "{help}");
    }
}

#[test]
fn the_repeated_word_is_optional_and_gos_flag_is_understood() {
    let strip = |args: &[&str]| normalized(args.iter().map(Into::into));
    assert_eq!(strip(&["x", "lambda-zip", "-q"]), ["x", "-q"]);
    assert_eq!(strip(&["x", "-q", "lambda-zip"]), ["x", "-q", "lambda-zip"]);
    assert_eq!(strip(&["x"]), ["x"]);
    let args = [
        "x",
        "pack",
        "-output",
        "a.zip",
        "-output=b.zip",
        "-o",
        "--",
        "-output",
    ];
    let meant = [
        "x",
        "pack",
        "--output",
        "a.zip",
        "--output=b.zip",
        "-o",
        "--",
        "-output",
    ];
    assert_eq!(strip(&args), meant);
}
