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
fn each_zip_is_told_with_its_sizes_and_its_place() {
    let outcome = orders().run(&["--arch", "arm64,x86_64"]);
    outcome.exits(0);
    for arch in ["arm64", "x86_64"] {
        let line = outcome
            .stderr
            .lines()
            .find(|line| line.contains("Packaged") && line.contains(&format!("orders {arch}")))
            .unwrap_or_else(|| panic!("no `Packaged orders {arch}`\n{outcome}"));
        for part in ["→", &format!("target/lambda-zip/orders-{arch}.zip")] {
            outcome.promise(line.contains(part), &format!("{part:?} in {line:?}"));
        }
        outcome.promise(
            !line.contains('%'),
            "its share of a limit only near the limit",
        );
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
    // The whole path would take more than 80 columns.
    outcome.says("…/target/lambda-zip/orders-x86_64.zip\n");
    let verbose = project.command(&["-v"]).from("crates/orders").run();
    let absolute = project.path("target/lambda-zip/orders-x86_64.zip");
    let found = [
        "../../target/lambda-zip/orders-x86_64.zip",
        absolute.to_str().unwrap(),
    ]
    .iter()
    .any(|path| verbose.stderr.contains(path));
    verbose.promise(found, "a path that leads to the zip from here");
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
fn without_utf8_arrows_are_two_characters() {
    for (locale, arrow, other) in [
        ("C", " -> ", "→"),
        ("en_US.ISO-8859-1", " -> ", "→"),
        ("C.UTF-8", " → ", "->"),
    ] {
        let outcome = orders().command(&[]).env("LC_ALL", locale).run();
        outcome.exits(0).says(arrow).never_says(other);
    }
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

#[test]
fn many_zips_and_a_finding_in_all_of_them_are_a_few_lines() {
    let names: Vec<String> = (10..40)
        .map(|number| format!("function-{number}"))
        .collect();
    let mut project = Project::package("function-09", "");
    for name in &names {
        project = project.bin("", name);
    }
    let args = ["--arch", "arm64,x86_64", "--runtime", "provided.al2"];
    let outcome = project.run(&args);
    outcome.exits(0);
    let own = |line: &&str| !line.contains("Compiling") && !line.contains("Finished");
    let lines: Vec<&str> = outcome.stderr.lines().filter(own).collect();
    outcome.promise(lines.len() <= 10, "few lines");
    outcome.promise(
        lines
            .iter()
            .all(|line| line.starts_with("warning") || line.chars().count() <= 80),
        "status lines of 80 columns",
    );
    outcome
        .says("and 59 more")
        .says("Packaged 31 zips for arm64");
    outcome.says("62 zips,").says("62 warnings");
    // All are in the other formats, and under `-v`.
    let report = project.report(&args);
    let archives = report["archives"].as_array().unwrap();
    let found = archives
        .iter()
        .map(|archive| archive["findings"].as_array().unwrap().len());
    assert_eq!(found.sum::<usize>(), 62);
    let verbose = project.run(&[&args[..], &["-v"]].concat());
    verbose
        .says("package: function-39 x86_64")
        .says("Fresh function-39 x86_64");
    // A screen is enough for several lints, whose messages differ.
    let args = [&args[..], &["--max-zip-size", "1", "-W", "over-budget"]].concat();
    let outcome = project.run(&args);
    outcome
        .promise(outcome.stderr.lines().count() <= 24, "a screen")
        .says("124 warnings");
}

#[test]
fn verbose_runs_show_every_file_with_its_size_and_source() {
    let project = orders().with(&["config/tax.json"]);
    let args = ["-v", "--include", "config"];
    let planned = project.run(&[&args[..], &["--dry-run"]].concat());
    planned.exits(0).says("File bootstrap is built by Cargo");
    planned.says("File config/tax.json 15 B from config/tax.json");
    let written = project.run(&args);
    written.exits(0).says("File bootstrap 1006 B from target/");
    written.says("File config/tax.json 15 B from config/tax.json");
    project
        .run(&args)
        .says("Fresh")
        .says("File bootstrap 1006 B");
    let checked = project.run(&["check", "-v", "target/lambda-zip/orders-x86_64.zip"]);
    checked.says("File config/tax.json 15 B\n");
    project.run(&args[1..]).never_says("File ");
}
