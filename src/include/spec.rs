//! `FROM[=TO]`: one include, its name in the zip, and the treatment of its files.

use std::str::FromStr;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::entry_name::portability_problem;
use super::pattern::Pattern;
use super::symlinks::Symlinks;
use crate::archive::Mode;
use crate::paths::slashed;
use crate::text::deserialize_from_str_or_table;
use crate::text::{deserialize_from_str, printable};

/// A path or glob, and the name of its fixed part in the zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Include {
    /// The path or glob as the user wrote it.
    pub(crate) from: String,
    /// The name in the zip, in place of the path or of its part before the first glob character.
    pub(crate) to: Option<String>,
    /// The mode of its files; `None` if each file tells its own.
    pub(crate) mode: Option<Mode>,
    /// The treatment of its links, if it differs from that of the package.
    pub(crate) symlinks: Option<Symlinks>,
    /// The folder that `from` is relative to.
    pub(crate) base: Utf8PathBuf,
    /// `true` for `!PATTERN`, which leaves out files that the includes before it select.
    pub(crate) is_exclusion: bool,
    is_argument: bool,
    pub(crate) precedence: usize,
}

impl Include {
    fn new(from: &str, to: Option<&str>) -> Result<Self, String> {
        let (from, is_exclusion) = match from.strip_prefix('!') {
            Some(pattern) => (pattern, true),
            None => (from, false),
        };
        if from.is_empty() {
            return Err("the include is empty; write FROM or FROM=TO".to_owned());
        }
        if let Some(to) = to {
            if is_exclusion {
                return Err(format!(
                    "`!{from}` leaves files out and cannot have a name; remove `=…`"
                ));
            }
            if to.is_empty() {
                return Err(format!(
                    "`{from}=` has no name behind `=`; `{from}=./` puts it at the root"
                ));
            }
            check_name(to)?;
        }
        Ok(Self {
            to: to.map(str::to_owned),
            is_exclusion,
            ..Self::of_path(from)
        })
    }

    /// An include of the path or glob `from`, even if there is a `!` or `=` in it.
    fn of_path(from: &str) -> Self {
        Self {
            from: slashed(from).into_owned(),
            to: None,
            mode: None,
            symlinks: None,
            base: Utf8PathBuf::new(),
            is_exclusion: false,
            is_argument: false,
            precedence: 0,
        }
    }

    /// Reads an include of the command line. A file that is called `a=b` takes precedence.
    ///
    /// # Errors
    /// The reason why it is invalid.
    pub(crate) fn from_argument(text: &str) -> Result<Self, String> {
        let mut equals = text.rmatch_indices('=').map(|(at, _)| at);
        let include = if !text.starts_with('!') && is_there(text) {
            Self::new(text, None)
        } else if let Some(at) = equals.find(|at| is_there(&text[..*at])) {
            Self::new(&text[..at], Some(&text[at + 1..]))
        } else {
            match in_form_of_cargo_lambda(text) {
                Some(here) => Err(format!(
                    "`{text}` is the form of cargo-lambda; write `{here}`"
                )),
                None => text.parse(),
            }
        };
        include.map(|include| Self {
            is_argument: true,
            ..include
        })
    }

    /// Reads a file argument, as AWS's `build-lambda-zip` has them. A file that is called `!a`
    /// takes precedence.
    ///
    /// # Errors
    /// The reason why it is invalid.
    pub(crate) fn from_file_argument(text: &str) -> Result<Self, String> {
        if is_there(text) {
            Ok(Self::of_path(text))
        } else {
            Self::from_argument(text)
        }
    }

    /// The pattern of `!PATTERN`; `None` for another include.
    pub(crate) fn exclusion(&self) -> Option<Result<Pattern, String>> {
        let pattern = self.is_exclusion.then(|| self.from.parse::<Pattern>())?;
        Some(pattern.map(|pattern| {
            pattern
                .called(format!("!{}", self.from))
                .of_argument(self.is_argument)
                .of_precedence(self.precedence)
                .below(&self.base)
        }))
    }

    /// The same include, from a source of settings of that precedence; higher numbers win.
    pub(crate) fn of_precedence(self, precedence: usize) -> Self {
        Self { precedence, ..self }
    }

    /// The same include, relative to `folder`.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        Self {
            base: folder.to_owned(),
            ..self
        }
    }

    /// The include as the user wrote it.
    pub(crate) fn described(&self) -> String {
        match &self.to {
            Some(to) => format!("{}={to}", self.from),
            None if self.is_exclusion => format!("!{}", self.from),
            None => self.from.clone(),
        }
    }
}

fn is_there(path: &str) -> bool {
    !path.is_empty() && Utf8Path::new(path).symlink_metadata().is_ok()
}

/// Refuses a name that would lead out of the package: SAM refuses it, and unzip tools treat it in
/// different ways.
pub(crate) fn check_name(to: &str) -> Result<(), String> {
    let path = Utf8Path::new(to);
    let plain = |part| matches!(part, Utf8Component::Normal(_) | Utf8Component::CurDir);
    if !path.components().all(plain) {
        return Err(format!(
            "`{}` is not a valid name in a package: it must be relative, with `/` between folders \
             and without `..`",
            printable(to)
        ));
    }
    portability_problem(to).map_or(Ok(()), |what| {
        Err(format!(
            "`{}` is not a valid name in a package: it has {what}",
            printable(to)
        ))
    })
}

/// `TO:FROM` or `FROM:TO` of cargo-lambda as an include of this tool, if one of the parts exists.
fn in_form_of_cargo_lambda(text: &str) -> Option<String> {
    let (first, second) = text.split_once(':')?;
    match (is_there(first), is_there(second)) {
        (_, true) => Some(format!("{second}={first}")),
        (true, false) => Some(format!("{first}={second}")),
        (false, false) => None,
    }
}

impl FromStr for Include {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((from, to)) => Self::new(from, Some(to)),
            None => Self::new(text, None),
        }
    }
}

/// The mode of included files: `644` or `755`.
struct FileMode(Mode);

impl FromStr for FileMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let octal = text.strip_prefix("0o").unwrap_or(text);
        match octal.strip_prefix('0').unwrap_or(octal) {
            "644" => Ok(Self(Mode::Plain)),
            "755" => Ok(Self(Mode::Executable)),
            _ => Err(format!(
                "`{}` is no mode of a file in a package; write \"755\" for a file that can be \
                 executed, and \"644\" for any other",
                printable(text)
            )),
        }
    }
}
deserialize_from_str!(FileMode);

/// The table `{ from = "FROM", to = "TO", mode = "755", symlinks = "preserve" }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    from: String,
    to: Option<String>,
    mode: Option<FileMode>,
    symlinks: Option<Symlinks>,
}

impl TryFrom<Parts> for Include {
    type Error = String;

    fn try_from(parts: Parts) -> Result<Self, String> {
        let include = Self::new(&parts.from, parts.to.as_deref())?;
        let mode = parts.mode.map(|FileMode(mode)| mode);
        if include.is_exclusion && (mode.is_some() || parts.symlinks.is_some()) {
            return Err(format!(
                "`{}` leaves files out; remove `mode` and `symlinks`",
                printable(&parts.from)
            ));
        }
        Ok(Self {
            mode,
            symlinks: parts.symlinks,
            ..include
        })
    }
}

deserialize_from_str_or_table!(
    Include,
    Parts,
    "a path, or a table with `from`, `to`, `mode` and `symlinks`"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_out_of_the_package_is_refused() {
        for text in [
            "a=", "a=../b", "a=/b", "a=b/../c", "a=b\\c", "a=b\nc", "", "!", "!a=b", "=b",
        ] {
            assert!(text.parse::<Include>().is_err(), "{text}");
        }
        for text in ["a", "a=b", "a=b/", "a=./", "a=./b", "!a/*.bak"] {
            assert!(text.parse::<Include>().is_ok(), "{text}");
        }
    }
}
