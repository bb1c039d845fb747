//! The environment of a build: that of this process, overridden by `--env-file` and `--env`.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::env_file;
use crate::error::{Error, Result};
use crate::paths::{is_endless, is_inherited};

/// The environment variables of a builder and of the processes it starts.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// The variables of `--env-file` and `--env`; a later one overrides an earlier one.
    given: Vec<(String, String)>,
}

impl Environment {
    /// Reads the variables of `files` (`--env-file`), then those of `single` (`--env`).
    ///
    /// # Errors
    /// [`Error::MissingFile`] if a file does not exist, [`Error::Usage`] for a line that is not
    /// `KEY=VALUE` or a name, or a value that is not `KEY=VALUE`.
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

    /// The variables of `--env-file` and `--env`.
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

    /// True if the variable is set.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All variables; if a name repeats, its last value counts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (OsString, OsString)> {
        let given = self
            .given
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        env::vars_os().chain(given)
    }

    /// The path of a program on the `PATH` of the build.
    pub(crate) fn which(&self, program: impl AsRef<OsStr>) -> Option<PathBuf> {
        let folder = env::current_dir().unwrap_or_default();
        which::which_in(program, self.get("PATH"), folder).ok()
    }

    /// The folder of Cargo itself, for a Cargo that runs in `folder`.
    pub(crate) fn cargo_home(&self, folder: &Utf8Path) -> Option<PathBuf> {
        match self.get("CARGO_HOME").filter(|home| !home.is_empty()) {
            Some(home) => Some(folder.as_std_path().join(home)),
            None => home::cargo_home_with_cwd(folder.as_std_path()).ok(),
        }
    }

    /// The path of a program on the `PATH`, or in the folder of `cargo install`.
    pub(crate) fn cargo_tool(&self, name: &str) -> Option<PathBuf> {
        self.which(name).or_else(|| {
            let cargo_home = home::cargo_home().ok()?;
            which::which_in(name, Some(cargo_home.join("bin")), "/").ok()
        })
    }
}

/// Refuses a file that reading could wait for for ever, such as a named pipe.
fn check_ends(path: &Utf8Path) -> Result<()> {
    if is_endless(path) && path != "/dev/null" && !is_inherited(path) {
        let error = Error::usage(
            format!(
                "the file `{path}` of `--env-file` is a named pipe or a device, which may never end"
            ),
            "name a file, or `<(command)` in a shell",
        );
        return Err(error.about(path));
    }
    Ok(())
}

fn read(path: &Utf8PathBuf) -> Result<Vec<(String, String)>> {
    check_ends(path)?;
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::MissingFile {
            what: "the environment file",
            path: path.to_string(),
        },
        _ => Error::io_at(path, "could not read a file of `--env-file`")(error),
    })?;
    let variables = env_file::parse(&text, |name| env::var(name).ok());
    variables.map_err(|(line, why)| {
        Error::usage(
            format!("line {line} of `{path}` {why}"),
            "write KEY=VALUE, or the name of a variable of this environment; begin a comment with #, \
             and put a value that begins with a quote into other quotes",
        )
        .about(path)
    })
}

fn parse(text: &str) -> Result<(String, String)> {
    match text.split_once('=') {
        Some((name, value)) if is_name(name) => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Error::usage(
            "a value of `--env` is not KEY=VALUE",
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
        assert!(environment.has("PATH"), "the variables of this process");
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
