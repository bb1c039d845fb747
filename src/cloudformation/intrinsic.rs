//! The names of CloudFormation's functions.

use super::fault::{Fault, Position};
use crate::text;

/// The functions by their short names, with `Ref` and `Condition`, which have no `Fn::`.
///
/// Source: "Intrinsic function reference" and "Rule-specific intrinsic functions" in the
/// CloudFormation Template Reference.
const NAMES: [&str; 27] = [
    "And",
    "Base64",
    "Cidr",
    "Condition",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Ref",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

/// The prefix of YAML's own types, such as `!!str`.
const YAML: &str = "tag:yaml.org,2002:";

/// The function that the key of a map with one key calls.
pub(super) fn of_key(key: &str) -> Option<&'static str> {
    match key {
        "Ref" => Some("Ref"),
        "Condition" => Some("Condition"),
        key => {
            let name = key.strip_prefix("Fn::")?;
            NAMES.into_iter().find(|known| *known == name)
        }
    }
}

/// The function that a tag calls; `None` for a type of YAML.
///
/// # Errors
/// If there is no such function.
pub(super) fn of_tag(
    handle: &str,
    suffix: &str,
    position: Position,
) -> Result<Option<&'static str>, Fault> {
    if handle.starts_with(YAML) || suffix.starts_with(YAML) || handle == "!!" || suffix == "!" {
        return Ok(None);
    }
    if let Some(name) = NAMES.into_iter().find(|known| *known == suffix) {
        return Ok(Some(name));
    }
    let name = text::printable(suffix);
    let message = text::unknown("tag", &format!("!{name}"), TAGS);
    Err(Fault::new(
        position,
        message,
        "CloudFormation has no function of this name",
    ))
}

/// The tags that an error suggests.
const TAGS: [&str; 12] = [
    "!Ref",
    "!Sub",
    "!GetAtt",
    "!If",
    "!Join",
    "!Select",
    "!Split",
    "!FindInMap",
    "!ImportValue",
    "!Equals",
    "!Base64",
    "!Condition",
];
