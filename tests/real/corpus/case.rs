//! One package of the corpus, and the proof that its verdict is right.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::emulated::Emulated;
use super::judged::Judged;
use super::readers::Reader;
use super::table::{Row, Section};
use super::zip::Zip;

pub(super) struct Case {
    name: &'static str,
    zip: Vec<u8>,
    layers: Vec<Vec<u8>>,
    /// Files of Lambda's own that the package needs, and where Lambda has them.
    mounts: Vec<(PathBuf, &'static str)>,
    lints: &'static [&'static str],
    words: Option<&'static str>,
    why_refused: Option<&'static str>,
    why_silent: Option<&'static str>,
}

impl Case {
    pub(super) fn new(name: &'static str, zip: &Zip) -> Self {
        Self::ready(name, zip.bytes())
    }

    pub(super) fn ready(name: &'static str, zip: Vec<u8>) -> Self {
        Self {
            name,
            zip,
            layers: Vec::new(),
            mounts: Vec::new(),
            lints: &[],
            words: None,
            why_refused: None,
            why_silent: None,
        }
    }

    pub(super) fn layer(mut self, zip: &Zip) -> Self {
        self.layers.push(zip.bytes());
        self
    }

    pub(super) fn mount(
        mut self,
        files: impl IntoIterator<Item = (PathBuf, &'static str)>,
    ) -> Self {
        self.mounts.extend(files);
        self
    }

    /// What `check` has to find in the function or in a layer, and nothing else. In the
    /// order of the alphabet.
    pub(super) fn finds(mut self, lints: &'static [&'static str]) -> Self {
        self.lints = lints;
        self
    }

    /// What a finding has to say.
    pub(super) fn says(mut self, words: &'static str) -> Self {
        self.words = Some(words);
        self
    }

    /// Why it is refused although it starts.
    pub(super) fn refused_since(mut self, why: &'static str) -> Self {
        self.why_refused = Some(why);
        self
    }

    /// Why nothing is said although readers differ.
    pub(super) fn silent_since(mut self, why: &'static str) -> Self {
        self.why_silent = Some(why);
        self
    }

    /// Gets all verdicts on it.
    fn try_out(&self) -> Verdicts {
        let folder = tempfile::tempdir().unwrap();
        let Written { zip, layers } = Written::new(&folder, self);
        let (dissent, is_unpacked) = dissent(&zip);
        Verdicts {
            emulated: if is_unpacked {
                Emulated::start(&zip, &layers, &self.mounts)
            } else {
                Emulated::CannotBeUnpacked
            },
            dissent,
            judged: Judged::function(&zip, &layers),
            layers: layers.iter().map(|layer| Judged::layer(layer)).collect(),
        }
    }

    /// What is wrong with the verdicts.
    fn objections(&self, verdicts: &Verdicts) -> Vec<&'static str> {
        let Verdicts {
            emulated,
            dissent,
            judged,
            ..
        } = verdicts;
        let starts = matches!(emulated, Emulated::Answers);
        let is_accepted = judged.is_accepted;
        let is_refused_for_a_reason = self.why_refused.is_some();
        let claims = [
            (starts || !is_accepted, "a defect is missed"),
            (
                is_accepted || !starts || !dissent.is_empty() || is_refused_for_a_reason,
                "a good package is refused",
            ),
            (
                dissent.is_empty() || !judged.findings.is_empty() || self.why_silent.is_some(),
                "readers differ, and nothing is said",
            ),
            (
                self.why_silent.is_none() || (!dissent.is_empty() && judged.findings.is_empty()),
                "it is not silent although readers differ",
            ),
            (
                !is_refused_for_a_reason || (starts && !is_accepted),
                "it is not refused although it starts",
            ),
            (
                verdicts.lints().iter().eq(self.lints),
                "other lints are expected",
            ),
            (
                self.words.is_none_or(|words| judged.says(words)),
                "no finding says what is wrong",
            ),
        ];
        let broken = claims.into_iter().filter(|(holds, _)| !holds);
        broken.map(|(_, objection)| objection).collect()
    }

    /// What the table has of it, and what is wrong with that.
    fn prove(&self) -> (Row, Vec<String>) {
        let verdicts = self.try_out();
        let mut notes = verdicts.notes();
        notes.extend(self.why_refused.map(str::to_owned));
        notes.extend(self.why_silent.map(str::to_owned));
        let row = Row::new([
            self.name.to_owned(),
            verdicts.emulated.to_string(),
            verdicts.judged.to_string(),
            notes.join("; "),
        ]);
        let wrong = self.objections(&verdicts).into_iter().map(|objection| {
            let Verdicts {
                emulated, judged, ..
            } = &verdicts;
            let notes = notes.join("; ");
            format!("{}: {objection}: {emulated}; {judged}; {notes}", self.name)
        });
        let wrong = wrong.collect();
        (row, wrong)
    }
}

/// What everybody says of a package.
struct Verdicts {
    emulated: Emulated,
    /// Who unpacks it otherwise than Lambda's stand-in, and how.
    dissent: Vec<String>,
    judged: Judged,
    /// Of each layer by itself.
    layers: Vec<Judged>,
}

impl Verdicts {
    fn lints(&self) -> BTreeSet<&str> {
        let layers = self.layers.iter().flat_map(Judged::lints);
        layers.chain(self.judged.lints()).collect()
    }

    fn notes(&self) -> Vec<String> {
        let layers = self.layers.iter().filter(|one| !one.findings.is_empty());
        let layers = layers.map(|layer| format!("a layer by itself is {layer}"));
        self.dissent.iter().cloned().chain(layers).collect()
    }
}

/// The zips of a case, as files.
struct Written {
    zip: PathBuf,
    layers: Vec<PathBuf>,
}

impl Written {
    fn new(folder: &TempDir, case: &Case) -> Self {
        let write = |name: String, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs_err::write(&path, bytes).unwrap();
            path
        };
        let layers = case.layers.iter().enumerate();
        Self {
            zip: write("function.zip".to_owned(), &case.zip),
            layers: layers
                .map(|(index, layer)| write(format!("layer-{index}.zip"), layer))
                .collect(),
        }
    }
}

/// What other readers make of a zip that is not what Lambda's stand-in does; and whether
/// that one unpacks it at all.
fn dissent(zip: &Path) -> (Vec<String>, bool) {
    let unpack = |reader: Reader| {
        let folder = tempfile::tempdir().unwrap();
        reader.unpack(zip, folder.path())
    };
    let lambdas = unpack(Reader::InfoZip);
    let dissent = Reader::OTHERS
        .into_iter()
        .filter_map(|reader| {
            let tree = unpack(reader);
            let how = match (&tree, &lambdas) {
                (None, Some(_)) => "refuses",
                (Some(_), None) => "unpacks it",
                (Some(other), Some(lambdas)) if other != lambdas => "finds other files",
                _ => return None,
            };
            Some(format!("{} {how}", reader.name()))
        })
        .collect();
    (dissent, lambdas.is_some())
}

/// Proves the verdicts on all cases of a section, and that the table has them.
pub(super) fn prove(section: Section, cases: impl IntoIterator<Item = Case>) {
    let (rows, wrong): (Vec<_>, Vec<_>) = cases.into_iter().map(|case| case.prove()).unzip();
    section.keep(&rows);
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
