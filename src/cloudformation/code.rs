//! The code of a function and the contents of a layer: a zip on this machine, or something else.

use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::model::Stated;
use super::node::{Node, Value};
use super::properties::Properties;
use super::values::{Resolved, Values};
use crate::paths::normalized;

/// The code of a resource.
pub(super) enum Code {
    /// The absolute path of a zip, and the line of the property.
    Zip(Utf8PathBuf, usize),
    /// A container image, which is noted as unchecked.
    Image,
    /// Something else; it is noted as unchecked, or refused.
    Elsewhere,
}

/// The facts that tell what clients do with the path in a property.
pub(super) struct Clients<'a> {
    /// The folder of the template, in which relative paths begin.
    pub(super) folder: &'a Utf8Path,
    /// True if the resource says how `sam build` makes its code.
    pub(super) is_built: bool,
    /// True if `sam` may resolve functions of CloudFormation before the upload.
    pub(super) has_language_extensions: bool,
}

/// The code that the property `name` of a resource names.
///
/// Source: `Resource.export` in `awscli/customizations/cloudformation/artifact_exporter.py` of the AWS CLI
/// and `ResourceZip.export` in `samcli/lib/package/packageable_resources.py` of the AWS SAM CLI, which
/// upload texts only; `get_resolved_template_dict` in `samcli/lib/providers/sam_base_provider.py`, which
/// resolves the paths of folders for `sam build`.
pub(super) fn read(properties: &mut Properties<'_>, name: &str, clients: &Clients<'_>) -> Code {
    let entry = properties.entry(name);
    let called = entry.and_then(|(line, node)| match node.value {
        Value::Call(function, _) => Some((function, line, Rc::clone(node))),
        _ => None,
    });
    let called = called.as_ref();
    let made = called.filter(|(_, _, node)| gives_zip(properties.resolver, node, clients.folder));
    if let Some((function, line, _)) = made {
        if clients.has_language_extensions {
            let reason = format!(
                "only `sam` with `--language-extensions` uploads the path that `!{function}` gives"
            );
            properties.leave(*line, reason);
            return Code::Elsewhere;
        }
        properties.refuse(
            *line,
            format!(
                "names its zip with `!{function}`: `aws cloudformation package` and `sam package` upload \
                 only a path that is a text, so CloudFormation gets the path and refuses it"
            ),
            format!("write the path as a text, such as `{name}: lambda.zip`"),
        );
    }
    let (node, line) = match properties.value(name) {
        Stated::Given(node, line) => (node, line),
        Stated::Unknown => return Code::Elsewhere,
        Stated::Absent => {
            let line = properties.line;
            let (code, reason) =
                match ["InlineCode", "ImageUri"].map(|key| properties.is_given(key)) {
                    [true, _] => (Code::Elsewhere, INLINE.to_owned()),
                    [_, true] => (Code::Image, IMAGE.to_owned()),
                    _ => (
                        Code::Elsewhere,
                        format!("it has no `{name}`, so that the folder of the template is zipped"),
                    ),
                };
            properties.leave(line, reason);
            return code;
        }
    };
    let reason = match &node.value {
        Value::Text(text) if is_url(text) => IN_S3.to_owned(),
        Value::Text(text) => {
            let path = normalized(&clients.folder.join(text));
            if made.is_some() && !path.exists() {
                return Code::Elsewhere;
            }
            if !path.is_dir() {
                return Code::Zip(path, line);
            }
            if let Some((function, ..)) = called {
                format!(
                    "`{name}` gives a folder with `!{function}`, which only `sam build` resolves"
                )
            } else if clients.is_built {
                format!("`{name}` is a folder, and `sam build` makes the code of it")
            } else {
                format!("`{name}` is a folder, which a tool of AWS builds or zips")
            }
        }
        Value::Map(map) if map.get("ImageUri").is_some() => {
            properties.leave(line, IMAGE);
            return Code::Image;
        }
        Value::Map(map) if map.get("ZipFile").is_some() => INLINE.to_owned(),
        Value::Map(map)
            if map.is_open() || place(name).iter().all(|key| map.get(key).is_some()) =>
        {
            IN_S3.to_owned()
        }
        _ => {
            let [bucket, key] = place(name);
            properties.refuse(
                line,
                format!(
                    "has neither a path nor `{bucket}` and `{key}` as `{name}`: CloudFormation refuses \
                     the template"
                ),
                format!("write the path of a zip, such as `{name}: lambda.zip`"),
            );
            return Code::Elsewhere;
        }
    };
    properties.leave(line, reason);
    Code::Elsewhere
}

/// The keys that name a place in S3 in the property `name`.
fn place(name: &str) -> [&'static str; 2] {
    match name {
        "Code" | "Content" => ["S3Bucket", "S3Key"],
        _ => ["Bucket", "Key"],
    }
}

const IN_S3: &str = "its code is in S3";
const INLINE: &str = "its code is in the template";
pub(super) const IMAGE: &str = "it is a container image, not a zip";

/// True if a call of a function certainly gives the path of a zip on this machine.
fn gives_zip(values: &dyn Values, node: &Rc<Node>, folder: &Utf8Path) -> bool {
    let is_zip = |first: &str, last: &str| {
        let may_be_url = SCHEMES
            .iter()
            .any(|scheme| scheme.starts_with(first) || first.starts_with(scheme));
        !may_be_url && Utf8Path::new(last).extension() == Some("zip")
    };
    let text = |node: &Rc<Node>| node.text().map(str::to_owned).unwrap_or_default();
    match (values.resolve(node), &node.value) {
        (Resolved::Known(value), _) => {
            let path = folder.join(text(&value));
            value.text().is_some_and(|text| is_zip(text, text)) && !path.is_dir() || path.is_file()
        }
        (Resolved::Unknown(_), Value::Call("If", argument)) => {
            let is_path = |branch| match values.resolve(branch) {
                Resolved::Known(value) => is_zip(&text(&value), &text(&value)),
                _ => false,
            };
            matches!(argument.list(), Some([_, yes, no]) if is_path(yes) && is_path(no))
        }
        (Resolved::Unknown(_), Value::Call("Sub", argument)) => {
            let pattern = argument.list().and_then(<[_]>::first).unwrap_or(argument);
            let pattern = text(pattern);
            let first = pattern.split("${").next().unwrap_or_default();
            is_zip(first, &pattern)
        }
        (Resolved::Unknown(_), Value::Call("Join", argument)) => {
            let items = argument.list().and_then(|items| items.get(1)?.list());
            let ends = items.and_then(|items| items.first().zip(items.last()));
            ends.is_some_and(|(first, last)| is_zip(&text(first), &text(last)))
        }
        _ => false,
    }
}

const SCHEMES: [&str; 3] = ["s3://", "https://", "http://"];

fn is_url(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}
