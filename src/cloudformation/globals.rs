//! SAM's `Globals`, as one function takes them.

use super::node::{Map, Node};

/// The properties of `Globals.Function` that a function with the properties `own` takes.
///
/// Source: `Globals.merge` in `samtranslator/plugins/globals/globals.py` of the AWS SAM translator, where
/// `IgnoreGlobals` is a list of names or `*`, and `_construct_code_dict` in
/// `samtranslator/model/sam_resources.py`, where code in the template and images go before `CodeUri`.
pub(super) fn taken(globals: &Map, function: &Node, own: Option<&Map>) -> Map {
    let ignored = function.map().and_then(|map| map.get("IgnoreGlobals"));
    let is_ignored = |name: &str| {
        ignored.is_some_and(|ignored| match ignored.list() {
            Some(names) => names.iter().any(|ignored| ignored.text() == Some(name)),
            None => ignored.text() == Some("*"),
        })
    };
    let has_other_code = ["InlineCode", "ImageUri"]
        .iter()
        .any(|name| own.is_some_and(|own| own.get(name).is_some()));
    let is_taken = |name: &str| !(is_ignored(name) || has_other_code && name == "CodeUri");
    let properties = globals.0.iter().filter(|(key, _)| is_taken(&key.text));
    Map(properties.cloned().collect())
}
