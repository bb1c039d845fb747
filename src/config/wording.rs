//! Messages of the deserializer in plain words.

use crate::text;

/// A message of the deserializer about the value of a key, in plain words.
pub(super) fn plain(message: &str) -> String {
    if let Some((found, expected)) = mismatch(message) {
        return format!("expected {}, found {}", wanted(expected), seen(found));
    }
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let names: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        if let [name, known @ ..] = names.as_slice() {
            return text::unknown("key", name, known.iter().copied());
        }
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("the key {name} is missing");
    }
    message.to_owned()
}

/// True for a message about a value of the wrong type.
pub(super) fn is_mismatch(message: &str) -> bool {
    mismatch(message).is_some()
}

fn mismatch(message: &str) -> Option<(&str, &str)> {
    let rest = message.strip_prefix("invalid type: ");
    let rest = rest.or_else(|| message.strip_prefix("invalid value: "))?;
    rest.rsplit_once(", expected ")
}

fn wanted(expected: &str) -> &str {
    match expected {
        "a sequence" => "a list",
        "a map" => "a table",
        "a boolean" => "`true` or `false`",
        other => other,
    }
}

fn seen(found: &str) -> String {
    let value = || found.split('`').nth(1).unwrap_or_default();
    match found {
        "sequence" => "a list".to_owned(),
        "map" => "a table".to_owned(),
        _ if found.starts_with("boolean") => format!("`{}`", value()),
        _ if found.starts_with("integer") || found.starts_with("floating point") => {
            format!("the number {}", value())
        }
        _ if found.starts_with("string") => format!("the {found}"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_message_has_plain_words() {
        for (message, expected) in [
            (
                "invalid type: integer `64`, expected a sequence",
                "expected a list, found the number 64",
            ),
            (
                "invalid type: string \"yes\", expected a boolean",
                "expected `true` or `false`, found the string \"yes\"",
            ),
            (
                "invalid type: sequence, expected a map",
                "expected a table, found a list",
            ),
            (
                "invalid type: boolean `true`, expected a string",
                "expected a string, found `true`",
            ),
            (
                "unknown field `form`, expected `from` or `to`",
                "unknown key `form`; did you mean `from`?",
            ),
            ("missing field `from`", "the key `from` is missing"),
            ("unknown lint `x`", "unknown lint `x`"),
        ] {
            assert_eq!(plain(message), expected);
        }
    }
}
