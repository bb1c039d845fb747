//! The program and what it needs to start.

use forge::elf::{Elf, Machine};
use forge::{Forged, Forgery};

use super::{accepts, bootstrap, check, elf, library, needing, rejects, script, text, warns};
use crate::support::project::Project;

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
        program("prebuilds/linux-x64/addon.node", 0o755, elf()),
    ]));
    let zip = Forgery::of([bootstrap(), program("bin/tool", 0o644, tool())]);
    check(&zip.bytes(), &[]).says("mode = \"755\"");
    // In another folder, too, unless it has files for several platforms.
    for (name, mode, elf) in [
        ("tools/tool", 0o644, tool()),
        ("tools/linux/tool", 0o755, arm()),
    ] {
        warns([bootstrap(), program(name, mode, elf)], "unusable-helper");
    }
    accepts(&Forgery::of([
        bootstrap(),
        program("tools/arm64/tool", 0o755, arm()),
        program("tools/x86_64/tool", 0o755, tool()),
    ]));
}

#[test]
fn a_program_that_never_asks_for_events_is_a_warning() {
    let tool = elf().without_client();
    let program = |elf: &Elf| Forged::file("bootstrap", 0o755, elf.bytes());
    warns([program(&tool)], "no-runtime-client");
    warns(
        [program(&tool).deflated(), text("data")],
        "no-runtime-client",
    );
    // A large entry is searched piece by piece.
    let mut payload = vec![7; 40 << 20];
    let large = tool.clone().payload(payload.clone());
    warns([program(&large).deflated()], "no-runtime-client");
    payload.extend(b"AWS_LAMBDA_RUNTIME_API");
    payload.resize(41 << 20, 7);
    accepts(&Forgery::of([program(&tool.payload(payload)).deflated()]));
}

#[test]
fn helpers_of_other_systems_are_a_warning() {
    let file = |name: &str, data: &[u8]| Forged::file(name, 0o755, data.to_vec());
    let windows = |name| file(name, b"MZ\x90\0");
    let macos = |name| file(name, b"\xcf\xfa\xed\xfe");
    for other in [
        windows("bin/ffmpeg.exe"),
        macos("ffmpeg"),
        macos("lib/libx.dylib"),
    ] {
        warns([bootstrap(), other], "unusable-helper");
    }
    accepts(&Forgery::of([
        bootstrap(),
        file("bin/ffmpeg", &elf().bytes()),
        windows("bin/ffmpeg.exe"),
        windows("App.dll"),
        windows("App.exe"),
        windows("downloads/setup.exe"),
        macos("downloads/setup"),
        file("lib/App.class", b"\xca\xfe\xba\xbe\0\0\0\x3d"),
    ]));
}

#[test]
fn scripts_that_the_function_could_not_start_are_a_warning() {
    let script = |name: &str, mode, text: &str| Forged::file(name, mode, text);
    for (name, mode, text, words) in [
        ("bin/run", 0o644, "#!/bin/sh\n", "permission denied"),
        ("scripts/run.sh", 0o755, "#!/bin/sh\r\n", "carriage return"),
        ("run.js", 0o755, "#!/usr/bin/env node\n", "need"),
        (
            "bin/run.py",
            0o755,
            "#!/usr/bin/python3\n",
            "`/usr/bin/python3`",
        ),
    ] {
        let zip = Forgery::of([bootstrap(), script(name, mode, text)]).bytes();
        let outcome = check(&zip, &[]);
        outcome
            .exits(0)
            .says("warning[unusable-helper]")
            .says(name)
            .says(words);
    }
    // `sh run.sh` reads it; others are those of a template, or of a library.
    accepts(&Forgery::of([
        bootstrap(),
        script("run.sh", 0o644, "#!/bin/sh\n"),
        script("bin/run", 0o755, "#!/bin/bash\n"),
        script("template/run.sh", 0o644, "#!/bin/sh\r\n"),
        script("node_modules/x/bin/cli.js", 0o755, "#!/usr/bin/env node\n"),
        script("lib/x.py", 0o644, "#!/usr/bin/env python3\n"),
        script("bin/tool", 0o755, "#!/var/task/bin/run\n"),
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

#[cfg(unix)]
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
