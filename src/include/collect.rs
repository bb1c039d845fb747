//! From includes to files. Every problem is found before anything is built.

use camino::Utf8Path;

use super::file::IncludedFile;
use super::links;
use super::pattern::Pattern;
use super::selection::{Rule, Selection, Verdict, refused};
use super::spec::Include;
use super::symlinks::Symlinks;
use super::unique::unique;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::text::{printable, printable_path};

/// The files of a package beside its program.
pub(crate) struct IncludedFiles {
    /// Sorted by their names in the zip.
    pub(crate) files: Vec<IncludedFile>,
    /// The excludes of the command line that leave nothing out; empty if files are awaited.
    pub(crate) unused_excludes: Vec<Pattern>,
    /// The paths of the includes that select nothing yet.
    pub(crate) awaited: Vec<String>,
}

/// Collects the files that `includes` select and `excludes` do not leave out. A path at which there
/// is nothing yet is awaited if it `may_come`.
///
/// # Errors
/// [`Error::MissingInclude`] for a path that does not exist.
/// [`Error::Include`] for an include that selects no file, a loop of
/// links, a name that is not UTF-8, or a device, a pipe or a socket.
/// [`Error::Usage`] for two files of one name, or a link that leads out
/// of the package.
pub(crate) fn collect(
    includes: &[Include],
    excludes: &[Pattern],
    symlinks: Symlinks,
    may_come: &dyn Fn(&Utf8Path) -> bool,
) -> Result<IncludedFiles> {
    let selection = Selection::new(includes, excludes)?;
    // What an include says of its files holds, whichever other include takes them too.
    let (mut files, mut particular) = (Vec::new(), Vec::new());
    let mut awaited = Vec::new();
    for rule in selection.rules() {
        let path = rule.include.path();
        let spec = rule.include.spec();
        if path.symlink_metadata().is_err() {
            if may_come(path) {
                awaited.push(printable(&spec.described()));
                continue;
            }
            return Err(Error::missing_include(
                printable(&spec.described()),
                printable(path.as_str()),
            ));
        }
        let found = match included(rule, spec.symlinks.unwrap_or(symlinks)) {
            Ok(found) => found,
            Err(Unselected::Nothing(_)) if may_come(path) => {
                awaited.push(printable(&spec.described()));
                continue;
            }
            Err(Unselected::Nothing(why) | Unselected::Other(why)) => {
                return Err(refused(spec, why));
            }
        };
        let is_particular = spec.mode.is_some() || spec.symlinks.is_some();
        let taken = if is_particular {
            &mut particular
        } else {
            &mut files
        };
        if taken.is_empty() {
            *taken = found;
        } else {
            taken.extend(found);
        }
    }
    files.extend(particular);
    let files = unique(files)?;
    links::check(&files)?;
    let unused = selection.into_unused();
    Ok(IncludedFiles {
        files,
        // They may leave out what comes.
        unused_excludes: if awaited.is_empty() {
            unused
        } else {
            Vec::new()
        },
        awaited,
    })
}

/// The reason why the files of an include cannot be collected.
enum Unselected {
    /// Nothing is there that it could select.
    Nothing(String),
    Other(String),
}

impl From<String> for Unselected {
    fn from(why: String) -> Self {
        Self::Other(why)
    }
}

/// The files that one include selects.
fn included(rule: Rule<'_>, symlinks: Symlinks) -> Result<Vec<IncludedFile>, Unselected> {
    let walk = || Walk::new(rule, symlinks == Symlinks::Follow);
    let mut files = Vec::new();
    for entry in walk() {
        let entry = entry?;
        let is_selected = matches!(
            entry.verdict,
            Verdict {
                is_match: true,
                left_out_by: None
            }
        );
        if is_selected && !entry.metadata.is_dir() {
            files.push(IncludedFile::read(rule.include, &entry)?);
        }
    }
    if files.is_empty() {
        explain(rule, walk().into_left_out())?;
    }
    Ok(files)
}

/// The reason why an include selects no file. It is no error if settings that take precedence over
/// the include leave the files out.
fn explain(rule: Rule<'_>, walk: Walk<'_>) -> Result<(), Unselected> {
    let include = rule.include;
    let matched = walk
        .filter_map(Result::ok)
        .filter(|entry| entry.verdict.is_match);
    let (folders, files): (Vec<_>, Vec<_>) = matched.partition(|entry| entry.metadata.is_dir());
    let mut left_out = files
        .iter()
        .filter_map(|entry| Some((&entry.path, entry.verdict.left_out_by?)));
    let Some((path, pattern)) = left_out.next() else {
        if let Some((path, glob)) = include.literally().filter(|_| folders.is_empty()) {
            return Err(Unselected::Other(format!(
                "the glob matches nothing: `[`, `*` and the like are special characters; \
                 literally, `{path}` is written `{glob}`"
            )));
        }
        let why = match (include.is_glob(), folders.is_empty()) {
            (true, true) => "the glob matches nothing",
            (true, false) => "the glob matches folders only, and there is no file in them",
            (false, _) => "the folder has no file in it",
        };
        return Err(Unselected::Nothing(why.to_owned()));
    };
    let is_overruled = |pattern: &Pattern| pattern.precedence() > include.spec().precedence;
    if is_overruled(pattern) || left_out.any(|(_, pattern)| is_overruled(pattern)) {
        return Ok(());
    }
    let such_as = printable_path(path);
    let pattern = printable(&pattern.to_string());
    Err(Unselected::Other(if include.is_glob() {
        format!("`{pattern}` leaves out all that the glob matches, such as `{such_as}`")
    } else if path == include.path().as_std_path() {
        format!("`{pattern}` leaves it out")
    } else {
        format!("`{pattern}` leaves out all files in it, such as `{such_as}`")
    }))
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use fs_err as fs;

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
            let files = collect(&rules, &excludes, symlinks, &|_| false)?.files;
            Ok(files.iter().map(|file| file.name.to_string()).collect())
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
        let error = collect(&[rule("../out")], &[], Symlinks::Follow, &|_| false)
            .err()
            .unwrap();
        assert!(error.to_string().contains("../out=NAME"), "{error}");
        let files = collect(&[rule("../out=shared")], &[], Symlinks::Follow, &|_| false)
            .unwrap()
            .files;
        assert_eq!(&*files[0].name, "shared/b");
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
        assert!(error.contains("does not exist"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn sockets_are_refused_and_modes_are_two() {
        use crate::archive::Mode;
        use std::os::unix::fs::PermissionsExt;
        let tree = Tree::new(&["a", "b"]);
        let set = |name: &str, mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(tree.path().join(name), permissions).unwrap();
        };
        set("a", 0o701);
        set("b", 0o600);
        let rule: Include = "*".parse().unwrap();
        let files = collect(&[rule.below(tree.path())], &[], Symlinks::Follow, &|_| {
            false
        })
        .unwrap()
        .files;
        let modes: Vec<Mode> = files.iter().map(|file| file.mode).collect();
        assert_eq!(modes, [Mode::Executable, Mode::Plain]);
        let _socket = std::os::unix::net::UnixListener::bind(tree.path().join("s")).unwrap();
        assert!(why(tree.collect(&["s"], &[])).contains("neither a file nor a folder"));
    }
}
