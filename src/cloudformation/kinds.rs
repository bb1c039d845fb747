//! The types of resources.

use super::node::Node;

/// The types of functions, with the property that names the code.
pub(super) const FUNCTIONS: [(&str, &str); 2] = [
    ("AWS::Serverless::Function", "CodeUri"),
    ("AWS::Lambda::Function", "Code"),
];

/// The types of layers, with the property that names the contents.
pub(super) const LAYERS: [(&str, &str); 2] = [
    ("AWS::Serverless::LayerVersion", "ContentUri"),
    ("AWS::Lambda::LayerVersion", "Content"),
];

/// The types that stand for templates of their own.
pub(super) const NESTED: [&str; 2] = ["AWS::Serverless::Application", "AWS::CloudFormation::Stack"];

/// The type of a resource.
pub(super) fn kind(node: &Node) -> Option<&str> {
    node.map()?.get("Type")?.text()
}

/// True if only the macro of SAM knows the type.
pub(super) fn is_of_sam(node: &Node) -> bool {
    kind(node).is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
}

/// True if a deploy puts the resources of a module in its place.
pub(super) fn is_module(kind: &str) -> bool {
    kind.ends_with("::MODULE")
}

/// True if a reference to a resource of this type, or to its attribute, is certainly no layer. A custom
/// resource, a nested stack and a module may give any text.
pub(super) fn is_no_layer(kind: &str, attribute: Option<&str>) -> bool {
    let is_one_of = |kinds: &[(&str, &str)]| kinds.iter().any(|(name, _)| *name == kind);
    let may_be_any = !kind.starts_with("AWS::")
        || kind.starts_with("AWS::CloudFormation::")
        || is_module(kind)
        || NESTED.contains(&kind);
    if may_be_any || is_one_of(&LAYERS) {
        return false;
    }
    attribute.is_none_or(|attribute| attribute == "Arn") || is_one_of(&FUNCTIONS)
}
