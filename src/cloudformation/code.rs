//! The code of a function and the contents of a layer: a zip on this machine, or something else.

use camino::{Utf8Path, Utf8PathBuf};

use super::model::Stated;
use super::node::{Map, Value};
use super::properties::Properties;
use crate::paths::normalized;

/// The code of a resource.
pub(super) enum Code {
    /// The absolute path of a zip, and the line of the property.
    Zip(Utf8PathBuf, usize),
    /// Something else; it is noted as unchecked.
    Elsewhere,
}

/// The code that the property `name` of a resource names. Relative paths begin in `folder`, that of
/// the template.
pub(super) fn read(
    properties: &mut Properties<'_>,
    name: &str,
    folder: &Utf8Path,
    is_built: bool,
) -> Code {
    let (node, line) = match properties.value(name) {
        Stated::Given(node, line) => (node, line),
        Stated::Unknown => return Code::Elsewhere,
        Stated::Absent => {
            let line = properties.line;
            let reason = match ["InlineCode", "ImageUri"].map(|key| properties.is_given(key)) {
                [true, _] => INLINE.to_owned(),
                [_, true] => IMAGE.to_owned(),
                _ => format!("it has no `{name}`, so that the folder of the template is zipped"),
            };
            properties.leave(line, reason);
            return Code::Elsewhere;
        }
    };
    let reason = match &node.value {
        Value::Text(text) if is_url(text) => IN_S3.to_owned(),
        Value::Text(text) => {
            let path = normalized(&folder.join(text));
            if !path.is_dir() {
                return Code::Zip(path, line);
            }
            if is_built {
                format!("`{name}` is a folder, and `sam build` makes the code of it")
            } else {
                format!("`{name}` is a folder, which a tool of AWS builds or zips")
            }
        }
        Value::Map(map) => of_map(map).to_owned(),
        _ => format!("`{name}` is neither a path nor a place in S3"),
    };
    properties.leave(line, reason);
    Code::Elsewhere
}

const IN_S3: &str = "its code is in S3";
const INLINE: &str = "its code is in the template";
pub(super) const IMAGE: &str = "it is a container image, not a zip";

fn of_map(map: &Map) -> &'static str {
    if map.get("ZipFile").is_some() {
        INLINE
    } else if map.get("ImageUri").is_some() {
        IMAGE
    } else {
        IN_S3
    }
}

fn is_url(text: &str) -> bool {
    ["s3://", "https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}
