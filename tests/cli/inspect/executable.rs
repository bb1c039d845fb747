//! A binary that Lambda could not start is rejected here, with the reason and the mend.

use forge::{Elf, Machine};
use serde_json::{Value, json};

use crate::support::cargo::X86_64_GNU;
use crate::support::project::Project;
use crate::support::run::Outcome;

fn compiled_to(elf: &Elf) -> Project {
    Project::package("orders", "").compiles_to("orders/orders", elf)
}

/// Rejects what `elf` is, by `lint`, and writes nothing.
#[track_caller]
fn rejects(elf: &Elf, args: &[&str], lint: &str) -> Outcome {
    let project = compiled_to(elf);
    let outcome = project.run(args);
    outcome
        .exits(1)
        .prints_nothing()
        .says(lint)
        .says("orders")
        .says("help");
    assert!(project.zips().is_empty(), "{:?}", project.zips());
    outcome
}

/// Accepts it without a word, and says what it is.
#[track_caller]
fn accepts(elf: &Elf, args: &[&str]) -> Value {
    let report = compiled_to(elf).report(args);
    let archive = &report["archives"][0];
    assert_eq!(archive["findings"], json!([]));
    archive["binary"].clone()
}

const GLIBC: &[&str] = &["--target", X86_64_GNU];
const GLIBC_AL2: &[&str] = &["--target", X86_64_GNU, "--runtime", "provided.al2"];

#[test]
fn static_and_static_pie_need_nothing() {
    for (elf, linkage) in [
        (Elf::fixed(Machine::X86_64), "static"),
        (Elf::static_pie(Machine::X86_64), "static-pie"),
    ] {
        let binary = accepts(&elf, &[]);
        assert_eq!(
            binary,
            json!({ "linkage": linkage, "interpreter": null, "needed": [], "glibc": null })
        );
    }
}

#[test]
fn static_arm64_is_as_good() {
    accepts(&Elf::fixed(Machine::Aarch64), &["--arch", "arm64"]);
    accepts(&Elf::static_pie(Machine::Aarch64), &["--arch", "arm64"]);
}

#[test]
fn a_dynamic_binary_the_runtime_satisfies_is_accepted_and_described() {
    let elf = Elf::dynamic(Machine::X86_64)
        .needs("libgcc_s.so.1", &["GCC_3.0", "GCC_4.2.0"])
        .needs("libm.so.6", &["GLIBC_2.29"])
        .needs("libc.so.6", &["GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.17"])
        .needs("ld-linux-x86-64.so.2", &["GLIBC_2.3"]);
    assert_eq!(
        accepts(&elf, GLIBC),
        json!({
            "linkage": "dynamic",
            "interpreter": "/lib64/ld-linux-x86-64.so.2",
            "needed": ["libgcc_s.so.1", "libm.so.6", "libc.so.6", "ld-linux-x86-64.so.2"],
            "glibc": "2.34",
        })
    );
}

#[test]
fn another_machine_is_rejected() {
    rejects(
        &Elf::static_pie(Machine::Aarch64),
        &[],
        "wrong-architecture",
    )
    .says("arm64");
    rejects(
        &Elf::static_pie(Machine::X86_64),
        &["--arch", "arm64"],
        "wrong-architecture",
    );
    rejects(
        &Elf::static_pie(Machine::Riscv64),
        &[],
        "wrong-architecture",
    );
}

#[test]
fn libraries_that_no_loader_would_load_are_rejected() {
    let elf = Elf::static_pie(Machine::X86_64).needs("libgreet.so.1", &[]);
    rejects(&elf, &[], "missing-interpreter")
        .says("libgreet.so.1")
        .says("names no dynamic loader")
        .says("segmentation fault");
    // A copy of the library in the package changes nothing.
    let project = compiled_to(&elf);
    project.write(
        "lib/libgreet.so.1",
        Elf::static_pie(Machine::X86_64).bytes(),
    );
    project
        .run(&["--include", "lib"])
        .exits(1)
        .says("missing-interpreter");
}

#[test]
fn the_c_library_of_another_loader_is_missing() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.musl-x86_64.so.1", &[]);
    rejects(&elf, GLIBC, "missing-library").says("libc.musl-x86_64.so.1");
}

#[test]
fn headers_that_contradict_each_other_are_rejected() {
    let elf = Elf::fixed(Machine::X86_64).interpreter("/lib64/ld-linux-x86-64.so.2");
    rejects(&elf, GLIBC, "not-an-executable").says("no dynamic segment");
}

#[test]
fn a_glibc_newer_than_the_runtimes_is_rejected() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.2.5", "GLIBC_2.36"]);
    rejects(&elf, GLIBC, "glibc-too-new")
        .says("2.36")
        .says("2.34");
}

#[test]
fn a_glibc_is_judged_by_the_runtime_it_will_meet() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.34"]);
    accepts(&elf, GLIBC);
    rejects(&elf, GLIBC_AL2, "glibc-too-new")
        .says("2.34")
        .says("2.26");

    let old = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.26"]);
    let project = compiled_to(&old);
    project.run(GLIBC_AL2).exits(0).never_says("glibc-too-new");
}

#[test]
fn glibc_versions_are_numbers_not_letters() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.9", "GLIBC_2.17"]);
    assert_eq!(accepts(&elf, GLIBC)["glibc"], "2.17");
}

#[test]
fn the_newest_glibc_is_found_in_whichever_library() {
    let elf = Elf::dynamic(Machine::X86_64)
        .needs("libc.so.6", &["GLIBC_2.17"])
        .needs("libm.so.6", &["GLIBC_2.38"]);
    rejects(&elf, GLIBC, "glibc-too-new").says("2.38");
}

#[test]
fn private_versions_of_glibc_are_not_numbers() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.17", "GLIBC_PRIVATE"]);
    assert_eq!(
        compiled_to(&elf).report(GLIBC)["archives"][0]["binary"]["glibc"],
        "2.17"
    );
}

#[test]
fn a_library_that_is_not_there_is_rejected_by_name() {
    let elf = Elf::dynamic(Machine::X86_64)
        .needs("libssl.so.1.1", &[])
        .needs("libc.so.6", &["GLIBC_2.17"]);
    rejects(&elf, GLIBC, "missing-library").says("libssl.so.1.1");
}

#[test]
fn a_library_that_is_there_for_the_runtime_alone_deserves_a_look() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libssl.so.3", &[]);
    let project = compiled_to(&elf);
    let outcome = project.run(GLIBC);
    outcome
        .exits(0)
        .says("unguaranteed-library")
        .says("libssl.so.3");
    rejects(&elf, GLIBC_AL2, "missing-library").says("libssl.so.3");
}

#[test]
fn a_loader_that_is_not_there_is_rejected_by_path() {
    let elf = Elf::dynamic(Machine::X86_64)
        .interpreter("/lib/ld-musl-x86_64.so.1")
        .needs("libc.so", &[]);
    rejects(&elf, &[], "missing-interpreter").says("/lib/ld-musl-x86_64.so.1");
}

#[test]
fn facts_are_found_without_section_headers() {
    let elf = Elf::dynamic(Machine::X86_64)
        .needs("libcrypto.so.3", &[])
        .needs("libc.so.6", &["GLIBC_2.36"])
        .without_section_headers();
    rejects(&elf, GLIBC, "glibc-too-new")
        .says("2.36")
        .says("libcrypto.so.3");
}

#[test]
fn debug_info_deserves_a_look_but_no_more() {
    let elf = Elf::static_pie(Machine::X86_64).with_debug_info(1 << 20);
    let project = compiled_to(&elf);
    project.run(&[]).exits(0).says("warning").says("debug-info");
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

/// Rejects the binaries that these bytes are, all in one run.
#[track_caller]
fn rejects_bytes(all: &[&[u8]], args: &[&str]) -> Outcome {
    let mut project = Project::package("orders", "").without_main("");
    for (nth, bytes) in all.iter().enumerate() {
        let bin = format!("bin{nth}");
        project = project
            .bin("", &bin)
            .compiles_to_bytes(&format!("orders/{bin}"), bytes);
    }
    let outcome = project.run(args);
    outcome.exits(1).never_says("panicked");
    for nth in 0..all.len() {
        outcome.says(&format!("bin{nth}"));
    }
    assert_eq!(project.zips(), [""; 0], "{outcome}");
    outcome
}

#[test]
fn what_is_no_executable_is_rejected() {
    let cut_off = &Elf::fixed(Machine::X86_64).bytes()[..40];
    rejects_bytes(&[b"", b"no code at all", b"MZ\x90\0", cut_off], &[]).says("not-an-executable");
}

#[test]
fn an_executable_cut_short_is_rejected_wherever_the_cut() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.17"]);
    let whole = elf.without_section_headers().bytes();
    let cuts = [64, 100, 232, 260, 300, 400, 500, whole.len() - 1].map(|length| &whole[..length]);
    rejects_bytes(&cuts, GLIBC);
}

#[test]
fn a_finding_that_is_allowed_lets_the_binary_through() {
    let elf = Elf::dynamic(Machine::X86_64).needs("libc.so.6", &["GLIBC_2.36"]);
    let args = [GLIBC, &["-A", "glibc-too-new"]].concat();
    let project = compiled_to(&elf);
    project.run(&args).exits(0).never_says("glibc-too-new");
    assert_eq!(project.zips(), ["orders-x86_64-gnu.zip"]);
}

#[test]
fn one_rejected_binary_does_not_hide_the_others() {
    let project = Project::package("orders", "")
        .bin("", "import")
        .bin("", "export")
        .compiles_to("orders/import", &Elf::static_pie(Machine::Aarch64))
        .compiles_to("orders/export", &Elf::static_pie(Machine::Riscv64));
    project.run(&[]).exits(1).says("import").says("export");
    let zips = project.zips();
    assert!(!zips.iter().any(|zip| zip.contains("port")), "{zips:?}");
}
