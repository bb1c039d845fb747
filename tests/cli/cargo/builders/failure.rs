//! Causes of a failed build that lie in the user's setup are named.

use crate::support::project::Project;

fn fails() -> Project {
    Project::package("orders", "").fails_with("orders/orders", "no")
}

#[test]
fn a_linker_for_all_targets_is_named_with_its_file() {
    let cfg = "[target.'cfg(target_os = \"linux\")']\nlinker = \"clang\"\n";
    let flags = "[build]\nrustflags = [\"-Clinker=clang\", \"-Clink-arg=-fuse-ld=mold\"]\n";
    for (text, setting) in [
        (
            cfg,
            "`linker = \"clang\"` of `[target.'cfg(target_os = \"linux\")']`",
        ),
        (flags, "the linker in `rustflags` of `[build]`"),
    ] {
        let project = fails().file(".cargo/config.toml", text);
        let file = project.path(".cargo/config.toml");
        project
            .run(&["--arch", "arm64"])
            .exits(101)
            .says(&format!("{setting} in `{}`", file.display()))
            .says("aarch64-unknown-linux-musl");
    }
    let run = fails();
    let run = run.run(&[]);
    run.exits(101);
    assert!(!run.stderr.contains("help:"), "{run}");
}

#[test]
fn flags_for_a_dynamic_program_are_named_with_their_place() {
    for (text, setting) in [
        (
            "[build]\nrustflags = [\"-C\", \"target-feature=-crt-static\"]\n",
            "`-crt-static` in `rustflags` of `[build]`",
        ),
        (
            "[target.x86_64-unknown-linux-musl]\nrustflags = \"-Clink-self-contained=no\"\n",
            "`link-self-contained=no` in `rustflags` of `[target.'x86_64-unknown-linux-musl']`",
        ),
    ] {
        let project = fails().file(".cargo/config.toml", text);
        let file = project.path(".cargo/config.toml");
        project
            .run(&[])
            .exits(101)
            .says(&format!("{setting} in `{}`", file.display()))
            .says("leave it out for musl targets");
    }
    let project = fails();
    let command = project.command(&[]);
    let command = command.env("RUSTFLAGS", "-Ctarget-feature=+aes,-crt-static");
    command
        .run()
        .exits(101)
        .says("`-crt-static` in the variable RUSTFLAGS");
}

#[test]
fn a_linker_that_is_not_installed_is_named_with_its_place() {
    let text = "[target.aarch64-unknown-linux-musl]\nlinker = \"aarch64-none-gcc\"\n";
    let project = fails().file(".cargo/config.toml", text);
    project
        .run(&["--arch", "arm64"])
        .exits(101)
        .says("the linker `linker = \"aarch64-none-gcc\"` of")
        .says(".cargo/config.toml` is not installed")
        .says("the toolchain's own linker");
    let other = project.run(&["--arch", "x86_64"]);
    other.exits(101).never_says("not installed");
    // Flags of rustc choose one, too.
    for (name, flags) in [
        ("RUSTFLAGS", "-Copt-level=1 -Clinker=none-gcc -g"),
        ("CARGO_ENCODED_RUSTFLAGS", "-C\u{1f}linker=none-gcc\u{1f}-g"),
    ] {
        let project = fails();
        let run = project.command(&[]).env(name, flags).run();
        let place = format!("the linker `none-gcc` in the variable {name} is not installed");
        run.exits(101).says(&place);
    }
    let text = "[build]\nrustflags = [\"-C\", \"linker=none-gcc\"]\n";
    let project = fails().file(".cargo/config.toml", text);
    let run = project.run(&[]);
    run.exits(101)
        .says("the linker `none-gcc` in `rustflags` of `[build]`");
    let project = fails();
    let variable = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER";
    let command = project.command(&[]).env(variable, "no-such-ld");
    command
        .run()
        .exits(101)
        .says("`no-such-ld` of the variable");
}

#[test]
fn a_missing_compiler_for_this_machine_is_named() {
    let project = fails();
    let bin = project.stage().path("bin");
    let shell = project.path("only-sh");
    fs_err::create_dir(&shell).unwrap();
    for tool in ["sh", "cat", "sleep", "cp", "mv"] {
        let tool_path = ["/bin", "/usr/bin"].map(|folder| std::path::Path::new(folder).join(tool));
        let real = tool_path.into_iter().find(|path| path.exists()).unwrap();
        std::os::unix::fs::symlink(real, shell.join(tool)).unwrap();
    }
    let path = std::env::join_paths([bin, shell]).unwrap();
    let run = project
        .command(&[])
        .env("PATH", path.to_str().unwrap())
        .run();
    run.exits(101).says("`cc` is not installed");
}

#[test]
fn a_package_that_chooses_its_target_is_refused() {
    for key in ["forced-target", "default-target"] {
        let project = Project::package("orders", "");
        let manifest = format!(
            "cargo-features = [\"per-package-target\"]\n[package]\nname = \"orders\"\nversion = \
             \"0.1.0\"\nedition = \"2021\"\n{key} = \"wasm32-wasip1\"\n"
        );
        project.write("Cargo.toml", manifest);
        let run = project.command(&[]).env("RUSTC_BOOTSTRAP", "1").run();
        run.exits(2).says(&format!("the unstable key `{key}`"));
    }
}
