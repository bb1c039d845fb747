//! The functions and layers that a template deploys.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::{Error, Result};
use crate::lambda::{Architecture, FUNCTION_NAME, Kind, LAYER_NAME, Runtime, check_name};
use crate::paths::{relative, with_slashes};
use crate::report::package::{ArchiveReport, LayerReport};
use crate::text::printable;

/// The commands that make the packages, as lists of words, and the report that they write.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    /// The command that makes all of them.
    pub(crate) all: Vec<String>,
    /// The commands that make one each, by the paths of the zips.
    pub(crate) each: BTreeMap<Utf8PathBuf, Vec<String>>,
    /// The absolute path of the report.
    pub(crate) report: Utf8PathBuf,
}

/// The resources of a template.
#[derive(Debug)]
pub(super) struct Deployment {
    pub(super) functions: Vec<Resource>,
    pub(super) layers: Vec<Resource>,
    /// The command that makes all packages.
    pub(super) command: Vec<String>,
    /// The path of the report, relative to the template, with `/`.
    pub(super) report: String,
    /// The work that is left to the reader of the template.
    pub(super) warnings: Vec<String>,
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
    /// True if this workspace makes the zip. It does not make a layer that is given by its path.
    pub(super) is_made: bool,
    /// The layers that a function takes.
    pub(super) layers: Vec<LayerUse>,
    /// The command that makes the package.
    pub(super) command: Vec<String>,
    /// The package as messages name it.
    subject: String,
}

/// A layer that a function takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LayerUse {
    /// One of the template's own, by its position in [`Deployment::layers`].
    Made(usize),
    /// The ARN of a version that is published.
    Arn(String),
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
        let mut warnings = Vec::new();
        let given = given(&functions, &layers);
        let functions = functions.into_iter().map(|archive| Resource {
            layers: uses(archive, &layers, &given, &mut warnings),
            ..Resource::new(archive, &FUNCTION, folder, commands)
        });
        let functions: Vec<Resource> = functions.collect();
        let layers = layers.iter();
        let layers = layers.map(|archive| Resource::new(archive, &LAYER, folder, commands));
        let given = given.iter();
        let given = given.map(|(path, runtime)| Resource::given(path, *runtime, folder));
        let layers: Vec<Resource> = layers.chain(given).collect();
        check(&functions, &FUNCTION)?;
        check(&layers, &LAYER)?;
        Ok(Self {
            functions,
            layers,
            command: commands.all.clone(),
            report: with_slashes(&relative(&commands.report, folder)),
            warnings,
        })
    }

    /// True if a function takes the layer at `position`.
    pub(super) fn is_used(&self, position: usize) -> bool {
        let mut uses = self.functions.iter().flat_map(|function| &function.layers);
        uses.any(|layer| *layer == LayerUse::Made(position))
    }
}

/// The zips of layers that functions take by their paths, and that are none of those `made`, each
/// with the runtime of the first of these functions.
fn given<'a>(
    functions: &[&'a ArchiveReport],
    made: &[&ArchiveReport],
) -> Vec<(&'a Utf8Path, Runtime)> {
    let mut given: Vec<(&Utf8Path, Runtime)> = Vec::new();
    for function in functions {
        let by_path = function.layers.iter().filter(|layer| layer.name.is_none());
        for path in by_path.filter_map(|layer| layer.path.as_deref()) {
            let is_known = made.iter().any(|layer| layer.path == path)
                || given.iter().any(|(known, _)| *known == path);
            if !is_known {
                given.push((path, function.runtime));
            }
        }
    }
    given
}

/// The layers that a function takes. Those in the template are those `made`, and then those `given`.
fn uses(
    function: &ArchiveReport,
    made: &[&ArchiveReport],
    given: &[(&Utf8Path, Runtime)],
    warnings: &mut Vec<String>,
) -> Vec<LayerUse> {
    let is_for = |layer: &ArchiveReport| {
        layer.architecture.is_none() || layer.architecture == function.architecture
    };
    let mut uses = Vec::new();
    for LayerReport {
        name, arn, path, ..
    } in &function.layers
    {
        // Layers of several packages may have one name.
        let is_made = |layer: &&ArchiveReport| match path {
            Some(path) => layer.path == *path,
            None => name.as_deref() == Some(&layer.bin) && is_for(layer),
        };
        if let Some(arn) = arn {
            uses.push(LayerUse::Arn(arn.clone()));
        } else if let Some(position) = made.iter().position(is_made) {
            uses.push(LayerUse::Made(position));
        } else if let Some(position) = given
            .iter()
            .position(|(given, _)| path.as_deref() == Some(*given))
        {
            uses.push(LayerUse::Made(made.len() + position));
        } else {
            warnings.push(format!(
                "`{}` takes a layer of which only the size is known: add its ARN to the template",
                printable(&function.bin)
            ));
        }
    }
    uses
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
    longest: FUNCTION_NAME,
};
const LAYER: What = What {
    noun: "layer",
    suffix: "Layer",
    longest: LAYER_NAME,
};

impl Resource {
    fn new(archive: &ArchiveReport, what: &What, folder: &Utf8Path, commands: &Commands) -> Self {
        let name = archive.name.clone();
        let command = commands.each.get(&archive.path);
        Self {
            id: format!("{}{}", logical(&name), what.suffix),
            path: with_slashes(&relative(&archive.path, folder)),
            architecture: archive.architecture,
            runtime: archive.runtime,
            is_made: true,
            layers: Vec::new(),
            command: command.cloned().unwrap_or_default(),
            subject: format!("`{}` for {}", printable(&archive.bin), platform(archive)),
            name,
        }
    }

    /// A layer that is given by the path of its zip.
    fn given(path: &Utf8Path, runtime: Runtime, folder: &Utf8Path) -> Self {
        let name = path.file_stem().unwrap_or_default();
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-");
        Self {
            id: format!("{}{}", logical(&name), LAYER.suffix),
            path: with_slashes(&relative(path, folder)),
            // Its zip is not read here: Lambda takes one that names none for both.
            architecture: None,
            runtime,
            is_made: false,
            layers: Vec::new(),
            command: Vec::new(),
            subject: format!("`{}`", printable(path.as_str())),
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
        check_name(name, noun, *longest).map_err(|why| Error::usage(why, RENAME))?;
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
        let rename = if other.is_made && resource.is_made {
            RENAME
        } else {
            "rename the zip of the layer"
        };
        let select = "select one of them, for instance with `-p`, `--bin` or `--target`";
        return Err(Error::Usage {
            message,
            help: vec![rename.to_owned(), select.to_owned()],
        });
    }
    Ok(())
}
