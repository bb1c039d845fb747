//! Names that read as something else, and entries beside what is included that are no matter.

use std::ffi::OsStr;
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;
#[cfg(unix)]
use std::os::unix::fs::symlink;

use fs_err as fs;

use crate::support::packing::{folder, pack};
use crate::support::project::Project;
use crate::support::run::Outcome;
use crate::support::zip::Zip;

fn run(project: &Project, args: &[&str]) -> Outcome {
    pack(project, &[&["handler", "-o", "f.zip"], args].concat()).run()
}

/// Packages `handler` with `args`: what else is in the zip.
#[track_caller]
fn packed(project: &Project, args: &[&str]) -> Vec<String> {
    run(project, args).exits(0);
    let zip = Zip::parse(&project.read("f.zip"));
    let names = zip.names().into_iter().filter(|name| *name != "bootstrap");
    names.map(str::to_owned).collect()
}

#[cfg(unix)] // needs links
#[test]
fn a_bad_entry_is_no_matter_unless_it_is_taken() {
    let project = folder().with(&["a.txt", "nm/pkg/b.txt", "nu/c.txt", "locked/d"]);
    fs::create_dir(project.path("nm/.bin")).unwrap();
    symlink("nowhere", project.path("nm/.bin/tool")).unwrap();
    symlink("tool", project.path("nm/.bin/tool2")).unwrap();
    symlink("..", project.path("nm/round")).unwrap();
    fs::write(project.path("nu").join(OsStr::from_bytes(b"\xff.bin")), "").unwrap();
    project.add_pipe("nu/pipe");
    project.set_mode("locked", 0);
    for (args, expected) in [
        (&["--include", "*.txt"][..], &["a.txt"][..]),
        (&["--include", "nu/*.txt"], &["nu/c.txt"]),
        (
            &["nu", "--exclude-file", "*.bin", "--exclude-file", "pipe"],
            &["nu/c.txt"],
        ),
        (
            &["nm", "--exclude-file", "tool*", "--exclude-file", "round"],
            &["nm/pkg/b.txt"],
        ),
        (
            &["nm/**/*.txt", "--exclude-file", "round"],
            &["nm/pkg/b.txt"],
        ),
    ] {
        assert_eq!(packed(&project, args), expected, "{args:?}");
    }
    fs::remove_file(project.path("f.zip")).unwrap();
    for (args, said) in [
        (&["nm/.bin/t*"][..], "does not exist"),
        (&["nm", "--exclude-file", ".bin"], "leads back"),
        (&["nu/*.bin"], "UTF-8"),
        (&["nu/p*"], "neither a file nor a folder"),
    ] {
        run(&project, args).exits(2).says(said);
    }
    project.set_mode("locked", 0o700);
}

#[cfg(unix)] // needs links
#[test]
fn a_glob_looks_into_no_folder_that_cannot_match() {
    let project = folder().with(&["a/b/c.txt", "x/b/c.txt"]);
    // What would be looked into would be an error.
    for place in ["x/round", "a/x", "a/b/d"] {
        symlink(".", project.path(place)).unwrap();
    }
    assert_eq!(packed(&project, &["a/?/*.txt"]), ["a/b/c.txt"]);
    assert_eq!(packed(&project, &["[a]/b*/c.txt"]), ["a/b/c.txt"]);
}

#[test]
fn a_glob_takes_folders_with_all_that_is_in_them() {
    let project = folder().with(&["conf/a", "conf/d/.e", "config"]);
    assert_eq!(
        packed(&project, &["conf*"]),
        ["conf/a", "conf/d/.e", "config"]
    );
    assert_eq!(packed(&project, &["conf/*"]), ["conf/a", "conf/d/.e"]);
    assert_eq!(packed(&project, &["conf/*=etc"]), ["etc/a", "etc/d/.e"]);
    let args = ["conf*", "--exclude-file", "conf*/d"];
    assert_eq!(packed(&project, &args), ["conf/a", "config"]);
}

#[test]
fn a_file_may_really_be_called_like_a_rename() {
    let project = folder().with(&["a=b", "d=e/f", "g", "!not", "!x=y"]);
    assert_eq!(packed(&project, &["--include", "a=b"]), ["a=b"]);
    assert_eq!(packed(&project, &["--include", "a=b=c"]), ["c"]);
    assert_eq!(packed(&project, &["--include", "d=e"]), ["d=e/f"]);
    assert_eq!(packed(&project, &["--include", "d=e/f"]), ["d=e/f"]);
    assert_eq!(packed(&project, &["--include", "g=h=i"]), ["h=i"]);
    let files = ["a=b", "!not", "!x=y", "g=h"];
    assert_eq!(packed(&project, &files), ["!not", "!x=y", "a=b", "h"]);
}

#[cfg(unix)]
#[test]
fn a_name_that_there_cannot_be_is_refused_before_anything_is_built() {
    let project = Project::package("orders", "").with(&["f", "d/f"]);
    let long = format!("f={}", "n".repeat(256));
    let deep = format!("f={}x", "dir/".repeat(1024));
    for (rule, said) in [
        ("f=.", "needs a name"),
        (&long, "256 bytes"),
        (&deep, "4097 bytes"),
    ] {
        project.run(&["--include", rule]).exits(2).says(said);
        assert!(project.build_calls().is_empty());
    }
    project.run(&["--include", "f=./"]).exits(0);
    let deep = format!("d={}dir", "dir/".repeat(1023));
    let outcome = project.run(&["--include", &deep]);
    outcome.exits(2).says("4097 bytes").says("d/f");
}

#[test]
fn names_are_shown_without_what_a_terminal_would_obey() {
    let project = folder().with(&["a"]);
    for (args, code) in [
        (&["--include", "new\nline"][..], 3),
        (&["--include", "a\u{1b}[2J*"], 2),
        (&["a", "--exclude-file", "new\nline"], 2),
        (&["a", "--include", "!new\nline"], 2),
    ] {
        let outcome = run(&project, args);
        outcome.exits(code);
        outcome.promise(!outcome.stderr.contains("new\nline"), "one line");
        outcome.promise(!outcome.stderr.contains('\u{1b}'), "no escapes");
    }
}

#[cfg(unix)] // Windows allows no such name
#[test]
fn a_program_of_two_lines_is_reported_on_one() {
    let project = folder();
    fs::copy(project.path("handler"), project.path("n\nl")).unwrap();
    let outcome = pack(&project, &["n\nl", "-o", "f.zip"]).run();
    outcome.exits(0).says("n\\nl").never_says("n\nl");
}

#[cfg(unix)] // needs links
#[test]
fn a_preserved_link_that_leads_out_through_another() {
    let project = folder().with(&["pl/d/secret", "pl/d/e/f"]);
    symlink("../..", project.path("pl/d/e/l")).unwrap();
    symlink("d/e/l/d/secret", project.path("pl/inside")).unwrap();
    let args = ["--include", "pl=.", "--symlinks", "preserve"];
    let names = ["d/e/f", "d/e/l", "d/secret", "inside"];
    assert_eq!(packed(&project, &args), names);
    symlink("d/e/l/../secret", project.path("pl/x")).unwrap();
    let outcome = run(&project, &args);
    outcome
        .exits(2)
        .says("pl/x")
        .says("leads out of the package");
}
