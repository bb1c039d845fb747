//! From rules to files, with every reason to refuse one found before anything is built.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;
use fs_err as fs;
use walkdir::{DirEntry, WalkDir};

use super::IncludedFile;
use super::name::{entry_name, shown, unportable};
use super::pattern::{Pattern, glob};
use super::rule::Include;
use crate::archive::Mode;
use crate::error::{Error, Result};
use crate::names::named;
use crate::paths::normalized;

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

/// The files that `rules` name, in the order of their names in the zip.
///
/// # Errors
/// [`Error::Include`] for a rule that matches nothing, two files of one name, a loop of links, a
/// name that is not UTF-8, or something that is neither file, folder nor link.
pub(crate) fn collect(
    rules: &[Include],
    excludes: &[Pattern],
    symlinks: Symlinks,
) -> Result<Vec<IncludedFile>> {
    let mut files: Vec<IncludedFile> = Vec::new();
    for rule in rules {
        if rule.is_exclusion {
            let pattern = exclusion(rule)?;
            files.retain(|file| !pattern.matches(&file.path));
        } else {
            files.extend(Rule::new(rule)?.files(excludes, symlinks)?);
        }
    }
    unique(files)
}

/// What `path` is called in the package once it is there, if the rules take it: it may yet have to
/// be written.
///
/// # Errors
/// As [`collect`], for a rule that cannot be.
pub(crate) fn would_take(
    rules: &[Include],
    excludes: &[Pattern],
    path: &Utf8Path,
) -> Result<Option<String>> {
    let mut name = None;
    for rule in rules {
        if rule.is_exclusion {
            let pattern = exclusion(rule)?;
            name = name.filter(|_| !pattern.matches(path));
            continue;
        }
        let rule = Rule::new(rule)?;
        let is_taken = path.starts_with(&rule.root) && rule.matches(path);
        if is_taken && !excludes.iter().any(|pattern| pattern.matches(path)) {
            name = Some(rule.name(path)?);
        }
    }
    Ok(name)
}

fn exclusion(rule: &Include) -> Result<Pattern> {
    let pattern: Result<Pattern, String> = rule.from.parse();
    let pattern = pattern.map_err(|why| refused(rule, why))?;
    Ok(pattern.below(&rule.base))
}

/// A rule, taken apart.
struct Rule<'a> {
    include: &'a Include,
    /// The path itself, or the folder that a glob begins in.
    root: Utf8PathBuf,
    /// Matches paths relative to that folder.
    glob: Option<globset::GlobMatcher>,
}

impl<'a> Rule<'a> {
    fn new(include: &'a Include) -> Result<Self> {
        const GLOB: [char; 4] = ['*', '?', '[', '{'];
        let from = include.from.trim_end_matches('/');
        let path = normalized(&include.base.join(from));
        // A file may really be called `[x].txt`.
        if !from.contains(GLOB) || path.symlink_metadata().is_ok() {
            return Ok(Self {
                include,
                root: path,
                glob: None,
            });
        }
        let parts: Vec<&str> = from.split('/').collect();
        let is_glob = |part: &&str| part.contains(GLOB);
        let fixed = parts.iter().position(is_glob).unwrap_or(parts.len());
        let (fixed, rest) = parts.split_at(fixed);
        let glob = glob(&rest.join("/")).map_err(|why| refused(include, why))?;
        Ok(Self {
            include,
            root: normalized(&include.base.join(fixed.join("/"))),
            glob: Some(glob),
        })
    }

    fn files(&self, excludes: &[Pattern], symlinks: Symlinks) -> Result<Vec<IncludedFile>> {
        if self.root.symlink_metadata().is_err() {
            return Err(self.refused(format!("`{}` does not exist", self.root)));
        }
        let is_left_out = |entry: &DirEntry| {
            Utf8Path::from_path(entry.path())
                .is_some_and(|path| excludes.iter().any(|pattern| pattern.matches(path)))
        };
        let mut files = Vec::new();
        let mut matched = false;
        let follow = symlinks == Symlinks::Follow;
        let walk = WalkDir::new(&self.root)
            .follow_links(follow)
            .follow_root_links(follow);
        for entry in walk.into_iter().filter_entry(|entry| !is_left_out(entry)) {
            let entry = entry.map_err(|error| self.refused(self.described(&error)))?;
            if entry.file_type().is_dir() {
                continue;
            }
            let path = Utf8Path::from_path(entry.path()).ok_or_else(|| {
                self.refused(format!("`{}` is not UTF-8", entry.path().display()))
            })?;
            if !self.matches(path) {
                continue;
            }
            matched = true;
            files.push(self.file(path, &entry, symlinks)?);
        }
        if self.glob.is_some() && !matched {
            return Err(self.refused(match self.left_out_by(excludes, symlinks) {
                Some((path, pattern)) => {
                    format!("what the glob matches, such as `{path}`, is left out by `{pattern}`")
                }
                None => "the glob matches no file".to_owned(),
            }));
        }
        Ok(files)
    }

    /// A file that the glob matches, and the pattern that leaves it out.
    fn left_out_by<'p>(
        &self,
        excludes: &'p [Pattern],
        symlinks: Symlinks,
    ) -> Option<(Utf8PathBuf, &'p Pattern)> {
        let all = WalkDir::new(&self.root).follow_links(symlinks == Symlinks::Follow);
        all.into_iter().filter_map(Result::ok).find_map(|entry| {
            let path = Utf8PathBuf::from_path_buf(entry.into_path()).ok()?;
            let is_match = self.matches(&path) && !path.is_dir();
            let pattern = excludes.iter().find(|pattern| pattern.matches(&path))?;
            is_match.then_some((path, pattern))
        })
    }

    /// Whether the glob, if there is one, means `path`.
    fn matches(&self, path: &Utf8Path) -> bool {
        let mut glob = self.glob.iter();
        glob.all(|glob| glob.is_match(self.below_root(path)))
    }

    fn below_root<'p>(&self, path: &'p Utf8Path) -> &'p Utf8Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    fn file(&self, path: &Utf8Path, entry: &DirEntry, symlinks: Symlinks) -> Result<IncludedFile> {
        let name = self.name(path)?;
        let read = |error: io::Error| self.refused(error.to_string());
        if symlinks == Symlinks::Preserve && entry.path_is_symlink() {
            let target = fs::read_link(path).map_err(read)?;
            let target = target.to_str().map(str::to_owned).ok_or_else(|| {
                self.refused(format!("the link `{path}` leads to what is not UTF-8"))
            })?;
            if escapes(&name, &target) {
                return Err(self.refused(format!(
                    "the link `{path}` leads out of the package, to `{target}`"
                )));
            }
            return Ok(IncludedFile {
                name,
                mode: Mode::Link,
                path: path.to_owned(),
                bytes: target.len() as u64,
                link: Some(target),
            });
        }
        let metadata = fs::metadata(path).map_err(read)?;
        if !metadata.is_file() {
            return Err(self.refused(format!(
                "`{path}` is neither a file nor a folder, so that no zip can hold it"
            )));
        }
        Ok(IncludedFile {
            mode: if is_executable(path, &metadata).map_err(read)? {
                Mode::Executable
            } else {
                Mode::Plain
            },
            name,
            path: path.to_owned(),
            bytes: metadata.len(),
            link: None,
        })
    }

    /// The name in the zip.
    fn name(&self, path: &Utf8Path) -> Result<String> {
        let below_root = self.below_root(path);
        let name = match &self.include.to {
            None => {
                let relative = path.strip_prefix(normalized(&self.include.base)).ok();
                let relative = relative.filter(|relative| is_plain(relative));
                relative.map(Utf8Path::to_owned).ok_or_else(|| {
                    self.refused(format!(
                        "`{path}` lies outside `{}`, so that it has no name in the package; give \
                         it one: `{}=NAME`",
                        self.include.base, self.include.from
                    ))
                })?
            }
            // The path is the rule's own: one file, by a name or into a folder.
            Some(to) if below_root == "" => match path.file_name() {
                Some(file_name) if to.is_empty() || to.ends_with('/') => {
                    Utf8Path::new(to).join(file_name)
                }
                _ => to.into(),
            },
            Some(to) => Utf8Path::new(to).join(below_root),
        };
        let name = entry_name(&name);
        unportable(&name).map_or(Ok(name), |what| {
            let path = shown(path.as_str());
            Err(self.refused(format!("`{path}` has {what}; rename it")))
        })
    }

    fn described(&self, error: &walkdir::Error) -> String {
        let path = error.path().unwrap_or(self.root.as_std_path()).display();
        match (error.loop_ancestor(), error.io_error()) {
            (Some(ancestor), _) => {
                format!("the link `{path}` leads back to `{}`", ancestor.display())
            }
            (None, Some(source)) if source.kind() == io::ErrorKind::NotFound => {
                format!("the link `{path}` leads nowhere")
            }
            _ => format!("could not read `{path}`: {error}"),
        }
    }

    fn refused(&self, why: String) -> Error {
        refused(self.include, why)
    }
}

fn refused(include: &Include, why: String) -> Error {
    Error::Include {
        rule: include.described(),
        why,
    }
}

/// Whether a path goes down only.
fn is_plain(path: &Utf8Path) -> bool {
    use camino::Utf8Component::Normal;
    path.components().all(|part| matches!(part, Normal(_)))
}

/// Whether a link called `name` that leads to `target` leads out of the package.
fn escapes(name: &str, target: &str) -> bool {
    use camino::Utf8Component::{CurDir, Normal, ParentDir};
    let mut depth = name.matches('/').count();
    for part in Utf8Path::new(target).components() {
        match part {
            CurDir => {}
            Normal(_) => depth += 1,
            ParentDir if depth > 0 => depth -= 1,
            _ => return true,
        }
    }
    false
}

/// Executable by anyone here, executable by everyone there.
#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere the file has to be read"
)]
fn is_executable(_: &Utf8Path, metadata: &std::fs::Metadata) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(metadata.permissions().mode() & 0o111 != 0)
}

/// Where files have no such bit, their beginnings tell: ELF files and scripts.
#[cfg(not(unix))]
fn is_executable(path: &Utf8Path, _: &std::fs::Metadata) -> io::Result<bool> {
    use std::io::Read;
    let mut beginning = Vec::new();
    fs::File::open(path)?.take(4).read_to_end(&mut beginning)?;
    Ok(beginning.starts_with(b"\x7fELF") || beginning.starts_with(b"#!"))
}

/// Sorts by name. The same file may be named twice; two files of one name, or a file where another
/// needs a folder, are refused.
fn unique(files: Vec<IncludedFile>) -> Result<Vec<IncludedFile>> {
    let mut by_name: BTreeMap<String, IncludedFile> = BTreeMap::new();
    for file in files {
        if let Some(other) = by_name.get(&file.name)
            && other.path != file.path
        {
            return Err(Error::usage(
                format!(
                    "two files would be `{}` in the package: `{}` and `{}`",
                    file.name, other.path, file.path
                ),
                "rename one of them with FROM=TO, or leave it out with `exclude`",
            ));
        }
        by_name.insert(file.name.clone(), file);
    }
    for name in by_name.keys() {
        let mut folders = Utf8Path::new(name).ancestors().skip(1);
        if let Some(file) = folders.find_map(|folder| by_name.get(folder.as_str())) {
            return Err(Error::usage(
                format!(
                    "`{}` would be both a file and a folder in the package",
                    file.name
                ),
                "rename one of them with FROM=TO",
            ));
        }
    }
    Ok(by_name.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new(files: &[&str]) -> Self {
            let tree = Self(tempfile::tempdir().unwrap());
            for file in files {
                let path = tree.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, file).unwrap();
            }
            tree
        }

        fn path(&self) -> &Utf8Path {
            Utf8Path::from_path(self.0.path()).unwrap()
        }

        fn collect(&self, rules: &[&str], excludes: &[&str]) -> Result<Vec<String>> {
            self.collect_with(rules, excludes, Symlinks::Follow)
        }

        fn collect_with(
            &self,
            rules: &[&str],
            excludes: &[&str],
            symlinks: Symlinks,
        ) -> Result<Vec<String>> {
            let rules: Vec<Include> = rules
                .iter()
                .map(|rule| rule.parse::<Include>().unwrap().below(self.path()))
                .collect();
            let excludes: Vec<Pattern> = excludes
                .iter()
                .map(|pattern| pattern.parse::<Pattern>().unwrap().below(self.path()))
                .collect();
            let files = collect(&rules, &excludes, symlinks)?;
            Ok(files.into_iter().map(|file| file.name).collect())
        }
    }

    fn why(result: Result<Vec<String>>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn files_folders_and_globs_keep_their_paths() {
        let tree = Tree::new(&[
            "a.txt",
            "conf/x.toml",
            "conf/d/.y",
            "conf/d/z.json",
            "b.bin",
        ]);
        assert_eq!(tree.collect(&["a.txt"], &[]).unwrap(), ["a.txt"]);
        assert_eq!(
            tree.collect(&["conf"], &[]).unwrap(),
            ["conf/d/.y", "conf/d/z.json", "conf/x.toml"]
        );
        assert_eq!(
            tree.collect(&["conf/**/*.{toml,json}"], &[]).unwrap(),
            ["conf/d/z.json", "conf/x.toml"]
        );
        assert_eq!(tree.collect(&["[ab].*"], &[]).unwrap(), ["a.txt", "b.bin"]);
        assert_eq!(tree.collect(&["conf/*"], &[]).unwrap(), ["conf/x.toml"]);
    }

    #[test]
    fn to_replaces_the_fixed_part_only() {
        let tree = Tree::new(&["a.txt", "conf/x", "conf/d/y"]);
        assert_eq!(tree.collect(&["a.txt=b"], &[]).unwrap(), ["b"]);
        assert_eq!(tree.collect(&["a.txt=docs/"], &[]).unwrap(), ["docs/a.txt"]);
        let renamed = ["etc/d/y", "etc/x"];
        assert_eq!(tree.collect(&["conf=etc"], &[]).unwrap(), renamed);
        assert_eq!(tree.collect(&["conf/=etc/"], &[]).unwrap(), renamed);
        assert_eq!(tree.collect(&["conf/**=etc"], &[]).unwrap(), renamed);
        assert_eq!(tree.collect(&["conf=."], &[]).unwrap(), ["d/y", "x"]);
    }

    #[test]
    fn what_is_excluded_is_left_out() {
        let tree = Tree::new(&["a/x", "a/x.bak", "a/raw/y", "a/z"]);
        assert_eq!(
            tree.collect(&["a"], &["*.bak", "a/raw"]).unwrap(),
            ["a/x", "a/z"]
        );
        assert_eq!(
            tree.collect(&["a", "!a/z", "!raw"], &[]).unwrap(),
            ["a/x", "a/x.bak"]
        );
    }

    #[test]
    fn what_matches_nothing_is_refused() {
        let tree = Tree::new(&["a"]);
        let error = why(tree.collect(&["b"], &[]));
        assert!(
            error.contains("`b`") && error.contains("does not exist"),
            "{error}"
        );
        let error = why(tree.collect(&["b/*.x"], &[]));
        assert!(error.contains("does not exist"), "{error}");
        assert!(why(tree.collect(&["*.x"], &[])).contains("matches no file"));
    }

    #[test]
    fn one_file_may_be_named_twice_but_two_files_not_alike() {
        let tree = Tree::new(&["a", "b"]);
        assert_eq!(tree.collect(&["a", "*"], &[]).unwrap(), ["a", "b"]);
        assert!(why(tree.collect(&["a", "b=a"], &[])).contains("two files would be `a`"));
        assert!(why(tree.collect(&["a", "b=a/c"], &[])).contains("both a file and a folder"));
    }

    #[test]
    fn what_lies_outside_needs_a_name() {
        let tree = Tree::new(&["in/a", "out/b"]);
        let rule = |text: &str| {
            text.parse::<Include>()
                .unwrap()
                .below(&tree.path().join("in"))
        };
        let error = collect(&[rule("../out")], &[], Symlinks::Follow).unwrap_err();
        assert!(error.to_string().contains("../out=NAME"), "{error}");
        let files = collect(&[rule("../out=shared")], &[], Symlinks::Follow).unwrap();
        assert_eq!(files[0].name, "shared/b");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_or_kept_and_never_lead_out_or_round() {
        use std::os::unix::fs::symlink;
        let tree = Tree::new(&["d/a"]);
        symlink("a", tree.path().join("d/l")).unwrap();
        symlink("d", tree.path().join("folder")).unwrap();
        assert_eq!(
            tree.collect(&["d", "folder"], &[]).unwrap(),
            ["d/a", "d/l", "folder/a", "folder/l"]
        );
        let kept = tree.collect_with(&["d"], &[], Symlinks::Preserve).unwrap();
        assert_eq!(kept, ["d/a", "d/l"]);
        symlink("/etc/passwd", tree.path().join("d/out")).unwrap();
        let error = why(tree.collect_with(&["d"], &[], Symlinks::Preserve));
        assert!(error.contains("leads out of the package"), "{error}");
        fs::remove_file(tree.path().join("d/out")).unwrap();
        symlink("..", tree.path().join("d/round")).unwrap();
        assert!(why(tree.collect(&["d"], &[])).contains("leads back to"));
        fs::remove_file(tree.path().join("d/round")).unwrap();
        symlink("nowhere", tree.path().join("d/gone")).unwrap();
        let error = why(tree.collect(&["d"], &[]));
        assert!(error.contains("leads nowhere"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn sockets_are_refused_and_modes_are_two() {
        use std::os::unix::fs::PermissionsExt;
        let tree = Tree::new(&["a", "b"]);
        let set = |name: &str, mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(tree.path().join(name), permissions).unwrap();
        };
        set("a", 0o701);
        set("b", 0o600);
        let rule: Include = "*".parse().unwrap();
        let files = collect(&[rule.below(tree.path())], &[], Symlinks::Follow).unwrap();
        let modes: Vec<Mode> = files.iter().map(|file| file.mode).collect();
        assert_eq!(modes, [Mode::Executable, Mode::Plain]);
        let _socket = std::os::unix::net::UnixListener::bind(tree.path().join("s")).unwrap();
        assert!(why(tree.collect(&["s"], &[])).contains("neither a file nor a folder"));
    }
}
