//! Symbolic links: followed, or packed as what they are.

use std::collections::BTreeMap;

use clap::ValueEnum;

use crate::error::{Error, Result};
use crate::include::IncludedFile;
use crate::text::named;
use crate::text::printable;

/// What becomes of symbolic links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Symlinks {
    /// What they lead to is packed in their place.
    #[default]
    Follow,
    /// They are packed as links.
    Preserve,
}

impl Symlinks {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Preserve => "preserve",
        }
    }
}
named!(Symlinks, "way with symlinks");

/// Refuses links that lead out of the package, be it through others of its links.
pub(super) fn check(files: &[IncludedFile]) -> Result<()> {
    let links: BTreeMap<&str, &str> = files
        .iter()
        .filter_map(|file| Some((file.name.as_str(), file.link.as_deref()?)))
        .collect();
    let links_of = files
        .iter()
        .filter_map(|file| Some((file, file.link.as_deref()?)));
    for (file, target) in links_of {
        if escapes(&file.name, &links) {
            return Err(Error::usage(
                format!(
                    "the link `{}` leads out of the package, to `{}`",
                    printable(file.path.as_str()),
                    printable(target)
                ),
                "leave it out with `exclude`, or pack what it leads to: `--symlinks follow`",
            ));
        }
    }
    Ok(())
}

/// Whether whoever opens `name` leaves the package on the way, all links followed as Linux does.
fn escapes(name: &str, links: &BTreeMap<&str, &str>) -> bool {
    /// As many as Linux follows.
    const MOST: usize = 40;
    let mut followed = 0;
    // Still to be walked, the next part last; and where the walk is.
    let mut rest: Vec<&str> = name.rsplit('/').collect();
    let mut at: Vec<&str> = Vec::new();
    while let Some(part) = rest.pop() {
        match part {
            "" | "." => {}
            ".." => {
                if at.pop().is_none() {
                    return true;
                }
            }
            part => {
                at.push(part);
                let Some(target) = links.get(at.join("/").as_str()) else {
                    continue;
                };
                followed += 1;
                if target.starts_with('/') {
                    return true;
                }
                // Opening it fails, wherever it may lead.
                if followed > MOST {
                    return false;
                }
                at.pop();
                rest.extend(target.rsplit('/'));
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_through_each_other() {
        let links = BTreeMap::from([
            ("d/e/l", "../.."),
            ("x", "d/e/l/../secret"),
            ("y", "d/e/l/secret"),
            ("up", "../x"),
            ("root", "/etc"),
            ("round", "round"),
            ("a/inside", "../d/./secret"),
            ("through", "round/../../x"),
        ]);
        for name in ["x", "up", "root"] {
            assert!(escapes(name, &links), "{name}");
        }
        for name in ["d/e/l", "y", "round", "a/inside", "through"] {
            assert!(!escapes(name, &links), "{name}");
        }
    }
}
