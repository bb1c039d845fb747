//! `pack`, again and again: one zip.

use std::collections::BTreeSet;

use forge::elf::{Elf, Machine, noise};
use fs_err as fs;
use sha2::{Digest, Sha256};

use crate::support::project::Project;

/// The digests of all zips of 50 runs: five includes, named in another order and with another
/// number of threads each time, and nothing left of the last run.
fn digests(env: &[(&str, &str)]) -> BTreeSet<Vec<u8>> {
    let folder = Project::empty()
        .file("config/app.toml", "level = 1\n")
        .file("config/deep/er.toml", &"level = 2\n".repeat(999))
        .file("static/index.html", "<!doctype html>\n")
        .file("run.sh", "#!/bin/sh\n")
        .file("notes", "");
    folder.write("handler", Elf::static_pie(Machine::X86_64).bytes());
    folder.write("model.bin", noise(50_000));
    folder.set_mode("run.sh", 0o755);
    #[cfg(unix)]
    std::os::unix::fs::symlink("../model.bin", folder.path("static/model")).unwrap();
    let mut includes = [
        "config/**/*.toml",
        "static=web",
        "run.sh",
        "notes",
        "model.bin",
    ];
    let once = |nth: usize| {
        includes.rotate_left(nth % 4);
        let threads = (nth % 3 + 1).to_string();
        let args = [&["pack", "handler"], &includes[..]].concat();
        let mut run = folder.command(&args).env("RAYON_NUM_THREADS", &threads);
        for (name, value) in env {
            run = run.env(name, value);
        }
        run.run().exits(0).says("Packaged");
        let zip = folder.read("handler.zip");
        fs::remove_file(folder.path("handler.zip")).unwrap();
        Sha256::digest(zip).to_vec()
    };
    (0..50).map(once).collect()
}

#[test]
fn five_includes_and_fifty_runs_make_one_zip() {
    assert_eq!(digests(&[]).len(), 1);
}

#[test]
fn they_make_another_one_for_a_date_that_is_given() {
    let dated = digests(&[("SOURCE_DATE_EPOCH", "1700000000")]);
    assert_eq!(dated.len(), 1);
    assert_ne!(dated, digests(&[]));
}
