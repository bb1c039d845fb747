//! `init`: the first configuration, with what that of cargo-lambda says.

use std::os::unix::fs::{PermissionsExt, symlink};

use fs_err as fs;

use crate::support::project::Project;

fn text(project: &Project, path: &str) -> String {
    String::from_utf8(project.read(path)).unwrap()
}

/// The table of the manifest at `path`, as TOML reads it.
#[track_caller]
fn table(project: &Project, path: &str, owner: &str) -> toml::Table {
    let manifest: toml::Table = toml::from_str(&text(project, path)).unwrap();
    let table = manifest[owner]["metadata"]["lambda-zip"].as_table();
    table.unwrap_or_else(|| panic!("{manifest}")).clone()
}

#[track_caller]
fn assert_table(actual: &toml::Table, expected: &str) {
    assert_eq!(*actual, toml::from_str(expected).unwrap(), "\n{actual}");
}

#[test]
fn a_package_gets_a_table_that_works() {
    let project = Project::package("orders", "# the end\n");
    let before = text(&project, "Cargo.toml");
    let shown = project.run(&["init", "--dry-run"]).exits(0).stdout.clone();
    assert_eq!(text(&project, "Cargo.toml"), before);
    assert!(
        shown.contains("\n+[package.metadata.lambda-zip]\n"),
        "{shown}"
    );
    assert!(
        !shown.lines().skip(2).any(|line| line.starts_with('-')),
        "{shown}"
    );

    let outcome = project.run(&["init"]);
    outcome.exits(0).prints_nothing();
    outcome.says("Wrote [package.metadata.lambda-zip] in Cargo.toml");
    let after = text(&project, "Cargo.toml");
    for line in shown
        .lines()
        .skip(3)
        .filter_map(|line| line.strip_prefix('+'))
    {
        assert!(after.contains(line), "{line}");
    }
    let mut kept = before.lines();
    let mut next = kept.next();
    for line in after.lines() {
        if Some(line) == next {
            next = kept.next();
        }
    }
    assert_eq!(next, None, "a line is lost or moved:\n{after}");
    assert_table(
        &table(&project, "Cargo.toml", "package"),
        "architectures = ['x86_64']\nruntime = 'provided.al2023'",
    );
    project.run(&["--dry-run"]).exits(0);
}

#[test]
fn a_second_run_changes_nothing() {
    let project = Project::package("orders", "");
    project.run(&["init"]).exits(0);
    let once = text(&project, "Cargo.toml");
    for args in [&["init"][..], &["init", "--dry-run"]] {
        let outcome = project.run(args);
        outcome.exits(2).prints_nothing();
        outcome.says("already has a `[package.metadata.lambda-zip]`");
    }
    assert_eq!(text(&project, "Cargo.toml"), once);
    // A table of any member is one.
    let project = Project::workspace("")
        .member("orders", "")
        .member("refunds", "[package.metadata.lambda-zip]\n");
    project
        .run(&["init"])
        .exits(2)
        .says("crates/refunds/Cargo.toml");
}

#[test]
fn a_virtual_workspace_gets_one_table_from_any_folder() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("refunds", "");
    let members = text(&project, "crates/orders/Cargo.toml");
    project
        .command(&["init"])
        .from("crates/orders")
        .run()
        .exits(0);
    assert_eq!(text(&project, "crates/orders/Cargo.toml"), members);
    assert_table(
        &table(&project, "Cargo.toml", "workspace"),
        "architectures = ['x86_64']\nruntime = 'provided.al2023'",
    );
    project.run(&["--dry-run"]).exits(0);
}

const CARGO_LAMBDA: &str = "[package.metadata.lambda.build]\n\
    arm64 = true\ninclude = ['config', 'static:assets']\noutput_format = 'zip'\n\
    compiler = { type = 'cross' }\nskip_target_check = true\n\
    [package.metadata.lambda.deploy]\n\
    memory = 512\ntimeout = 60\ninclude = ['config', 'certs']\nruntime = 'provided.al2'\n\
    layers = ['arn:aws:lambda:eu-central-1:123456789012:layer:fonts:3']\nregion = 'eu-central-1'\n\
    name = 'shop-orders'\n\
    [package.metadata.lambda.env]\nA = 'b'\n[package.metadata.lambda.watch]\nconcurrency = 5\n";

#[test]
fn the_configuration_of_cargo_lambda_is_carried_over() {
    let project = Project::package("orders", CARGO_LAMBDA).with(&[
        "config/a.toml",
        "assets/logo.svg",
        "certs/ca.pem",
    ]);
    let outcome = project.run(&["init"]);
    outcome.exits(0);
    assert_table(
        &table(&project, "Cargo.toml", "package"),
        "name = 'shop-orders'\narchitectures = ['arm64']\nruntime = 'provided.al2'\n\
         builder = 'cross'\n\
         include = ['config', { from = 'assets', to = 'static' }, 'certs']\n\
         layers = ['arn:aws:lambda:eu-central-1:123456789012:layer:fonts:3']",
    );
    assert!(
        text(&project, "Cargo.toml").contains(CARGO_LAMBDA),
        "what was there stays"
    );
    for said in [
        "Carried `build.arm64` of [package.metadata.lambda] as `architectures`",
        "Carried `deploy.include` of [package.metadata.lambda] as `include`",
        "Left `build.output_format` of [package.metadata.lambda]: leave it out: a zip is always written",
        "Left `deploy.memory`, `deploy.timeout` of [package.metadata.lambda]: it belongs to the deployment",
        "Left `deploy.region` of [package.metadata.lambda]: it is for the upload",
        "Left `build.skip_target_check`",
        "Left `env` of",
        "Left `watch` of [package.metadata.lambda]: go on with `cargo lambda watch`",
        "Instead of `cargo lambda build`: `cargo lambda-zip`",
    ] {
        outcome.says(said);
    }
    let zips = project.run(&["--dry-run", "-v", "--builder", "cargo"]);
    zips.exits(0).never_says("has no effect here");
    // The files of the zip are those that cargo-lambda would have put there.
    project
        .run(&["--builder", "cargo", "--layer", "1 MiB"])
        .exits(0);
    let zip = project.zip("orders-arm64.zip");
    let names = zip.names();
    for name in ["config/a.toml", "static/logo.svg", "certs/ca.pem"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[test]
fn tables_of_binaries_members_and_the_file_are_carried_to_their_places() {
    let workspace = "[workspace.metadata.lambda.build]\nx86-64 = false\n\
                     [workspace.metadata.lambda.bin.refunds.build]\nextension = true\n";
    let project = Project::workspace(workspace)
        .member("orders", "[package.metadata.lambda.bin.archive.build]\ninclude = ['shared/**', 'own.txt']\n\
                           [package.metadata.lambda.bin.lost.build]\narm64 = true\n")
        .bin("crates/orders/", "archive")
        .member("refunds", "[package.metadata.lambda.build]\nlambda_dir = 'dist'\n")
        .file("crates/refunds/CargoLambda.toml", "[build]\ninclude = ['texts']\n[deploy]\nmemory = 512\n")
        .with(&["shared/a.txt", "crates/orders/own.txt"])
        .file(
            "CargoLambda.toml",
            "[build]\ntarget = ['aarch64-unknown-linux-gnu.2.26']\narm64 = true\n\
             [deploy]\nruntime = 'nodejs22.x'\nlayers = ['fonts:3']\n[production.build]\narm64 = true\n",
        );
    let outcome = project.run(&["init"]);
    outcome.exits(0);
    assert_table(
        &table(&project, "Cargo.toml", "workspace"),
        "targets = ['aarch64-unknown-linux-gnu.2.26']",
    );
    assert_table(
        &table(&project, "crates/orders/Cargo.toml", "package"),
        "[bin.archive]\ninclude = [{ from = '../../shared/**', to = 'shared' }, 'own.txt']",
    );
    assert_table(
        &table(&project, "crates/refunds/Cargo.toml", "package"),
        "include = ['texts']\nfolder = '../../dist/{bin}'\n[bin.refunds]\nkind = 'extension'",
    );
    for said in [
        "Left `bin.lost` of [package.metadata.lambda.bin.lost]: no package has a binary",
        "Carried `build.include` of crates/refunds/CargoLambda.toml as `include`",
        "Left `deploy.memory` of crates/refunds/CargoLambda.toml: it belongs to the deployment",
        "Left `build.arm64` of CargoLambda.toml: `build.target` says the architecture",
        "Left `deploy.runtime` of CargoLambda.toml: unknown runtime `nodejs22.x`",
        "Left `deploy.layers` of CargoLambda.toml: `fonts:3` is no ARN of a layer",
        "Left `production` of CargoLambda.toml: there are no contexts here",
    ] {
        outcome.says(said);
    }
    project
        .run(&["--bin", "archive", "--arch", "x86_64"])
        .exits(0);
    let zip = project.zip("archive-x86_64.zip");
    let names = zip.names();
    assert_eq!(names, ["bootstrap", "own.txt", "shared/a.txt"]);
}

/// A key of `build` or `deploy`, its value, and the table that becomes of it.
const VALUES: [(&str, &str, &str); 29] = [
    ("build", "arm64 = 'yes'", ""),
    ("build", "arm64 = 1", ""),
    ("build", "x86_64 = 'false'", ""),
    ("build", "extension = 'yes'", ""),
    ("deploy", "extension = 1", ""),
    ("build", "compiler = 'zigbuild'", ""),
    ("build", "compiler = { type = 'gcc' }", ""),
    ("build", "compiler = { type = 1 }", ""),
    ("build", "compiler = {}", ""),
    ("build", "compiler = true", ""),
    (
        "build",
        "compiler = { type = 'cargo_zigbuild' }",
        "builder = 'zigbuild'",
    ),
    ("build", "target = 'aarch64-apple-darwin'", ""),
    ("build", "target = [1]", ""),
    ("build", "target = []", ""),
    ("build", "include = ['a=b']", "include = [{ from = 'a=b' }]"),
    (
        "build",
        "include = ['x=y:a=b']",
        "include = [{ from = 'a=b', to = 'x=y' }]",
    ),
    ("build", "include = ['!a']", "include = ['./!a']"),
    ("build", "include = ['']", ""),
    ("build", "include = [':a']", ""),
    ("build", "include = ['../x:a']", ""),
    ("build", "include = { a = 1 }", ""),
    ("build", "include = ['we[ird']", ""),
    ("deploy", "include = ['{a', 'we[ird']", ""),
    ("build", "lambda_dir = ''", ""),
    ("build", "lambda_dir = 'a{b'", "folder = 'a{{b/{bin}'"),
    ("build", "lambda_dir = 'x'\noutput_format = 'tar'", ""),
    ("deploy", "runtime = ['provided.al2023']", ""),
    ("deploy", "layers = ['tools']", ""),
    ("deploy", "name = '{bin}'", ""),
];

/// For each value in cargo-lambda's table, the new table can be read, and means the same.
#[test]
fn a_wrong_value_is_left_with_a_reason_and_the_table_can_be_read() {
    for (section, line, expected) in VALUES {
        let tables = format!("[package.metadata.lambda.{section}]\n{line}\n");
        let project = Project::package("orders", &tables).with(&["a=b", "!a"]);
        let outcome = project.run(&["init"]);
        outcome.exits(0);
        let key = line.split(' ').next().unwrap();
        if expected.is_empty() {
            outcome.says(&format!("Left `{section}.{key}`"));
            let starter = "architectures = ['x86_64']\nruntime = 'provided.al2023'";
            assert_table(&table(&project, "Cargo.toml", "package"), starter);
        } else {
            outcome.says(&format!("Carried `{section}.{key}`"));
            assert_table(&table(&project, "Cargo.toml", "package"), expected);
        }
        let planned = project.run(&["--dry-run", "-v", "--builder", "cargo"]);
        planned.exits(0);
        if line.contains("['!a']") {
            planned.says("!a");
        }
    }
}

/// Each value in the place of a table of cargo-lambda is named.
#[test]
fn what_is_no_table_is_left_with_that_reason() {
    const SECTION: &str = "[package.metadata.lambda]";
    const OF_BIN: &str = "[package.metadata.lambda.bin.q]";
    for (tables, key, source) in [
        (format!("{SECTION}\nbuild = 1\n"), "build", SECTION),
        (format!("{SECTION}\ndeploy = []\n"), "deploy", SECTION),
        (format!("{SECTION}\nbin = 'x'\n"), "bin", SECTION),
        (
            "[package.metadata]\nlambda = 'hello'\n".to_owned(),
            "lambda",
            SECTION,
        ),
        (format!("{OF_BIN}\nbuild = true\n"), "build", OF_BIN),
        (
            "[package.metadata.lambda.bin]\nq = 1\n".to_owned(),
            "bin.q",
            OF_BIN,
        ),
    ] {
        let project = Project::package("orders", &tables).bin("", "q");
        let outcome = project.run(&["init"]);
        outcome
            .exits(0)
            .says(&format!("Left `{key}` of {source}: it is not a table"));
        project.run(&["--dry-run"]).exits(0);
    }
    let tables = format!("{OF_BIN}\nbin = {{ r = {{ build = {{ arm64 = true }} }} }}\n");
    let outcome = Project::package("orders", &tables)
        .bin("", "q")
        .run(&["init"]);
    outcome.exits(0).says(&format!("Left `bin` of {OF_BIN}"));
}

#[test]
fn of_a_list_what_is_wrong_is_left_and_the_rest_is_carried() {
    let arn = "arn:aws:lambda:eu-central-1:123456789012:layer:fonts:3";
    let tables = format!(
        "[package.metadata.lambda.deploy]\ninclude = ['a', 'we[ird', '../x:a', 7, 'b*', '[c]']\n\
         layers = ['fonts:3', '{arn}']\n\
         [package.metadata.lambda.build]\n\
         target = ['aarch64-unknown-linux-gnu', 'aarch64-apple-darwin']\n"
    );
    let project = Project::package("orders", &tables).with(&["a", "b1", "[c]"]);
    let outcome = project.run(&["init"]);
    outcome.exits(0);
    for said in [
        "Carried `deploy.include`",
        "Carried `deploy.layers`",
        "Carried `build.target`",
        "Left `deploy.include` of [package.metadata.lambda]: ",
        "error parsing glob 'we[ird': unclosed character class",
        "`../x` is not a valid name",
        "`7` is not a text",
        "Left `deploy.layers` of [package.metadata.lambda]: `fonts:3` is no ARN of a layer",
        "Left `build.target` of [package.metadata.lambda]: ",
        "aarch64-apple-darwin",
    ] {
        outcome.says(said);
    }
    assert_table(
        &table(&project, "Cargo.toml", "package"),
        &format!(
            "targets = ['aarch64-unknown-linux-gnu']\ninclude = ['a', 'b*', '[c]']\nlayers = ['{arn}']"
        ),
    );
    project.run(&["--dry-run", "--builder", "cargo"]).exits(0);
}

#[test]
fn a_key_that_another_source_excludes_is_left() {
    let tables = "[package.metadata.lambda.build]\ntarget = 'x86_64-unknown-linux-gnu'\n";
    let project =
        Project::package("orders", tables).file("CargoLambda.toml", "[build]\narm64 = true\n");
    let outcome = project.run(&["init"]);
    outcome.exits(0).says("Left `build.target`");
    assert_table(
        &table(&project, "Cargo.toml", "package"),
        "architectures = ['arm64']",
    );
    project.run(&["--dry-run"]).exits(0);
}

/// Every key of `build` and `deploy` that cargo-lambda 1.9.2 reads, with those of cargo-options 0.8.
const KEYS: [(&str, &str); 2] = [
    (
        "build",
        "output_format lambda_dir arm64 x86_64 extension internal flatten skip_target_check compiler \
         disable_optimizations include env_var env env_file quiet jobs keep_going profile features \
         all_features no_default_features target target_dir message_format verbose color frozen locked \
         offline config unstable_flags timings manifest_path release ignore_rust_version unit_graph \
         packages workspace exclude all lib bin bins example examples test tests bench benches \
         all_targets artifact_dir compile_time_deps future_incompat_report",
    ),
    (
        "deploy",
        "profile region alias retry_attempts endpoint_url enable_function_url disable_function_url \
         memory timeout env_var env env_file tracing role iam_role layer layers vpc runtime description \
         log_retention lambda_dir manifest_path binary_name binary_path s3_bucket s3_key extension \
         internal compatible_runtimes output_format tag tags include dry merge_env name",
    ),
];
const NO_KEY: &str = "cargo-lambda has no key of this name";

#[test]
fn every_key_of_cargo_lambda_is_known() {
    let help = Project::empty().run(&["--help"]).stdout.clone();
    for (section, keys) in KEYS {
        for key in keys.split(' ') {
            let tables = format!("[package.metadata.lambda.{section}]\n{key} = {{ no = 1 }}\n");
            let outcome = Project::package("orders", &tables).run(&["init", "--dry-run"]);
            outcome.exits(0).never_says(NO_KEY);
            outcome.says(&format!("Left `{section}.{key}` of"));
            if outcome.stderr.contains("give it on the command line") {
                let flag = format!("--{}", key.replace('_', "-"));
                assert!(help.contains(&flag), "{flag}");
            }
        }
    }
}

#[test]
fn what_cargo_lambda_does_not_read_is_named() {
    const TABLE: &str = "[package.metadata.lambda]";
    let tables = "[package.metadata.lambda.build]\ninclde = ['x']\nx86 = false\nrelease = false\n\
                  compiler = { type = 'cargo', extra_args = ['-v'], linker = 'ld' }\n\
                  [package.metadata.lambda.deploy]\narm64 = true\nmerge_env = false\n\
                  [package.metadata.lambda.production.build]\narm64 = true\n";
    let file = "spare = 1\n[bin.orders.build]\narm64 = true\n[production.build]\narm64 = true\n";
    let project = Project::package("orders", tables).file("CargoLambda.toml", file);
    let outcome = project.run(&["init"]);
    outcome.exits(0);
    for said in [
        "Left `build.compiler.extra_args` of [package.metadata.lambda]: leave it out: this tool has",
        &format!(
            "Left `build.inclde`, `build.x86`, `build.compiler.linker`, `deploy.arm64`, `production` \
             of {TABLE}: {NO_KEY}"
        ),
        &format!("Left `spare` of CargoLambda.toml: {NO_KEY}"),
        "Left `bin` of CargoLambda.toml: cargo-lambda reads no tables of binaries there",
        "Left `production` of CargoLambda.toml: there are no contexts here",
    ] {
        outcome.says(said);
    }
    // What is off is as if it were not there.
    outcome.never_says("build.release").never_says("merge_env");
    let expected = "builder = 'cargo'";
    assert_table(&table(&project, "Cargo.toml", "package"), expected);
}

#[test]
fn one_version_of_a_layer_is_carried() {
    let layer = "arn:aws:lambda:eu-central-1:123456789012:layer";
    let tables = format!(
        "[package.metadata.lambda.deploy]\n\
         layers = ['{layer}:fonts:3', '{layer}:tools:1', '{layer}:fonts:4', '{layer}:fonts:3']\n"
    );
    let project = Project::package("orders", &tables);
    let outcome = project.run(&["init"]);
    outcome.exits(0).says("Carried `deploy.layers`").says(&format!(
        "Left `deploy.layers` of [package.metadata.lambda]: `{layer}:fonts:4`: a function takes only \
         one version of the layer `{layer}:fonts`"
    ));
    assert_table(
        &table(&project, "Cargo.toml", "package"),
        &format!("layers = ['{layer}:fonts:3', '{layer}:tools:1']"),
    );
}

#[test]
fn of_two_values_of_a_key_the_one_that_cargo_lambda_takes_is_carried() {
    let tables = "[package.metadata.lambda.deploy]\nruntime = 'provided.al2'\n";
    let file = "[deploy]\nruntime = 'provided.al2023'\n[build]\narm64 = true\n";
    let project = Project::package("orders", tables).file("CargoLambda.toml", file);
    let outcome = project.run(&["init"]);
    outcome
        .exits(0)
        .says("Carried `build.arm64` of CargoLambda.toml")
        .says("Carried `deploy.runtime` of [package.metadata.lambda] as `runtime`")
        .says("Left `deploy.runtime` of CargoLambda.toml: the `runtime` of [package.metadata.lambda] counts")
        .never_says("Carried `deploy.runtime` of CargoLambda.toml");
    assert_table(
        &table(&project, "Cargo.toml", "package"),
        "architectures = ['arm64']\nruntime = 'provided.al2'",
    );
}

#[test]
fn the_table_of_a_binary_is_carried_to_each_package_that_has_it() {
    let workspace = "[workspace.metadata.lambda.bin.agent.build]\nextension = true\n";
    let project = Project::workspace(workspace)
        .member("orders", "")
        .bin("crates/orders/", "agent")
        .member("refunds", "")
        .bin("crates/refunds/", "agent");
    let outcome = project.run(&["init"]);
    outcome.exits(0);
    for member in ["orders", "refunds"] {
        assert_table(
            &table(&project, &format!("crates/{member}/Cargo.toml"), "package"),
            "[bin.agent]\nkind = 'extension'",
        );
    }
    assert_eq!(outcome.stderr.matches("Carried").count(), 1, "{outcome}");
}

#[test]
fn paths_are_relative_to_the_current_folder() {
    let project = Project::workspace("").member("orders", "");
    let run = |args| project.command(args).from("crates/orders").run();
    run(&["init", "--dry-run"])
        .exits(0)
        .prints("--- a/../../Cargo.toml\n+++ b/../../Cargo.toml\n");
    run(&["init"]).exits(0).says("in ../../Cargo.toml");
}

#[test]
fn line_endings_modes_and_links_of_a_manifest_stay() {
    let project = Project::package("orders", "");
    let crlf = text(&project, "Cargo.toml").replace('\n', "\r\n");
    project.write("real.toml", &crlf);
    project.set_mode("real.toml", 0o640);
    fs::remove_file(project.path("Cargo.toml")).unwrap();
    symlink("real.toml", project.path("Cargo.toml")).unwrap();
    project.run(&["init"]).exits(0);
    let after = text(&project, "real.toml");
    assert_eq!(
        after.matches('\n').count(),
        after.matches("\r\n").count(),
        "{after:?}"
    );
    let mode = fs::metadata(project.path("real.toml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(
        fs::symlink_metadata(project.path("Cargo.toml"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn nothing_is_written_if_one_manifest_cannot_be() {
    let project = Project::workspace("[workspace.metadata.lambda.build]\narm64 = true\n").member(
        "orders",
        "[package.metadata.lambda.build]\ninclude = ['x']\n",
    );
    project.set_mode("crates/orders/Cargo.toml", 0o444);
    let before = text(&project, "Cargo.toml");
    let outcome = project.run(&["init"]);
    outcome
        .exits(4)
        .says("crates/orders/Cargo.toml")
        .says("is read-only: make it writable");
    assert_eq!(text(&project, "Cargo.toml"), before);
    let files = project.files("crates/orders");
    assert_eq!(files, ["Cargo.toml", "src/main.rs"]);
}

#[test]
fn without_a_project_cargo_says_why() {
    Project::empty()
        .run(&["init"])
        .exits(2)
        .says("could not find `Cargo.toml`");
}
