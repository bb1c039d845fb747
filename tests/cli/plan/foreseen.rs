//! What flags of rustc and dependencies say of a package, before anything is built.

use crate::support::project::{Project, orders};

const CONFIG: &str = ".cargo/config.toml";

#[test]
fn the_cpu_of_this_machine_is_never_lambdas() {
    let config = "[build]\nrustflags = [\"-Ctarget-cpu=native\"]\n";
    let project = orders().file(CONFIG, config);
    let outcome = project.run(&[]);
    outcome
        .exits(0)
        .says("warning[cpu-above-lambda]")
        .says("target-cpu=native")
        .says("--cpu lambda");
    // A run with nothing to do says it too.
    let again = project.run(&[]);
    again
        .exits(0)
        .says("Fresh")
        .says("warning[cpu-above-lambda]");
    let denied = project.run(&["-D", "cpu-above-lambda"]);
    denied.exits(1).says("error[cpu-above-lambda]");
    let dry = project.run(&["--dry-run"]);
    dry.exits(0).says("warning[cpu-above-lambda]");
    // The setting comes after the flags.
    let better = project.run(&["--cpu", "lambda"]);
    better.exits(0).never_says("cpu-above-lambda");
}

#[test]
fn a_cpu_is_judged_for_the_architecture_that_it_is_for() {
    let project = orders();
    let of = |args: &[&str]| project.run(args);
    of(&["--cpu", "znver4"])
        .exits(0)
        .says("warning[cpu-above-lambda]")
        .says("`znver4`")
        .says("adx")
        .says("the setting `cpu`");
    of(&["--cpu", "x86-64-v3"]).exits(0).never_says("cpu-above");
    of(&["--arch", "arm64", "--cpu", "neoverse-v1"])
        .exits(0)
        .says("warning[cpu-above-lambda]");
    of(&["--arch", "arm64", "--cpu", "neoverse-n1"])
        .exits(0)
        .never_says("cpu-above");
}

/// The flags are known before anything compiles.
#[test]
fn what_is_denied_is_not_compiled() {
    let project = orders().file(CONFIG, "[build]\nrustflags = [\"-Ctarget-cpu=native\"]\n");
    for args in [&["--dry-run"][..], &[]] {
        let denied = project.run(&[args, &["-D", "cpu-above-lambda"]].concat());
        denied.exits(1).says("error[cpu-above-lambda]");
        assert!(project.build_calls().is_empty());
    }
    let dry = project.run(&["--dry-run", "--cpu", "lambda"]);
    dry.exits(0).never_says("cpu-above-lambda");
}

#[test]
fn features_in_the_environment_are_judged() {
    let project = orders();
    let with = |flags: &str| project.command(&[]).env("RUSTFLAGS", flags).run();
    with("-C target-feature=+avx512f,+avx2")
        .exits(0)
        .says("warning[cpu-above-lambda]")
        .says("`avx512f`")
        .never_says("`avx2`");
    with("-C target-feature=+avx2,+aes,+crt-static")
        .exits(0)
        .never_says("cpu-above-lambda");
}

/// rustc takes an argument file in its flags, and runs in the folder of the workspace.
#[test]
fn flags_in_a_file_are_judged() {
    let project = orders().file("flags/cpu", "-C\ntarget-cpu=znver4\n");
    let with = |flags: &str| project.command(&[]).env("RUSTFLAGS", flags).run();
    with("@flags/cpu")
        .exits(0)
        .says("warning[cpu-above-lambda]")
        .says("`znver4`");
    with("@flags/cpu -Ctarget-cpu=x86-64-v3")
        .exits(0)
        .never_says("cpu-above-lambda");
    let config = "[build]\nrustflags = [\"-Cdebuginfo=0\", \"@flags/cpu\"]\n";
    project.write(CONFIG, config);
    project.run(&[]).exits(0).says("warning[cpu-above-lambda]");
}

/// A package whose dependencies are `dependencies`, of which all that AWS has are there.
fn depending_on(dependencies: &str, more: &str) -> Project {
    let dependencies = format!("{more}\n[dependencies]\n{dependencies}\n");
    let mut project = Project::package("agent", &dependencies);
    for name in [
        "lambda-extension",
        "lambda_runtime",
        "lambda_http",
        "wrapper",
    ] {
        let more = if name == "wrapper" {
            "[dependencies]\nlambda-extension = { path = \"../lambda-extension\" }\n"
        } else {
            ""
        };
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n{more}"
        );
        project = project
            .file(&format!("deps/{name}/Cargo.toml"), &manifest)
            .file(&format!("deps/{name}/src/lib.rs"), "");
    }
    project
}

fn on(name: &str) -> String {
    format!("{name} = {{ path = \"deps/{name}\" }}\n")
}

const EXTENSION: &str = "[package.metadata.lambda-zip]\nkind = \"extension\"\n";

#[test]
fn an_extension_by_its_dependencies_is_no_function() {
    let project = depending_on(&on("lambda-extension"), "");
    project
        .run(&[])
        .exits(0)
        .says("warning[kind-mismatch]")
        .says("`agent` depends on `lambda-extension`")
        .says("kind = \"extension\"")
        .says("[package.metadata.lambda-zip.bin.agent]");
    let right = depending_on(&on("lambda-extension"), EXTENSION);
    right.run(&[]).exits(0).never_says("kind-mismatch");
}

#[test]
fn a_function_by_its_dependencies_is_no_extension() {
    let project = depending_on(&on("lambda_http"), EXTENSION);
    project
        .run(&[])
        .exits(0)
        .says("warning[kind-mismatch]")
        .says("kind = \"function\"");
}

#[test]
fn what_depends_on_both_or_may_is_either() {
    let optional = "lambda_runtime = { path = \"deps/lambda_runtime\", optional = true }\n";
    let renamed = "runtime = { path = \"deps/lambda_runtime\", package = \"lambda_runtime\" }\n";
    let extension = on("lambda-extension");
    for dependencies in [
        format!("{extension}{}", on("lambda_runtime")),
        format!("{extension}{}", on("lambda_http")),
        format!("{extension}{renamed}"),
        format!("{extension}{optional}"),
        on("lambda_runtime"),
        String::new(),
    ] {
        let project = depending_on(&dependencies, "");
        project.run(&[]).exits(0).never_says("kind-mismatch");
    }
}

#[test]
fn another_crate_may_bring_the_runtime() {
    let workspace = Project::workspace("")
        .member(
            "agent",
            "[dependencies]\nshared = { path = \"../shared\" }\n",
        )
        .member(
            "shared",
            "[dependencies]\nlambda-extension = { path = \"../lambda-extension\" }\n",
        )
        .member("lambda-extension", "");
    let outcome = workspace.run(&["-p", "agent"]);
    outcome.exits(0).says("warning[kind-mismatch]");
}
