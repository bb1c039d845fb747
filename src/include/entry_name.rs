//! Names in the zip that are the same on every system.

use camino::Utf8Path;

use crate::text::composed;

/// The path in the zip for the relative `path`: without `.`, with `/` between folders, and in the
/// spelling of [`composed`]: with another one, a file would have another name on Lambda than the one
/// that a program opens.
pub(crate) fn entry_name(path: &Utf8Path) -> String {
    let parts = path.components().filter(|part| part.as_str() != ".");
    let parts: Vec<&str> = parts.map(|part| part.as_str()).collect();
    composed(&parts.join("/")).into_owned()
}

/// The first part of `name` that some system does not allow in a path; completes "it has …".
///
/// On Windows, a backslash separates folders, and unzip tools treat it in different ways. Windows
/// allows no control characters. Linux limits the lengths. Source: `NAME_MAX` and `PATH_MAX` in linux/limits.h; the
/// latter counts the zero at the end.
pub(crate) fn portability_problem(name: &str) -> Option<String> {
    const LONGEST_NAME: usize = 255;
    const LONGEST_PATH: usize = 4095;
    if let Some(part) = name.split('/').find(|part| part.len() > LONGEST_NAME) {
        let bytes = part.len();
        return Some(format!(
            "a name of {bytes} bytes between two slashes; Linux allows {LONGEST_NAME}"
        ));
    }
    if name.len() > LONGEST_PATH {
        let bytes = name.len();
        return Some(format!(
            "a path of {bytes} bytes in the package; Linux allows {LONGEST_PATH}"
        ));
    }
    let found = name.chars().find(|c| *c == '\\' || c.is_control())?;
    Some(if found == '\\' {
        "a backslash in its name, which separates folders on Windows".to_owned()
    } else {
        format!(
            "the control character {} in its name",
            found.escape_unicode()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_and_control_characters_are_found() {
        for name in ["a", "a/b c", "größe.txt", "-", "日本"] {
            assert_eq!(portability_problem(name), None, "{name}");
        }
        assert!(portability_problem("a\\b").unwrap().contains("backslash"));
        for name in ["a\nb", "\u{7f}", "x/\u{1b}[0m"] {
            let found = portability_problem(name).unwrap();
            assert!(found.contains("\\u{"), "{found}");
            assert!(!crate::text::printable(name).contains(char::is_control));
        }
    }

    #[test]
    fn both_spellings_of_an_accent_are_one_name() {
        for path in ["./Gru\u{308}\u{df}e/a", "Gr\u{fc}\u{df}e/a"] {
            assert_eq!(entry_name(Utf8Path::new(path)), "Gr\u{fc}\u{df}e/a");
        }
    }

    #[test]
    fn what_linux_has_no_room_for_is_found() {
        assert_eq!(portability_problem(&"a".repeat(255)), None);
        assert_eq!(
            portability_problem(&format!("{}aaa", "aaa/".repeat(1023))),
            None
        );
        assert!(
            portability_problem(&"a".repeat(256))
                .unwrap()
                .contains("256 bytes")
        );
        assert!(
            portability_problem(&"aaa/".repeat(1024))
                .unwrap()
                .contains("4096")
        );
    }
}
