//! Circles between the files of `src`: files that use each other, directly or by way of others.
//!
//! A file uses the file that defines what it names, however many modules pass the name on. Unit
//! tests are left out: they stand below the code that they use.

use std::collections::{BTreeMap, BTreeSet};

use crate::tokens::{Token, tokens};

/// A module, as the words of its path below the crate.
type Path = Vec<String>;

/// Module → the modules that it uses.
type Graph<'a> = BTreeMap<&'a Path, BTreeSet<&'a Path>>;

/// The modules of a crate, one for each file.
#[derive(Debug, Default)]
pub(crate) struct Modules(BTreeMap<Path, Module>);

#[derive(Debug, Default)]
struct Module {
    file: String,
    uses: Vec<Use>,
}

/// One path of a `use`, or a path inside of an expression or type.
#[derive(Debug)]
struct Use {
    path: Path,
    /// The name that it has from then on, if it stands in a `use`.
    name: Option<String>,
    /// True if it passes the name on to other modules.
    is_public: bool,
}

impl Modules {
    /// Reads `files`: names below `src`, and texts.
    pub(crate) fn read(files: &[(String, String)]) -> Self {
        let modules = files.iter().map(|(file, text)| {
            let stem = file.strip_suffix(".rs").expect("a source file");
            let stem = stem.strip_suffix("/mod").unwrap_or(stem);
            let path: Path = stem.split('/').map(str::to_owned).collect();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            let uses = uses(&tokens(code), &path);
            let file = file.clone();
            (path, Module { file, uses })
        });
        Self(modules.collect())
    }

    /// Groups of files that use each other.
    pub(crate) fn circles(&self) -> Vec<Vec<&str>> {
        let modules = self.0.keys();
        let uses: Graph<'_> = modules.map(|module| (module, self.used(module))).collect();
        let reached: Graph<'_> = (uses.keys())
            .map(|module| (*module, reached(module, &uses)))
            .collect();
        let mut circles = BTreeSet::new();
        for (module, others) in &reached {
            if others.contains(module) {
                let circle = others
                    .iter()
                    .filter(|other| reached[*other].contains(module));
                circles.insert(circle.map(|path| &*self.0[*path].file).collect());
            }
        }
        circles.into_iter().collect()
    }

    /// The modules that define what `module` names. What it passes on from its own children is
    /// no use of them.
    fn used(&self, module: &Path) -> BTreeSet<&Path> {
        let uses = self.0[module].uses.iter();
        let uses = uses.filter(|used| !(used.is_public && used.path.starts_with(module)));
        let defining = uses.filter_map(|used| self.defining(&used.path));
        defining.filter(|defining| *defining != module).collect()
    }

    /// The module that defines the item at `path`.
    fn defining(&self, path: &[String]) -> Option<&Path> {
        let length = (1..=path.len())
            .rev()
            .find(|n| self.0.contains_key(&path[..*n]))?;
        let (module, described) = self.0.get_key_value(&path[..length])?;
        let Some(item) = path.get(length) else {
            return Some(module);
        };
        let passed_on = |used: &&Use| used.is_public && used.name.as_ref() == Some(item);
        match described.uses.iter().find(passed_on) {
            Some(used) if used.path != path => self.defining(&used.path),
            _ => Some(module),
        }
    }
}

/// All modules that `module` uses, and those that they use.
fn reached<'a>(module: &'a Path, uses: &Graph<'a>) -> BTreeSet<&'a Path> {
    let mut reached = BTreeSet::new();
    let mut next = vec![module];
    while let Some(module) = next.pop() {
        next.extend(uses[module].iter().filter(|used| reached.insert(**used)));
    }
    reached
}

/// The paths that `tokens` name, from the crate on; `module` is where they stand.
fn uses(tokens: &[Token<'_>], module: &Path) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let in_use = tokens[at].text == "use";
        let start = if in_use { at + 1 } else { at };
        let begins = |word: &&Token<'_>| ["crate", "super", "self"].contains(&word.text);
        let is_path = tokens.get(start).as_ref().is_some_and(begins)
            && tokens
                .get(start + 1)
                .is_some_and(|token| token.text == "::");
        // In a `use`, the first word may also be a child of the module.
        if !in_use && !is_path {
            at += 1;
            continue;
        }
        let is_public = in_use && at > 0 && ["pub", ")"].contains(&tokens[at - 1].text);
        let mut found = Vec::new();
        at = start + tree(&tokens[start..], &Vec::new(), &mut found).max(1);
        for (words, name) in found {
            if let Some(path) = absolute(&words, module) {
                let name = in_use.then_some(name);
                uses.push(Use {
                    path,
                    name,
                    is_public,
                });
            }
        }
    }
    uses
}

/// The paths of a tree `a::{b, c::d as e}`, with the names that they give, and its length.
fn tree(tokens: &[Token<'_>], prefix: &Path, found: &mut Vec<(Path, String)>) -> usize {
    let mut path = prefix.clone();
    let mut at = 0;
    loop {
        match tokens.get(at).map(|token| token.text) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at += tree(&tokens[at..], &path, found).max(1);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
                }
                return at + 1;
            }
            Some(word) if word.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                if word != "self" || path.is_empty() {
                    path.push(word.to_owned());
                }
                at += 1;
            }
            _ => return at,
        }
        match tokens.get(at).map(|token| token.text) {
            Some("::") => at += 1,
            Some("as") => {
                let name = tokens.get(at + 1).map_or("_", |token| token.text);
                found.push((path, name.to_owned()));
                return at + 2;
            }
            _ => {
                let name = path.last().cloned().unwrap_or_default();
                found.push((path, name));
                return at;
            }
        }
    }
}

/// `words`, as they are read in `module`, from the crate on.
fn absolute(words: &[String], module: &Path) -> Option<Path> {
    let supers = words.iter().take_while(|word| *word == "super").count();
    let (base, rest) = match words.first()?.as_str() {
        "crate" => (&[] as &[String], &words[1..]),
        "self" => (&module[..], &words[1..]),
        "super" => (
            &module[..module.len().checked_sub(supers)?],
            &words[supers..],
        ),
        _ => (&module[..], words),
    };
    Some([base, rest].concat())
}
