//! The layers that a function of a template takes.

use std::collections::BTreeMap;
use std::rc::Rc;

use camino::Utf8PathBuf;

use super::model::LayerUse;
use super::node::{Node, Value};
use super::properties::Properties;
use super::values::{Resolved, Values};
use crate::lambda::check_layer_arn;
use crate::text::printable;

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
pub(super) fn read(properties: &mut Properties<'_>, layers: &Layers) -> Vec<LayerUse> {
    let places = [properties.globals, properties.own];
    let places = places.into_iter().flatten();
    let nodes: Vec<Rc<Node>> = places
        .filter_map(|place| place.get("Layers").cloned())
        .collect();
    let mut uses = Vec::new();
    for node in nodes {
        let is_one = |id: String| layers.contains_key(&id);
        let line = node.line();
        match properties.resolver.resolve(&node) {
            Resolved::Absent => {}
            Resolved::Known(value) => match value.list() {
                Some(items) => {
                    let items = items.iter();
                    uses.extend(items.filter_map(|item| layer_use(item, properties, layers)));
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
) -> Option<LayerUse> {
    let line = item.line();
    let chosen = properties.resolver.chosen(item);
    if let Some((id, contents)) = referred(&chosen).and_then(|id| layers.get_key_value(&id)) {
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
                None => "a layer of it is not a text".to_owned(),
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

/// The logical ID that `!Ref Id`, `!GetAtt Id.LayerVersionArn` or `!Sub ${Id}` refers to.
fn referred(node: &Node) -> Option<String> {
    let Value::Call(function, argument) = &node.value else {
        return None;
    };
    match (*function, argument.text(), argument.list()) {
        ("Ref", Some(id), _) => Some(id.to_owned()),
        ("GetAtt", Some(path), _) => path.split('.').next().map(str::to_owned),
        ("GetAtt", _, Some([id, ..])) => id.text().map(str::to_owned),
        ("Sub", Some(text), _) => {
            let id = text.strip_prefix("${")?.strip_suffix('}')?;
            id.split('.').next().map(str::to_owned)
        }
        _ => None,
    }
}
