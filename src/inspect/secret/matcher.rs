//! The tables of rules, ready to be searched for in texts.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use globset::{Candidate, Glob, GlobBuilder, GlobMatcher, GlobSet};
use regex::bytes::{Captures, Regex, RegexBuilder};

use super::files::FILES;
use super::rule::Rule;
use super::tokens::TOKENS;
use super::value::{is_placeholder, is_random, shannon};

/// More than hexadecimal digits have: the hash of a commit is no secret.
const BESIDE_ENTROPY: f64 = 4.01;

static MATCHER: LazyLock<Matcher> = LazyLock::new(Matcher::new);

/// Every rule, and what finds the few that a text may match.
struct Matcher {
    rules: Vec<Prepared>,
    paths: GlobSet,
    /// The rule of each glob in `paths`.
    path_rules: Vec<usize>,
    keywords: AhoCorasick,
    /// The rules of each of `keywords`.
    keyword_rules: Vec<Vec<usize>>,
}

/// A rule, its expressions compiled when a text first needs them: most runs need none.
struct Prepared {
    rule: &'static Rule,
    except: Option<GlobMatcher>,
    pattern: OnceLock<Regex>,
    beside: OnceLock<Vec<Regex>>,
}

/// The rules that a file's path allows.
pub(super) struct Rules(Vec<bool>);

/// Where a secret is, and of what kind it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) what: &'static str,
    /// Offset in the text; `None` if the whole file is secret.
    pub(super) at: Option<usize>,
}

impl Rules {
    /// The rules for the file at `path`, which is in lower case.
    pub(super) fn of(path: &str) -> Self {
        let matcher = &*MATCHER;
        // The copy that an editor keeps has the same secrets.
        let path = path.trim_end_matches('~');
        let name = path.rsplit('/').next().unwrap_or(path);
        let rules = matcher.rules.iter();
        let mut allowed: Vec<bool> = rules
            .map(|prepared| prepared.rule.paths.is_empty())
            .collect();
        for glob in matcher.paths.matches_candidate(&Candidate::new(path)) {
            let nth = matcher.path_rules[glob];
            let except = matcher.rules[nth].except.as_ref();
            allowed[nth] = except.is_none_or(|except| !except.is_match(name));
        }
        Self(allowed)
    }

    /// The first rule that makes the whole file secret, whatever its bytes are.
    pub(super) fn whole_file(&self) -> Option<Found> {
        let mut rules = MATCHER.rules.iter().zip(&self.0);
        let (prepared, _) =
            rules.find(|(prepared, allowed)| **allowed && prepared.rule.pattern.is_none())?;
        Some(Found {
            what: prepared.rule.what,
            at: None,
        })
    }

    /// The secret in a text of the first rule that matches.
    pub(super) fn find(&self, text: &[u8]) -> Option<Found> {
        let matcher = &*MATCHER;
        let mut is_possible = matcher.possible(text);
        for (possible, allowed) in is_possible.iter_mut().zip(&self.0) {
            *possible &= allowed;
        }
        let rules = matcher.rules.iter().zip(is_possible);
        let mut possible = rules.filter(|(_, is_possible)| *is_possible);
        possible.find_map(|(prepared, _)| {
            let at = Some(prepared.find(text)?);
            let what = prepared.rule.what;
            Some(Found { what, at })
        })
    }
}

impl Matcher {
    fn new() -> Self {
        let rules: Vec<Prepared> = FILES.iter().chain(TOKENS).map(Prepared::new).collect();
        let mut paths = GlobSet::builder();
        let mut path_rules = Vec::new();
        let mut keywords: Vec<&str> = Vec::new();
        let mut keyword_rules: Vec<Vec<usize>> = Vec::new();
        for (nth, Prepared { rule, .. }) in rules.iter().enumerate() {
            for path in rule.paths {
                paths.add(glob(path));
                path_rules.push(nth);
            }
            for keyword in rule.keywords {
                if let Some(at) = keywords.iter().position(|known| known == keyword) {
                    keyword_rules[at].push(nth);
                } else {
                    keywords.push(keyword);
                    keyword_rules.push(vec![nth]);
                }
            }
        }
        // With so many keywords, an automaton without detours is three times as fast.
        let keywords = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::LeftmostFirst)
            .build(keywords);
        Self {
            rules,
            paths: paths
                .build()
                .unwrap_or_else(|error| unreachable!("{error}")),
            path_rules,
            keywords: keywords.unwrap_or_else(|error| unreachable!("{error}")),
            keyword_rules,
        }
    }

    /// For each rule, whether the text has one of its keywords.
    fn possible(&self, text: &[u8]) -> Vec<bool> {
        let rules = self.rules.iter();
        let mut is_possible: Vec<bool> = rules
            .map(|prepared| prepared.rule.keywords.is_empty())
            .collect();
        let mut from = 0;
        // A keyword may begin within another.
        while let Some(found) = self.keywords.find(Input::new(text).range(from..)) {
            for rule in &self.keyword_rules[found.pattern()] {
                is_possible[*rule] = true;
            }
            from = found.start() + 1;
        }
        is_possible
    }
}

impl Prepared {
    fn new(rule: &'static Rule) -> Self {
        Self {
            rule,
            except: rule.except.map(|except| glob(except).compile_matcher()),
            pattern: OnceLock::new(),
            beside: OnceLock::new(),
        }
    }

    /// The offset of the first secret of this kind in a text.
    fn find(&self, text: &[u8]) -> Option<usize> {
        let pattern = self.rule.pattern?;
        let compile_beside = || {
            self.rule
                .beside
                .iter()
                .map(|beside| regex(beside))
                .collect()
        };
        let mut beside = self.beside.get_or_init(compile_beside).iter();
        if !beside.all(|beside| has_beside(beside, text)) {
            return None;
        }
        let pattern = self.pattern.get_or_init(|| regex(pattern));
        let mut matches = pattern.captures_iter(text);
        matches.find_map(|captures| self.judge(text, &captures))
    }

    /// The offset of a match, if it is a secret.
    fn judge(&self, text: &[u8], captures: &Captures<'_>) -> Option<usize> {
        let whole = captures.get(0)?;
        let value = captures.iter().skip(1).flatten().next().unwrap_or(whole);
        let is_secret = if self.rule.entropy > 0.0 {
            is_random(value.as_bytes(), self.rule.entropy)
        } else {
            !is_placeholder(value.as_bytes())
        };
        let (before, _) = text.split_at(whole.start());
        let is_alone = if self.rule.paths.is_empty() {
            !is_within_word(before)
        } else {
            !is_comment(text, value.start())
        };
        let continues = self.rule.continues;
        let is_continued = || continues.is_none_or(|decide| decide(&text[whole.end()..]));
        (is_secret && is_alone && is_continued()).then_some(value.start())
    }
}

fn has_beside(beside: &Regex, text: &[u8]) -> bool {
    if beside.captures_len() == 1 {
        return beside.is_match(text);
    }
    let mut matches = beside.captures_iter(text);
    matches.any(|captures| {
        let value = captures.get(1);
        value.is_some_and(|value| shannon(value.as_bytes()) >= BESIDE_ENTROPY)
    })
}

/// Whether a word of text or base64 goes on after this. The letter of an escape such as `\n` is no
/// part of a word.
fn is_within_word(before: &[u8]) -> bool {
    match before {
        [] | [.., b'\\', b'n' | b'r' | b't'] => false,
        [.., last] => last.is_ascii_alphanumeric() || *last == b'+',
    }
}

/// Whether an offset is in a line that configuration files ignore.
fn is_comment(text: &[u8], at: usize) -> bool {
    let mut lines = text[..at].rsplit(|byte| *byte == b'\n');
    let line = lines.next().unwrap_or_default().trim_ascii_start();
    matches!(line, [b'#' | b';', ..])
}

/// Compiles a glob of a table.
fn glob(glob: &str) -> Glob {
    let glob = GlobBuilder::new(glob).empty_alternates(true).build();
    glob.unwrap_or_else(|error| unreachable!("{error}"))
}

/// Compiles an expression of a table.
fn regex(pattern: &str) -> Regex {
    let mut builder = RegexBuilder::new(pattern);
    let regex = builder.unicode(false).multi_line(true).build();
    regex.unwrap_or_else(|error| unreachable!("{error}"))
}
