//! Package specifications, as `-p` takes them.

use cargo_metadata::Package;
use url::Url;

use crate::error::{Error, Result};
use crate::globs::{Matcher, Separators};

/// A specification of packages.
pub(crate) struct Spec {
    /// The folder of a `file:` URL.
    folder: Option<std::path::PathBuf>,
    name: Option<Matcher>,
    /// A full version or its beginning: `1.2` means any `1.2.x`.
    version: Option<String>,
}

impl Spec {
    /// Reads `name`, `name@version`, a glob, or a `file:` URL with or without a fragment.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if !text.contains("://") {
            let (name, version) = split_version(text);
            return Ok(Self {
                folder: None,
                name: Some(glob(name)?),
                version: version.map(str::to_owned),
            });
        }
        let url = text.strip_prefix("path+").unwrap_or(text);
        let url = Url::parse(url)
            .map_err(|error| Error::usage(format!("`{text}` is not a URL: {error}"), None))?;
        let folder = url.to_file_path().map_err(|()| {
            let message = format!("`{text}` is not a package of this workspace");
            Error::usage(message, "members of a workspace have `file:` URLs")
        })?;
        let (name, version) = match url.fragment() {
            None => (None, None),
            Some(version) if version.starts_with(|c: char| c.is_ascii_digit()) => {
                (None, Some(version))
            }
            Some(fragment) => {
                let (name, version) = split_version(fragment);
                (Some(name), version)
            }
        };
        Ok(Self {
            folder: Some(folder),
            name: name.map(glob).transpose()?,
            version: version.map(str::to_owned),
        })
    }

    /// The members that match.
    pub(crate) fn select<'a>(&self, members: &[&'a Package]) -> Vec<&'a Package> {
        members
            .iter()
            .copied()
            .filter(|member| self.matches(member))
            .collect()
    }

    fn matches(&self, package: &Package) -> bool {
        let folder = package.manifest_path.parent();
        self.folder
            .as_ref()
            .is_none_or(|wanted| folder.is_some_and(|f| f == wanted))
            && self
                .name
                .as_ref()
                .is_none_or(|name| name.is_match(package.name.as_str()))
            && self
                .version
                .as_ref()
                .is_none_or(|wanted| is_version(&package.version.to_string(), wanted))
    }
}

/// A glob over names of packages, binaries and examples.
///
/// # Errors
/// [`Error::Usage`] if it is no glob, or a too large one.
pub(crate) fn glob(text: &str) -> Result<Matcher> {
    Matcher::new(text, Separators::Crossed).map_err(|why| Error::usage(why, None))
}

fn split_version(text: &str) -> (&str, Option<&str>) {
    match text.split_once(['@', ':']) {
        Some((name, version)) => (name, Some(version)),
        None => (text, None),
    }
}

fn is_version(version: &str, wanted: &str) -> bool {
    version
        .strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_may_be_given_in_part() {
        for wanted in ["1", "1.2", "1.2.3"] {
            assert!(is_version("1.2.3", wanted), "{wanted}");
        }
        assert!(is_version("1.2.3-rc.1", "1.2.3"));
        for wanted in ["1.2.30", "2", "1.", "1.2.3.4"] {
            assert!(!is_version("1.2.3", wanted), "{wanted}");
        }
        assert!(!is_version("1.20.0", "1.2"));
    }

    #[test]
    fn a_member_does_not_come_from_a_registry() {
        let error = Spec::parse("https://github.com/rust-lang/crates.io-index#a").err();
        assert!(
            error
                .unwrap()
                .to_string()
                .contains("not a package of this workspace")
        );
    }
}
