//! `check`'s verdicts: one defect or one oddity at a time.

use forge::elf::{Elf, Machine, noise};
use forge::{Forged, Forgery};

use crate::support::project::Project;
use crate::support::run::Outcome;

fn elf() -> Elf {
    Elf::static_pie(Machine::X86_64)
}

fn bootstrap() -> Forged {
    Forged::file("bootstrap", 0o755, elf().bytes())
}

/// A dynamic program that needs a library.
fn needing(library: &'static str) -> Forged {
    let elf = Elf::dynamic(Machine::X86_64).needs(library, &[]);
    Forged::file("bootstrap", 0o755, elf.bytes())
}

fn library(name: &str) -> Forged {
    Forged::file(name, 0o644, elf().bytes())
}

fn text(name: &str) -> Forged {
    Forged::file(name, 0o644, "text")
}

fn script(text: &str) -> Forged {
    Forged::file("bootstrap", 0o755, text)
}

fn check(zip: &[u8], args: &[&str]) -> Outcome {
    let folder = Project::empty();
    folder.write("f.zip", zip);
    folder.run(&[&["check", "f.zip"], args].concat())
}

/// Accepted without a word.
#[track_caller]
fn accepts(zip: &Forgery) {
    check(&zip.bytes(), &["-D", "warnings"]).exits(0);
}

/// Accepted, with one finding.
#[track_caller]
fn warns(entries: impl IntoIterator<Item = Forged>, lint: &str) {
    let outcome = check(&Forgery::of(entries).bytes(), &[]);
    outcome.exits(0).says(&format!("warning[{lint}]"));
    let findings = outcome.stderr.matches("warning[").count();
    outcome.promise(findings == 1, "one finding");
}

/// Rejected, for one reason.
#[track_caller]
fn rejects(entries: impl IntoIterator<Item = Forged>, lint: &str) -> Outcome {
    rejects_bytes(&Forgery::of(entries).bytes(), lint)
}

#[track_caller]
fn rejects_bytes(zip: &[u8], lint: &str) -> Outcome {
    let outcome = check(zip, &[]);
    outcome.exits(1).says(&format!("error[{lint}]"));
    let findings = outcome.stderr.matches("error[").count();
    outcome.promise(findings == 1, "one finding");
    outcome
}

#[test]
fn whatever_lambda_runs_is_accepted() {
    let linked = [
        Forged::file("app", 0o755, elf().bytes()),
        Forged::link("bootstrap", "app"),
    ];
    let in_folders = [
        bootstrap(),
        Forged::folder("lib/"),
        library("lib/libx.so"),
        Forged {
            flags: 1 << 11,
            ..text("Größe/日本.txt")
        },
        Forged::file("nested.zip", 0o644, Forgery::of([text("a")]).bytes()),
        Forged::file("empty", 0o644, ""),
    ];
    for zip in [
        Forgery::of([bootstrap()]),
        Forgery::of([bootstrap().deflated()]),
        Forgery::of([Forged {
            zip64: true,
            ..bootstrap()
        }]),
        Forgery {
            zip64: true,
            ..Forgery::of([bootstrap()])
        },
        Forgery {
            comment: b"a comment".to_vec(),
            ..Forgery::of([bootstrap()])
        },
        Forgery::of(linked),
        Forgery::of(in_folders),
        Forgery::of([script("#!/bin/sh\nexit 0\n")]),
        Forgery::of([Forged::file("bootstrap", 0o711, elf().bytes())]),
    ] {
        accepts(&zip);
    }
}

#[test]
fn entries_that_readers_skip_are_found() {
    let labelled = Forged {
        dos_attributes: 0x08,
        ..text("a.txt")
    };
    warns([bootstrap(), labelled], "missing-file-type");
    let folder = Forged {
        dos_attributes: 0x10,
        ..text("a.txt")
    };
    warns([bootstrap(), folder], "odd-name");
    let named = Forged {
        dos_attributes: 0x10,
        ..Forged::folder("a/")
    };
    accepts(&Forgery::of([bootstrap(), named]));
    let elsewhere = Forged {
        disk: 1,
        ..text("a.txt")
    };
    rejects([bootstrap(), elsewhere], "broken-zip").says("another part");
}

#[test]
fn entries_that_the_directory_leaves_out_are_found() {
    let hidden = |name: &str| Forged {
        hidden: true,
        ..text(name)
    };
    for entries in [
        vec![hidden("secret.txt"), bootstrap()],
        vec![bootstrap(), hidden("secret.txt"), text("a.txt")],
        vec![bootstrap(), hidden("secret.txt")],
        vec![bootstrap().with_descriptor(), hidden("secret.txt")],
    ] {
        let zip = Forgery::of(entries).bytes();
        let outcome = check(&zip, &[]);
        outcome
            .exits(0)
            .says("warning[hidden-entry]")
            .says("secret.txt");
    }
    // A zip in the zip is not hidden.
    let nested = Forgery::of([text("a")]).bytes();
    accepts(&Forgery::of([
        bootstrap(),
        Forged::file("nested.zip", 0o644, nested),
    ]));
}

#[test]
fn helpers_that_the_function_could_not_start_are_a_warning() {
    let program = |name: &str, mode, elf: Elf| Forged::file(name, mode, elf.bytes());
    let tool = || Elf::dynamic(Machine::X86_64).needs("libc.so.6", &[]);
    let arm = || Elf::static_pie(Machine::Aarch64);
    warns(
        [bootstrap(), program("bin/tool", 0o644, tool())],
        "unusable-helper",
    );
    warns(
        [bootstrap(), program("tool", 0o755, arm())],
        "unusable-helper",
    );
    warns(
        [bootstrap(), program("lib/libx.so", 0o644, arm())],
        "unusable-helper",
    );
    accepts(&Forgery::of([
        bootstrap(),
        program("bin/tool", 0o755, tool()),
        program("lib/libx.so.1", 0o644, elf()),
        program("prebuilds/linux-arm64/addon.node", 0o644, arm()),
    ]));
    let zip = Forgery::of([bootstrap(), program("bin/tool", 0o644, tool())]);
    check(&zip.bytes(), &[]).says("mode = \"755\"");
}

#[test]
fn links_into_lambdas_own_folders_are_a_warning() {
    let linked = || [bootstrap(), Forged::link("fonts", "/opt/fonts")];
    warns(linked(), "external-symlink");
    warns(
        [bootstrap(), Forged::link("cache", "/tmp/cache")],
        "external-symlink",
    );
    let with = |layer: &str| {
        let folder = Project::empty();
        folder.write("f.zip", Forgery::of(linked()).bytes());
        folder.write("layer.zip", Forgery::of([text(layer)]).bytes());
        folder.run(&["check", "f.zip", "--layer", "layer.zip"])
    };
    with("fonts/a.ttf")
        .exits(0)
        .never_says("external-symlink")
        .never_says("dangling-symlink");
    with("lib/a").exits(0).says("warning[dangling-symlink]");
}

#[test]
fn folders_of_layers_are_spelt_right() {
    let of = |entry: Forged| {
        let folder = Project::empty();
        folder.write("l.zip", Forgery::of([entry]).bytes());
        folder.run(&["check", "--kind", "layer", "l.zip"])
    };
    let agent = |name: &str| Forged::file(name, 0o755, elf().bytes());
    of(agent("extensions\\agent"))
        .exits(1)
        .says("error[misplaced-extension]");
    for name in ["extesntions/agent", "extention/agent", "Extensions/agent"] {
        of(agent(name))
            .exits(0)
            .says("warning[misplaced-layer-content]");
    }
    for name in [
        "pyhton/a.py",
        "node_js/a.js",
        "Lib/a.txt",
        "libs/a.txt",
        "jav/a.jar",
    ] {
        of(text(name))
            .exits(0)
            .says("warning[misplaced-layer-content]");
    }
    for name in [
        "python/a.py",
        "data/a",
        "share/a",
        "link/a",
        "bias/a",
        "lava1/a",
    ] {
        of(text(name)).exits(0).never_says("misplaced");
    }
}

#[test]
fn data_descriptors_are_a_finding_for_those_who_ask() {
    let zip = Forgery::of([bootstrap().with_descriptor()]);
    check(&zip.bytes(), &["-D", "warnings"])
        .exits(0)
        .never_says("data-descriptor");
    let asked = check(&zip.bytes(), &["-W", "data-descriptor"]);
    asked.exits(0).says("warning[data-descriptor]");
    let denied = check(&zip.bytes(), &["-D", "data-descriptor"]);
    denied.exits(1).says("error[data-descriptor]");
}

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

#[test]
fn a_bootstrap_that_lambda_would_not_find_is_rejected() {
    let at = |name: &str| Forged {
        name: name.into(),
        ..bootstrap()
    };
    rejects([at("orders")], "missing-bootstrap").says("rename `orders`");
    rejects([text("a")], "missing-bootstrap");
    for name in ["build/bootstrap", "Bootstrap", "bootstrap.exe"] {
        rejects([at(name)], "misplaced-bootstrap").says(name);
    }
    rejects([Forged::link("bootstrap", "app")], "missing-bootstrap");
    rejects(
        [Forged::folder("bootstrap/"), text("bootstrap/x")],
        "misplaced-bootstrap",
    );
}

#[test]
fn a_bootstrap_that_lambda_could_not_start_is_rejected() {
    let mode = |mode| Forged::file("bootstrap", mode, elf().bytes());
    for bits in [0o644, 0o744, 0o770, 0o700, 0] {
        rejects([mode(bits)], "not-executable");
    }
    rejects(
        [Forged {
            host: 0,
            ..bootstrap()
        }],
        "no-unix-mode",
    );
    let linked = [
        Forged::link("bootstrap", "app"),
        Forged {
            name: b"app".to_vec(),
            ..mode(0o644)
        },
    ];
    rejects(linked, "not-executable").says("`app`");
    rejects([script("")], "not-an-executable").says("empty");
    rejects([script("#!/bin/sh\r\n")], "crlf-script");
    rejects([script("#!/usr/bin/python3\n")], "missing-interpreter");
    rejects([script("#!/usr/bin/env node\n")], "missing-interpreter").says("`node`");
    let env = |rest: &str| script(&format!("#!/usr/bin/env {rest}\n"));
    rejects([env("bash -u")], "missing-interpreter")
        .says("`bash -u`")
        .says("-S");
    for line in ["bash", "-S bash -u", "-S A=b bash"] {
        accepts(&Forgery::of([env(line)]));
    }
    let long = script(&format!("#!/{}\n", "a".repeat(300)));
    rejects([long], "not-an-executable").says("255 bytes");
    let riscv = Elf::fixed(Machine::Riscv64).bytes();
    rejects(
        [Forged::file("bootstrap", 0o755, riscv)],
        "wrong-architecture",
    );
    let musl = Elf::dynamic(Machine::X86_64).interpreter("/lib/ld-musl-x86_64.so.1");
    rejects(
        [Forged::file("bootstrap", 0o755, musl.bytes())],
        "missing-interpreter",
    );
    let new = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.36"]);
    rejects(
        [Forged::file("bootstrap", 0o755, new.bytes())],
        "glibc-too-new",
    )
    .says("GLIBC_2.36");
    let new = Elf::dynamic(Machine::X86_64)
        .needs("libstdc++.so.6", &["GLIBCXX_3.4.33", "GLIBCXX_3.4.34"]);
    rejects(
        [Forged::file("bootstrap", 0o755, new.bytes())],
        "libstdcxx-too-new",
    )
    .says("GLIBCXX_3.4.34");
}

#[test]
fn libraries_are_looked_for_in_the_package() {
    rejects([needing("libx.so.1")], "missing-library").says("libx.so.1");
    for place in ["libx.so.1", "lib/libx.so.1"] {
        accepts(&Forgery::of([needing("libx.so.1"), library(place)]));
    }
    rejects(
        [needing("libx.so.1"), library("lib64/libx.so.1")],
        "missing-library",
    );
    let real = [
        library("lib/libx.so.1.2"),
        Forged::link("lib/libx.so.1", "libx.so.1.2"),
    ];
    accepts(&Forgery::of([needing("libx.so.1")].into_iter().chain(real)));
    let deep = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.38"]);
    let deep = Forged::file("lib/libx.so.1", 0o644, deep.bytes());
    rejects([needing("libx.so.1"), deep], "glibc-too-new").says("lib/libx.so.1");
}

#[test]
fn a_layer_brings_what_the_package_lacks() {
    let folder = Project::empty();
    let zip = |name: &str, entries: Vec<Forged>| folder.write(name, Forgery::of(entries).bytes());
    zip("library.zip", vec![library("lib/libx.so.1")]);
    zip("needs.zip", vec![needing("libx.so.1")]);
    zip("runtime.zip", vec![bootstrap()]);
    zip("code.zip", vec![text("index.php")]);
    zip("script.zip", vec![script("#!/opt/bin/lua\n")]);
    zip(
        "lua.zip",
        vec![Forged {
            name: b"bin/lua".to_vec(),
            ..bootstrap()
        }],
    );
    zip(
        "closed.zip",
        vec![Forged::file("bin/lua", 0o644, elf().bytes())],
    );
    let check = |args: &[&str]| folder.run(&[&["check"], args].concat());
    check(&["needs.zip"]).exits(1);
    check(&["needs.zip", "--layer", "library.zip"]).exits(0);
    check(&["code.zip"])
        .exits(1)
        .says("missing-bootstrap")
        .says("--layer");
    check(&["code.zip", "--layer", "library.zip"]).exits(1);
    check(&[
        "code.zip",
        "--layer",
        "library.zip",
        "--layer",
        "runtime.zip",
    ])
    .exits(0);
    check(&["script.zip"]).exits(1).says("missing-interpreter");
    check(&["script.zip", "--layer", "lua.zip"]).exits(0);
    check(&["script.zip", "--layer", "closed.zip"])
        .exits(1)
        .says("not-executable");
    for size_only in ["needs.zip", "code.zip", "script.zip"] {
        check(&[size_only, "--layer", "1MiB"]).exits(0);
    }
    check(&["needs.zip", "--layer", "nowhere.zip"])
        .exits(3)
        .says("nowhere.zip");
    folder.write("text.zip", "no zip");
    check(&["needs.zip", "--layer", "text.zip"])
        .exits(1)
        .says("broken-zip")
        .says("in the layer `text.zip`, the zip is broken")
        .never_says("could not read");
    fs_err::create_dir(folder.path("folder")).unwrap();
    check(&["needs.zip", "--layer", "./folder"])
        .exits(2)
        .says("folder` is a folder");
}

#[test]
fn limits_count_layers_and_extensions() {
    let zip = Forgery::of([bootstrap()]).bytes();
    let six = ["--layer", "1KiB"].repeat(6);
    check(&zip, &six[..10]).exits(0);
    check(&zip, &six).exits(1).says("too-many-layers");
    let layer = Forgery::of([library("lib/libx.so")]).bytes();
    let as_layer = ["--kind", "layer"];
    check(&layer, &[&as_layer, &six[..8]].concat()).exits(0);
    check(&layer, &[&as_layer, &six[..10]].concat())
        .exits(1)
        .says("6 layers, this one included");
    check(&zip, &["--layer", "250MiB"])
        .exits(1)
        .says("unzipped-too-large")
        .says("262144000");
    check(&zip, &["--max-unzipped-size", "10KiB"]).exits(0);
    let over = check(&zip, &["--max-zip-size", "100 B"]);
    over.exits(1).says("error[over-budget]").says("`bootstrap`");
    let extension = |nth: u32| Forged::file(format!("extensions/e{nth}"), 0o755, elf().bytes());
    let ten = Forgery::of((0..10).map(extension)).bytes();
    check(&ten, &["--kind", "layer"]).exits(0);
    let eleven = Forgery::of((0..11).map(extension)).bytes();
    check(&eleven, &["--kind", "layer"])
        .exits(1)
        .says("too-many-extensions");
    let large = Forgery::of([bootstrap(), Forged::file("a", 0o644, noise(50 << 20))]).bytes();
    check(&large, &[])
        .exits(0)
        .says("warning[zip-too-large]")
        .says("s3");
}

#[test]
fn a_layer_has_rules_of_its_own() {
    let layer = |entries: Vec<Forged>| {
        check(
            &Forgery::of(entries).bytes(),
            &["--kind", "layer", "-D", "warnings"],
        )
    };
    layer(vec![text("python/lib/a.py")]).exits(0);
    layer(vec![Forged::file("extensions/a", 0o644, elf().bytes())])
        .exits(1)
        .says("not-executable");
    layer(vec![script("#!/bin/sh\n")]).exits(0);
    layer(vec![text("mylayer/lib/a.so")])
        .exits(1)
        .says("misplaced-layer-content");
    check(&Forgery::of([]).bytes(), &["--kind", "layer"])
        .exits(1)
        .says("non-empty");
}

#[test]
fn a_zip_that_lies_or_is_more_than_a_zip_is_rejected() {
    let lie = |change: fn(&mut Forged)| {
        let mut entry = bootstrap().deflated();
        change(&mut entry);
        entry
    };
    for entry in [
        lie(|entry| entry.crc32 = Some(7)),
        lie(|entry| entry.size = Some(7)),
        lie(|entry| entry.local_size = Some(7)),
        lie(|entry| entry.local_name = Some(b"b".to_vec())),
        lie(|entry| entry.place = Some(99_999)),
    ] {
        // What cannot be unpacked cannot be judged any further.
        rejects([entry], "broken-zip").says("bootstrap");
    }
    let followed = lie(|entry| entry.packed.as_mut().unwrap().push(0));
    rejects([followed], "broken-zip").says("after the end of its data");
    rejects([], "broken-zip").says("Uploaded file must be a non-empty zip");
    let whole = Forgery::of([bootstrap()]).bytes();
    rejects_bytes(&whole[..whole.len() - 30], "broken-zip");
    let count = Forgery {
        count: Some(9),
        ..Forgery::of([bootstrap()])
    };
    rejects_bytes(&count.bytes(), "broken-zip").says("counts 9 entries");
    rejects(
        [Forged {
            flags: 1,
            ..bootstrap()
        }],
        "encrypted-entry",
    );
    for (method, name) in [(12, "bzip2"), (93, "zstd"), (14, "LZMA"), (77, "method 77")] {
        rejects(
            [Forged {
                method,
                ..bootstrap()
            }],
            "unsupported-compression",
        )
        .says(name);
    }
}

#[test]
fn names_that_are_dangerous_are_rejected() {
    for name in ["/etc/passwd", "../x", "a/../../x", "C:\\x", "\\x"] {
        rejects([bootstrap(), text(name)], "unsafe-path");
    }
    for target in ["/etc/passwd", "../../x"] {
        rejects([bootstrap(), Forged::link("l", target)], "unsafe-path");
    }
    rejects([bootstrap(), text("a"), text("a")], "duplicate-entry");
    rejects([bootstrap(), text("a"), text("a/b")], "duplicate-entry");
    rejects([bootstrap(), bootstrap()], "duplicate-entry");
}

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

#[test]
fn the_main_job_finds_libraries_in_what_it_includes() {
    let needs = Elf::dynamic(Machine::X86_64).needs("libx.so.1", &[]);
    let project = Project::package("orders", "").compiles_to("orders/orders", &needs);
    project.write("lib/libx.so.1", elf().bytes());
    let target = ["--target", "x86_64-unknown-linux-gnu"];
    project.run(&target).exits(1).says("missing-library");
    project
        .run(&[&target[..], &["--include", "lib"]].concat())
        .exits(0);
    let newer = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.38"]);
    project.write("lib/libx.so.1", newer.bytes());
    let outcome = project.run(&[&target[..], &["--include", "lib"]].concat());
    outcome.exits(1).says("glibc-too-new").says("lib/libx.so.1");
}
