//! Names that Lambda accepts.

use crate::text::printable;

/// The longest name of a function, in characters.
///
/// Source: the parameter `FunctionName` of Lambda's `CreateFunction`: "If you specify only the
/// function name, it is limited to 64 characters in length."
pub(crate) const FUNCTION_NAME: usize = 64;

/// The longest name of a layer, in characters.
///
/// Source: the parameter `LayerName` of Lambda's `PublishLayerVersion`, whose maximum is 140.
pub(crate) const LAYER_NAME: usize = 140;

/// True if a function or layer can have this name, of at most `longest` characters.
///
/// Source: the patterns of the same parameters, `[a-zA-Z0-9-_]+`.
#[must_use]
pub(crate) fn is_name(text: &str, longest: usize) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.len() <= longest && text.chars().all(is_plain)
}

/// Refuses a name that a `noun`, "function" or "layer", cannot have.
///
/// # Errors
/// The reason, as a sentence.
pub(crate) fn check_name(name: &str, noun: &str, longest: usize) -> Result<(), String> {
    if is_name(name, longest) {
        return Ok(());
    }
    Err(format!(
        "`{}` cannot be the name of a {noun}: Lambda accepts up to {longest} letters, digits, `-` \
         and `_`",
        printable(name)
    ))
}
