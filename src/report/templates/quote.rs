//! Strings in the languages of templates.

use std::fmt::Write;

/// A scalar of YAML: plain where every parser reads a plain one as this string, else in double
/// quotes.
pub(super) fn yaml(text: &str) -> String {
    /// Words that YAML 1.1 or 1.2 reads as a truth value or as nothing.
    const RESERVED: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let start = text.trim_start_matches("../");
    let is_word =
        start.starts_with(|c: char| c.is_ascii_alphabetic()) && start.chars().all(is_plain);
    if is_word && !RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        json(text)
    }
}

/// A scalar of YAML in which the Serverless Framework replaces no variable.
pub(super) fn serverless(text: &str) -> String {
    yaml(&text.replace("${", "\\${"))
}

/// A string of JSON.
pub(super) fn json(text: &str) -> String {
    escaped(text, '"')
}

/// A string of TypeScript.
pub(super) fn typescript(text: &str) -> String {
    escaped(text, '\'')
}

/// A string between `quote`s, with the escapes of JSON.
fn escaped(text: &str, quote: char) -> String {
    let mut escaped = quote.to_string();
    for c in text.chars() {
        match c {
            c if c == quote || c == '\\' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            // YAML allows no control characters, TypeScript no U+2028.
            c if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped.push(quote);
    escaped
}

/// The inside of a string of HCL, in which nothing is replaced.
pub(super) fn hcl(text: &str) -> String {
    let quoted = json(text).replace("${", "$${").replace("%{", "%%{");
    quoted[1..quoted.len() - 1].to_owned()
}

/// A word of a POSIX shell.
pub(super) fn shell(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-+=:,./@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A command in a recipe of a Makefile.
pub(super) fn recipe(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| shell(word)).collect();
    words.join(" ").replace('$', "$$")
}
