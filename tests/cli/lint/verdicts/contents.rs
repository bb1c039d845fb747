//! Files beside the program, and what deserves a look.

use forge::{Forged, Forgery};

use super::{accepts, bootstrap, check, elf, needing, text, warns};
use crate::support::project::Project;

#[test]
fn what_runs_but_deserves_a_look_is_accepted_with_a_warning() {
    let untyped = Forged {
        mode: 0o755,
        ..bootstrap()
    };
    warns([untyped], "missing-file-type");
    warns(
        [Forged {
            name: b"./bootstrap".to_vec(),
            ..bootstrap()
        }],
        "odd-name",
    );
    warns([bootstrap(), text("a\\b")], "odd-name");
    warns([bootstrap(), text("Größe")], "odd-name");
    warns([bootstrap(), Forged::folder("a")], "odd-name");
    warns([bootstrap(), Forged::link("a/", "bootstrap")], "odd-name");
    warns([bootstrap(), text("a"), text("A")], "case-conflict");
    let accented = |name: &str| Forged {
        flags: 1 << 11,
        ..text(name)
    };
    let both = ["caf\u{e9}", "cafe\u{301}"].map(accented);
    warns([&[bootstrap()][..], &both].concat(), "case-conflict");
    warns([bootstrap(), Forged::link("a", "b")], "dangling-symlink");
    warns([bootstrap(), Forged::file("a", 0o600, "a")], "not-readable");
    warns([bootstrap(), text(".git/config")], "stray-file");
    warns([needing("libssl.so.3")], "unguaranteed-library");
    let large = elf().with_debug_info(2 << 20).bytes();
    warns([Forged::file("bootstrap", 0o755, large)], "debug-info");
    let zip = Forgery::of([bootstrap()]).bytes();
    for around in [[b"#!".to_vec(), zip.clone()], [zip, b"\r\n".to_vec()]] {
        check(&around.concat(), &[])
            .exits(0)
            .says("warning[foreign-bytes]");
    }
}

#[test]
fn secrets_are_found_by_what_they_say() {
    let body = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";
    let pem = |label: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
    let file = |name: &str, text: String| Forged::file(name, 0o644, text);
    warns(
        [bootstrap(), file("a.txt", pem("RSA PRIVATE KEY"))],
        "secret-file",
    );
    warns(
        [bootstrap(), file("conf/.env", "KEY=value\n".to_owned())],
        "secret-file",
    );
    for (name, text) in [
        ("key.js", pem("PRIVATE KEY").replace('\n', "\\n")),
        (
            ".aws/credentials",
            "aws_secret_access_key = x1\n".to_owned(),
        ),
        (".npmrc", "//r/:_authToken=npm_x1\n".to_owned()),
        ("prod.env", "KEY=value\n".to_owned()),
        ("a.jks", "\u{1}".to_owned()),
    ] {
        warns([bootstrap(), file(name, text)], "secret-file");
    }
    for (name, text) in [
        (".npmrc", "//r/:_authToken=${NPM_TOKEN}\n".to_owned()),
        (".env.example.prod", "KEY=value\n".to_owned()),
    ] {
        accepts(&Forgery::of([bootstrap(), file(name, text)]));
    }
    accepts(&Forgery::of([
        bootstrap(),
        file("ca.pem", pem("CERTIFICATE")),
    ]));
    accepts(&Forgery::of([
        bootstrap(),
        file(".env.example", "KEY=value\n".to_owned()),
    ]));
}

#[cfg(unix)]
#[test]
fn the_main_job_and_pack_find_secrets_and_strays_too() {
    let project = Project::package("orders", "")
        .file("conf/.env", "KEY=value\n")
        .file("conf/a.toml~", "");
    let outcome = project.run(&["--include", "conf"]);
    outcome
        .exits(0)
        .says("warning[secret-file]")
        .says("conf/.env");
    outcome.says("warning[stray-file]").says("conf/a.toml~");
    let again = project.run(&["--include", "conf"]);
    again.exits(0).says("Fresh").says("warning[secret-file]");
    let denied = project.run(&["--include", "conf", "-D", "secret-file"]);
    denied.exits(1).says("error[secret-file]");
    project.write("handler", elf().bytes());
    let packed = project.run(&["pack", "handler", "conf"]);
    packed.exits(0).says("warning[secret-file]");
}
