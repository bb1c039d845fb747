//! Musl targets link with the toolchain's own `rust-lld`, unless the user chose a linker.

use crate::support::cargo::{AARCH64, X86_64, X86_64_GNU};
use crate::support::project::Project;

#[track_caller]
fn linkers(project: &Project, target: &str) -> Vec<String> {
    let options = project.codegen_options("orders", target);
    options
        .iter()
        .filter_map(|option| option.strip_prefix("linker="))
        .map(|linker| linker.rsplit('/').next().unwrap_or(linker).to_owned())
        .collect()
}

#[test]
fn is_rust_lld_for_both_musl_targets() {
    let project = Project::package("orders", "");
    project.run(&["--arch", "arm64,x86_64"]).exits(0);
    assert_eq!(linkers(&project, X86_64), ["rust-lld"]);
    assert_eq!(linkers(&project, AARCH64), ["rust-lld"]);
}

#[test]
fn is_left_to_rustc_for_glibc_targets() {
    let project = Project::package("orders", "");
    project.run(&["--target", X86_64_GNU]).exits(0);
    assert_eq!(linkers(&project, X86_64_GNU), [""; 0]);
}

#[test]
fn of_the_environment_is_kept() {
    let project = Project::package("orders", "");
    project
        .command(&["--arch", "arm64,x86_64"])
        .env(
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER",
            "my-linker",
        )
        .run()
        .exits(0);
    assert_eq!(linkers(&project, AARCH64), ["my-linker"]);
    assert_eq!(linkers(&project, X86_64), ["rust-lld"]);
}

#[test]
fn of_the_config_file_is_kept() {
    let config = format!("[target.{X86_64}]\nlinker = \"my-linker\"\n");
    let project = Project::package("orders", "").file(".cargo/config.toml", &config);
    project.run(&["--arch", "arm64,x86_64"]).exits(0);
    assert_eq!(linkers(&project, X86_64), ["my-linker"]);
    assert_eq!(linkers(&project, AARCH64), ["rust-lld"]);
}

#[test]
fn of_a_matching_cfg_is_kept() {
    let config = "[target.'cfg(target_env = \"musl\")']\nlinker = \"my-linker\"\n";
    let project = Project::package("orders", "").file(".cargo/config.toml", config);
    project.run(&[]).exits(0);
    assert_eq!(linkers(&project, X86_64), ["my-linker"]);
}

#[test]
fn of_the_command_line_is_kept() {
    let project = Project::package("orders", "");
    let config = format!("target.{X86_64}.linker=\"my-linker\"");
    project.run(&["--config", &config]).exits(0);
    assert_eq!(linkers(&project, X86_64), ["my-linker"]);
}

#[test]
fn of_a_config_file_named_on_the_command_line_is_kept() {
    let config = format!("[target.{X86_64}]\nlinker = \"my-linker\"\n");
    let project = Project::package("orders", "").file("linker.toml", &config);
    project.run(&["--config", "linker.toml"]).exits(0);
    assert_eq!(linkers(&project, X86_64), ["my-linker"]);
}

/// The linker translates them.
#[test]
fn is_rust_lld_with_flags_for_a_compiler_that_links() {
    for flags in ["-Clink-arg=-Wl,--gc-sections", "-Clink-arg=-fuse-ld=mold"] {
        let project = Project::package("orders", "");
        let run = project.command(&[]).env("RUSTFLAGS", flags);
        run.run().exits(0);
        assert_eq!(linkers(&project, X86_64), ["rust-lld"], "{flags}");
    }
}
