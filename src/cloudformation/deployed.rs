//! The resources that a deploy makes, by their `Condition`.

use super::node::Node;
use super::resolve::Resolver;
use super::values::Values;
use crate::text::printable;

/// The part that a deploy takes in a resource. Reasons are clauses.
pub(super) enum Deployed {
    Always,
    /// Its condition is false.
    Never(String),
    /// Its condition is not certain before a deploy, or is not there.
    Unknown(String),
}

/// Reads the `Condition` of a resource.
pub(super) fn read(resource: &Node, resolver: &Resolver<'_>) -> Deployed {
    let condition = resource.map().and_then(|map| map.get("Condition"));
    let Some(condition) = condition else {
        return Deployed::Always;
    };
    let Some(name) = condition.text() else {
        return Deployed::Unknown("its `Condition` is not the name of a condition".to_owned());
    };
    let shown = printable(name);
    match resolver.condition(name) {
        Some(true) => Deployed::Always,
        Some(false) => Deployed::Never(format!(
            "it is not deployed, because its condition `{shown}` is false"
        )),
        None if resolver.may_have_condition(name) => {
            Deployed::Unknown(format!("only a deploy resolves its condition `{shown}`"))
        }
        None => Deployed::Unknown(format!("the template has no condition `{shown}`")),
    }
}
