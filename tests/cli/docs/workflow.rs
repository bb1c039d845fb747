//! The steps of the workflow for GitHub Actions that build.

use saphyr::{LoadableYamlNode, Yaml};
use serde_json::Value;

use super::block;
use super::commands::{sh, shop};

#[test]
fn the_steps_of_the_workflow_leave_a_report_and_findings() {
    let text = block("upload-sarif");
    let workflow = Yaml::load_from_str(&text).unwrap();
    let steps = workflow[0]["jobs"]["build"]["steps"].as_sequence().unwrap();
    let steps = steps.iter().filter(|step| step.contains_mapping_key("run"));
    let scripts = steps.map(|step| step["run"].as_str().unwrap());
    let scripts: Vec<&str> = scripts
        .filter(|script| script.starts_with("cargo lambda-zip"))
        .collect();
    let [build, findings] = scripts[..] else {
        panic!("{scripts:?}")
    };
    let project = shop();
    let with_a_finding = |script: &str| {
        let script = format!("CARGO_LAMBDA_ZIP_RUNTIME=provided.al2 {script}");
        sh(&project, &script)
    };

    with_a_finding(build)
        .exits(0)
        .prints("title=deprecated-runtime::");
    let archives = project.report_in("target/lambda-zip/report.json")["archives"].take();
    let names = archives.as_array().unwrap().iter();
    let names = names.map(|archive| archive["path"].as_str().unwrap());
    assert!(names.eq([
        "agent-arm64.zip",
        "convert-arm64.zip",
        "migrate-arm64.zip",
        "orders-arm64.zip"
    ]));

    with_a_finding(findings).exits(0);
    let findings = project.read("findings.sarif");
    let findings: Value = serde_json::from_slice(&findings).unwrap();
    assert_eq!(findings["version"], "2.1.0");
    assert_eq!(
        findings["runs"][0]["results"][0]["ruleId"],
        "deprecated-runtime"
    );
}
