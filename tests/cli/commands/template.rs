//! `template`: what deploys the packages, without building them.

use std::env;
use std::path::Path;
use std::process::Command;

use forge::{Elf, Machine};

use crate::support::project::{Project, orders};

const EXTENSION: &str = "[package.metadata.lambda-zip]\nkind = \"extension\"\n";

#[test]
fn a_template_is_printed_and_nothing_is_built_or_written() {
    for kind in ["sam", "cloudformation", "aws-cli", "cdk", "serverless"] {
        let project = orders();
        let outcome = project.run(&["template", kind, "--arch", "arm64"]);
        outcome
            .exits(0)
            .prints("target/lambda-zip/orders-arm64.zip");
        assert_eq!(outcome.stderr, "", "{kind}");
        assert!(project.build_calls().is_empty(), "{kind}");
        assert_eq!(project.files(""), ["Cargo.toml", "src/main.rs"], "{kind}");
    }
}

#[test]
fn paths_are_relative_to_the_current_folder() {
    let project = Project::workspace("").member("orders", "");
    let outcome = project.command(&["template", "sam"]).from("crates").run();
    outcome.exits(0);
    outcome.prints("CodeUri: ../target/lambda-zip/orders-x86_64.zip\n");
}

#[test]
fn a_package_that_would_be_rejected_leaves_no_template() {
    let project = orders().file("large.bin", &"x".repeat(2000));
    let args = [
        "--include",
        "large.bin",
        "--max-unzipped-size",
        "1000",
        "-D",
        "warnings",
    ];
    let outcome = project.run(&[&["template", "sam"], &args[..]].concat());
    outcome
        .exits(1)
        .prints_nothing()
        .says("Rejected orders x86_64");
}

#[test]
fn equal_logical_ids_and_refused_names_are_errors_before_anything_is_printed() {
    let project = orders().bin("", "order-s").bin("", "order_s");
    let outcome = project.run(&["template", "aws-cli"]);
    outcome.exits(2).prints_nothing();
    outcome.says("the functions `order-s` and `order_s` would have the same logical ID");
    outcome
        .says("the key `name`")
        .says("help: or select one of them");
    project
        .run(&["template", "sam", "--bin", "order-s"])
        .exits(0);

    let long = "x".repeat(65);
    let outcome = orders().bin("", &long).run(&["template", "cdk"]);
    outcome.exits(2).prints_nothing();
    outcome.says("cannot be the name of a function: Lambda accepts up to 64 letters");
}

#[test]
fn only_sam_builds_from_the_sources() {
    for flag in ["--makefile", "--from-source"] {
        let outcome = orders().run(&["template", "cdk", flag]);
        outcome.exits(2).prints_nothing().says("`sam`");
    }
    orders()
        .run(&["template", "sam", "--makefile", "--from-source"])
        .exits(2);
    let outcome = orders().run(&["template", "terrafrom"]);
    outcome.exits(2).prints_nothing();
}

/// Runs a program where the tool is installed.
fn run(project: &Project, command: &mut Command) {
    let installed = Path::new(env!("CARGO_BIN_EXE_cargo-lambda-zip")).parent();
    let folders = [project.stage().path("bin"), installed.unwrap().to_owned()];
    project.stage().dress(command);
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(folders.into_iter().chain(env::split_paths(&path))).unwrap();
    let output = command
        .env("PATH", path)
        .current_dir(project.path(""))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stderr}");
}

#[test]
fn the_makefile_makes_the_folder_of_each_function_and_layer() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("agent", EXTENSION)
        .file("config/a b.txt", "a")
        .compiles_to("orders/orders", &Elf::static_pie(Machine::Aarch64))
        .compiles_to("agent/agent", &Elf::static_pie(Machine::Aarch64));
    let flags = [
        "--arch",
        "arm64",
        "--include",
        "config",
        "-D",
        "warnings",
        "-A",
        "debug-info",
    ];
    let makefile = project.run(&[&["template", "sam", "--makefile"], &flags[..]].concat());
    makefile.exits(0);
    project.write("Makefile", &makefile.stdout);
    for (target, program) in [
        ("build-OrdersFunction", "bootstrap"),
        ("build-AgentLayer", "extensions/agent"),
    ] {
        // As SAM does it.
        let folder = project.path(&format!("it's for {target}"));
        run(
            &project,
            Command::new("make")
                .arg(target)
                .env("ARTIFACTS_DIR", &folder),
        );
        let mut expected = ["config/a b.txt", program];
        expected.sort_unstable();
        let files = project.files(&format!("it's for {target}"));
        assert_eq!(files, expected, "{target}");
    }
}

#[test]
fn the_makefile_gives_each_package_the_features_that_it_has() {
    let project = Project::workspace("")
        .member("orders", "[features]\nfast = []\n")
        .member("invoice", "")
        .member("agent", EXTENSION);
    let flags = ["--features", "fast,orders/fast", "--layer", "agent"];
    let makefile = project.run(&[&["template", "sam", "--makefile"], &flags[..]].concat());
    let makefile = &makefile.exits(0).stdout;
    let of = |package: &str| {
        let word = format!(" -p {package} ");
        let line = makefile.lines().find(|line| line.contains(&word));
        line.unwrap_or_else(|| panic!("no {package} in {makefile}"))
    };
    assert!(of("orders").contains("--features fast"), "{makefile}");
    for package in ["invoice", "agent"] {
        assert!(!of(package).contains("--features"), "{makefile}");
    }
    project.write("Makefile", makefile);
    for target in ["OrdersFunction", "InvoiceFunction", "AgentLayer"] {
        let mut make = Command::new("make");
        make.arg(format!("build-{target}"))
            .env("ARTIFACTS_DIR", project.path(target));
        run(&project, &mut make);
    }
}

#[test]
fn the_makefile_gives_a_layer_nothing_of_its_functions() {
    let root = "[workspace.metadata.lambda-zip.layer.certs]\ninclude = \"certs\"\n";
    let taker = "[package.metadata.lambda-zip]\nlayers = [\"certs\", \"agent\"]\n";
    let project = Project::workspace(root)
        .with(&["certs/ca.pem", "config/a.txt"])
        .member("orders", taker)
        .member("agent", EXTENSION);
    let flags = ["-p", "orders", "--include", "config", "--output", "o.zip"];
    let makefile = project.run(&[&["template", "sam", "--makefile"], &flags[..]].concat());
    project.write("Makefile", &makefile.exits(0).stdout);
    for (target, expected) in [
        ("build-CertsLayer", &["certs/ca.pem"][..]),
        ("build-AgentLayer", &["extensions/agent"]),
        ("build-OrdersFunction", &["bootstrap", "config/a.txt"]),
    ] {
        let folder = project.path(target);
        let mut make = Command::new("make");
        run(&project, make.arg(target).env("ARTIFACTS_DIR", &folder));
        assert_eq!(project.files(target), expected, "{target}");
    }
}

#[cfg(unix)]
#[test]
fn the_script_compares_layers_also_if_there_are_none() {
    // The digest of every zip is `D`, and the function that is there has the layers of `$HAS`.
    const AWS: &str = "#!/bin/sh
case \"$* \" in
*\" get-function-configuration \"*CodeSha256*) echo 'D x86_64' ;;
*\" get-function-configuration \"*Layers*) echo \"provided.al2023$HAS\" ;;
*\" update-function-\"*) echo \"$*\" >>calls ;;
esac
";
    let arn = |version: u32| format!("arn:aws:lambda:eu-west-1:123456789012:layer:fonts:{version}");
    for (has, takes, expected) in [
        (None, None, None),
        (Some(1), None, Some("--layers []".to_owned())),
        (Some(1), Some(1), None),
        (Some(1), Some(2), Some(format!("--layers {}", arn(2)))),
        (None, Some(2), Some(format!("--layers {}", arn(2)))),
    ] {
        let project = orders()
            .file("target/lambda-zip/orders-x86_64.zip", "")
            .file("bin/aws", AWS)
            .file("bin/openssl", "#!/bin/sh\nprintf D\n");
        project.set_mode("bin/aws", 0o755);
        project.set_mode("bin/openssl", 0o755);
        let layer = takes.map(|version| format!("--layer={}", arn(version)));
        let args: Vec<&str> = ["template", "aws-cli"]
            .into_iter()
            .chain(layer.as_deref())
            .collect();
        let script = project.run(&args);
        project.write("deploy.sh", &script.exits(0).stdout);
        let has = has.map_or_else(String::new, |version| format!("\t{}", arn(version)));
        let path = format!(
            "{}:{}",
            project.path("bin").display(),
            env::var("PATH").unwrap()
        );
        let mut shell = Command::new("sh");
        shell.arg("deploy.sh").env("HAS", has).env("PATH", path);
        let output = shell.current_dir(project.path("")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let calls = fs_err::read_to_string(project.path("calls")).ok();
        let state = if expected.is_some() {
            "updated"
        } else {
            "up to date"
        };
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, format!("orders: {state}\n"));
        let ends = |layers: &String| {
            calls
                .as_ref()
                .is_some_and(|c| c.trim_end().ends_with(layers))
        };
        assert!(expected.as_ref().map_or(calls.is_none(), ends), "{calls:?}");
    }
}

#[test]
fn every_shell_understands_the_script() {
    let project = orders().member("agent", EXTENSION);
    let args = ["template", "aws-cli", "--target-dir", "it's \"$HOME\" `id`"];
    let script = project.run(&args);
    script.exits(0);
    project.write("deploy.sh", &script.stdout);
    run(&project, Command::new("sh").args(["-n", "deploy.sh"]));
}

#[test]
fn terraform_reads_the_report_that_a_run_writes() {
    let report = |project: &Project, args: &[&str]| {
        let outcome = project.run(&[&["template", "terraform"], args].concat());
        let text = outcome.exits(0).stdout.clone();
        let line = text.lines().find(|line| line.contains("report    = "));
        line.unwrap().trim().to_owned()
    };
    let project = orders();
    let default = "report    = \"${path.module}/target/lambda-zip/report.json\"";
    assert_eq!(report(&project, &[]), default);
    let flag = report(&project, &["--report", "out/r.json"]);
    assert_eq!(flag, "report    = \"${path.module}/out/r.json\"");
    assert!(!project.path("out").exists(), "a template writes no report");
    let key = "[package.metadata.lambda-zip]\nreport = \"k.json\"\n";
    let key = report(&Project::package("orders", key), &[]);
    assert_eq!(key, "report    = \"${path.module}/k.json\"");
}

#[test]
fn terraform_names_the_functions_and_layers_that_were_chosen() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("invoice", "")
        .member("agent", EXTENSION);
    let all = project.run(&["template", "terraform"]);
    let printed = |names: &[&str]| {
        let lines = names.iter().map(|name| format!("    \"{name}\",\n"));
        format!("  printed = [\n{}  ]\n", lines.collect::<String>())
    };
    let names = ["function invoice", "function orders", "layer agent"];
    all.exits(0).prints(&printed(&names));
    let one = project.run(&["template", "terraform", "-p", "orders"]);
    one.exits(0).prints(&printed(&["function orders"]));
}

const ARCH: &str = "CARGO_LAMBDA_ZIP_ARCH";

#[test]
fn the_makefile_depends_on_the_variables_of_its_making_only() {
    let project = orders();
    project.prepare("orders/orders", &Elf::static_pie(Machine::Aarch64));
    let makefile = project
        .command(&["template", "sam", "--makefile", "--compression", "1"])
        .env(ARCH, "arm64")
        .env("CARGO_LAMBDA_ZIP_COMPRESSION", "9")
        .env("CARGO_LAMBDA_ZIP_RUNTIME", "provided.al2")
        .run();
    let makefile = &makefile.exits(0).stdout;
    let command = "cargo lambda-zip -p orders --bin orders --arch arm64 --runtime provided.al2 \
                   --compression 1 --folder";
    assert!(makefile.contains(command), "{makefile}");
    project.write("Makefile", makefile);
    let folder = project.path("made");
    let mut make = Command::new("make");
    make.arg("build-OrdersFunction")
        .env("ARTIFACTS_DIR", &folder);
    make.env(ARCH, "x86_64")
        .env("CARGO_LAMBDA_ZIP_PARTITION", "2/2");
    make.env("CARGO_LAMBDA_ZIP_UNKNOWN", "1");
    run(&project, &mut make);
    assert_eq!(project.files("made"), ["bootstrap"]);
}

#[test]
fn the_command_of_cdk_says_what_variables_and_cargo_toml_say() {
    let command = |project: &Project, variables: &[(&str, &str)], args: &[&str]| {
        let mut template = project.command(&[&["template", "cdk"], args].concat());
        for (name, value) in variables {
            template = template.env(name, value);
        }
        let outcome = template.run();
        let stdout = &outcome.exits(0).stdout;
        let line = stdout
            .lines()
            .find_map(|line| line.strip_prefix("const command = ['cargo', 'lambda-zip', "));
        line.unwrap_or_else(|| panic!("{stdout}")).to_owned()
    };
    let in_target =
        |words: &str| format!("{words}, '--target-dir', 'target', '--print', 'paths'];");
    let project = orders();
    let folder = ("CARGO_LAMBDA_ZIP_OUTPUT", "out/{bin}.zip");
    let cpu = ("CARGO_LAMBDA_ZIP_CPU", "lambda");
    let on = ("CARGO_LAMBDA_ZIP_REPRODUCIBLE", "yes");
    let ignored = ("CARGO_LAMBDA_ZIP_MESSAGE_FORMAT", "json");
    for (variables, args, expected) in [
        (&[][..], &[][..], in_target("'--arch', 'x86_64'")),
        (
            &[(ARCH, "arm64,x86_64")],
            &[],
            in_target("'--arch', 'arm64,x86_64'"),
        ),
        (
            &[(ARCH, "arm64")],
            &["--arch", "x86_64"],
            in_target("'--arch', 'x86_64'"),
        ),
        (
            &[("CARGO_LAMBDA_ZIP_TARGET", "aarch64-unknown-linux-gnu")],
            &["--arch", "x86_64"],
            in_target("'--arch', 'x86_64'"),
        ),
        (
            &[folder, on, ignored],
            &[],
            "'--reproducible', '--output', 'out/{bin}.zip', '--arch', 'x86_64', '--print', 'paths'];".to_owned(),
        ),
        (
            &[cpu],
            &["--cpu", "arm64=generic"],
            in_target("'--cpu', 'lambda', '--cpu', 'arm64=generic', '--arch', 'x86_64'"),
        ),
    ] {
        assert_eq!(
            command(&project, variables, args),
            expected,
            "{variables:?}"
        );
    }
    let arm = "[package.metadata.lambda-zip]\narchitectures = \"arm64\"\n";
    let project = Project::workspace("").member("a", arm).member("b", arm);
    assert_eq!(command(&project, &[], &[]), in_target("'--arch', 'arm64'"));
    let off = ("CARGO_LAMBDA_ZIP_REPRODUCIBLE", "false");
    for (kind, code) in [("cdk", 2), ("serverless", 0)] {
        let outcome = project.command(&["template", kind]).env(off.0, off.1).run();
        outcome.exits(code);
    }
}

/// The zips of the stack are those that its command names, also if a later run has another target
/// folder.
#[test]
fn the_command_of_cdk_makes_the_zips_of_the_stack() {
    let project = Project::workspace("").member("orders", "");
    let made = |args: &[&str], of: &str| {
        let template = project.command(&[&["template", "cdk"], args].concat());
        let template = template.from("crates").env("CARGO_TARGET_DIR", of).run();
        let stack = &template.exits(0).stdout;
        let (_, command) = stack
            .split_once("const command = ['cargo', 'lambda-zip', '")
            .unwrap();
        let (command, _) = command.split_once("'];").unwrap();
        let words: Vec<&str> = command.split("', '").collect();
        let later = project.command(&words).from("crates");
        let outcome = later.env("CARGO_TARGET_DIR", "elsewhere").run();
        let made = outcome.exits(0).stdout.trim_end();
        let (_, zip) = stack.split_once("packaged('").unwrap();
        let (zip, _) = zip.split_once("')").unwrap();
        let zip = fs_err::canonicalize(project.path("crates").join(zip)).unwrap();
        assert_eq!(fs_err::canonicalize(made).unwrap(), zip, "{stack}");
        zip
    };
    for (args, of, folder) in [
        (&[][..], "../target", "target"),
        (&[], "../built", "built"),
        (&["--target-dir", "../it"], "../built", "it"),
    ] {
        let zip = made(args, of);
        let expected = format!("{folder}/lambda-zip/orders-x86_64.zip");
        assert!(zip.ends_with(expected), "{}", zip.display());
    }
}

#[test]
fn options_without_an_effect_on_a_template_are_refused() {
    let project = orders();
    let refused = |kind: &str, args: &[&str], option: &str| {
        let outcome = project.run(&[&["template", kind], args].concat());
        outcome
            .exits(2)
            .prints_nothing()
            .says(&format!("`{option}` has no effect on the template of "))
            .says("help: leave it out");
    };
    for args in [
        &["-j", "2"][..],
        &["--keep-going"],
        &["--timings"],
        &["--ignore-rust-version"],
        &["--compression", "1"],
        &["--bundle-libraries"],
        &["--reproducible"],
        &["--debug-file"],
        &["--no-install"],
        &["--max-zip-size", "9MiB"],
    ] {
        let option = if args[0] == "-j" { "--jobs" } else { args[0] };
        refused("sam", args, option);
        // The stack runs the tool with them.
        let cdk = project.run(&[&["template", "cdk"], args].concat());
        cdk.exits(0).prints(option.trim_start_matches('-'));
    }
    let variable = project
        .command(&["template", "sam"])
        .env("CARGO_LAMBDA_ZIP_COMPRESSION", "1");
    variable.run().exits(0);
}

#[test]
fn the_report_of_terraform_is_a_file() {
    let project = orders().file("notes.txt", "x");
    for (report, why) in [
        (".", "is a folder"),
        ("notes.txt", "exists and is not a report"),
        ("notes.txt/report.json", "which is not a folder"),
    ] {
        let outcome = project.run(&["template", "terraform", "--report", report]);
        outcome.exits(2).prints_nothing().says(why);
    }
}
