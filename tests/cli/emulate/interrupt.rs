//! Signals end the function with the tool.

use std::process::Command;
use std::time::Instant;

use super::{command, function, running};
use crate::support::run::wait_until;

#[test]
fn a_signal_ends_the_function_and_removes_its_files() {
    for path in [None, Some("/nowhere")] {
        for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
            let sleep = format!("sleep {}", 200_000 + std::process::id());
            let project = function(&format!("(setsid {sleep} &); echo up; next; {sleep}"));
            let folder = project.path("tmp");
            fs_err::create_dir(&folder).unwrap();
            let run = command(&project, &["--timeout", "60"]);
            let run = run.env("TMPDIR", folder.to_str().unwrap());
            let run = match path {
                Some(path) => run.env("PATH", path),
                None => run,
            };
            let mut tool = run.start();
            wait_until("the function runs", || running(&sleep) >= 2);
            let start = Instant::now();
            let id = tool.id().to_string();
            assert!(
                Command::new("kill")
                    .args([signal, &id])
                    .status()
                    .unwrap()
                    .success()
            );
            wait_until("the tool ends", || tool.try_wait().unwrap().is_some());
            assert_eq!(
                tool.wait().unwrap().code(),
                Some(code),
                "{:?}",
                start.elapsed()
            );
            assert_eq!(running(&sleep), 0, "a process is left");
            assert_eq!(
                fs_err::read_dir(&folder).unwrap().count(),
                0,
                "files are left"
            );
        }
    }
}

#[test]
fn the_files_of_a_killed_run_are_removed_by_the_next_one() {
    let sleep = format!("sleep {}", 300_000 + std::process::id());
    let project = function(&format!("next; {sleep}"));
    let folder = project.path("tmp");
    fs_err::create_dir(&folder).unwrap();
    let start = |timeout: &str| {
        let run = command(&project, &["--timeout", timeout]);
        run.env("TMPDIR", folder.to_str().unwrap()).start()
    };
    let folders = || fs_err::read_dir(&folder).unwrap().count();
    let mut killed = start("60");
    let mut other = start("60");
    wait_until("the functions run", || running(&sleep) >= 2);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(folders(), 2);
    let mut next = start("1");
    next.wait().unwrap();
    assert_eq!(folders(), 1, "that of the run that goes on");
    let id = other.id().to_string();
    let ended = Command::new("kill").args(["-TERM", &id]).status();
    assert!(ended.unwrap().success());
    other.wait().unwrap();
    assert_eq!(folders(), 0);
}
