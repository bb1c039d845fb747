//! No answer of Cargo's outlives what it rests on, and none is taken for what it does not rest on.

use crate::support::project::Project;

#[test]
fn what_changes_while_cargo_describes_the_workspace_is_not_missed_for_ever() {
    let project = Project::package("orders", "");
    let script = "mkdir -p src/bin && echo 'fn main() {}' >src/bin/late.rs";
    project.stage().after("metadata", script);
    for _ in 0..2 {
        project.run(&[]).exits(0);
        assert_eq!(project.zips(), ["x86_64/late.zip", "x86_64/orders.zip"]);
    }
}

/// A workspace that never stands still.
#[test]
fn what_changes_every_time_that_cargo_is_asked_is_not_kept() {
    let project = Project::package("orders", "");
    let script = "mkdir -p src/bin && echo 'fn main() {}' >src/bin/late$$.rs";
    project.stage().after("metadata", script);
    for runs in 1..=2 {
        project.run(&[]).exits(0);
        assert_eq!(project.calls_of("metadata"), 2 * runs);
    }
}
