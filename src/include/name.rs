//! Names that are the same wherever a package is unpacked.

use camino::Utf8Path;

/// The path in a package that `path`, which goes down only, means: without `.`, with `/`.
pub(crate) fn entry_name(path: &Utf8Path) -> String {
    let parts = path.components().filter(|part| part.as_str() != ".");
    let parts: Vec<&str> = parts.map(|part| part.as_str()).collect();
    parts.join("/")
}

/// What a path in a package must not have in it; completes "it has …".
///
/// Windows takes a backslash for a separator of folders, and unzippers differ in what they do with
/// it; a control character is no part of a name there, and is not shown as what it is anywhere.
pub(crate) fn unportable(name: &str) -> Option<String> {
    let found = name.chars().find(|c| *c == '\\' || c.is_control())?;
    Some(if found == '\\' {
        "a backslash in its name, which is a separator of folders on Windows".to_owned()
    } else {
        format!(
            "the control character {} in its name",
            found.escape_unicode()
        )
    })
}

/// A name for a message: a control character in it must not reach the terminal.
pub(crate) fn shown(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            c if c.is_control() => c.escape_default().to_string(),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_and_control_characters_are_found() {
        for name in ["a", "a/b c", "größe.txt", "-", "日本"] {
            assert_eq!(unportable(name), None, "{name}");
        }
        assert!(unportable("a\\b").unwrap().contains("backslash"));
        for name in ["a\nb", "\u{7f}", "x/\u{1b}[0m"] {
            let found = unportable(name).unwrap();
            assert!(found.contains("\\u{"), "{found}");
            assert!(!shown(name).contains(char::is_control));
        }
    }
}
