//! Path of a zip or folder, with placeholders.

use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::{Error, Result};
use crate::paths::normalized;
use crate::text::{self, deserialize_from_str};

const PLACEHOLDERS: [&str; 6] = ["bin", "package", "version", "arch", "target", "profile"];

/// A path with the placeholders `{bin}`, `{package}`, `{version}`, `{arch}`, `{target}` and
/// `{profile}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputTemplate(Utf8PathBuf);

/// Values of the placeholders; `None` for those that a package does not have.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Values<'a> {
    pub(crate) bin: &'a str,
    pub(crate) package: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
    pub(crate) arch: Option<&'a str>,
    pub(crate) target: Option<&'a str>,
    pub(crate) profile: Option<&'a str>,
}

impl<'a> Values<'a> {
    fn get(&self, placeholder: &str) -> Option<&'a str> {
        match placeholder {
            "bin" => Some(self.bin),
            "package" => self.package,
            "version" => self.version,
            "arch" => self.arch,
            "target" => self.target,
            "profile" => self.profile,
            _ => None,
        }
    }
}

impl OutputTemplate {
    /// The same template, relative to `folder` unless it is absolute.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        if self.0.is_absolute() || self.is_standard_output() {
            return self;
        }
        // Braces in the folder's own name are not placeholders.
        Self(Utf8PathBuf::from(escape(folder.as_str())).join(self.0))
    }

    /// The zip in `folder` that has the name of its program.
    pub(crate) fn in_folder(folder: &Utf8Path) -> Self {
        Self("{bin}.zip".into()).below(folder)
    }

    /// True if the path depends on the name of the package.
    pub(crate) fn names_package(&self) -> bool {
        let parts = parts(self.0.as_str());
        let mut parts = parts.iter();
        parts.any(|part| matches!(part, Part::Placeholder("bin")))
    }

    /// True for `-`.
    pub(crate) fn is_standard_output(&self) -> bool {
        self.0 == "-"
    }

    /// The path for one zip.
    ///
    /// # Errors
    /// [`Error::Usage`] for a placeholder that has no value here, and for standard output.
    pub(crate) fn render(&self, values: &Values<'_>) -> Result<Utf8PathBuf> {
        if self.is_standard_output() {
            return Err(Error::usage(
                "`-` stands for standard output, and only `pack --output -` writes to it",
                "write `./-` for a file of that name",
            ));
        }
        let mut path = String::new();
        for part in parts(self.0.as_str()) {
            path.push_str(match part {
                Part::Text(text) | Part::LoneBrace(text) => text,
                Part::Placeholder(name) => values.get(name).ok_or_else(|| {
                    let message = format!("`{{{name}}}` has no value in the template `{}`", self.0);
                    let known = PLACEHOLDERS
                        .iter()
                        .filter(|name| values.get(name).is_some());
                    let known: Vec<String> = known.map(|name| format!("`{{{name}}}`")).collect();
                    Error::Usage {
                        message: format!("{message} for `{}`", values.bin),
                        help: vec![format!(
                            "the placeholders with a value: {}",
                            known.join(", ")
                        )],
                    }
                })?,
            });
        }
        Ok(normalized(Utf8Path::new(&path)))
    }
}

impl FromStr for OutputTemplate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        check_placeholders(text)?;
        if matches!(text, "zip" | "binary") {
            return Err(format!(
                "the output is a path, and `{text}` is a format of cargo-lambda; leave it out, or \
                 write `./{text}` for a file of that name"
            ));
        }
        if text.is_empty() || text.ends_with(['/', std::path::MAIN_SEPARATOR]) {
            return Err(format!(
                "the output `{text}` names a folder, not a file; try `{text}{{bin}}.zip`"
            ));
        }
        Ok(Self(text.into()))
    }
}

deserialize_from_str!(OutputTemplate);

/// The path of a folder, with the placeholders of an [`OutputTemplate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FolderTemplate(OutputTemplate);

impl FolderTemplate {
    /// The same template, relative to `folder` unless it is absolute.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        Self(self.0.below(folder))
    }

    /// True if the path depends on the name of the package.
    pub(crate) fn names_package(&self) -> bool {
        self.0.names_package()
    }

    /// The path for one package.
    ///
    /// # Errors
    /// [`Error::Usage`] for a placeholder that has no value here.
    pub(crate) fn render(&self, values: &Values<'_>) -> Result<Utf8PathBuf> {
        self.0.render(values)
    }
}

impl FromStr for FolderTemplate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        check_placeholders(text)?;
        if text.is_empty() {
            return Err("the path of the folder is empty; try `dist/{bin}`".to_owned());
        }
        Ok(Self(OutputTemplate(text.into())))
    }
}

deserialize_from_str!(FolderTemplate);

/// Refuses placeholders that do not exist, and single braces.
fn check_placeholders(text: &str) -> Result<(), String> {
    for part in parts(text) {
        match part {
            Part::Placeholder(name) if !PLACEHOLDERS.contains(&name) => {
                let unknown = text::unknown("placeholder", name, PLACEHOLDERS);
                return Err(format!("`{text}` has an {unknown}"));
            }
            Part::LoneBrace(brace) => {
                return Err(format!(
                    "`{text}` has a `{brace}` without its partner; write `{brace}{brace}` for a \
                     brace itself"
                ));
            }
            Part::Text(_) | Part::Placeholder(_) => {}
        }
    }
    Ok(())
}

enum Part<'a> {
    Text(&'a str),
    Placeholder(&'a str),
    LoneBrace(&'a str),
}

/// Splits a template; `{{` and `}}` stand for single braces.
fn parts(mut rest: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some(at) = rest.find(['{', '}']) {
        let (text, brace) = rest.split_at(at);
        parts.push(Part::Text(text));
        if brace.starts_with("{{") || brace.starts_with("}}") {
            parts.push(Part::Text(&brace[..1]));
            rest = &brace[2..];
        } else if let Some(end) = brace.find('}').filter(|_| brace.starts_with('{')) {
            parts.push(Part::Placeholder(&brace[1..end]));
            rest = &brace[end + 1..];
        } else {
            parts.push(Part::LoneBrace(&brace[..1]));
            rest = &brace[1..];
        }
    }
    parts.push(Part::Text(rest));
    parts
}

fn escape(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: Values<'static> = Values {
        bin: "orders",
        package: Some("shop"),
        version: Some("1.2.3"),
        arch: Some("arm64"),
        target: Some("aarch64-unknown-linux-musl"),
        profile: Some("lambda"),
    };

    fn render(template: &str) -> Utf8PathBuf {
        let template: OutputTemplate = template.parse().unwrap();
        template.render(&VALUES).unwrap()
    }

    #[test]
    fn placeholders_are_replaced() {
        assert_eq!(
            render("{package}-{version}/{target}/{profile}/{arch}/{bin}.zip"),
            "shop-1.2.3/aarch64-unknown-linux-musl/lambda/arm64/orders.zip"
        );
    }

    #[test]
    fn a_misspelt_placeholder_is_refused_with_the_closest() {
        let error = "{bim}.zip".parse::<OutputTemplate>().unwrap_err();
        assert!(error.contains("did you mean `bin`"), "{error}");
    }

    #[test]
    fn a_placeholder_without_a_value_is_refused_with_those_that_have_one() {
        let template: OutputTemplate = "{package}/{bin}.zip".parse().unwrap();
        let values = Values {
            bin: "orders",
            ..Values::default()
        };
        let error = template.render(&values).unwrap_err();
        assert!(error.to_string().contains("`{package}`"), "{error}");
        assert_eq!(error.help(), ["the placeholders with a value: `{bin}`"]);
    }

    #[test]
    fn braces_can_be_escaped_and_those_of_folders_are_left_alone() {
        assert_eq!(render("{{bin}}-{bin}"), "{bin}-orders");
        let template: OutputTemplate = "{bin}.zip".parse().unwrap();
        let path = template
            .below(Utf8Path::new("/{arch}"))
            .render(&VALUES)
            .unwrap();
        assert_eq!(path, "/{arch}/orders.zip");
    }

    #[test]
    fn one_place_has_one_name() {
        let render = |template: &str| {
            let template: OutputTemplate = template.parse().unwrap();
            template
                .below(Utf8Path::new("/a/b"))
                .render(&VALUES)
                .unwrap()
        };
        assert_eq!(render("../dist/f.zip"), render("./../dist/./x/../f.zip"));
        assert_eq!(render("../../../../f.zip"), "/f.zip");
    }

    #[test]
    fn a_brace_without_its_partner_is_refused() {
        for template in ["{bin.zip", "bin}.zip"] {
            let error = template.parse::<OutputTemplate>().unwrap_err();
            assert!(error.contains("without its partner"), "{error}");
        }
    }

    #[test]
    fn an_output_is_a_file_and_a_folder_may_end_in_a_slash() {
        assert!("out/".parse::<OutputTemplate>().is_err());
        assert!("".parse::<OutputTemplate>().is_err());
        assert!("zip".parse::<OutputTemplate>().is_err());
        let folder: FolderTemplate = "out/{bin}/".parse().unwrap();
        assert_eq!(folder.render(&VALUES).unwrap(), "out/orders");
        for wrong in ["", "{bim}", "{bin"] {
            assert!(wrong.parse::<FolderTemplate>().is_err(), "{wrong}");
        }
    }
}
