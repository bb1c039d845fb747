//! The ways to call the tool, and what it says of itself.

use crate::support::project::Project;
use crate::support::run::Run;

#[cfg(unix)]
#[test]
fn runs_as_a_cargo_subcommand() {
    let project = Project::package("orders", "");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[cfg(unix)]
#[test]
fn runs_by_its_own_name_without_the_repeated_word() {
    let project = Project::package("orders", "");
    Run::new(&project, &[]).run().exits(0);
    Run::new(&project, &["--arch", "arm64"]).run().exits(0);
    assert_eq!(project.zips(), ["orders-arm64.zip", "orders-x86_64.zip"]);
}

#[test]
fn tells_its_version_on_stdout() {
    let project = Project::empty();
    for args in [["lambda-zip", "--version"], ["lambda-zip", "-V"]] {
        for args in [&args[..], &args[1..]] {
            let outcome = Run::new(&project, args).run();
            outcome.exits(0).prints(env!("CARGO_PKG_VERSION"));
            assert_eq!(outcome.stderr, "");
        }
    }
}

#[test]
fn help_names_every_option_of_the_contract() {
    let outcome = Project::empty().run(&["--help"]);
    outcome.exits(0);
    for option in [
        "--include",
        "--exclude-file",
        "--layer",
        "--folder",
        "--max-zip-size",
        "--env ",
        "--env-file",
        "--build-std",
        "--no-install",
        "-p, --package",
        "--workspace",
        "--exclude",
        "--bin ",
        "--bins",
        "--example ",
        "--examples",
        "-F, --features",
        "--all-features",
        "--no-default-features",
        "-r, --release",
        "--profile",
        "--target ",
        "--target-dir",
        "--manifest-path",
        "--locked",
        "--offline",
        "--frozen",
        "-j, --jobs",
        "--keep-going",
        "--config",
        "-Z ",
        "--ignore-rust-version",
        "--timings",
        "-v, --verbose",
        "-q, --quiet",
        "--color",
        "--arch",
        "--runtime",
        "--output",
        "--dry-run",
        "--message-format",
        "-A, --allow",
        "-W, --warn",
        "-D, --deny",
    ] {
        outcome.prints(option);
    }
    assert_eq!(outcome.stderr, "");
}

#[test]
fn help_is_grouped_under_headings() {
    let outcome = Project::empty().run(&["--help"]);
    let headings = outcome
        .stdout
        .lines()
        .filter(|line| !line.starts_with(' ') && line.ends_with(':'))
        .count();
    outcome.promise(headings >= 4, "at least four headings");
}

#[test]
fn short_help_is_shorter() {
    let project = Project::empty();
    let (long, short) = (project.run(&["--help"]), project.run(&["-h"]));
    short.exits(0).prints("--arch");
    short.promise(
        short.stdout.lines().count() * 2 < long.stdout.lines().count(),
        "`-h` to be less than half of `--help`",
    );
}

#[test]
fn help_needs_no_project() {
    Project::empty().run(&["--help"]).exits(0).prints("Usage");
}

#[test]
fn help_and_usage_errors_have_the_colours_that_are_asked_for() {
    let project = Project::empty();
    for (args, variable, expected) in [
        (["--color", "always"], "never", true),
        (["--color", "never"], "always", false),
        (["-v", "-v"], "always", true),
        (["-v", "-v"], "never", false),
    ] {
        let run = |more| {
            let args = [&args[..], &[more]].concat();
            project
                .command(&args)
                .env("CARGO_TERM_COLOR", variable)
                .run()
        };
        let (help, error) = (run("--help"), run("--unknown"));
        assert_eq!(
            help.exits(0).stdout.contains('\u{1b}'),
            expected,
            "{args:?}"
        );
        assert_eq!(
            error.exits(2).stderr.contains('\u{1b}'),
            expected,
            "{args:?}"
        );
    }
}

#[test]
#[cfg(target_os = "linux")] // needs a device that is always full
fn help_that_cannot_be_written_is_an_error() {
    let mut tool = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    let full = fs_err::File::create("/dev/full").unwrap();
    let output = tool
        .arg("--help")
        .stdout(full.into_parts().0)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("error: could not write to standard output"),
        "{said}"
    );
}

#[test]
fn help_is_a_command() {
    let project = Project::empty();
    project.run(&["help"]).exits(0).prints("Exit codes:");
    for command in ["pack", "layer", "check"] {
        let help = project.run(&["help", command]);
        let same = project.run(&[command, "--help"]);
        assert_eq!(help.exits(0).stdout, same.exits(0).stdout);
    }
    project.run(&["help", "pakc"]).exits(2).says("pakc");
}

#[test]
fn display_options_stand_before_or_after_a_command() {
    let project = Project::empty().file("handler", "#!/bin/sh\n");
    for args in [["-q", "pack", "handler"], ["pack", "-q", "handler"]] {
        let outcome = project.run(&args);
        assert_eq!(outcome.exits(0).stderr, "");
    }
    let colourful = project.run(&["--color", "always", "pack", "handler"]);
    colourful.exits(0).says("\u{1b}[");
}

#[test]
fn other_options_stand_after_a_command() {
    let project = Project::empty().file("handler", "#!/bin/sh\n");
    let outcome = project.run(&["--profile", "dev", "pack", "handler"]);
    outcome
        .exits(2)
        .says("--profile")
        .says("cargo lambda-zip help pack");
    assert_eq!(project.files("."), ["handler"]);
}
