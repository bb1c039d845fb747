//! Globs within bounds: one that would need too much memory or time is refused.

use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use globset::{Glob, GlobBuilder, GlobSet};

/// The deepest nesting of braces.
const DEEPEST: usize = 32;

/// The most alternatives in the braces of one glob.
const MOST_ALTERNATIVES: usize = 10_000;

/// The length in bytes up to which every glob is small enough when it is compiled.
const SHORT: usize = 1_000;

/// The separators of folders in what a glob matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separators {
    /// `*` crosses them, or there are none.
    Crossed,
    /// `*` does not cross them, and `**` does.
    Kept,
}

/// One glob that is compiled.
#[derive(Debug, Clone)]
pub(crate) struct Matcher(GlobSet);

impl Matcher {
    /// # Errors
    /// The reason why the glob is invalid or too large.
    pub(crate) fn new(text: &str, separators: Separators) -> Result<Self, String> {
        compile(&parse(text, separators)?).map(Self)
    }

    pub(crate) fn is_match(&self, path: impl AsRef<Path>) -> bool {
        self.0.is_match(path)
    }
}

/// Reads a glob, and refuses one that is too large to be compiled.
///
/// # Errors
/// The reason why the glob is invalid or too large.
pub(crate) fn checked(text: &str, separators: Separators) -> Result<Glob, String> {
    let glob = parse(text, separators)?;
    // Compiling takes time, and a set of globs is compiled again.
    if text.len() > SHORT {
        compile(&glob)?;
    }
    Ok(glob)
}

/// The `paths` of a command line, as shells other than those of Windows give them to programs: there, the
/// files of `*.zip` take its place.
pub(crate) fn expanded(paths: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
    if cfg!(windows) {
        paths.iter().flat_map(|path| files(path)).collect()
    } else {
        paths.to_vec()
    }
}

/// The paths that match a path with `*` or `?` in its names, sorted; the path itself if there are none.
fn files(path: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut found = vec![Utf8PathBuf::new()];
    for part in path.components() {
        let name = part.as_str().to_lowercase();
        let matcher = name
            .contains(['*', '?'])
            .then(|| Matcher::new(&name, Separators::Kept));
        found = match matcher {
            Some(Ok(matcher)) => found
                .iter()
                .flat_map(|folder| matches(folder, &matcher))
                .collect(),
            _ => found.iter().map(|folder| folder.join(part)).collect(),
        };
    }
    found.retain(|path| path.exists());
    if found.is_empty() {
        found.push(path.to_owned());
    }
    found
}

/// The paths in `folder` whose names match in any case.
fn matches(folder: &Utf8Path, matcher: &Matcher) -> Vec<Utf8PathBuf> {
    let here = Utf8Path::new(if folder == "" { "." } else { "" });
    let entries = here
        .join(folder)
        .read_dir_utf8()
        .into_iter()
        .flatten()
        .flatten();
    let names = entries.map(|entry| entry.file_name().to_owned());
    let names = names.filter(|name| matcher.is_match(name.to_lowercase()));
    let mut paths: Vec<_> = names.map(|name| folder.join(name)).collect();
    paths.sort();
    paths
}

fn parse(text: &str, separators: Separators) -> Result<Glob, String> {
    check_size(text)?;
    GlobBuilder::new(text)
        .literal_separator(separators == Separators::Kept)
        .build()
        .map_err(|error| error.to_string())
}

/// `compile_matcher` of a single glob would panic where a set returns an error.
fn compile(glob: &Glob) -> Result<GlobSet, String> {
    GlobSet::new([glob]).map_err(|_| {
        format!(
            "the glob of {} bytes is too large: compiled, it may take 10 MiB; write several \
             shorter ones",
            glob.glob().len()
        )
    })
}

/// Braces are read recursively, and each alternative takes memory.
fn check_size(text: &str) -> Result<(), String> {
    let (mut depth, mut deepest, mut alternatives) = (0_usize, 0, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        alternatives += usize::from(byte == b'{' || (byte == b',' && depth > 0));
    }
    if deepest > DEEPEST {
        return Err(format!(
            "the glob has {deepest} nested braces; at most {DEEPEST} are allowed"
        ));
    }
    if alternatives > MOST_ALTERNATIVES {
        return Err(format!(
            "the glob has {alternatives} alternatives in braces; at most {MOST_ALTERNATIVES} are \
             allowed"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        Matcher::new(text, Separators::Kept).unwrap_err()
    }

    #[test]
    fn a_path_with_asterisks_leads_to_files_in_any_case() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        for path in ["a/f.zip", "a/G.ZIP", "a/x.txt", "b/f.zip", "c{d}/f.zip"] {
            fs_err::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
            fs_err::write(folder.join(path), "").unwrap();
        }
        for (path, expected) in [
            ("a/*.zip", &["a/G.ZIP", "a/f.zip"][..]),
            ("?/f.zip", &["a/f.zip", "b/f.zip"]),
            ("c{d}/*", &["c{d}/f.zip"]),
            ("a/f.zip", &["a/f.zip"]),
            ("none/*.zip", &["none/*.zip"]),
        ] {
            let found = files(&folder.join(path));
            let expected: Vec<_> = expected.iter().map(|path| folder.join(path)).collect();
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_with_its_limit() {
        let nested = |depth: usize| format!("{}b{}", "{a,".repeat(depth), "}".repeat(depth));
        assert!(Matcher::new(&nested(32), Separators::Kept).is_ok());
        for depth in [33, 125, 200_000] {
            assert!(why(&nested(depth)).contains("at most 32"), "{depth}");
        }
        assert!(why(&"{".repeat(300_000)).contains("at most 32"));
        let alternatives = |count: usize| format!("{{{}}}", vec!["a"; count].join(","));
        assert!(Matcher::new(&alternatives(10_000), Separators::Kept).is_ok());
        assert!(why(&alternatives(150_000)).contains("at most 10000"));
        // Commas outside of braces are no alternatives.
        assert!(Matcher::new(&",".repeat(20_000), Separators::Kept).is_ok());
        assert!(why(&"[a-z]*?".repeat(50_000)).contains("10 MiB"));
        let longest =
            ["?", "[!a]", "**/", "\u{10ffff}"].map(|part| part.repeat(SHORT / part.len()));
        for short in longest {
            assert!(Matcher::new(&short, Separators::Kept).is_ok(), "{short}");
        }
    }

    #[test]
    fn a_star_crosses_folders_only_if_it_may() {
        let is_match = |separators| Matcher::new("a*", separators).unwrap().is_match("a/b");
        assert!(is_match(Separators::Crossed) && !is_match(Separators::Kept));
    }
}
