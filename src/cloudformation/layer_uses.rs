//! The layers that a function of a template takes.

use std::collections::BTreeMap;
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::model::LayerUse;
use super::node::{Node, Value};
use super::properties::Properties;
use super::values::{Resolved, Values};
use crate::paths::normalized;
use crate::text::printable;

/// The zips of the template's layers by logical ID; `None` if the contents are elsewhere.
pub(super) type LayerZips = BTreeMap<String, Option<Utf8PathBuf>>;

/// The layers that a function takes. SAM puts those of `Globals` before those of the function.
pub(super) fn read(
    properties: &mut Properties<'_>,
    layer_zips: &LayerZips,
    folder: &Utf8Path,
) -> Vec<LayerUse> {
    let places = [properties.globals, properties.own];
    let places = places.into_iter().flatten();
    let nodes: Vec<Rc<Node>> = places
        .filter_map(|place| place.get("Layers").cloned())
        .collect();
    let mut uses = Vec::new();
    for node in nodes {
        match properties.resolver.items(&node) {
            Ok(items) => {
                uses.extend(
                    items
                        .iter()
                        .filter_map(|item| layer_use(item, properties, layer_zips, folder)),
                );
            }
            Err(why) => {
                properties.leave(
                    node.line(),
                    format!("only a deploy resolves `Layers`: {why}"),
                );
                uses.push(LayerUse::Unknown);
            }
        }
    }
    uses
}

fn layer_use(
    item: &Rc<Node>,
    properties: &mut Properties<'_>,
    layer_zips: &LayerZips,
    folder: &Utf8Path,
) -> Option<LayerUse> {
    let line = item.line();
    if let Some((id, zip)) = referred(item).and_then(|id| layer_zips.get_key_value(&id)) {
        let zip = zip.clone();
        if zip.is_none() {
            let reason = format!("the contents of its layer `{}`", printable(id));
            properties.leave(line, format!("{reason} are not a zip here"));
        }
        return Some(zip.map_or(LayerUse::Unknown, |zip| {
            LayerUse::Zip(zip, Some(id.to_owned()))
        }));
    }
    match properties.resolver.resolve(item) {
        Resolved::Absent => None,
        Resolved::Known(value) => {
            let text = value.text().unwrap_or_default();
            if Utf8Path::new(text).extension() == Some("zip") && !text.contains("://") {
                return Some(LayerUse::Zip(normalized(&folder.join(text)), None));
            }
            let name = printable(text);
            let reason = format!("the contents of its layer `{name}` are not known here");
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
