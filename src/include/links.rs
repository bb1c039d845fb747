//! Symbolic links of a package: none leads out of it.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::file::IncludedFile;
use crate::error::{Error, Result};
use crate::lambda::mount_point;
use crate::text::printable;

/// Refuses links that lead out of the package, directly or through other links. Absolute links into
/// Lambda's own folders, such as `/opt`, are no mistake: another package puts files there.
pub(super) fn check(files: &[IncludedFile]) -> Result<()> {
    let links: BTreeMap<&str, &str> = files
        .iter()
        .filter_map(|file| Some((&*file.name, file.link.as_deref()?)))
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
                "leave it out with `exclude`, or pack its target: `--symlinks follow`; links to \
                 `/opt`, `/tmp`, `/var/task` and `/var/runtime` may stay, if they are absolute",
            ));
        }
    }
    Ok(())
}

/// `true` if Linux leaves the package when it opens `name`.
fn escapes(name: &str, links: &BTreeMap<&str, &str>) -> bool {
    /// The number of links that Linux follows.
    const MOST: usize = 40;
    let mut followed = 0;
    // The parts that are yet to be walked, the next last, and the current place.
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
                    rest.push(target);
                    rest.reverse();
                    let place = rest.join("/");
                    return !mount_point::is_in_lambda_folder(Utf8Path::new(&place));
                }
                // Linux fails to open it.
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
            ("layer", "/opt/lib/libx.so"),
            ("tmp", "//tmp/"),
            ("d/task", "/var/task/../task/./x"),
            ("beside", "/optional/x"),
            ("climbs", "/opt/../etc/passwd"),
            ("through-layer", "layer/../../../etc/passwd"),
            ("in-layer", "layer/../x"),
        ]);
        for name in ["x", "up", "root", "beside", "climbs", "through-layer"] {
            assert!(escapes(name, &links), "{name}");
        }
        for name in [
            "d/e/l", "y", "round", "a/inside", "through", "layer", "tmp", "d/task", "in-layer",
        ] {
            assert!(!escapes(name, &links), "{name}");
        }
    }
}
