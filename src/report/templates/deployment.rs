//! The functions and layers that a template deploys.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::{Error, Result};
use crate::lambda::{Architecture, Kind, Runtime};
use crate::paths::relative;
use crate::report::package::ArchiveReport;
use crate::text::printable;

/// The commands that make the packages, as lists of words.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    /// The command that makes all of them.
    pub(crate) all: Vec<String>,
    /// The commands that make one each, by the paths of the zips.
    pub(crate) each: BTreeMap<Utf8PathBuf, Vec<String>>,
}

/// The resources of a template.
#[derive(Debug)]
pub(super) struct Deployment {
    pub(super) functions: Vec<Resource>,
    pub(super) layers: Vec<Resource>,
    /// The command that makes all packages.
    pub(super) command: Vec<String>,
}

/// A function or a layer.
#[derive(Debug)]
pub(super) struct Resource {
    /// The logical ID: letters and digits of ASCII.
    pub(super) id: String,
    /// The name that it is deployed as.
    pub(super) name: String,
    /// The path of the zip, relative to the template, with `/`.
    pub(super) path: String,
    /// `None` for a layer of every architecture.
    pub(super) architecture: Option<Architecture>,
    pub(super) runtime: Runtime,
    /// The command that makes the package.
    pub(super) command: Vec<String>,
    /// The package as messages name it.
    subject: String,
}

impl Deployment {
    /// # Errors
    /// [`Error::Usage`] if Lambda does not accept a name, or if names or logical IDs are equal.
    pub(super) fn new(
        archives: &[ArchiveReport],
        folder: &Utf8Path,
        commands: &Commands,
    ) -> Result<Self> {
        let is_function = |archive: &&ArchiveReport| archive.kind == Kind::Function;
        let (functions, layers): (Vec<_>, Vec<_>) = archives.iter().partition(is_function);
        let resources = |archives: Vec<&ArchiveReport>, what: &What| {
            let resource = |archive| Resource::new(archive, what, folder, commands);
            let resources: Vec<Resource> = archives.iter().map(|a| resource(*a)).collect();
            check(&resources, what)?;
            Ok::<_, Error>(resources)
        };
        Ok(Self {
            functions: resources(functions, &FUNCTION)?,
            layers: resources(layers, &LAYER)?,
            command: commands.all.clone(),
        })
    }
}

/// The kind of a resource, and the names that Lambda accepts for it.
struct What {
    noun: &'static str,
    /// The end of logical IDs.
    suffix: &'static str,
    /// The longest name, in characters.
    longest: usize,
}

const FUNCTION: What = What {
    noun: "function",
    suffix: "Function",
    longest: 64,
};
const LAYER: What = What {
    noun: "layer",
    suffix: "Layer",
    longest: 140,
};

impl Resource {
    fn new(archive: &ArchiveReport, what: &What, folder: &Utf8Path, commands: &Commands) -> Self {
        let name = archive.name.clone();
        Self {
            id: format!("{}{}", logical(&name), what.suffix),
            path: relative(&archive.path, folder).into_string(),
            architecture: archive.architecture,
            runtime: archive.runtime,
            command: commands
                .each
                .get(&archive.path)
                .cloned()
                .unwrap_or_default(),
            subject: format!("`{}` for {}", printable(&archive.bin), platform(archive)),
            name,
        }
    }
}

fn platform(archive: &ArchiveReport) -> String {
    match (archive.target, archive.architecture) {
        (Some(target), _) => target.to_string(),
        (None, Some(architecture)) => architecture.to_string(),
        (None, None) => "every architecture".to_owned(),
    }
}

/// The words of a name, each with a capital letter: `order-events` → `OrderEvents`.
fn logical(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter_map(|word| {
        let first = word.get(..1)?.to_ascii_uppercase();
        Some(first + &word[1..])
    });
    words.collect()
}

/// The way out of every conflict of names.
const RENAME: &str =
    "give a binary another name to deploy as: the key `name` of its table in Cargo.toml";

fn check(resources: &[Resource], what: &What) -> Result<()> {
    let What { noun, longest, .. } = what;
    let mut ids: BTreeMap<&str, &Resource> = BTreeMap::new();
    for resource in resources {
        let Resource { name, subject, .. } = resource;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > *longest || !name.chars().all(is_plain) {
            return Err(Error::usage(
                format!(
                    "`{}` cannot be the name of a {noun}: Lambda accepts up to {longest} letters, \
                     digits, `-` and `_`",
                    printable(name)
                ),
                RENAME,
            ));
        }
        let Some(other) = ids.insert(&resource.id, resource) else {
            continue;
        };
        let (first, id) = (&other.subject, &resource.id);
        let message = if other.name == *name {
            format!("two {noun}s would be deployed as `{name}`: {first} and {subject}")
        } else {
            let names = format!("`{}` and `{name}`", other.name);
            format!(
                "the {noun}s {names} would have the same logical ID `{id}`: {first} and {subject}"
            )
        };
        let select = "or select one of them, for instance with `-p`, `--bin` or `--target`";
        return Err(Error::Usage {
            message,
            help: vec![RENAME.to_owned(), select.to_owned()],
        });
    }
    Ok(())
}
