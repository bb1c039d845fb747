//! A Terraform configuration that reads the report of a run.

use camino::Utf8Path;

use super::deployment::Deployment;
use super::quote::hcl;

/// The configuration. It is the same for all packages: it deploys what the report names.
pub(super) fn text(deployment: &Deployment) -> String {
    let report = hcl(&deployment.report);
    // Between drives of Windows, there is only the absolute path.
    let folder = if Utf8Path::new(&deployment.report).is_absolute() {
        ""
    } else {
        "${path.module}/"
    };
    include_str!("terraform.tf").replace("REPORT", &format!("{folder}{report}"))
}
