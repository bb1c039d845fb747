//! From includes to files, with every reason to refuse one found before anything is built.

use super::file::file;
use super::links::{self, Symlinks};
use super::pattern::Pattern;
use super::resolved::ResolvedInclude;
use super::spec::Include;
use super::unique::unique;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::include::IncludedFile;
use crate::text::{printable, printable_path};

/// The files that `rules` name, in the order of their names in the zip.
///
/// # Errors
/// [`Error::Include`] for a rule of which nothing is left, a loop of links, a name that is not
/// UTF-8, or something that is neither file, folder nor link; [`Error::Usage`] for two files of one
/// name, or a link that leads out of the package.
pub(crate) fn collect(
    rules: &[Include],
    excludes: &[Pattern],
    symlinks: Symlinks,
) -> Result<Vec<IncludedFile>> {
    let exclusions = exclusions(rules)?;
    let mut files = Vec::new();
    for (position, include) in includes(rules) {
        let patterns: Vec<&Pattern> = patterns_at(position, excludes, &exclusions).collect();
        let found = included(include, &patterns, symlinks);
        files.extend(found.map_err(|why| refused(include, why))?);
    }
    let files = unique(files)?;
    links::check(&files)?;
    Ok(files)
}

/// The patterns that hold for the rule at `position`: those of its own list that come later.
pub(super) fn patterns_at<'a>(
    position: usize,
    excludes: &'a [Pattern],
    exclusions: &'a [(usize, Pattern)],
) -> impl Iterator<Item = &'a Pattern> {
    let later = exclusions.iter().filter(move |(at, _)| *at > position);
    excludes.iter().chain(later.map(|(_, pattern)| pattern))
}

/// The rules that do not leave anything out, with their positions.
pub(super) fn includes(rules: &[Include]) -> impl Iterator<Item = (usize, &Include)> {
    let rules = rules.iter().enumerate();
    rules.filter(|(_, rule)| !rule.is_exclusion)
}

/// The patterns of those that do.
pub(super) fn exclusions(rules: &[Include]) -> Result<Vec<(usize, Pattern)>> {
    let rules = rules.iter().enumerate();
    let exclusions = rules.filter_map(|(position, rule)| Some((position, rule, rule.exclusion()?)));
    exclusions
        .map(|(position, rule, pattern)| {
            let pattern = pattern.map_err(|why| refused(rule, why))?;
            Ok((position, pattern))
        })
        .collect()
}

/// What is left of an include.
fn included(
    include: &Include,
    patterns: &[&Pattern],
    symlinks: Symlinks,
) -> Result<Vec<IncludedFile>, String> {
    let root = ResolvedInclude::new(include)?;
    if root.path().symlink_metadata().is_err() {
        return Err(format!(
            "`{}` does not exist",
            printable(root.path().as_str())
        ));
    }
    let walk = || Walk::new(&root, patterns, symlinks == Symlinks::Follow);
    let mut files = Vec::new();
    for entry in walk() {
        let entry = entry?;
        if entry.is_match && !entry.metadata.is_dir() {
            files.push(file(&root, &entry)?);
        }
    }
    if files.is_empty() {
        explain(include, &root, walk().into_left_out())?;
    }
    Ok(files)
}

/// Why nothing is left of an include; that is right if something stronger leaves it out.
fn explain(
    include: &Include,
    root: &ResolvedInclude<'_>,
    walk: Walk<'_, '_>,
) -> Result<(), String> {
    let meant = walk.filter_map(Result::ok).filter(|entry| entry.is_match);
    let (folders, files): (Vec<_>, Vec<_>) = meant.partition(|entry| entry.metadata.is_dir());
    let mut left_out = files
        .iter()
        .filter_map(|entry| Some((&entry.path, entry.left_out_by?)));
    let Some((path, pattern)) = left_out.next() else {
        if let Some((path, glob)) = root.literally().filter(|_| folders.is_empty()) {
            return Err(format!(
                "the glob matches nothing, as `[` and the like are special; what is really \
                 called `{path}` is written `{glob}`"
            ));
        }
        return Err(match (root.is_glob(), folders.is_empty()) {
            (true, true) => "the glob matches nothing",
            (true, false) => "there is no file in what the glob matches",
            (false, _) => "there is no file in it",
        }
        .to_owned());
    };
    let is_overruled = |pattern: &Pattern| pattern.precedence() > include.precedence;
    if is_overruled(pattern) || left_out.any(|(_, pattern)| is_overruled(pattern)) {
        return Ok(());
    }
    let such_as = printable_path(path);
    let pattern = printable(&pattern.to_string());
    Err(if root.is_glob() {
        format!("what the glob matches, such as `{such_as}`, is left out by `{pattern}`")
    } else if path == root.path().as_std_path() {
        format!("it is left out by `{pattern}`")
    } else {
        format!("all that is in it, such as `{such_as}`, is left out by `{pattern}`")
    })
}

pub(super) fn refused(include: &Include, why: String) -> Error {
    Error::Include {
        rule: printable(&include.described()),
        why,
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use fs_err as fs;

    use super::*;
    use crate::archive::Mode;

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
        assert_eq!(
            tree.collect(&["conf/*"], &[]).unwrap(),
            ["conf/d/.y", "conf/d/z.json", "conf/x.toml"]
        );
        assert_eq!(
            tree.collect(&["co*"], &["*.json"]).unwrap(),
            ["conf/d/.y", "conf/x.toml"]
        );
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
        assert!(why(tree.collect(&["*.x"], &[])).contains("matches nothing"));
        let special = Tree::new(&["in[c]/a"]);
        let hint = why(special.collect(&["in[c]/*=z"], &[]));
        assert!(hint.contains("`in[c]` is written `in[[]c]`"), "{hint}");
        assert!(special.collect(&["in[[]c]/*=z"], &[]).is_ok());
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
