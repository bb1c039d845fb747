//! The forms that CloudFormation and SAM require of functions, layers and `Globals`.

use super::kinds::{FUNCTIONS, LAYERS, kind};
use super::model::Refusal;
use super::node::{Key, Map, Node, Value};
use super::references::REFUSED;
use crate::text::quoted_name;

/// The properties of functions that are read, beside their code.
const OF_FUNCTIONS: [&str; 5] = [
    "Architectures",
    "Handler",
    "Layers",
    "PackageType",
    "Runtime",
];

/// The properties of SAM's functions that each function has for itself.
///
/// Source: `supported_properties` in `samtranslator/plugins/globals/globals.py` of the AWS SAM translator.
const NOT_GLOBAL: [&str; 8] = [
    "Events",
    "FunctionName",
    "ImageConfig",
    "ImageUri",
    "InlineCode",
    "PackageType",
    "Policies",
    "Role",
];

/// The refusals of the resource `key`.
pub(super) fn of_resource(key: &Key, node: &Node) -> Vec<Refusal> {
    let refuse =
        |message: String, help: &str| Refusal::new(&key.text, key.position.line, message, help);
    let map = match &node.value {
        Value::Map(map) if !map.is_open() => map,
        Value::Map(_) | Value::Call(..) => return Vec::new(),
        _ => {
            let message = format!("is not a map: {REFUSED}");
            return vec![refuse(message, "write its `Type` and `Properties`")];
        }
    };
    let Some(name) = kind(node).filter(|name| name.contains("::")) else {
        let message = format!("has no type of CloudFormation as `Type`: {REFUSED}");
        return vec![refuse(
            message,
            "write its `Type`, such as `AWS::Lambda::Function`",
        )];
    };
    let kinds = || FUNCTIONS.into_iter().chain(LAYERS);
    let Some((_, code)) = kinds().find(|(known, _)| *known == name) else {
        let meant = meant(name, kinds().map(|(known, _)| known));
        let refused = meant.map(|meant| {
            let name = quoted_name(name);
            let message = format!("has the `Type` {name}, which does not exist: {REFUSED}");
            refuse(message, &format!("write `Type: {meant}`"))
        });
        return refused.into_iter().collect();
    };
    match map.get("Properties").map(|given| &given.value) {
        None | Some(Value::Call(..)) => Vec::new(),
        Some(Value::Map(properties)) => {
            let is_layer = LAYERS.iter().any(|(layer, _)| *layer == name);
            let own: &[&str] = if is_layer {
                &["CompatibleArchitectures"]
            } else {
                &OF_FUNCTIONS
            };
            of_properties(&key.text, properties, &own.iter().copied().chain([code]))
        }
        Some(_) => {
            let message = format!("has no map as `Properties`: {REFUSED}");
            vec![refuse(message, "write its properties as keys with values")]
        }
    }
}

/// The refusals of the section `Globals` of a template of SAM.
pub(super) fn of_globals(template: &Map) -> Vec<Refusal> {
    let Some((line, globals)) = template.entry("Globals") else {
        return Vec::new();
    };
    let refuse = |line, what: &str, help: &str| {
        let message = format!("{what}: SAM refuses the template");
        Refusal::new("Globals", line, message, help)
    };
    let sections = match &globals.value {
        Value::Map(sections) if !sections.0.is_empty() => sections,
        Value::Call(..) => return Vec::new(),
        _ => return vec![refuse(line, "is not a map with a section", "remove it")],
    };
    let mut refused = Vec::new();
    for (key, section) in &sections.0 {
        let line = key.position.line;
        let name = quoted_name(&key.text);
        match &section.value {
            _ if meant(&key.text, ["Function"].into_iter()).is_some() => {
                let what = format!("has the section {name}, which does not exist");
                refused.push(refuse(line, &what, "write `Function`"));
            }
            Value::Map(properties) if key.text == "Function" => {
                let is_refused = |(key, _): &&(Key, _)| NOT_GLOBAL.contains(&&*key.text);
                for (key, _) in properties.0.iter().filter(is_refused) {
                    let what = format!("has {} for functions", quoted_name(&key.text));
                    let help = "write it in the properties of each function";
                    refused.push(refuse(key.position.line, &what, help));
                }
                let read = OF_FUNCTIONS.into_iter().chain([FUNCTIONS[0].1]);
                refused.extend(of_properties("Globals", properties, &read));
            }
            Value::Map(_) | Value::Call(..) => {}
            _ => {
                let what = format!("has no map as {name}");
                refused.push(refuse(line, &what, "write properties with their values"));
            }
        }
    }
    refused
}

/// The refusals of properties without a value, and of those that are misspelt ones of `read`.
fn of_properties(
    id: &str,
    given: &Map,
    read: &(impl Iterator<Item = &'static str> + Clone),
) -> Vec<Refusal> {
    let refused = given.0.iter().filter_map(|(key, node)| {
        let (line, name) = (key.position.line, quoted_name(&key.text));
        if let Some(meant) = meant(&key.text, read.clone()) {
            let message = format!("has the property {name}, which does not exist: {REFUSED}");
            return Some(Refusal::new(id, line, message, format!("write `{meant}`")));
        }
        let is_empty = matches!(node.value, Value::Null);
        let message = format!("has no value for {name}: {REFUSED}");
        is_empty.then(|| Refusal::new(id, line, message, "write the value, or remove the property"))
    });
    refused.collect()
}

/// The name of `known` that a misspelt one, of which one letter or its case differs, stands for.
fn meant<'k>(name: &str, mut known: impl Iterator<Item = &'k str> + Clone) -> Option<&'k str> {
    if known.clone().any(|known| known == name) {
        return None;
    }
    let name = name.to_lowercase();
    known.find(|known| strsim::damerau_levenshtein(&known.to_lowercase(), &name) <= 1)
}
