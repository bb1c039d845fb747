//! What the compiler is told beside the user's own: CPUs, flags, variables.

use crate::support::cargo::{AARCH64, X86_64};
use crate::support::project::Project;

/// The arguments rustc got for `orders` and a target.
#[track_caller]
fn arguments(project: &Project, target: &str) -> Vec<String> {
    let calls = project.stage().rustc_calls();
    let call = calls.into_iter().rev().find(|call| {
        call.windows(2)
            .any(|pair| pair == ["--crate-name", "orders"])
            && call.windows(2).any(|pair| pair == ["--target", target])
    });
    call.unwrap_or_else(|| panic!("rustc was not called for {target}"))
}

/// Whether rustc got `--cfg mine` for a target.
fn has_own_flag(project: &Project, target: &str) -> bool {
    let arguments = arguments(project, target);
    arguments.windows(2).any(|pair| pair == ["--cfg", "mine"])
}

/// The CPU that rustc got. `cc` would pass `target-cpu` on to C compilers, and sccache caches nothing
/// with a file of arguments.
#[track_caller]
fn cpu(project: &Project, target: &str) -> Option<String> {
    let arguments = arguments(project, target);
    let others = |argument: &String| argument.starts_with('@') || argument.contains("target-cpu");
    assert!(!arguments.iter().any(others), "{arguments:?}");
    let mut cpus = arguments
        .iter()
        .filter_map(|argument| argument.strip_prefix("-Ctarget_cpu="));
    cpus.next().map(str::to_owned)
}

#[test]
fn a_named_pipe_as_env_file_is_not_waited_for() {
    let project = Project::package("orders", "");
    project.add_pipe("pipe");
    let outcome = project.run(&["--env-file", "pipe"]);
    outcome
        .exits(2)
        .says("`pipe` of `--env-file` is a named pipe");
    project
        .run(&["--env-file", "/dev/zero"])
        .exits(2)
        .says("may never end");
    project.run(&["--env-file", "/dev/null"]).exits(0);
}

#[test]
fn no_cpu_is_chosen_unless_asked_for() {
    let project = Project::package("orders", "");
    project.run(&[]).exits(0);
    assert_eq!(cpu(&project, X86_64), None);
}

#[test]
fn lambda_means_what_lambda_has() {
    let project = Project::package("orders", "");
    project
        .run(&["--cpu", "lambda", "--arch", "arm64,x86_64"])
        .exits(0);
    assert_eq!(cpu(&project, X86_64).as_deref(), Some("x86-64-v3"));
    assert_eq!(cpu(&project, AARCH64).as_deref(), Some("neoverse-n1"));
}

#[test]
fn the_manifest_may_name_a_cpu_for_one_architecture_and_the_command_line_another() {
    let cpu_of_arm = "[package.metadata.lambda-zip]\ncpu = { arm64 = \"neoverse-v1\" }\n";
    let project = Project::package("orders", cpu_of_arm);
    project.run(&["--arch", "arm64,x86_64"]).exits(0);
    assert_eq!(cpu(&project, AARCH64).as_deref(), Some("neoverse-v1"));
    assert_eq!(cpu(&project, X86_64), None);
    project
        .run(&["--arch", "arm64", "--cpu", "arm64=generic"])
        .exits(0);
    assert_eq!(cpu(&project, AARCH64), None);
}

#[test]
fn the_users_own_flags_stay_wherever_they_stand() {
    let configs = [
        "[build]\nrustflags = \"--cfg mine\"\n",
        "[build]\nrustflags = [\"--cfg\", \"mine\"]\n",
        "[target.x86_64-unknown-linux-musl]\nrustflags = [\"--cfg\", \"mine\"]\n",
        "[target.'cfg(target_env = \"musl\")']\nrustflags = [\"--cfg\", \"mine\"]\n",
    ];
    for config in configs {
        let project = Project::package("orders", "").file(".cargo/config.toml", config);
        project.run(&["--cpu", "lambda"]).exits(0);
        assert!(has_own_flag(&project, X86_64), "{config}");
        assert_eq!(cpu(&project, X86_64).as_deref(), Some("x86-64-v3"));
    }
    let project = Project::package("orders", "");
    let run = project
        .command(&["--cpu", "lambda"])
        .env("RUSTFLAGS", "--cfg mine");
    run.run().exits(0);
    assert!(has_own_flag(&project, X86_64));
    assert_eq!(cpu(&project, X86_64).as_deref(), Some("x86-64-v3"));
}

#[test]
fn flags_that_cannot_be_known_are_refused_rather_than_dropped() {
    let project = Project::package("orders", "");
    let config = "build.rustflags=[\"--cfg\",\"mine\"]";
    let outcome = project.run(&["--cpu", "lambda", "--config", config]);
    outcome
        .exits(2)
        .says("rustflags of `--config`")
        .says(".cargo/config.toml");
    project.run(&["--config", config]).exits(0);
    assert!(has_own_flag(&project, X86_64));
}

#[test]
fn the_cpu_of_the_machine_that_builds_is_refused() {
    let project = Project::package("orders", "");
    project
        .run(&["--cpu", "native"])
        .exits(2)
        .says("not of Lambda");
    project
        .run(&["--cpu", "arm65=lambda"])
        .exits(2)
        .says("did you mean `arm64`?");
}

#[test]
fn variables_reach_the_build_and_are_not_shown() {
    let project = Project::package("orders", "");
    project.run(&["--env", "RUSTFLAGS=--cfg mine"]).exits(0);
    assert!(has_own_flag(&project, X86_64));
    let outcome = project.run(&["--env", "TOKEN=secret", "-v", "--dry-run"]);
    outcome.exits(0).never_says("secret");
    assert!(
        !outcome
            .to_string()
            .replace("--env TOKEN=secret", "")
            .contains("secret")
    );
}

#[test]
fn a_file_of_variables_is_read_and_single_ones_are_stronger() {
    let project =
        Project::package("orders", "").file("build.env", "# why\nRUSTFLAGS='--cfg mine'\n");
    project.run(&["--env-file", "build.env"]).exits(0);
    assert!(has_own_flag(&project, X86_64));
    let args = ["--env-file", "build.env", "--env", "RUSTFLAGS=--cfg other"];
    project.run(&args).exits(0);
    assert!(!has_own_flag(&project, X86_64));
}

#[test]
fn flags_given_for_the_build_are_added_to_like_all_others() {
    let project = Project::package("orders", "");
    let args = ["--env", "RUSTFLAGS=--cfg mine", "--cpu", "lambda"];
    project.run(&args).exits(0);
    assert!(has_own_flag(&project, X86_64));
    assert_eq!(cpu(&project, X86_64).as_deref(), Some("x86-64-v3"));
}

#[test]
fn flags_that_differ_between_targets_are_added_to_each() {
    let config = "[target.x86_64-unknown-linux-musl]\nrustflags = [\"--cfg\", \"mine\"]\n";
    let project = Project::package("orders", "").file(".cargo/config.toml", config);
    let args = ["--reproducible", "--arch", "arm64,x86_64"];
    project.run(&args).exits(0);
    for (target, own) in [(X86_64, true), (AARCH64, false)] {
        assert_eq!(has_own_flag(&project, target), own, "{target}");
        let arguments = arguments(&project, target);
        assert!(
            arguments.iter().any(|a| a.ends_with("=/workspace")),
            "{target}"
        );
    }
}

#[test]
fn flags_in_an_included_file_are_refused_rather_than_dropped() {
    let project = Project::package("orders", "")
        .file(".cargo/config.toml", "include = [\"team.toml\"]\n")
        .file(
            ".cargo/team.toml",
            "[build]\nrustflags = [\"--cfg\", \"mine\"]\n",
        );
    let outcome = project.run(&["--cpu", "lambda"]);
    outcome.exits(2).says("team.toml").says("overridden");
    assert!(project.build_calls().is_empty());
}

#[test]
fn what_is_no_variable_is_refused_before_anything_is_built() {
    let project = Project::package("orders", "").file("bad.env", "GOOD=1\nTOKEN secret\n");
    project.run(&["--env", "TOKEN"]).exits(2).says("KEY=VALUE");
    let outcome = project.run(&["--env-file", "bad.env"]);
    outcome
        .exits(2)
        .says("line 2")
        .says("bad.env")
        .never_says("secret");
    let project = project.file("later.env", "A=x y\n# TOKEN secret\n\nTOKEN secret\n");
    let outcome = project.run(&["--env-file", "later.env"]);
    outcome.exits(2).says("line 4").never_says("secret");
    project
        .run(&["--env-file", "none.env"])
        .exits(3)
        .says("none.env");
    assert!(project.build_calls().is_empty());
}

#[test]
fn compiling_the_standard_library_is_nothing_for_cargo_alone() {
    let project = Project::package("orders", "");
    let outcome = project.run(&["--build-std", "--builder", "cargo"]);
    outcome.exits(2).says("--builder zigbuild");
    assert!(project.build_calls().is_empty());
}

/// The folder of every project here has spaces in its name.
#[test]
fn flags_for_c_compilers_may_name_folders_with_spaces() {
    let project = Project::package("orders", "");
    let outcome = project.run(&["--reproducible", "--dry-run"]);
    outcome.exits(0).prints("CC_SHELL_ESCAPED_FLAGS=1");
    let root = project.path("").display().to_string();
    let root = root.trim_end_matches('/');
    outcome.prints(&format!("-ffile-prefix-map={root}=/workspace"));
}

#[test]
fn packages_outside_of_the_workspace_are_called_by_their_names() {
    let tables = "[dependencies]\npricing = { path = \"../pricing\" }\n";
    let project = Project::empty()
        .file("pricing/src/lib.rs", "")
        .file(
            "pricing/Cargo.toml",
            "[package]\nname = \"pricing\"\nversion = \"0.1.2\"\nedition = \"2021\"\n",
        )
        .file("shop/src/main.rs", "fn main() {}\n")
        .file(
            "shop/Cargo.toml",
            &format!(
                "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{tables}"
            ),
        );
    let args = ["--reproducible", "--manifest-path", "shop/Cargo.toml"];
    let outcome = project.run(&args);
    outcome
        .exits(0)
        .says("pricing` lies outside of the workspace");
    let flag = format!(
        "--remap-path-prefix={}=/dependencies/pricing-0.1.2",
        project.path("pricing").display()
    );
    let compiled = project.stage().rustc_calls();
    assert!(
        compiled.iter().any(|arguments| arguments.contains(&flag)),
        "{compiled:?}"
    );
}

#[test]
fn a_cpu_that_rustc_does_not_know_for_the_target_is_refused_before_anything_compiles() {
    let project = Project::package("orders", "");
    for (cpu, arch, message) in [
        (
            "neoverse-n9",
            "arm64",
            "rustc knows no CPU `neoverse-n9` for aarch64-unknown-linux-musl; did you mean \
             `neoverse-n1`?",
        ),
        ("znver44", "x86_64", "did you mean `znver4`?"),
        ("x86_64=znver44", "x86_64", "did you mean `znver4`?"),
        (
            "neoverse-n1",
            "x86_64",
            "rustc knows no CPU `neoverse-n1` for x86_64",
        ),
        (
            "znver3",
            "arm64,x86_64",
            "rustc knows no CPU `znver3` for aarch64",
        ),
    ] {
        let outcome = project.run(&["--cpu", cpu, "--arch", arch]);
        outcome.exits(2).says(message);
        let dry_run = project.run(&["--cpu", cpu, "--arch", arch, "--dry-run"]);
        dry_run.exits(2).says(message);
    }
    assert!(project.build_calls().is_empty());
}

#[test]
fn rustc_is_asked_for_its_cpus_once_and_only_for_a_cpu_by_name() {
    let project = Project::package("orders", "");
    let questions = || {
        let log = fs_err::read_to_string(project.stage().path("rustc-questions.log"));
        let log = log.unwrap_or_default();
        log.lines()
            .filter(|line| line.contains("target-cpus"))
            .count()
    };
    for args in [&[][..], &["--cpu", "lambda"], &["--cpu", "generic"]] {
        project.run(args).exits(0);
        assert_eq!(questions(), 0, "{args:?}");
    }
    for _ in 0..2 {
        project.run(&["--cpu", "haswell"]).exits(0);
        assert_eq!(questions(), 1);
    }
}

#[test]
fn a_cpu_above_lambdas_is_a_finding_wherever_the_flags_are() {
    const FLAG: &str = "-Ctarget-cpu=native";
    let finds = |project: &Project, args: &[&str], variable: Option<(&str, &str)>| {
        let command = project.command(args);
        let command = match variable {
            Some((name, value)) => command.env(name, value),
            None => command,
        };
        command.run().exits(0).says("target-cpu=native");
    };
    let plain = Project::package("orders", "");
    finds(&plain, &[], Some(("RUSTFLAGS", "-C target-cpu=native")));
    finds(
        &plain,
        &[],
        Some(("CARGO_ENCODED_RUSTFLAGS", "-C\u{1f}target-cpu=native")),
    );
    finds(&plain, &[], Some(("CARGO_BUILD_RUSTFLAGS", FLAG)));
    let variable = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS";
    finds(&plain, &[], Some((variable, FLAG)));
    let option = format!("build.rustflags=[\"{FLAG}\"]");
    finds(&plain, &["--config", &option], None);
    let option = format!("target.'cfg(unix)'.rustflags=[\"{FLAG}\"]");
    finds(&plain, &["--config", &option], None);
    for table in [
        "build",
        "target.x86_64-unknown-linux-musl",
        "target.'cfg(unix)'",
    ] {
        let text = format!("[{table}]\nrustflags = [\"-C\", \"target-cpu=native\"]\n");
        let config = Project::package("orders", "").file(".cargo/config.toml", &text);
        finds(&config, &[], None);
        let included = Project::package("orders", "")
            .file(".cargo/config.toml", "include = [\"more.toml\"]\n")
            .file(".cargo/more.toml", &text);
        finds(&included, &[], None);
    }
    // The setting is stronger.
    let command = plain.command(&["--cpu", "lambda"]).env("RUSTFLAGS", FLAG);
    command.run().exits(0).never_says("native");
    let command = plain.command(&["-D", "warnings"]).env("RUSTFLAGS", FLAG);
    command.run().exits(1).says("target-cpu=native");
}
