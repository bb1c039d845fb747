//! What people see: Cargo's look on stderr, results alone on stdout.

use crate::support::project::{Project, orders};

const ESCAPE: &str = "\u{1b}[";

#[test]
fn stdout_is_left_empty() {
    orders().run(&[]).exits(0).prints_nothing();
    orders()
        .run(&["--message-format", "human"])
        .exits(0)
        .prints_nothing();
}

#[test]
fn each_zip_is_told_with_its_sizes_its_share_and_its_place() {
    let outcome = orders().run(&["--arch", "arm64,x86_64"]);
    outcome.exits(0);
    for arch in ["arm64", "x86_64"] {
        let line = outcome
            .stderr
            .lines()
            .find(|line| line.contains("Packaged") && line.contains(&format!("orders {arch}")))
            .unwrap_or_else(|| panic!("no `Packaged orders {arch}`\n{outcome}"));
        for part in [
            "→",
            "% of 50 MiB",
            &format!("target/lambda-zip/orders-{arch}.zip"),
        ] {
            outcome.promise(line.contains(part), &format!("{part:?} in {line:?}"));
        }
    }
}

#[test]
fn status_lines_are_aligned_as_cargos_are() {
    let outcome = orders().run(&[]);
    outcome.exits(0).says("    Packaged ").says("   Compiling ");
}

#[test]
fn a_path_outside_the_current_folder_is_told_so_that_it_can_be_found() {
    let project = Project::workspace("").member("orders", "");
    let outcome = project.command(&[]).from("crates/orders").run();
    let absolute = project.path("target/lambda-zip/orders-x86_64.zip");
    let found = outcome
        .stderr
        .contains("../../target/lambda-zip/orders-x86_64.zip")
        || outcome.stderr.contains(absolute.to_str().unwrap());
    outcome.promise(found, "a path that leads to the zip from here");
}

#[test]
fn cargos_own_words_are_shown_untouched() {
    let project = orders().warns_with("orders/orders", "unused variable: `x`");
    project
        .run(&[])
        .exits(0)
        .says("warning: unused variable: `x`")
        .says("Finished");
}

#[test]
fn a_closing_summary_counts_the_zips() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("stock", "");
    let outcome = project.run(&["--arch", "arm64,x86_64"]);
    let last = outcome.stderr.trim_end().lines().last().unwrap_or_default();
    outcome.promise(last.contains('4'), "the number of zips in the last line");
}

#[test]
fn quiet_means_not_a_word() {
    for flag in ["-q", "--quiet"] {
        let outcome = orders().run(&[flag]);
        outcome.exits(0).prints_nothing();
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn quiet_may_be_said_by_cargos_settings() {
    let outcome = orders().command(&[]).env("CARGO_TERM_QUIET", "true").run();
    assert_eq!(outcome.exits(0).stderr, "");
    let project = orders().file(".cargo/config.toml", "[term]\nquiet = true\n");
    assert_eq!(project.run(&[]).exits(0).stderr, "");
}

#[test]
fn colours_may_be_asked_for_by_cargos_settings() {
    let project = orders().file(".cargo/config.toml", "[term]\ncolor = \"always\"\n");
    let outcome = project.run(&[]);
    let ours = outcome
        .stderr
        .lines()
        .find(|line| line.contains("Packaged"));
    outcome.promise(
        ours.is_some_and(|line| line.contains(ESCAPE)),
        "our lines as colourful as Cargo's",
    );
}

#[test]
fn quiet_does_not_hide_what_went_wrong() {
    orders()
        .run(&["-q", "-p", "refunds"])
        .exits(2)
        .says("refunds");
    let broken = orders().fails_with("orders/orders", "mismatched types");
    broken.run(&["-q"]).exits(101).says("mismatched types");
}

#[test]
fn a_pipe_gets_no_colours() {
    orders().run(&[]).exits(0).never_says(ESCAPE);
}

#[test]
fn what_is_rejected_is_red_and_what_is_packaged_is_not() {
    let project = orders();
    let line = |args: &[&str], verb: &str| {
        let outcome = project.run(&[&["--color", "always"], args].concat());
        let line = outcome.stderr.lines().find(|line| line.contains(verb));
        line.unwrap_or_else(|| panic!("{verb}: {outcome}"))
            .to_owned()
    };
    // The codes of red and bright red, before the verb.
    let is_red = |line: &str| {
        let style = line.split_once('m').map_or("", |(style, _)| style);
        let style = style.trim_start_matches(ESCAPE);
        line.contains("[31m") || line.contains("[91m") || style.split(';').any(|c| c == "31")
    };
    assert!(!is_red(&line(&[], "Packaged")));
    let rejected = line(&["--max-zip-size", "1"], "Rejected");
    assert!(is_red(&rejected), "{rejected:?}");
}

#[test]
fn colours_can_be_asked_for_and_refused() {
    orders()
        .run(&["--color", "always"])
        .exits(0)
        .says(ESCAPE)
        .says("Packaged");
    orders().run(&["--color=never"]).exits(0).never_says(ESCAPE);
    for (name, value) in [("NO_COLOR", "1"), ("CARGO_TERM_COLOR", "never")] {
        orders()
            .command(&[])
            .env(name, value)
            .run()
            .exits(0)
            .never_says(ESCAPE);
    }
    orders()
        .command(&[])
        .env("CARGO_TERM_COLOR", "always")
        .run()
        .exits(0)
        .says(ESCAPE);
    orders()
        .command(&["--color", "never"])
        .env("CARGO_TERM_COLOR", "always")
        .run()
        .exits(0)
        .never_says(ESCAPE);
}

#[test]
fn colours_never_reach_the_json() {
    let outcome = orders().run(&["--color", "always", "--message-format", "json"]);
    outcome.exits(0).json();
    outcome.promise(
        !outcome.stdout.contains(ESCAPE),
        "no escape codes in the JSON",
    );
}

#[test]
fn an_error_is_one_line_that_starts_with_error() {
    let outcome = orders().run(&["-p", "refunds"]);
    outcome.promise(outcome.stderr.starts_with("error: "), "`error: ` first");
}
