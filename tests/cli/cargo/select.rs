//! Cargo says what a selection means: what it reports as built is packaged, and nothing else.

use forge::{Elf, Machine};
use fs_err as fs;

use crate::support::project::Project;

fn shop(more: &str) -> Project {
    Project::workspace(more)
        .member("orders", "")
        .member("refunds", "")
}

#[test]
fn a_virtual_workspace_means_all_its_members() {
    let project = shop("");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "refunds-x86_64.zip"]);
}

#[test]
fn each_zip_holds_its_own_binary() {
    let project = shop("");
    project.run(&["--arch", "arm64,x86_64"]).exits(0);
    for target in [
        ("arm64", "aarch64-unknown-linux-musl"),
        ("x86_64", "x86_64-unknown-linux-musl"),
    ] {
        for bin in ["orders", "refunds"] {
            let zip = project.zip(&format!("{bin}-{}.zip", target.0));
            let built = fs::read(project.built(target.1).join("lambda").join(bin)).unwrap();
            assert!(zip.only_entry().data == built, "{bin} for {}", target.0);
        }
    }
}

#[test]
fn default_members_are_the_default() {
    let project = shop("default-members = [\"crates/orders\"]");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn workspace_goes_beyond_the_default_members() {
    let project = shop("default-members = [\"crates/orders\"]");
    project.run(&["--workspace"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "refunds-x86_64.zip"]);
}

#[test]
fn in_a_members_folder_that_member_is_meant() {
    let project = shop("");
    project.command(&[]).from("crates/refunds").run().exits(0);
    assert_eq!(project.zips(), ["refunds-x86_64.zip"]);
}

#[test]
fn a_root_package_is_meant_before_its_members() {
    let project =
        Project::package("orders", "[workspace]\nmembers = [\"crates/*\"]\n").member("refunds", "");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
    project.run(&["--workspace"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "refunds-x86_64.zip"]);
}

#[test]
fn a_package_is_chosen_by_name_version_or_glob() {
    let project = shop("");
    for spec in ["orders", "orders@0.1.0", "orders@0.1", "ord*", "o[pqr]ders"] {
        assert_eq!(
            project.plan(&["-p", spec]),
            ["orders-x86_64.zip"],
            "-p {spec}"
        );
    }
}

#[test]
fn a_package_is_chosen_by_its_path() {
    let project = shop("");
    let folder = project.path("crates/orders");
    let url = format!(
        "path+file://{}",
        folder.to_str().unwrap().replace(' ', "%20")
    );
    for spec in [
        url.clone(),
        format!("{url}#0.1.0"),
        format!("{url}#orders@0.1.0"),
    ] {
        assert_eq!(
            project.plan(&["-p", &spec]),
            ["orders-x86_64.zip"],
            "-p {spec}"
        );
    }
}

#[test]
fn a_package_chosen_by_its_path_is_the_one_that_is_built() {
    let project = shop("");
    let folder = project.path("crates/orders");
    let url = format!(
        "path+file://{}",
        folder.to_str().unwrap().replace(' ', "%20")
    );
    project.run(&["-p", &url]).exits(0);
    assert_eq!(project.compiled(), ["orders"]);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn several_packages_can_be_chosen() {
    let project = shop("").member("stock", "");
    project.run(&["-p", "orders", "-p", "stock"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "stock-x86_64.zip"]);
}

#[test]
fn a_package_can_be_excluded_by_name_or_glob() {
    for exclude in ["refunds", "ref*"] {
        let project = shop("");
        project.run(&["--workspace", "--exclude", exclude]).exits(0);
        assert_eq!(project.zips(), ["orders-x86_64.zip"], "{exclude}");
        assert_eq!(project.compiled(), ["orders"], "{exclude}");
    }
}

#[test]
fn choosing_one_package_leaves_the_zips_of_others_alone() {
    let project = shop("");
    project.write("target/lambda-zip/refunds-x86_64.zip", "from before");
    project.run(&["-p", "orders"]).exits(0);
    assert_eq!(
        project.read("target/lambda-zip/refunds-x86_64.zip"),
        b"from before"
    );
}

#[test]
fn an_executable_that_merely_lies_in_the_target_folder_is_not_packaged() {
    let project = shop("");
    project.run(&[]).exits(0);
    fs::remove_dir_all(project.path("target/lambda-zip")).unwrap();
    let folder = project.built("x86_64-unknown-linux-musl/lambda");
    fs::copy(folder.join("orders"), folder.join("ghost")).unwrap();

    project.run(&["-p", "orders"]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn one_binary_of_many_can_be_chosen() {
    let project = Project::package("orders", "")
        .bin("", "import")
        .bin("", "export");
    project.run(&["--bin", "import"]).exits(0);
    assert_eq!(project.zips(), ["import-x86_64.zip"]);
    assert_eq!(project.compiled(), ["import"]);
}

#[test]
fn binaries_can_be_chosen_by_glob() {
    let project = Project::package("orders", "")
        .bin("", "import")
        .bin("", "export");
    project.run(&["--bin", "*port"]).exits(0);
    assert_eq!(project.zips(), ["export-x86_64.zip", "import-x86_64.zip"]);
}

#[test]
fn all_binaries_of_a_package_are_packaged() {
    for args in [&[][..], &["--bins"]] {
        let project = Project::package("orders", "").bin("", "import");
        project.run(args).exits(0);
        assert_eq!(project.zips(), ["import-x86_64.zip", "orders-x86_64.zip"]);
    }
}

#[test]
fn examples_are_packaged_when_asked_for() {
    let with_example = || {
        Project::package("orders", "")
            .file("examples/tour.rs", "fn main() {}\n")
            .file("examples/demo.rs", "fn main() {}\n")
    };
    let project = with_example();
    project.run(&["--example", "tour"]).exits(0);
    assert_eq!(project.zips(), ["tour-x86_64.zip"]);

    let project = with_example();
    project.run(&["--examples"]).exits(0);
    assert_eq!(project.zips(), ["demo-x86_64.zip", "tour-x86_64.zip"]);

    let project = with_example();
    project.run(&["--bins", "--examples"]).exits(0);
    let all = ["demo-x86_64.zip", "orders-x86_64.zip", "tour-x86_64.zip"];
    assert_eq!(project.zips(), all);
}

#[test]
fn a_binary_whose_features_are_off_is_not_packaged() {
    let gated = || {
        Project::package(
            "orders",
            "[features]\nadmin = []\n[[bin]]\nname = \"console\"\nrequired-features = [\"admin\"]\n",
        )
        .bin("", "console")
    };
    let project = gated();
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);

    let project = gated();
    project.run(&["-F", "admin"]).exits(0);
    assert_eq!(project.zips(), ["console-x86_64.zip", "orders-x86_64.zip"]);
}

#[test]
fn libraries_and_build_helpers_are_not_packaged() {
    let project = shop("").member("money", "").without_main("crates/money/");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "refunds-x86_64.zip"]);
}

#[test]
fn a_skipped_package_is_neither_built_nor_packaged() {
    let project = Project::workspace("")
        .member("orders", "")
        .member("seed", "[package.metadata.lambda-zip]\nskip = true\n");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
    assert_eq!(project.compiled(), ["orders"]);
}

#[test]
fn a_skipped_binary_is_neither_built_nor_packaged() {
    let skip = "[package.metadata.lambda-zip.bin.seed]\nskip = true\n";
    let project = Project::workspace("")
        .member("orders", skip)
        .bin("crates/orders/", "seed")
        .member("refunds", "");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip", "refunds-x86_64.zip"]);
    assert_eq!(project.compiled(), ["orders", "refunds"]);
}

#[test]
fn a_skipped_binary_may_be_one_lambda_would_reject() {
    let skip = "[package.metadata.lambda-zip.bin.seed]\nskip = true\n";
    let project = Project::package("orders", skip)
        .bin("", "seed")
        .compiles_to("orders/seed", &Elf::static_pie(Machine::Riscv64));
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["orders-x86_64.zip"]);
}

#[test]
fn a_dash_in_a_name_stays_a_dash() {
    let project = Project::package("order-events", "");
    project.run(&[]).exits(0);
    assert_eq!(project.zips(), ["order-events-x86_64.zip"]);
}
