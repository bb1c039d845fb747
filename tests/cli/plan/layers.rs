//! Layers that the manifests configure.

use crate::support::project::Project;

/// A package with a layer of its own.
fn orders(layer: &str) -> Project {
    let table = format!("[package.metadata.lambda-zip.layer.tools]\n{layer}");
    Project::package("orders", &table)
        .bin("", "tool")
        .with(&["certs/ca.pem", "conf/a"])
}

#[track_caller]
fn made(project: &Project, args: &[&str]) {
    project.run(&[&["layer"], args].concat()).exits(0);
}

#[test]
fn a_layer_is_made_as_its_table_says() {
    let project = orders(
        "bins = [\"orders\", { bin = \"tool\", to = \"extensions/t\" }]\n\
         include = [\"certs\", { from = \"conf\", to = \"etc\" }]\nexclude = [\"*.bak\"]\n\
         architectures = [\"arm64\"]\n",
    );
    made(&project, &["tools"]);
    let names = ["bin/orders", "certs/ca.pem", "etc/a", "extensions/t"];
    assert_eq!(project.zip("tools-arm64.zip").names(), names);
    let json = ["layer", "tools", "--message-format", "json"];
    let report = project.run(&json).exits(0).json();
    assert_eq!(report["archives"][0]["package"], "orders");
}

#[test]
fn without_a_name_all_are_made() {
    let workspace = "[workspace.metadata.lambda-zip.layer.certs]\ninclude = [\"certs\"]\n";
    let tools = "[package.metadata.lambda-zip.layer.tools]\nbins = [\"tool\"]\n";
    let project = Project::workspace(workspace)
        .member("orders", tools)
        .bin("crates/orders/", "tool")
        .member(
            "refunds",
            &tools
                .replace("tools", "more")
                .replace("\"tool\"", "\"refunds\""),
        )
        .file("certs/ca.pem", "");
    made(&project, &[]);
    assert_eq!(
        project.zips(),
        ["certs.zip", "more-x86_64.zip", "tools-x86_64.zip"]
    );
    assert_eq!(project.build_calls().len(), 1);
    assert_eq!(project.compiled(), ["refunds", "tool"]);
}

#[test]
fn a_layer_of_the_workspace_may_have_binaries_of_any_package() {
    let workspace = "[workspace.metadata.lambda-zip.layer.all]\nbins = [\"orders\", \"refunds\"]\n";
    let project = Project::workspace(workspace)
        .member("orders", "")
        .member("refunds", "");
    made(&project, &["-p", "orders"]);
    assert_eq!(
        project.zip("all-x86_64.zip").names(),
        ["bin/orders", "bin/refunds"]
    );
}

#[test]
fn the_command_line_adds_to_a_table() {
    let project = orders("include = [\"certs\"]\n");
    made(&project, &["tools", "--bin", "tool", "--include", "conf"]);
    let names = ["bin/tool", "certs/ca.pem", "conf/a"];
    assert_eq!(project.zip("tools-x86_64.zip").names(), names);
}

#[test]
fn the_main_job_knows_nothing_of_layers() {
    let project = orders("bins = [\"tool\"]\ninclude = [\"nowhere\"]\noutput = \"x.zip\"\n");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "tool-x86_64.zip"]);
    assert_eq!(project.zip("orders-x86_64.zip").names(), ["bootstrap"]);
}

#[test]
fn a_layer_takes_over_how_but_not_what_and_where() {
    let around = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n\
                  include = [\"conf\"]\nexclude = [\"*.pem\"]\noutput = \"dist/{bin}.zip\"\n\
                  layers = [\"1 GiB\"]\ncompression = 0\nskip = true\n";
    let own = "layer.tools = { bins = [\"tool\"], include = [\"certs\"] }\n";
    let project = Project::package("orders", &format!("{around}{own}"))
        .bin("", "tool")
        .with(&["certs/ca.pem", "conf/a"]);
    made(&project, &["tools"]);
    let zip = project.zip("tools-arm64.zip");
    assert_eq!(zip.names(), ["bin/tool", "certs/ca.pem"]);
    assert_eq!(zip.entry("bin/tool").method, 0);
}

#[test]
fn a_layer_of_files_is_for_any_whatever_functions_are_built_for() {
    let around = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\", \"x86_64\"]\n";
    let own = "layer.certs.include = [\"certs\"]\n";
    let project = Project::package("orders", &format!("{around}{own}")).with(&["certs/ca.pem"]);
    made(&project, &[]);
    assert_eq!(project.zips(), ["certs.zip"]);
}

#[test]
fn one_binary_goes_into_several_layers_of_several_architectures() {
    let layers = "[package.metadata.lambda-zip.layer]\n\
                  one = { bins = [\"tool\"], architectures = [\"arm64\"] }\n\
                  two = { bins = [\"tool=x\", \"orders\"], architectures = [\"x86_64\", \"arm64\"] }\n";
    let project = Project::package("orders", layers).bin("", "tool");
    made(&project, &[]);
    assert_eq!(
        project.zips(),
        ["one-arm64.zip", "two-arm64.zip", "two-x86_64.zip"]
    );
    for zip in ["two-arm64.zip", "two-x86_64.zip"] {
        assert_eq!(project.zip(zip).names(), ["bin/orders", "x"]);
    }
    let (one, two) = (project.zip("one-arm64.zip"), project.zip("two-arm64.zip"));
    assert_eq!(one.only_entry().data, two.entry("x").data);
}

#[test]
fn a_budget_and_a_lint_of_the_table_hold() {
    let project = orders("include = [\"certs\"]\nmax-zip-size = 10\n");
    let outcome = project.run(&["layer"]);
    outcome.exits(1).says("over-budget").says("tools");
    assert!(project.zips().is_empty());
    let lints = "include = [\"certs\"]\nmax-zip-size = 10\nlints = { over-budget = \"allow\" }\n";
    made(&orders(lints), &[]);
}

/// A caret under line `line` of the manifest, where the table itself starts at line 6, for both
/// commands.
#[track_caller]
fn points_at(line: u32, layer: &str, meant: &str) {
    let project = orders(layer);
    for args in [&["layer"][..], &[]] {
        let outcome = project.run(args);
        outcome.exits(2).prints_nothing().says("^").says(meant);
        outcome.says(&format!("Cargo.toml:{line}:"));
        assert!(project.build_calls().is_empty(), "nothing is built");
    }
}

#[test]
fn what_is_wrong_in_a_table_is_pointed_at() {
    points_at(7, "inclde = [\"certs\"]\n", "`include`");
    points_at(7, "bns = [\"tool\"]\n", "`bins`");
    points_at(7, "bins = [\"tol\"]\n", "`tool`");
    points_at(7, "bins = [{ bin = \"tool\", too = \"x\" }]\n", "too");
    points_at(7, "bins = [\"tool=../x\"]\n", "../x");
    points_at(7, "bins = 3\n", "3");
    points_at(7, "kind = \"extension\"\n", "`kind`");
    points_at(7, "architectures = [\"amr64\"]\n", "arm64");
    points_at(7, "output = \"{bim}.zip\"\n", "`bin`");
}

#[test]
fn a_wrong_name_or_shape_is_pointed_at() {
    for (table, meant) in [
        ("[package.metadata.lambda-zip.layer.\"a.b\"]\n", "letters"),
        (
            "[package.metadata.lambda-zip]\nlayer = [\"x.zip\"]\n",
            "one for each layer",
        ),
        (
            "[package.metadata.lambda-zip]\nlayer.x = 3\n",
            "must be a table",
        ),
        (
            "[package.metadata.lambda-zip.bin.orders]\nlayer = 3\n",
            "`layers`",
        ),
    ] {
        let project = Project::package("orders", table);
        project.run(&["layer"]).exits(2).says("^").says(meant);
    }
}

/// A workspace for x86_64 with the package `agents` for arm64 and AL2.
fn shop_with_agents(bin: &str) -> Project {
    let agents = format!(
        "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n\
         runtime = \"provided.al2\"\noutput = \"elsewhere.zip\"\nskip = true\n{bin}"
    );
    Project::workspace("[workspace.metadata.lambda-zip.layer.shared]\nbins = [\"agents\"]\n")
        .member("orders", "")
        .member("agents", &agents)
        .bin("crates/agents/", "convert")
}

/// The file names and runtimes of the layers that a dry run promises.
#[track_caller]
fn planned(project: &Project, args: &[&str]) -> Vec<(String, String)> {
    let args = [&["layer", "--dry-run", "--message-format", "json"], args].concat();
    let report = project.run(&args).exits(0).json();
    let archives = report["archives"].as_array().unwrap().iter();
    let mut planned: Vec<_> = archives
        .map(|archive| {
            let path = archive["path"].as_str().unwrap();
            let (_, zip) = path.rsplit_once('/').unwrap();
            let runtime = archive["runtime"].as_str().unwrap();
            (zip.to_owned(), runtime.to_owned())
        })
        .collect();
    planned.sort();
    planned
}

#[test]
fn a_layer_of_a_binary_takes_the_settings_of_its_package() {
    let project = shop_with_agents("");
    for (args, zip) in [
        (&["x", "--bin", "convert"][..], "x-arm64.zip"),
        (&["x", "--bin", "convert", "--bin", "agents"], "x-arm64.zip"),
        (
            &["x", "--bin", "convert", "--arch", "x86_64"],
            "x-x86_64.zip",
        ),
        (&["shared"], "shared-arm64.zip"),
    ] {
        let archives = planned(&project, args);
        assert_eq!(
            archives,
            [(zip.to_owned(), "provided.al2".to_owned())],
            "{args:?}"
        );
    }
}

#[test]
fn the_table_of_a_binary_counts_for_its_layer_and_examples_have_one_too() {
    let bins = "[package.metadata.lambda-zip.bin]\n\
                convert.architectures = [\"x86_64\", \"arm64\"]\ndemo.architectures = [\"x86_64\"]\n";
    let project = shop_with_agents(bins).file("crates/agents/examples/demo.rs", "fn main() {}\n");
    let plan = |args: &[&str]| {
        let archives = planned(&project, &[&["x"], args].concat());
        archives.into_iter().map(|(zip, _)| zip).collect::<Vec<_>>()
    };
    assert_eq!(plan(&["--bin", "convert"]), ["x-arm64.zip", "x-x86_64.zip"]);
    assert_eq!(plan(&["--bin", "demo"]), ["x-x86_64.zip"]);
    let both = ["--bin", "convert", "--bin", "demo", "--arch", "arm64"];
    assert_eq!(plan(&both), ["x-arm64.zip"]);
    project
        .run(&[&["layer", "x"], &both[..4]].concat())
        .exits(2)
        .says("the binaries `convert` and `demo` of the layer `x`")
        .says("`--arch`");
}

#[test]
fn a_layer_of_files_takes_the_runtime_of_the_only_package_and_stays_for_both_architectures() {
    let table = "[package.metadata.lambda-zip]\narchitectures = [\"arm64\"]\n\
                 runtime = \"provided.al2\"\n";
    let project = Project::package("orders", table).with(&["certs/ca.pem"]);
    let archives = planned(&project, &["certs", "--include", "certs"]);
    assert_eq!(
        archives,
        [("certs.zip".to_owned(), "provided.al2".to_owned())]
    );
}
