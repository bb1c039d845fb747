//! The macros that a deploy runs on a template.

use super::node::Map;

/// The macro of SAM, without which CloudFormation does not know its types.
///
/// Source: "AWS::Serverless transform" in the CloudFormation Template Reference.
pub(super) const SAM: &str = "AWS::Serverless-2016-10-31";
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// The macros of AWS that leave the code and the architecture of functions as they are.
const KNOWN: [&str; 5] = [
    "AWS::Serverless-",
    LANGUAGE_EXTENSIONS,
    "AWS::SecretsManager-",
    "AWS::CodeDeployBlueGreen",
    "AWS::ServiceCatalog",
];

/// The macros of a template.
pub(super) struct Transforms<'a> {
    /// The names, with their lines.
    all: Vec<(&'a str, usize)>,
    /// True if a macro stands among the sections, which may add any.
    is_open: bool,
}

impl<'a> Transforms<'a> {
    pub(super) fn of(template: &'a Map) -> Self {
        let transform = template.get("Transform");
        let one = transform.map(std::slice::from_ref);
        let nodes = transform.and_then(|node| node.list()).or(one);
        let all = nodes.unwrap_or_default().iter().map(|node| {
            let name = node.map().and_then(|map| map.get("Name")).unwrap_or(node);
            (name.text().unwrap_or("Fn::Transform"), node.line())
        });
        Self {
            all: all.collect(),
            is_open: template.is_open(),
        }
    }

    /// Those that may change everything, with their lines.
    pub(super) fn unknown(&self) -> impl Iterator<Item = (&'a str, usize)> {
        let is_known = |name: &str| KNOWN.iter().any(|known| name.starts_with(known));
        let all = self.all.iter().copied();
        all.filter(move |(name, _)| !is_known(name))
    }

    pub(super) fn has_sam(&self) -> bool {
        self.all.iter().any(|(name, _)| *name == SAM)
    }

    pub(super) fn has_language_extensions(&self) -> bool {
        self.all
            .iter()
            .any(|(name, _)| *name == LANGUAGE_EXTENSIONS)
    }

    /// True if one of them may add parameters, conditions and resources of any name.
    pub(super) fn may_add_names(&self) -> bool {
        let adds = |name: &str| name != LANGUAGE_EXTENSIONS && !name.starts_with(KNOWN[0]);
        self.is_open || self.all.iter().any(|(name, _)| adds(name))
    }
}
