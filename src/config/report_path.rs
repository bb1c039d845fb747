//! The path of the report.

use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};

use crate::paths::normalized;
use crate::text::deserialize_from_str;

/// The path of the file that the report of a run is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportPath(Utf8PathBuf);

impl ReportPath {
    /// The same file, with its path relative to `folder`.
    pub(crate) fn below(self, folder: &Utf8Path) -> Self {
        Self(normalized(&folder.join(self.0)))
    }

    pub(crate) fn into_path(self) -> Utf8PathBuf {
        self.0
    }
}

impl FromStr for ReportPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let why = match text {
            "" => "the path of the report is empty; name a file, such as `report.json`".to_owned(),
            "-" => "the report is written to a file; `--message-format json` writes it to \
                    standard output"
                .to_owned(),
            _ if text.ends_with(['/', std::path::MAIN_SEPARATOR]) => {
                format!("`{text}` is a folder; name a file, such as `{text}report.json`")
            }
            _ => return Ok(Self(text.into())),
        };
        Err(why)
    }
}
deserialize_from_str!(ReportPath);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_file() {
        let path: ReportPath = "out/../report.json".parse().unwrap();
        assert_eq!(
            path.below(Utf8Path::new("/shop")).into_path(),
            "/shop/report.json"
        );
        for text in ["", "-", "out/"] {
            assert!(text.parse::<ReportPath>().is_err(), "{text}");
        }
    }
}
