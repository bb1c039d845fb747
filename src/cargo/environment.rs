//! The environment of a build: this process's own, and over it `--env-file` and `--env`.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use camino::Utf8PathBuf;
use fs_err as fs;

use crate::error::{Error, Result};

/// What a builder, and whatever it starts, will find in its environment.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// What was given for the build, later ones over earlier ones.
    given: Vec<(String, String)>,
}

impl Environment {
    /// Puts the variables of all files, then those given one by one, over this process's own.
    ///
    /// # Errors
    /// [`Error::MissingFile`] for a file that is not there, [`Error::Usage`] for what is not
    /// `KEY=VALUE`.
    pub(crate) fn load(files: &[Utf8PathBuf], single: &[String]) -> Result<Self> {
        let mut given = Vec::new();
        for path in files {
            given.extend(read(path)?);
        }
        for text in single {
            given.push(parse(text)?);
        }
        Ok(Self { given })
    }

    /// What was given for the build, beyond what this process has.
    pub(crate) fn given(&self) -> &[(String, String)] {
        &self.given
    }

    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Option<OsString> {
        let given = self.given.iter().rev().find(|(given, _)| given == name);
        given
            .map(|(_, value)| value.into())
            .or_else(|| env::var_os(name))
    }

    /// The value of a variable, if it is text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.into_string().ok()
    }

    /// Whether there is a variable with this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All of it, what counts after what does not.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (OsString, OsString)> {
        let given = self
            .given
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        env::vars_os().chain(given)
    }

    /// The path of a program that the build would find.
    pub(crate) fn which(&self, program: impl AsRef<OsStr>) -> Option<PathBuf> {
        let folder = env::current_dir().unwrap_or_default();
        which::which_in(program, self.get("PATH"), folder).ok()
    }
}

fn read(path: &Utf8PathBuf) -> Result<Vec<(String, String)>> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::MissingFile {
            what: "the file of `--env-file`,",
            path: path.to_string(),
        },
        _ => Error::io("could not read a file of `--env-file`")(error),
    })?;
    let lines = dotenvy::from_read_iter(text.as_bytes());
    // The line itself may hold a secret, so that only its place is shown.
    let wrong = |error: dotenvy::Error| {
        let at = match error {
            dotenvy::Error::LineParse(line, _) => text
                .lines()
                .position(|l| l == line.trim_end())
                .map_or(0, |at| at + 1),
            _ => 0,
        };
        Error::usage(
            format!("line {at} of `{path}` is not KEY=VALUE"),
            "quote values with spaces, in single quotes if they contain `$`; begin comments with #",
        )
    };
    lines.map(|line| line.map_err(wrong)).collect()
}

fn parse(text: &str) -> Result<(String, String)> {
    match text.split_once('=') {
        Some((name, value)) if is_name(name) => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Error::usage(
            "what is given to `--env` is not KEY=VALUE",
            "for instance `--env APP_VERSION=1.2.3`",
        )),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        pairs.iter().map(owned).collect()
    }

    fn file(text: &str) -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::try_from(folder.path().join(".env.build")).unwrap();
        fs_err::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn files_come_before_single_variables() {
        let (_folder, path) = file("# comment\nA=1\nexport B='two words'\n\n");
        let environment =
            Environment::load(&[path], &["A=3".to_owned(), "C=x=y".to_owned()]).unwrap();
        let expected = [("A", "1"), ("B", "two words"), ("A", "3"), ("C", "x=y")];
        assert_eq!(environment.given(), owned(&expected));
        assert_eq!(environment.text("A").as_deref(), Some("3"));
        assert!(environment.has("PATH"), "this process's own");
    }

    #[test]
    fn what_is_not_a_variable_is_refused_without_showing_its_value() {
        for text in ["A", "=secret", "A B=secret"] {
            let error = Environment::load(&[], &[text.to_owned()]).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let (_folder, path) = file("A=1\nTOKEN 'secret\n");
        let error = Environment::load(&[path], &[]).unwrap_err().to_string();
        assert!(
            error.contains("line 2") && error.contains(".env.build"),
            "{error}"
        );
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let error = Environment::load(&["no/such.env".into()], &[]).unwrap_err();
        assert!(matches!(error, Error::MissingFile { .. }), "{error}");
    }
}
