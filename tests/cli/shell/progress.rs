//! The progress bar, on a real terminal.

use std::fmt::Write;
use std::thread::sleep;
use std::time::Duration;

use forge::{Elf, Machine};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::project::Project;
use crate::support::run::Run;
use crate::support::terminal::Terminal;

const MODEL: usize = 48 << 20;
const CLEARED: &str = "\r\u{1b}[K";

/// A project with a program, and a file that one thread compresses for seconds.
fn project() -> Project {
    let mut text = String::with_capacity(MODEL);
    let mut number: u64 = 1;
    while text.len() < MODEL {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        write!(text, "{:x} ", number >> 52).unwrap();
    }
    text.truncate(MODEL);
    let project = Project::package("orders", "");
    project.write("program", Elf::static_pie(Machine::X86_64).bytes());
    project.write("files/model.json", text);
    project
}

fn packing<'a>(project: &'a Project, zip: &str) -> Run<'a> {
    let args = [
        "pack",
        "program",
        "--include",
        "files",
        "--compression",
        "9",
    ];
    let run = project.command(&[&args[..], &["-A", "zip-too-large", "-o", zip]].concat());
    run.env("TERM", "xterm").env("RAYON_NUM_THREADS", "1")
}

/// What the run has written to a terminal of so many columns, line by line.
fn shown(run: &Run<'_>, columns: u16) -> Vec<String> {
    let terminal = Terminal::new(columns);
    let child = run.start_on(&terminal);
    let (text, code) = terminal.end(child);
    assert_eq!(code, Some(0), "{text}");
    text.split(['\r', '\n']).map(visible).collect()
}

/// The text without escape codes.
fn visible(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let end = part.find(|c: char| c.is_ascii_alphabetic());
        text + &part[end.map_or(0, |end| end + 1)..]
    })
}

fn bars<'a>(lines: &'a [String], verb: &str) -> Vec<&'a str> {
    let bars = lines.iter().map(String::as_str);
    let bars = bars
        .map(str::trim_end)
        .filter(|line| line.trim_start().starts_with(verb) && line.contains("iB: "));
    bars.collect()
}

#[test]
fn a_bar_counts_bytes_and_names_the_file_within_the_width() {
    let project = project();
    for (columns, has_bar) in [(80, true), (40, false)] {
        let lines = shown(&packing(&project, &format!("{columns}.zip")), columns);
        let bars = bars(&lines, "Packaging");
        assert!(bars.len() > 2, "{lines:#?}");
        let mut done = Vec::new();
        for bar in &bars {
            assert!(bar.chars().count() < columns.into(), "{bar:?}");
            assert!(bar.ends_with("model.json"), "{bar:?}");
            assert_eq!(bar.contains('['), has_bar, "{bar:?}");
            let (before, _) = bar.split_once("/48.0 MiB").unwrap();
            let amount = before.rsplit(' ').next().unwrap();
            done.push(amount.parse::<f64>().unwrap());
        }
        assert!(
            done.is_sorted() && done[0] < done[done.len() - 1],
            "{done:?}"
        );
        let packaged = lines.iter().find(|line| line.contains("Packaged"));
        assert!(packaged.unwrap().starts_with("    Packaged"), "{lines:#?}");
    }
}

#[test]
fn no_terminal_is_too_narrow() {
    let project = project();
    shown(&packing(&project, "1.zip"), 1);
    let none = packing(&project, "0.zip").env("CARGO_TERM_PROGRESS_WIDTH", "0");
    shown(&none, 80);
}

#[test]
fn there_is_no_bar_where_cargo_has_none() {
    let project = project();
    let cases = [
        ("CI", "true"),
        ("TF_BUILD", "1"),
        ("TERM", "dumb"),
        ("CARGO_TERM_PROGRESS_WHEN", "never"),
    ];
    for (name, value) in cases {
        let lines = shown(
            &packing(&project, &format!("{name}.zip")).env(name, value),
            80,
        );
        assert!(bars(&lines, "Packaging").is_empty(), "{lines:#?}");
    }
    let outcome = packing(&project, "pipe.zip").run();
    outcome.exits(0).says("Packaged").never_says("Packaging");
    let always = packing(&project, "always.zip").env("CARGO_TERM_PROGRESS_WHEN", "always");
    let outcome = always.env("CARGO_TERM_PROGRESS_WIDTH", "60").run();
    outcome.exits(0).says("Packaging").says("model.json");
}

#[test]
fn no_bar_is_beside_that_of_cargo() {
    let project = project();
    let args = [
        "--include",
        "files",
        "--compression",
        "9",
        "-A",
        "zip-too-large",
    ];
    let run = project.command(&args).env("TERM", "xterm");
    let lines = shown(&run.env("RAYON_NUM_THREADS", "1"), 80);
    let finished = lines.iter().position(|line| line.contains("Finished"));
    let (cargos, ours) = lines.split_at(finished.unwrap());
    assert!(bars(cargos, "Packaging").is_empty(), "{lines:#?}");
    assert!(!bars(ours, "Packaging").is_empty(), "{lines:#?}");
}

#[test]
fn an_interrupt_ends_the_run_at_once_and_takes_the_bar_away() {
    let project = project();
    let terminal = Terminal::new(80);
    let child = packing(&project, "out.zip").start_on(&terminal);
    sleep(Duration::from_millis(1500));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let (text, code) = terminal.end(child);
    assert_eq!(code, Some(130), "{text:?}");
    assert!(
        !text.contains("Packaging") || text.contains(CLEARED),
        "{text:?}"
    );
    assert!(!project.path("out.zip").exists());
}
