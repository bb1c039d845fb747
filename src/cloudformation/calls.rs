//! The functions of CloudFormation that a part of a template calls.

use std::collections::HashSet;
use std::rc::Rc;

use super::node::{Map, Node, Value};

/// A function of CloudFormation with its argument.
pub(super) struct Call<'n> {
    /// Its short name.
    pub(super) function: &'static str,
    pub(super) argument: &'n Node,
    pub(super) line: usize,
}

impl<'n> Call<'n> {
    /// The items of the argument, if it is a list.
    pub(super) fn items(&self) -> &'n [Rc<Node>] {
        self.argument.list().unwrap_or_default()
    }

    /// The names of parameters and resources that it refers to, with their attributes.
    pub(super) fn references(&self) -> Vec<&'n str> {
        let texts = |node: &'n Node| node.text().into_iter().collect();
        match (self.function, self.items()) {
            ("GetAtt", [id, _]) => texts(id),
            ("Ref" | "GetAtt", _) => texts(self.argument),
            ("Sub", [pattern, own]) => {
                let is_own = |name: &&str| own.map().is_some_and(|own| own.get(name).is_some());
                let names = placeholders(pattern).into_iter();
                names.filter(|name| !is_own(name)).collect()
            }
            ("Sub", _) => placeholders(self.argument),
            _ => Vec::new(),
        }
    }
}

/// The names in the `${…}` of a text.
fn placeholders(pattern: &Node) -> Vec<&str> {
    let after = pattern.text().unwrap_or_default().split("${").skip(1);
    let names = after.filter_map(|after| Some(after.split_once('}')?.0.trim()));
    names.filter(|name| !name.starts_with('!')).collect()
}

/// The functions that are called below a node, those of an alias once. Parts that only a deploy expands
/// are left out.
pub(super) fn calls(node: &Rc<Node>) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    add(node, &mut HashSet::new(), &mut found);
    found
}

fn add<'n>(node: &'n Rc<Node>, seen: &mut HashSet<*const Node>, found: &mut Vec<Call<'n>>) {
    if !seen.insert(Rc::as_ptr(node)) {
        return;
    }
    match &node.value {
        Value::Call("ForEach" | "Transform", _) | Value::Text(_) | Value::Null => {}
        Value::Call(function, argument) => {
            found.push(Call {
                function,
                argument,
                line: node.line(),
            });
            add(argument, seen, found);
        }
        Value::List(items) => {
            for item in items {
                add(item, seen, found);
            }
        }
        Value::Map(map) => {
            for (_, below) in named(Some(map)) {
                add(below, seen, found);
            }
        }
    }
}

/// The nodes of a map by their names, without those that only a deploy expands.
pub(super) fn named(map: Option<&Map>) -> impl Iterator<Item = (&str, &Rc<Node>)> {
    let entries = map.into_iter().flat_map(|map| &map.0);
    let entries = entries.map(|(key, node)| (&*key.text, node));
    entries.filter(|(name, _)| !name.starts_with("Fn::"))
}
