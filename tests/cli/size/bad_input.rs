//! What is not a zip, or is damaged, is told with its reason.

use std::process::Command;

use forge::{Forged, Forgery};
use fs_err as fs;

use super::{elf, folder, size, zip};
use crate::support::project::Project;

#[test]
fn what_is_no_zip_is_an_error_with_the_reason() {
    let folder = Project::empty()
        .file("text.zip", "no zip")
        .file("folder/a", "");
    folder.write("empty.zip", "");
    let run = |zip: &str| size(&folder, &[zip]);
    run("missing.zip")
        .exits(3)
        .says("the zip `missing.zip` does not exist");
    run("folder").exits(2).says("a folder, not a zip");
    for name in ["text.zip", "empty.zip"] {
        run(name)
            .exits(4)
            .says(&format!("could not read the zip `{name}`"));
    }
    size(&folder, &[]).exits(2).says("`ZIP` is required");
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_not_waited_for() {
    let folder = Project::empty();
    let pipe = folder.path("pipe.zip");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    size(&folder, &["pipe.zip"]).exits(2).says("a named pipe");
    folder.write("f.zip", zip(&elf()));
    size(&folder, &["f.zip", "--against", "pipe.zip"])
        .exits(2)
        .says("a named pipe");
    size(&folder, &["f.zip", "--symbols", "pipe.zip"])
        .exits(2)
        .says("`pipe.zip` of `--symbols` is not a regular file");
    // One that lies where a debug file would be is not opened.
    fs::rename(pipe, folder.path("f.debug")).unwrap();
    size(&folder, &["f.zip"]).exits(0);
}

#[test]
fn a_damaged_zip_has_no_sizes() {
    let folder = folder();
    let whole = folder.read("f.zip");
    folder.write("cut.zip", &whole[..whole.len() / 2]);
    size(&folder, &["cut.zip"])
        .exits(4)
        .says("could not read the zip `cut.zip`");
    let mut damaged = whole;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    folder.write("damaged.zip", damaged);
    let outcome = size(&folder, &["damaged.zip"]);
    outcome
        .exits(4)
        .says("the entry \"bootstrap\"")
        .prints_nothing();
}

#[test]
fn other_zips_are_measured_all_the_same() {
    let folder = folder().file("text.zip", "no zip");
    let args = ["text.zip", "f.zip", "none.zip", "--message-format", "json"];
    let outcome = size(&folder, &args);
    let document = outcome.exits(4).says("none.zip").says("text.zip").json();
    assert_eq!(document["sizes"].as_array().unwrap().len(), 1);
    assert_eq!(document["errors"][0]["code"], 4);
    assert_eq!(document["errors"][1]["code"], 3);
}

#[test]
fn entries_that_cannot_be_unpacked_have_a_size_but_no_parts() {
    let encrypted = Forged {
        flags: 1,
        ..Forged::file("bootstrap", 0o755, elf().bytes())
    };
    let bzip2 = Forged {
        method: 12,
        ..Forged::file("data", 0o644, "data")
    };
    let folder = Project::empty();
    folder.write("f.zip", Forgery::of([encrypted, bzip2]).bytes());
    let found = super::sizes(&folder, &["f.zip"]).remove(0);
    assert_eq!(found["entries"][0]["parts"], serde_json::json!([]));
    assert_eq!(found["entries"][0]["unread"], "encrypted");
    assert_eq!(found["entries"][1]["unread"], "compressed by bzip2");
    size(&folder, &["f.zip"])
        .exits(0)
        .prints(" bootstrap")
        .prints(" data")
        .says("warning: `bootstrap` of f.zip is encrypted: Lambda cannot unpack it")
        .says("warning: `data` of f.zip is compressed by bzip2: Lambda cannot unpack it");
}

/// Such entries declare the version that their method or encryption needs.
#[test]
fn an_entry_that_needs_a_later_version_for_its_method_is_told_as_what_it_is() {
    let folder = folder();
    for (method, flags, version, why) in [
        (14, 2, 63, "compressed by LZMA"),
        (93, 0, 63, "compressed by zstd"),
        (95, 0, 63, "compressed by xz"),
        (98, 0, 63, "compressed by PPMd"),
        (99, 1, 51, "encrypted"),
        (8, 1, 61, "encrypted"),
    ] {
        let file = Forged {
            method,
            flags,
            version_needed: version,
            ..Forged::file("bootstrap", 0o755, elf().bytes())
        };
        folder.write("closed.zip", Forgery::of([file]).bytes());
        let found = super::sizes(&folder, &["closed.zip"]).remove(0);
        assert_eq!(found["entries"][0]["unread"], why);
        size(&folder, &["closed.zip"])
            .exits(0)
            .says(&format!("`bootstrap` of closed.zip is {why}"));
        // It is an earlier zip, too.
        size(&folder, &["f.zip", "--against", "closed.zip"]).exits(0);
    }
    // A stored or deflated entry needs no such version.
    let file = Forged {
        version_needed: 63,
        ..Forged::file("bootstrap", 0o755, elf().bytes())
    };
    folder.write("f.zip", Forgery::of([file]).bytes());
    size(&folder, &["f.zip"])
        .exits(4)
        .says("needs version 6.3 of the zip format");
}

#[test]
fn a_folder_has_no_symbols() {
    let folder = folder();
    size(&folder, &["f.zip", "--symbols", "."])
        .exits(2)
        .says("`.` of `--symbols` is a folder")
        .says("help: name the debug file");
    size(&folder, &["f.zip", "--symbols", "none"])
        .exits(3)
        .says("the file with symbols `none` does not exist");
}

/// However large the sizes are that a zip declares, none is shown that is not true.
#[test]
fn a_damaged_zip_that_declares_a_large_size_has_no_sizes() {
    let folder = Project::empty();
    for declared in [250 << 20, 1100 << 20, u32::MAX - 1] {
        let deflated = Forged::file("bootstrap", 0o755, elf().bytes()).deflated();
        let stored = Forged::file("bootstrap", 0o755, elf().bytes());
        for file in [deflated, stored] {
            let file = Forged {
                size: Some(declared),
                ..file
            };
            folder.write("f.zip", Forgery::of([file]).bytes());
            size(&folder, &["f.zip"])
                .exits(4)
                .says("the entry \"bootstrap\"")
                .prints_nothing();
        }
        // The headers of what cannot be unpacked contradict each other.
        let encrypted = Forged {
            flags: 1,
            size: Some(declared),
            local_size: Some(7),
            ..Forged::file("bootstrap", 0o755, elf().bytes()).deflated()
        };
        folder.write("f.zip", Forgery::of([encrypted]).bytes());
        size(&folder, &["f.zip"]).exits(4).prints_nothing();
    }
}

#[test]
fn a_zip_that_is_larger_than_any_package_is_verified_to_its_end() {
    let folder = Project::empty();
    let zeros = Forged::file("a", 0o644, vec![0; 600 << 20]).deflated();
    let other = |crc32| Forged {
        name: b"b".to_vec(),
        crc32,
        ..zeros.clone()
    };
    let write = |other| folder.write("f.zip", Forgery::of([zeros.clone(), other]).bytes());
    write(other(None));
    size(&folder, &["f.zip"])
        .exits(0)
        .prints("unzipped 1200.0 MiB");
    write(other(Some(1)));
    size(&folder, &["f.zip"]).exits(4).says("checksum");
}

#[test]
fn formats_for_findings_are_refused() {
    for format in ["sarif", "github"] {
        size(&folder(), &["f.zip", "--message-format", format])
            .exits(2)
            .says(&format!("`size` has no result in the format `{format}`"));
    }
}
