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

/// Refuses a text that is not the ARN of a version of a layer.
///
/// Source: the pattern of `LayerVersionArn` in Lambda's API,
/// `arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+`.
///
/// # Errors
/// The reason, as a sentence.
pub(crate) fn check_layer_arn(arn: &str) -> Result<(), String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = arn.split(':').collect();
    let shown = printable(arn);
    match parts[..] {
        [
            "arn",
            partition,
            "lambda",
            region,
            account,
            "layer",
            name,
            ref version @ ..,
        ] if [partition, region]
            .iter()
            .all(|part| is_name(part, usize::MAX))
            && account.len() == 12
            && is_number(account)
            && is_name(name, LAYER_NAME) =>
        {
            match version {
                [version] if is_number(version) => Ok(()),
                [] => Err(format!(
                    "`{shown}` has no version: a function takes a version of a layer, such as \
                     `{shown}:1`"
                )),
                _ => Err(format!("`{shown}` does not end in the version of a layer")),
            }
        }
        _ => Err(format!(
            "`{shown}` is not the ARN of a version of a layer, such as \
             `arn:aws:lambda:eu-west-1:123456789012:layer:tools:1`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_a_layer_has_a_version() {
        let arn = "arn:aws-cn:lambda:cn-north-1:123456789012:layer:my_tools-2";
        assert!(check_layer_arn(&format!("{arn}:17")).is_ok());
        assert!(check_layer_arn(arn).unwrap_err().contains("has no version"));
        for wrong in [
            format!("{arn}:x"),
            format!("{arn}:1:2"),
            format!("{arn}:"),
            arn.replace("layer", "function"),
            arn.replace("3456", ""),
            arn.replace("my_tools", "my.tools"),
            "arn".to_owned(),
        ] {
            assert!(check_layer_arn(&wrong).is_err(), "{wrong}");
        }
    }
}
