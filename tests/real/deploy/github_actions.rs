//! The workflows for GitHub Actions: those in the documentation, and those of this repository.

use std::process::Command;

use saphyr::{LoadableYamlNode, Yaml};

use super::environment;
use crate::architecture::Architecture;
use crate::parts::{output, repository};
use crate::shop::{PACKAGED, fixture, lambda_zip, run, shop, target_dir};

fn workflows() -> Vec<String> {
    let page = repository().join("docs/deploy/github-actions.md");
    let page = fs_err::read_to_string(page).unwrap();
    let blocks = page.split("```yaml\n").skip(1);
    let blocks = blocks.map(|block| block.split_once("```\n").unwrap().0.to_owned());
    blocks.collect()
}

#[test]
#[ignore = "needs the AWS clients: run tests/run"]
fn actionlint_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for workflow in workflows() {
        let path = folder.path().join("workflow.yaml");
        fs_err::write(&path, workflow).unwrap();
        // It starts ShellCheck on the scripts of the steps.
        let mut actionlint = Command::new("env");
        actionlint.arg("actionlint").arg(&path).envs(environment());
        assert_eq!(String::from_utf8(output(&mut actionlint)).unwrap(), "");
    }
}

#[test]
#[ignore = "needs the AWS clients: run tests/run"]
fn actionlint_finds_nothing_in_the_workflows_of_this_repository() {
    let folder = repository().join(".github/workflows");
    let files = fs_err::read_dir(folder).unwrap();
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert_ne!(files.len(), 0);
    let mut actionlint = Command::new("env");
    actionlint.arg("actionlint").args(files).envs(environment());
    assert_eq!(String::from_utf8(output(&mut actionlint)).unwrap(), "");
}

#[test]
#[ignore = "needs the AWS clients and the musl targets: run tests/run"]
fn the_step_that_compares_digests_finds_another_zip() {
    shop();
    let folder = tempfile::tempdir().unwrap();
    let mut command = lambda_zip(&fixture(), &target_dir());
    command.args(["--output", "{bin}-{arch}.zip", "--report", "report.json"]);
    run(command.current_dir(folder.path()));

    let workflows = workflows();
    let workflow = Yaml::load_from_str(&workflows[0]).unwrap();
    let steps = workflow[0]["jobs"]["deploy"]["steps"]
        .as_sequence()
        .unwrap();
    let steps = steps.iter().filter(|step| step.contains_mapping_key("run"));
    let mut scripts = steps.map(|step| step["run"].as_str().unwrap());
    let script = scripts.find(|script| script.contains("sha256sum")).unwrap();
    let compare = || {
        // As GitHub runs the steps of a job.
        let mut bash = Command::new("bash");
        bash.args(["-e", "-o", "pipefail", "-c", script])
            .current_dir(folder.path());
        bash.output().unwrap()
    };
    let same = compare();
    assert!(same.status.success(), "{same:?}");
    let lines = String::from_utf8(same.stdout).unwrap();
    assert_eq!(
        lines.lines().count(),
        PACKAGED.len() * Architecture::ALL.len(),
        "{lines}"
    );
    assert!(lines.contains("orders-arm64.zip: OK"), "{lines}");

    let zip = |name| folder.path().join(name);
    fs_err::copy(zip("refund-arm64.zip"), zip("orders-arm64.zip")).unwrap();
    let other = compare();
    assert!(!other.status.success());
    let lines = String::from_utf8(other.stdout).unwrap();
    assert!(lines.contains("orders-arm64.zip: FAILED"), "{lines}");
}
