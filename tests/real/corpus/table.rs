//! The table of verdicts, `tests/verdicts.md`, of which every test of the corpus keeps
//! its own section.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::parts::repository;

/// Set to `write` to have the table rewritten, and not compared.
const REWRITE: &str = "CORPUS";

const HEAD: &str = "\
# Verdicts

What `cargo lambda-zip check` says of packages that each have one defect or one legal
oddity, beside what Lambda does with them: whether they answer under AWS's Runtime
Interface Emulator, in a bare root, run by a user who owns nothing. The notes tell who
unpacks a package otherwise than Info-ZIP's `unzip`, which stands for Lambda. Whether
Lambda takes a package at all is LocalStack's answer, whose words are recorded from AWS.

The table is made by the tests in `tests/real/corpus`, and they fail where it differs
from what they see.
";

/// In the order of the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Format,
    Methods,
    Broken,
    Modes,
    Names,
    Links,
    Programs,
    Scripts,
    Libraries,
    Layers,
    Peers,
    Limits,
    Architectures,
    Hostile,
}

impl Section {
    const ALL: [Self; 14] = [
        Self::Format,
        Self::Methods,
        Self::Broken,
        Self::Modes,
        Self::Names,
        Self::Links,
        Self::Programs,
        Self::Scripts,
        Self::Libraries,
        Self::Layers,
        Self::Peers,
        Self::Limits,
        Self::Architectures,
        Self::Hostile,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Format => "The format",
            Self::Methods => "Compression and encryption",
            Self::Broken => "Broken zips",
            Self::Modes => "Permissions",
            Self::Names => "Names",
            Self::Links => "Links",
            Self::Programs => "Programs",
            Self::Scripts => "Scripts",
            Self::Libraries => "Loaders and libraries",
            Self::Layers => "Layers and extensions",
            Self::Peers => "Packages made by others",
            Self::Limits => "Limits",
            Self::Architectures => "Architectures",
            Self::Hostile => "Hostile zips",
        }
    }

    /// The head of its table.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Limits => &["Package", "LocalStack", "`check`", "Notes"],
            Self::Architectures => &["Architecture", "LocalStack", "`check`"],
            Self::Hostile => &["Zip", "`check`"],
            _ => &["Zip", "Lambda's emulator", "`check`", "Notes"],
        }
    }

    /// Sees to it that the table has `rows` in this section.
    pub(super) fn keep(self, rows: &[Row]) {
        // Other sections are kept at the same time.
        static TABLE: Mutex<()> = Mutex::new(());
        let _guard = TABLE.lock().unwrap();

        let mut sections = read();
        let text = self.render(rows);
        if env::var_os(REWRITE).is_some_and(|value| value == "write") {
            sections.insert(self, text);
            write(&sections);
        } else {
            let path = path();
            assert!(
                sections.get(&self) == Some(&text),
                "{} is stale; with {REWRITE}=write it will say:\n{text}",
                path.display()
            );
        }
    }

    fn render(self, rows: &[Row]) -> String {
        let columns = self.columns();
        let mut text = format!(
            "| {} |\n|{}\n",
            columns.join(" | "),
            "---|".repeat(columns.len())
        );
        for Row(cells) in rows {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            writeln!(text, "| {} |", cells.join(" | ")).unwrap();
        }
        text
    }
}

/// The verdicts on one package.
pub(super) struct Row(Vec<String>);

impl Row {
    pub(super) fn new(cells: impl IntoIterator<Item = String>) -> Self {
        Self(cells.into_iter().collect())
    }
}

fn path() -> PathBuf {
    repository().join("tests/verdicts.md")
}

/// What the table has, by section; of a table that is no more, nothing.
fn read() -> BTreeMap<Section, String> {
    let text = fs_err::read_to_string(path()).unwrap_or_default();
    let mut sections = BTreeMap::new();
    for part in text.split("\n## ").skip(1) {
        let (title, body) = part.split_once("\n\n").unwrap();
        let mut known = Section::ALL.into_iter();
        let section = known.find(|section| section.title() == title);
        let section = section.unwrap_or_else(|| panic!("nobody keeps the section `{title}`"));
        sections.insert(section, body.to_owned());
    }
    sections
}

fn write(sections: &BTreeMap<Section, String>) {
    let mut text = HEAD.to_owned();
    for (section, body) in sections {
        write!(text, "\n## {}\n\n{body}", section.title()).unwrap();
    }
    fs_err::write(path(), text).unwrap();
}
