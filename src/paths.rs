//! Normalized paths, and paths that only one file can have.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf, Utf8Prefix};

/// The path without `.` and `..`, so that equal paths are equal as text.
pub(crate) fn normalized(path: &Utf8Path) -> Utf8PathBuf {
    if let Some(path) = on_drive(path) {
        return path;
    }
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

/// The path of a drive or share as Windows reads it: `C:x` lies in the current folder of the drive, and
/// dots and spaces at the end of a name do not count. `None` for any other path.
fn on_drive(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let Some(Utf8Component::Prefix(prefix)) = path.components().next() else {
        return None;
    };
    let is_common = matches!(prefix.kind(), Utf8Prefix::Disk(_) | Utf8Prefix::UNC(..));
    let absolute = std::path::absolute(path).ok()?;
    let absolute = Utf8PathBuf::from_path_buf(absolute).ok()?;
    (is_common && !is_device(path)).then_some(absolute)
}

/// True if Windows has a device of this name, as for `NUL` and `dist\con.zip`. Source: "Naming Files,
/// Paths, and Namespaces" in Microsoft's documentation.
pub(crate) fn is_device(path: &Utf8Path) -> bool {
    let is_device = |name: &str| {
        let stem = name.split(['.', ':']).next().unwrap_or(name).trim_end();
        let stem = stem.to_ascii_uppercase();
        let number = ["COM", "LPT"]
            .iter()
            .find_map(|kind| stem.strip_prefix(kind));
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&&*stem)
            || number.is_some_and(|number| {
                number.chars().count() == 1 && "123456789¹²³".contains(number)
            })
    };
    cfg!(windows) && path.file_name().is_some_and(is_device)
}

/// The reason why nothing can be made at `path` on this system; completes "the output …".
pub(crate) fn impossible(path: &Utf8Path) -> Option<&'static str> {
    let is_forbidden = |c: char| c.is_control() || r#"<>:"|?*"#.contains(c);
    let has = |is_wrong: &dyn Fn(&str) -> bool| {
        let mut parts = path.components();
        cfg!(windows)
            && parts.any(|part| matches!(part, Utf8Component::Normal(name) if is_wrong(name)))
    };
    if path.ancestors().any(is_device) {
        Some("has the name of a device")
    } else if has(&|name| name.contains(is_forbidden)) {
        Some("has a character that Windows does not allow in names")
    } else if has(&|name| name.ends_with(['.', ' '])) {
        Some("has a name that ends in a dot or a space, which Windows does not allow")
    } else {
        None
    }
}

/// The reason why no file can be written to `path`, as long as nothing is removed; completes "the
/// output …".
pub(crate) fn why_no_file(path: &Utf8Path) -> Option<String> {
    if let Some(file) = file_above(path) {
        return Some(format!("would be in `{file}`, which is not a folder"));
    }
    let why = match path.metadata() {
        _ if impossible(path).is_some() => impossible(path),
        Ok(found) if found.is_dir() => Some("is a folder"),
        Ok(found) if !found.is_file() => Some("is not a regular file"),
        _ => None,
    };
    why.map(str::to_owned)
}

/// The path as people write it: Windows gives a path without links the prefix `\\?\`.
pub(crate) fn plain(path: &str) -> Cow<'_, str> {
    match path.strip_prefix(r"\\?\UNC\") {
        Some(share) => format!(r"\\{share}").into(),
        None => path.strip_prefix(r"\\?\").unwrap_or(path).into(),
    }
}

/// The path that may be longer than 260 characters in every function of Windows; elsewhere itself.
pub(crate) fn verbatim(path: &Utf8Path) -> Utf8PathBuf {
    let Some(absolute) = on_drive(path) else {
        return path.to_owned();
    };
    match absolute.as_str().strip_prefix(r"\\") {
        Some(share) => format!(r"\\?\UNC\{share}").into(),
        None => format!(r"\\?\{absolute}").into(),
    }
}

/// The path or glob of a user with `/` between folders. On Windows, `\` separates them as well; elsewhere
/// it belongs to a name, or is an escape.
pub(crate) fn slashed(text: &str) -> Cow<'_, str> {
    if cfg!(windows) {
        plain(text).replace('\\', "/").into()
    } else {
        text.into()
    }
}

/// The path with `/` between its parts, as documents for other systems have it.
pub(crate) fn with_slashes(path: &Utf8Path) -> String {
    path.as_str().replace(std::path::MAIN_SEPARATOR, "/")
}

/// `true` if the path is that of a file that this process has inherited open: standard input, or
/// `<(command)` in a shell. Such a pipe has a writer; a named one may have none.
pub(crate) fn is_inherited(path: &Utf8Path) -> bool {
    path == "/dev/stdin" || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}

/// `true` for a named pipe, a socket or a device: reading it may never end.
pub(crate) fn is_endless(path: &Utf8Path) -> bool {
    let metadata = path.metadata();
    metadata.is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// A path as the user would type it: relative where it is below the current folder.
pub(crate) fn relative_to_current(path: &Utf8Path) -> &Utf8Path {
    let current = std::env::current_dir().ok();
    let current = current.as_deref().and_then(Utf8Path::from_path);
    current
        .and_then(|folder| path.strip_prefix(folder).ok())
        .unwrap_or(path)
}

/// The path relative to `folder`, with `..` where it is not below it, and `/` between its parts. Both
/// are absolute; on two drives of Windows the path stays absolute.
pub(crate) fn relative(path: &Utf8Path, folder: &Utf8Path) -> Utf8PathBuf {
    let (path, folder) = (normalized(path), normalized(folder));
    let pairs = path.components().zip(folder.components());
    let shared = pairs.take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return path;
    }
    let up = folder.components().skip(shared).map(|_| "..");
    let down = path.components().skip(shared).map(|c| c.as_str());
    let parts: Vec<&str> = up.chain(down).collect();
    parts.join("/").into()
}

/// The file in the place of a parent folder of `path`.
pub(crate) fn file_above(path: &Utf8Path) -> Option<&Utf8Path> {
    let mut above = path.ancestors().skip(1);
    above.find(|above| above.exists()).filter(|a| !a.is_dir())
}

/// The path in lower case: paths that are one place where file systems ignore case are equal.
pub(crate) fn lower(path: &Utf8Path) -> Utf8PathBuf {
    path.as_str().to_lowercase().into()
}

/// True if the paths are equal, or one lies below the other. Case is ignored, as many file systems
/// do.
pub(crate) fn overlap(one: &Utf8Path, other: &Utf8Path) -> bool {
    let (one, other) = (lower(one), lower(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// Paths of files, each with an owner. No other file can be at such a path, below it, or at one of
/// its parent folders.
#[derive(Debug)]
pub(crate) struct Taken<T>(BTreeMap<Arc<str>, T>);

impl<T> Default for Taken<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Taken<T> {
    /// The path that conflicts with a file at `path`, and its owner.
    pub(crate) fn in_the_way(&self, path: &str) -> Option<(&str, &T)> {
        let mut folders = Utf8Path::new(path).ancestors();
        let at_or_above = folders.find_map(|folder| self.0.get_key_value(folder.as_str()));
        let below = format!("{path}/");
        let from_there = (Bound::Included(&*below), Bound::Unbounded);
        let first_below = || self.0.range::<str, _>(from_there).next();
        let (other, owner) = at_or_above
            .or_else(|| first_below().filter(|(other, _)| other.starts_with(&*below)))?;
        Some((other, owner))
    }

    /// Gives `path` to `owner`.
    pub(crate) fn take(&mut self, path: impl Into<Arc<str>>, owner: T) {
        self.0.insert(path.into(), owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_in_the_way_of_what_is_at_its_place_below_it_and_above_it() {
        let mut taken = Taken::default();
        for path in ["a/b", "a/b-c/d", "/x/y"] {
            taken.take(path.to_owned(), path.len());
        }
        let in_the_way = |path| taken.in_the_way(path).map(|(other, _)| other);
        assert_eq!(in_the_way("a/b"), Some("a/b"));
        assert_eq!(in_the_way("a/b/c"), Some("a/b"));
        assert_eq!(in_the_way("a"), Some("a/b"));
        assert_eq!(in_the_way("a/b-c"), Some("a/b-c/d"));
        assert_eq!(in_the_way("/x"), Some("/x/y"));
        for path in ["a/c", "a/b-", "b", "/x/y-z", "a/b-c/e"] {
            assert_eq!(in_the_way(path), None, "{path}");
        }
    }

    #[test]
    fn the_prefixes_of_windows_go() {
        assert_eq!(plain(r"\\?\C:\a\b"), r"C:\a\b");
        assert_eq!(plain(r"\\?\UNC\host\share\a"), r"\\host\share\a");
        assert_eq!(plain("/a"), "/a");
    }

    #[test]
    fn a_path_overlaps_with_itself_and_what_lies_below() {
        let overlap = |one: &str, other: &str| overlap(Utf8Path::new(one), Utf8Path::new(other));
        assert!(overlap("/a/b", "/A/b") && overlap("/a", "/a/B/c") && overlap("/a/b/c", "/a/b"));
        assert!(!overlap("/a/b", "/a/b.zip") && !overlap("/a/b", "/a/c"));
    }

    #[test]
    fn a_relative_path_leads_up_and_down() {
        let relative =
            |path: &str, folder: &str| relative(Utf8Path::new(path), Utf8Path::new(folder));
        assert_eq!(relative("/a/b/c.zip", "/a"), "b/c.zip");
        assert_eq!(relative("/a/b/c.zip", "/a/d/e"), "../../b/c.zip");
        assert_eq!(relative("/x.zip", "/a/.."), "x.zip");
    }

    #[test]
    fn dots_go_and_the_root_is_never_left() {
        let normalized = |path: &str| with_slashes(&normalized(Utf8Path::new(path)));
        assert_eq!(normalized("/a/./b/../c"), "/a/c");
        assert_eq!(normalized("/../a"), "/a");
        assert_eq!(normalized("../a/.."), "..");
        assert_eq!(normalized("./a"), "a");
    }
}
