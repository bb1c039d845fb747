//! The statements of a template about its functions and layers.

use camino::Utf8PathBuf;

/// The functions and layers of a template.
#[derive(Debug, Default)]
pub(crate) struct Template {
    /// The absolute path of the template.
    pub(crate) path: Utf8PathBuf,
    /// The names of its parameters.
    pub(crate) parameters: Vec<String>,
    /// The functions whose code is a zip on this machine.
    pub(crate) functions: Vec<Function>,
    /// The layers whose contents are a zip on this machine.
    pub(crate) layers: Vec<Layer>,
    pub(crate) unchecked: Vec<Unchecked>,
    pub(crate) refusals: Vec<Refusal>,
}

/// A function whose code is a zip on this machine.
#[derive(Debug)]
pub(crate) struct Function {
    /// The logical ID.
    pub(crate) id: String,
    /// The line of the logical ID, from 1.
    pub(crate) line: usize,
    /// The absolute path of the zip.
    pub(crate) zip: Utf8PathBuf,
    /// The property that names the zip: `CodeUri` or `Code`.
    pub(crate) code_property: &'static str,
    /// The line of the property that names the zip.
    pub(crate) code_line: usize,
    /// The value of `PackageType`.
    pub(crate) package_type: Stated<String>,
    pub(crate) architectures: Stated<Architectures>,
    pub(crate) runtime: Stated<String>,
    pub(crate) handler: Stated<String>,
    pub(crate) layers: Vec<LayerUse>,
}

impl Function {
    /// True if it is stated to be a container image, which takes no zip.
    pub(crate) fn is_image(&self) -> bool {
        self.package_type.is("Image")
    }
}

/// A layer whose contents are a zip on this machine.
#[derive(Debug)]
pub(crate) struct Layer {
    /// The logical ID.
    pub(crate) id: String,
    /// The line of the logical ID, from 1.
    pub(crate) line: usize,
    /// The absolute path of the zip.
    pub(crate) zip: Utf8PathBuf,
    /// The line of the property that names the zip.
    pub(crate) code_line: usize,
    /// The value of `CompatibleArchitectures`.
    pub(crate) architectures: Stated<Architectures>,
}

/// A list of architectures in the words of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Architectures {
    pub(crate) names: Vec<String>,
    /// False if there is a text in the place of the list.
    pub(crate) is_list: bool,
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stated<T> {
    /// The value, and its line.
    Given(T, usize),
    /// The property is not there.
    Absent,
    /// Only a deploy knows it. The template's `unchecked` has the reason.
    Unknown,
}

impl Stated<String> {
    /// True if the value is `text`.
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(self, Self::Given(value, _) if value == text)
    }
}

/// A layer that a function takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LayerUse {
    /// The absolute path of the zip of a layer of the template.
    Zip(Utf8PathBuf),
    /// A layer of the template whose condition is false: the logical ID, and the line of the use.
    NotDeployed(String, usize),
    /// Something other than a list in the place of all layers, and its line.
    NoList(usize),
    /// A text that is not the ARN of a version of a layer, and its line.
    NoArn(String, usize),
    /// Its contents are not known here.
    Unknown,
}

/// A part of the template that is not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unchecked {
    /// The logical ID; `None` for the template as a whole.
    pub(crate) resource: Option<String>,
    /// From 1.
    pub(crate) line: usize,
    /// The reason, as a clause.
    pub(crate) reason: String,
}

/// A part of the template that the clients or CloudFormation refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The logical ID, or the name of a condition, an output or a section.
    pub(crate) resource: String,
    /// From 1.
    pub(crate) line: usize,
    /// The rest of a sentence about it.
    pub(crate) message: String,
    /// The fix.
    pub(crate) help: String,
}

impl Refusal {
    pub(super) fn new(
        resource: &str,
        line: usize,
        message: String,
        help: impl Into<String>,
    ) -> Self {
        Self {
            resource: resource.to_owned(),
            line,
            message,
            help: help.into(),
        }
    }
}
