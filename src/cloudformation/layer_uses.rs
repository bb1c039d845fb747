//! The layers that a function of a template takes.

use std::collections::BTreeMap;
use std::rc::Rc;

use camino::Utf8PathBuf;

use super::model::LayerUse;
use super::node::{Node, Value};
use super::properties::Properties;
use super::references::References;
use super::values::{Resolved, Values};
use crate::lambda::check_layer_arn;
use crate::text::{printable, quoted_name};

/// The template's layers by logical ID.
pub(super) type Layers = BTreeMap<String, LayerContents>;

/// The contents of a layer of the template.
pub(super) enum LayerContents {
    /// The absolute path of the zip.
    Zip(Utf8PathBuf),
    /// They are not a zip on this machine.
    Elsewhere,
    /// The condition of the layer is false.
    NotDeployed,
    /// The condition of the layer is not certain.
    PerhapsDeployed,
}

/// The layers that a function takes. SAM puts those of `Globals` before those of the function.
pub(super) fn read(
    properties: &mut Properties<'_>,
    layers: &Layers,
    references: &References<'_>,
) -> Vec<LayerUse> {
    let places = [properties.globals, properties.own];
    let places = places.into_iter().flatten();
    let nodes: Vec<Rc<Node>> = places
        .filter_map(|place| place.get("Layers").cloned())
        .collect();
    let mut uses = Vec::new();
    for node in nodes {
        let is_one = |(id, attribute): (&str, Option<&str>)| {
            layers.contains_key(id) || references.is_no_layer(id, attribute)
        };
        let line = node.line();
        match properties.resolver.resolve(&node) {
            Resolved::Absent => {}
            Resolved::Known(value) => match value.list() {
                Some(items) => {
                    let items = items.iter();
                    uses.extend(
                        items.filter_map(|item| layer_use(item, properties, layers, references)),
                    );
                }
                None => uses.push(LayerUse::NoList(line)),
            },
            Resolved::Unknown(_)
                if referred(&properties.resolver.chosen(&node)).is_some_and(is_one) =>
            {
                uses.push(LayerUse::NoList(line));
            }
            Resolved::Unknown(why) => {
                properties.leave(line, format!("only a deploy resolves `Layers`: {why}"));
                uses.push(LayerUse::Unknown);
            }
        }
    }
    uses
}

fn layer_use(
    item: &Rc<Node>,
    properties: &mut Properties<'_>,
    layers: &Layers,
    references: &References<'_>,
) -> Option<LayerUse> {
    let line = item.line();
    let chosen = properties.resolver.chosen(item);
    let referred = referred(&chosen);
    if let Some((id, attribute)) = referred {
        let is_known = attribute.is_none_or(|attribute| attribute == "LayerVersionArn");
        let is_refused = layers.contains_key(id) && !is_known;
        if is_refused || references.is_no_layer(id, attribute) {
            let attribute = attribute.map_or_else(String::new, |name| format!(".{name}"));
            let shown = quoted_name(&format!("{id}{attribute}"));
            properties.refuse(
                line,
                format!(
                    "has the layer {shown}, which is not the ARN of a version of a layer: CloudFormation \
                     takes only such ARNs in `Layers`"
                ),
                "write `!Ref` and the logical ID of a layer in the template".to_owned(),
            );
            return Some(LayerUse::Unknown);
        }
    }
    if let Some((id, contents)) = referred.and_then(|(id, _)| layers.get_key_value(id)) {
        let shown = printable(id);
        let reason = match contents {
            LayerContents::Zip(zip) => return Some(LayerUse::Zip(zip.clone())),
            LayerContents::NotDeployed => return Some(LayerUse::NotDeployed(id.clone(), line)),
            LayerContents::Elsewhere => {
                format!("the contents of its layer `{shown}` are not a zip here")
            }
            LayerContents::PerhapsDeployed => {
                format!("it is not certain that its layer `{shown}` is deployed")
            }
        };
        properties.leave(line, reason);
        return Some(LayerUse::Unknown);
    }
    match properties.resolver.resolve(item) {
        Resolved::Absent => None,
        Resolved::Known(value) => {
            let reason = match value.text() {
                Some(arn) if check_layer_arn(arn).is_ok() => {
                    let name = printable(arn);
                    format!("the contents of its layer `{name}` are not known here")
                }
                Some(text) => return Some(LayerUse::NoArn(text.to_owned(), line)),
                None => {
                    properties.refuse_form::<()>(line, "Layers", "list of texts", &value);
                    return Some(LayerUse::Unknown);
                }
            };
            properties.leave(line, reason);
            Some(LayerUse::Unknown)
        }
        Resolved::Unknown(why) => {
            let reason = format!("only a deploy resolves a layer: {why}");
            properties.leave(line, reason);
            Some(LayerUse::Unknown)
        }
    }
}

/// The logical ID that `!Ref Id`, `!GetAtt Id.LayerVersionArn` or `!Sub ${Id}` refers to, and the name of
/// the attribute.
fn referred(node: &Node) -> Option<(&str, Option<&str>)> {
    let Value::Call(function, argument) = &node.value else {
        return None;
    };
    let path = match (*function, argument.text(), argument.list()) {
        ("Ref" | "GetAtt", Some(path), _) => path,
        ("GetAtt", _, Some([id, attribute])) => return Some((id.text()?, attribute.text())),
        ("Sub", Some(text), _) => text.strip_prefix("${")?.strip_suffix('}')?,
        _ => return None,
    };
    let parts = path.split_once('.');
    Some(parts.map_or((path, None), |(id, attribute)| (id, Some(attribute))))
}
