//! Globs, and the folders in which they can match something.

use std::path::Path;

use crate::globs::{Matcher, Separators};

/// The characters that make a path a glob.
pub(super) const SPECIAL: [char; 4] = ['*', '?', '[', '{'];

/// A glob, in which `*` does not cross folders and `**` does.
#[derive(Debug, Clone)]
pub(super) struct Glob {
    whole: Matcher,
    /// Globs of the names of the folders above a match: of the first folder, of the second, ….
    folders: Vec<Matcher>,
    /// `true` if there can be matches at any depth below those folders.
    is_deep: bool,
}

impl Glob {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let whole = Matcher::new(text, Separators::Kept)?;
        let parts = parts(text);
        let is_plain = |part: &&&str| !part.contains("**") && !part.contains('/');
        let plain = parts.iter().take_while(is_plain).count();
        let folders = plain.min(parts.len() - 1);
        let folder_globs: Vec<_> = parts[..folders]
            .iter()
            .map_while(|part| Matcher::new(part, Separators::Kept).ok())
            .collect();
        Ok(Self {
            whole,
            // A part that is not a glob by itself rules nothing out.
            is_deep: folder_globs.len() + 1 < parts.len() || plain < parts.len(),
            folders: folder_globs,
        })
    }

    /// `true` if there can be matches at any depth.
    pub(super) fn is_endless(&self) -> bool {
        self.is_deep
    }

    pub(super) fn matches(&self, path: &Path) -> bool {
        self.whole.is_match(path)
    }

    /// `true` if there can be a match in `folder`, given that there can be one in the folders above.
    pub(super) fn reaches_into(&self, folder: &Path) -> bool {
        let mut names = folder.iter();
        let Some(name) = names.next_back() else {
            return true;
        };
        self.folders
            .get(names.count())
            .map_or(self.is_deep, |glob| glob.is_match(name))
    }
}

/// The parts between slashes. Slashes in braces and brackets do not count.
fn parts(text: &str) -> Vec<&str> {
    let (mut braces, mut brackets, mut is_escaped) = (0_usize, 0_usize, false);
    text.split(move |c| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        match c {
            '\\' => is_escaped = true,
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            '[' => brackets = 1,
            ']' => brackets = 0,
            _ => {}
        }
        c == '/' && braces == 0 && brackets == 0
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_cannot_hold_a_match_are_known() {
        let reaches = |glob: &str, folder: &str| {
            let glob = Glob::new(glob).unwrap();
            let folder = Path::new(folder);
            let mut above: Vec<&Path> = folder.ancestors().collect();
            above.reverse();
            above.into_iter().all(|folder| glob.reaches_into(folder))
        };
        for (glob, folder) in [
            ("*.txt", ""),
            ("*/x", "a"),
            ("a*/b/*.txt", "ab/b"),
            ("**/*.txt", "a/b/c"),
            ("*/**", "a/b/c"),
            ("{a/b,c}/x", "a/b"),
            ("x/{a/b,c}/x", "x/a/b"),
        ] {
            assert!(reaches(glob, folder), "{glob} {folder}");
        }
        for (glob, folder) in [
            ("*.txt", "a"),
            ("*.txt", "a.txt"),
            ("*/x", "a/b"),
            ("a*/b/*.txt", "ab/c"),
            ("a/**", "b"),
            ("x/{a/b,c}/x", "y"),
            ("{a,b}/x", "c"),
        ] {
            assert!(!reaches(glob, folder), "{glob} {folder}");
        }
    }
}
