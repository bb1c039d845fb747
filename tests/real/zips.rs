//! The shop's zips, as other programs see them.

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::architecture::Architecture;
use crate::parts::{output, program};
use crate::shop::{PACKAGED, fixture, lambda_zip, run, shop, target_dir};

/// The names of all that is in `folder`.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs_err::read_dir(folder).unwrap();
    let name = |entry: fs_err::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(|entry| name(entry.unwrap())).collect()
}

#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn there_is_one_zip_per_binary_and_architecture_and_none_of_the_local_tool() {
    let expected: BTreeSet<String> = Architecture::ALL
        .iter()
        .flat_map(|architecture| PACKAGED.map(|bin| format!("{bin}-{architecture}.zip")))
        .collect();

    let reported: BTreeSet<String> = shop()
        .archives
        .iter()
        .map(|archive| format!("{}-{}.zip", archive.bin, archive.architecture))
        .collect();

    assert_eq!(reported, expected);
    assert_eq!(names(&target_dir().join("lambda-zip")), expected);
}

#[test]
#[ignore = "needs the musl targets and unzip: run tests/run"]
fn unzip_finds_an_executable_of_1980_from_unix_and_only_what_belongs_to_it() {
    for archive in &shop().archives {
        let mut names = match archive.kind.as_str() {
            "extension" => format!("extensions/{}\n", archive.bin),
            _ => "bootstrap\n".to_owned(),
        };
        if archive.bin == "invoice" {
            names += "config/tax.json\n";
        }
        let unzip = program("unzip");
        let listed = output(Command::new(&unzip).arg("-Z1").arg(&archive.path));
        assert_eq!(String::from_utf8(listed).unwrap(), names);

        // Of each thing, what is said first: that is of the executable.
        let listing = output(Command::new(&unzip).args(["-Z", "-v"]).arg(&archive.path));
        let listing = String::from_utf8(listing).unwrap();
        for (what, value) in [
            ("file system or operating system of origin:", "Unix"),
            ("minimum software version required to extract:", "2.0"),
            ("compression method:", "deflated"),
            ("file security status:", "not encrypted"),
            ("extended local header:", "no"),
            (
                "file last modified on (DOS date/time):",
                "1980 Jan 1 00:00:00",
            ),
            ("length of extra field:", "0 bytes"),
            ("Unix file attributes (100755 octal):", "-rwxr-xr-x"),
        ] {
            let line = listing
                .lines()
                .find_map(|line| line.trim().strip_prefix(what));
            assert_eq!(line.map(str::trim), Some(value), "{what}\n{listing}");
        }

        output(Command::new(&unzip).arg("-tq").arg(&archive.path));
    }
}

#[test]
#[ignore = "needs the musl targets and openssl: run tests/run"]
fn openssl_computes_the_same_code_sha256() {
    for archive in &shop().archives {
        let openssl = program("openssl");
        let digest = output(
            Command::new(&openssl)
                .args(["dgst", "-sha256", "-binary"])
                .arg(&archive.path),
        );
        assert_eq!(
            archive.code_sha256,
            base64(&openssl, &digest),
            "{}",
            archive.bin
        );
    }
}

fn base64(openssl: &Path, bytes: &[u8]) -> String {
    let mut child = Command::new(openssl)
        .args(["base64", "-A"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// What tells one state of a file from another, even of the same bytes.
fn state(path: &Path) -> (u64, i64, i64, Vec<u8>) {
    let metadata = fs_err::metadata(path).unwrap();
    let bytes = fs_err::read(path).unwrap();
    (
        metadata.ino(),
        metadata.mtime(),
        metadata.mtime_nsec(),
        bytes,
    )
}

#[test]
#[ignore = "needs the musl targets: run tests/run"]
fn one_package_touches_no_zip_of_another() {
    shop();
    let folder = tempfile::tempdir().unwrap();
    let mut all = lambda_zip(&fixture(), &target_dir());
    all.arg("--output")
        .arg(folder.path().join("{arch}/{bin}.zip"));
    run(&mut all);
    let path = |bin: &str, architecture| folder.path().join(format!("{architecture}/{bin}.zip"));
    let others = || {
        Architecture::ALL.map(|arch| ["heartbeat", "invoice"].map(|bin| state(&path(bin, arch))))
    };
    for architecture in Architecture::ALL {
        fs_err::remove_file(path("orders", architecture)).unwrap();
        fs_err::remove_file(path("refund", architecture)).unwrap();
    }
    let before = others();

    let report = run(all.args(["-p", "orders"]));

    assert!(
        report
            .archives
            .iter()
            .all(|archive| archive.bin == "orders")
    );
    assert_eq!(report.archives.len(), Architecture::ALL.len());
    for architecture in Architecture::ALL {
        assert!(path("orders", architecture).exists(), "{architecture}");
        assert!(!path("refund", architecture).exists(), "{architecture}");
    }
    assert!(
        others() == before,
        "the zips of other packages have changed"
    );
}
