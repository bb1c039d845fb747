//! Paths by one name for one place.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The path without `.` and `..`, so that one place has one name.
pub(crate) fn normalized(path: &Utf8Path) -> Utf8PathBuf {
    let mut normalized = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if normalized.file_name().is_some() => {
                normalized.pop();
            }
            Utf8Component::ParentDir if normalized.has_root() => {}
            other => normalized.push(other),
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_go_and_the_root_is_never_left() {
        let normalized = |path: &str| normalized(Utf8Path::new(path)).into_string();
        assert_eq!(normalized("/a/./b/../c"), "/a/c");
        assert_eq!(normalized("/../a"), "/a");
        assert_eq!(normalized("../a/.."), "..");
        assert_eq!(normalized("./a"), "a");
    }
}
