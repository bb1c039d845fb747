//! The resources that a deploy makes, by their `Condition`.

use super::node::Node;
use super::references::References;
use super::resolve::Resolver;
use super::values::Values;
use crate::text::printable;

/// The part that a deploy takes in a resource. Reasons are clauses.
pub(super) enum Deployed {
    /// Also if its condition is not there, which is refused.
    Always,
    /// Its condition is false.
    Never(String),
    /// Its condition is not certain before a deploy.
    Unknown(String),
}

/// Reads the `Condition` of a resource.
pub(super) fn read(
    resource: &Node,
    resolver: &Resolver<'_>,
    references: &References<'_>,
) -> Deployed {
    let condition = resource.map().and_then(|map| map.get("Condition"));
    let Some(name) = condition.and_then(|condition| condition.text()) else {
        return Deployed::Always;
    };
    let shown = printable(name);
    match resolver.condition(name) {
        Some(false) => Deployed::Never(format!(
            "it is not deployed, because its condition `{shown}` is false"
        )),
        None if references.may_have_condition(name) => {
            Deployed::Unknown(format!("only a deploy resolves its condition `{shown}`"))
        }
        Some(true) | None => Deployed::Always,
    }
}
