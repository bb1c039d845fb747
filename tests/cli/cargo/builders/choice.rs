//! Which builder is taken: by what compiles C, what is configured and what is installed.

use std::os::unix::fs::PermissionsExt;

use crate::support::cargo::{AARCH64, X86_64_GNU};
use crate::support::project::Project;
use crate::support::run::{Outcome, Run};

/// A function whose dependency has a build script that compiles C. The crate `cc` is a stand-in:
/// what counts is that it is depended on.
fn compiles_c(dependency: &str) -> Project {
    with_native(Project::package(
        "hash",
        &format!("[dependencies]\n{dependency}\n"),
    ))
}

/// A workspace of `orders` and `hash`, with what each depends on beside it.
fn members(orders: &str, hash: &str) -> Project {
    let depends_on = |native: &str| {
        let native = native.replace("path = \"native\"", "path = \"../../native\"");
        format!("[dependencies]\n{native}")
    };
    with_native(
        Project::workspace("exclude = [\"native\", \"cc\"]\n")
            .member("orders", &depends_on(orders))
            .member("hash", &depends_on(hash)),
    )
}

fn with_native(project: Project) -> Project {
    project
        .file("native/Cargo.toml", NATIVE)
        .file("native/src/lib.rs", "")
        .file(
            "cc/Cargo.toml",
            "[package]\nname = \"cc\"\nversion = \"1.0.0\"\n[workspace]\n",
        )
        .file("cc/src/lib.rs", "")
}

const NATIVE: &str = "\
[package]
name = \"native\"
version = \"0.3.0\"
[workspace]
[features]
bundled = [\"dep:cc\"]
[build-dependencies]
cc = { path = \"../cc\", optional = true }
";
const BUNDLED: &str = "native = { path = \"native\", features = [\"bundled\"] }";

/// A program on the PATH of [`with_tools`].
fn tool(project: Project, name: &str, script: &str) -> Project {
    let path = format!("tools/{name}");
    let project = project.file(&path, &format!("#!/bin/sh\n{script}\n"));
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(project.path(&path), executable).unwrap();
    project
}

/// A run for arm64, for which no machine has a C compiler by chance, and with nothing on the PATH
/// but the project's tools and the system's.
fn with_tools<'a>(project: &'a Project, args: &[&str]) -> Run<'a> {
    let tools = project.path("tools");
    let args: Vec<&str> = ["--arch", "arm64", "-v"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    project
        .command(&args)
        .env("PATH", &format!("{}:/usr/bin:/bin", tools.display()))
        .env("CARGO_HOME", &project.path("home").display().to_string())
}

/// Stands in cargo-zigbuild's place: says that it was called, and leaves the work to Cargo.
const ZIGBUILD: &str = "echo \"zigbuild called: $*\" >&2; shift; exec \"$CARGO\" build \"$@\"";

fn has_zig(project: Project, version: &str) -> Project {
    let project = tool(project, "zig", &format!("echo {version}"));
    // A python3 without the module, wherever the system has one with it.
    let project = tool(
        project,
        "python3",
        "echo 'No module named ziglang' >&2; exit 1",
    );
    tool(project, "cargo-zigbuild", ZIGBUILD)
}

fn refuses(outcome: &Outcome, project: &Project, fragments: &[&str]) {
    outcome.exits(3);
    for fragment in fragments {
        outcome.says(fragment);
    }
    assert!(project.build_calls().is_empty(), "{outcome}");
}

#[test]
fn pure_rust_goes_to_cargo() {
    let project = Project::package("orders", "");
    project.run(&["-v"]).exits(0).says("Building with cargo:");
}

#[test]
fn without_a_tool_the_crate_its_path_and_the_ways_out_are_named() {
    let project = compiles_c(BUNDLED);
    let outcome = with_tools(&project, &[]).run();
    let ways = [
        "pip install cargo-zigbuild",
        "cross",
        "CC_aarch64_unknown_linux_musl",
    ];
    refuses(&outcome, &project, &ways);
    outcome.says("`native v0.3.0` compiles C for aarch64-unknown-linux-musl");
    outcome.says("hash v0.1.0 → native v0.3.0");
}

#[test]
fn a_feature_that_is_off_compiles_nothing() {
    let project = compiles_c("native = { path = \"native\" }");
    with_tools(&project, &[]).run().exits(0).says("with cargo");
}

#[test]
fn a_feature_of_the_command_line_counts() {
    let dependency = "native = { path = \"native\" }\n[features]\nc = [\"native/bundled\"]";
    let project = compiles_c(dependency);
    with_tools(&project, &["--features", "c"])
        .run()
        .exits(3)
        .says("native v0.3.0");
}

#[test]
fn what_runs_on_this_machine_only_needs_no_compiler_for_the_target() {
    for section in ["build-dependencies", "dev-dependencies"] {
        let project = compiles_c(&format!("[{section}]\n{BUNDLED}"));
        with_tools(&project, &[]).run().exits(0).says("with cargo");
    }
}

#[test]
fn what_another_system_compiles_does_not_count() {
    let project = compiles_c(&format!("[target.'cfg(windows)'.dependencies]\n{BUNDLED}"));
    with_tools(&project, &[]).run().exits(0).says("with cargo");
}

/// What Cargo would unify in a build of everything is not unified in a build of one package.
#[test]
fn a_feature_that_only_another_member_enables_does_not_count() {
    let project = members("native = { path = \"native\" }", BUNDLED);
    with_tools(&project, &["-p", "orders"])
        .run()
        .exits(0)
        .says("with cargo");
    with_tools(&project, &["--workspace"])
        .run()
        .exits(3)
        .says("native v0.3.0");
}

#[test]
fn a_package_that_is_not_selected_does_not_count() {
    let project = members("", BUNDLED);
    with_tools(&project, &["-p", "orders"])
        .run()
        .exits(0)
        .says("with cargo");
    with_tools(&project, &["-p", "hash"]).run().exits(3);
}

#[test]
fn a_configured_compiler_is_enough_for_cargo() {
    for variable in ["CC_aarch64_unknown_linux_musl", "TARGET_CC"] {
        let project = compiles_c(BUNDLED);
        let run = with_tools(&project, &[]).env(variable, "my-cc");
        run.run().exits(0).says("with cargo");
    }
}

#[test]
fn zig_is_taken_where_it_is_installed() {
    let project = has_zig(compiles_c(BUNDLED), "0.13.0");
    let outcome = with_tools(&project, &[]).run();
    outcome
        .exits(0)
        .says("with zigbuild: `native v0.3.0` compiles C");
    outcome.says("zigbuild called: zigbuild --message-format=json-render-diagnostics");
    assert_eq!(project.zips(), ["hash-arm64.zip"]);
}

#[test]
fn a_named_builder_needs_no_reason() {
    let project = has_zig(Project::package("orders", ""), "0.17.1");
    let outcome = with_tools(&project, &["--builder", "zigbuild"]).run();
    outcome.exits(0).says("zigbuild called");
    let outcome = with_tools(&project, &["--builder", "cargo"]).run();
    outcome.exits(0).never_says("zigbuild called");
}

#[test]
fn a_builder_may_be_named_for_one_package() {
    let zig = "[package.metadata.lambda-zip]\nbuilder = \"zigbuild\"\n";
    let project = Project::workspace("")
        .member("orders", "")
        .member("hash", zig);
    let project = has_zig(project, "0.17.1");
    let outcome = with_tools(&project, &[]).run();
    outcome
        .exits(0)
        .says("Building with cargo")
        .says("Building with zigbuild");
    outcome.says("--bin hash").says("--bin orders");
    assert_eq!(project.zips(), ["hash-arm64.zip", "orders-arm64.zip"]);
}

#[test]
fn zig_that_is_too_old_or_broken_is_said_to_be() {
    let project = has_zig(compiles_c(BUNDLED), "0.8.1");
    refuses(
        &with_tools(&project, &[]).run(),
        &project,
        &["zig 0.8.1", "0.10.0"],
    );
    let project = tool(
        has_zig(compiles_c(BUNDLED), "1"),
        "zig",
        "echo 'no AVX' >&2; exit 1",
    );
    refuses(&with_tools(&project, &[]).run(), &project, &["no AVX"]);
}

#[test]
fn zigbuild_without_zig_is_said_to_be() {
    let project = has_zig(compiles_c(BUNDLED), "1");
    fs_err::remove_file(project.path("tools/zig")).unwrap();
    refuses(
        &with_tools(&project, &[]).run(),
        &project,
        &["cargo-zigbuild is installed, but zig is not"],
    );
}

#[test]
fn zigbuild_links_against_the_glibc_of_the_runtime_unless_one_is_named() {
    let project = has_zig(Project::package("orders", ""), "0.17.1");
    for (args, target) in [
        (
            &["--target", X86_64_GNU][..],
            "x86_64-unknown-linux-gnu.2.34",
        ),
        (
            &["--target", X86_64_GNU, "--runtime", "provided.al2"],
            "x86_64-unknown-linux-gnu.2.26",
        ),
        (
            &["--target", "x86_64-unknown-linux-gnu.2.17"],
            "x86_64-unknown-linux-gnu.2.17",
        ),
    ] {
        let args: Vec<&str> = ["--builder", "zigbuild", "--dry-run"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        let tools = format!("{}:/usr/bin:/bin", project.path("tools").display());
        let outcome = project.command(&args).env("PATH", &tools).run();
        outcome.exits(0).prints(&format!("--target {target} "));
    }
}

/// Stands in cross's place, with a container engine that says `engine`.
fn has_cross(project: Project, engine: &str) -> Project {
    let project = tool(project, "docker", engine);
    let script = "echo \"cross called: $RUSTUP_TOOLCHAIN $PWD $*\" >&2; exec \"$CARGO\" \"$@\"";
    tool(project, "cross", script)
}

#[test]
fn cross_is_taken_where_there_is_no_zig() {
    let project = has_cross(compiles_c(BUNDLED), "exit 0");
    let run = with_tools(&project, &[]).env("RUSTUP_TOOLCHAIN", "pinned");
    let outcome = run.run();
    outcome
        .exits(0)
        .says("with cross: `native v0.3.0` compiles C");
    // Whatever the toolchain is called, cross is given its folder: names it has rustup update.
    let folder = project.path("").display().to_string();
    let sysroot = project.stage().path("sysroot");
    let called = format!("cross called: {} {folder}", sysroot.display());
    outcome.says(called.trim_end_matches('/'));
    outcome.says("CROSS_CUSTOM_TOOLCHAIN=1");
    assert_eq!(project.zips(), ["hash-arm64.zip"]);
}

#[test]
fn cross_is_preferred_by_whoever_has_set_it_up() {
    let project = has_cross(has_zig(compiles_c(BUNDLED), "0.17.1"), "exit 0");
    let run = with_tools(&project, &[]).env("RUSTUP_TOOLCHAIN", "pinned");
    let run = run.env("CROSS_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_IMAGE", "mine");
    run.run().exits(0).says("cross called");
}

#[test]
fn cross_takes_one_target_after_the_other() {
    let project = has_cross(Project::package("orders", ""), "exit 0");
    let args = ["--arch", "x86_64", "--builder", "cross", "--dry-run"];
    let outcome = with_tools(&project, &args)
        .env("RUSTUP_TOOLCHAIN", "pinned")
        .run();
    outcome
        .exits(0)
        .prints(&format!("--target {AARCH64} "))
        .prints("--target x86_64-unknown-linux-musl ");
    let shown = outcome.to_string();
    assert_eq!(shown.matches("/tools/cross' build ").count(), 2, "{shown}");
}

#[test]
fn an_engine_that_is_missing_or_silent_is_said_to_be() {
    let project = has_cross(
        compiles_c(BUNDLED),
        "echo 'Cannot connect to the daemon' >&2; exit 1",
    );
    let project = tool(project, "podman", "echo 'no user namespaces' >&2; exit 1");
    refuses(
        &with_tools(&project, &[]).run(),
        &project,
        &["Cannot connect to the daemon"],
    );
    let args = ["--builder", "cross"];
    let outcome = with_tools(&project, &args)
        .env("CROSS_CONTAINER_ENGINE", "no-such")
        .run();
    refuses(
        &outcome,
        &project,
        &["CROSS_CONTAINER_ENGINE names `no-such`"],
    );
}

#[test]
fn podman_takes_the_place_of_a_docker_that_does_not_answer() {
    let project = has_cross(
        compiles_c(BUNDLED),
        "echo 'Cannot connect to the daemon' >&2; exit 1",
    );
    let project = tool(project, "podman", "exit 0");
    let outcome = with_tools(&project, &[]).run();
    let podman = format!("{}'", project.path("tools/podman").display());
    outcome.exits(0).says(&podman);
}

#[test]
fn a_c_compiler_that_is_configured_for_the_build_will_do() {
    let project = compiles_c(BUNDLED);
    let variable = "CC_aarch64_unknown_linux_musl";
    let args = ["--env", &format!("{variable}=cc")];
    let outcome = with_tools(&project, &args).run();
    outcome
        .exits(0)
        .says(&format!("`{variable}` is there for it"));

    let config = format!("[env]\n{variable} = {{ value = \"cc\" }}\n");
    let project = compiles_c(BUNDLED).file(".cargo/config.toml", &config);
    let outcome = with_tools(&project, &[]).run();
    outcome
        .exits(0)
        .says(&format!("`{variable}` is there for it"));
}

#[test]
fn an_empty_variable_names_no_c_compiler() {
    let project = compiles_c(BUNDLED);
    let args = ["--env", "CC_aarch64_unknown_linux_musl="];
    refuses(
        &with_tools(&project, &args).run(),
        &project,
        &["compiles C"],
    );
}

#[test]
fn a_zig_that_is_named_but_not_there_is_said_to_be() {
    let project = has_zig(compiles_c(BUNDLED), "0.17.1");
    let run = with_tools(&project, &[]).env("CARGO_ZIGBUILD_ZIG_PATH", "/no/such/zig");
    refuses(
        &run.run(),
        &project,
        &["/no/such/zig", "CARGO_ZIGBUILD_ZIG_PATH names it"],
    );
}

#[test]
fn a_builder_that_cannot_choose_a_glibc_refuses_one() {
    let project = Project::package("orders", "");
    let target = "x86_64-unknown-linux-gnu.2.26";
    let outcome = project.run(&["--builder", "cargo", "--target", target]);
    outcome.exits(2).says(target).says("zigbuild");
}

#[test]
fn what_does_not_reach_the_container_of_cross_is_refused() {
    for args in [
        &["--cpu", "lambda"][..],
        &["--env", "A=1"],
        &["--reproducible"],
    ] {
        let project = has_cross(Project::package("orders", ""), "exit 0");
        let args: Vec<&str> = ["--builder", "cross"].iter().chain(args).copied().collect();
        let run = with_tools(&project, &args).env("RUSTUP_TOOLCHAIN", "pinned");
        run.run().exits(2).says("container that cross compiles in");
        assert!(project.build_calls().is_empty());
    }
}

#[test]
fn a_container_that_does_not_start_is_said_to_be_the_engines_fault() {
    let project = has_cross(Project::package("orders", ""), "exit 0");
    let project = tool(project, "cross", "echo 'no such image' >&2; exit 125");
    let run = with_tools(&project, &["--builder", "cross"]).env("RUSTUP_TOOLCHAIN", "pinned");
    run.run()
        .exits(3)
        .says("no such image")
        .says("could not be started");
}

#[test]
fn a_lockfile_that_is_behind_the_manifest_is_not_believed() {
    let project = compiles_c("");
    with_tools(&project, &[]).run().exits(0).says("with cargo");
    let manifest = String::from_utf8(project.read("Cargo.toml")).unwrap();
    let manifest = manifest.replace("[dependencies]", &format!("[dependencies]\n{BUNDLED}"));
    project.write("Cargo.toml", &manifest);
    with_tools(&project, &[])
        .run()
        .exits(3)
        .says("native v0.3.0");
}

#[test]
fn a_crate_that_only_one_target_compiles_needs_no_compiler_for_the_other() {
    let only_arm = "[target.'cfg(target_arch = \"aarch64\")'.dependencies]";
    let project = compiles_c(&format!("{only_arm}\n{BUNDLED}"));
    let run = with_tools(&project, &["--arch", "x86_64"]);
    let run = run.env("CC_aarch64_unknown_linux_musl", "my-cc");
    let outcome = run.run();
    outcome
        .exits(0)
        .says("`native v0.3.0` compiles C, and `CC_aarch64_unknown_linux_musl`");
}
