//! The table of lints: name, default level, meaning, explanation.

use clap::ValueEnum;

use crate::text::named;

/// A named check. Findings of one level are shown in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Lint {
    ZipTooLarge,
    UnzippedTooLarge,
    TooManyLayers,
    TooManyExtensions,
    OverBudget,
    MissingBootstrap,
    MisplacedBootstrap,
    NotExecutable,
    NoUnixMode,
    WrongArchitecture,
    NotAnExecutable,
    CrlfScript,
    MissingInterpreter,
    GlibcTooNew,
    LibstdcxxTooNew,
    MissingLibrary,
    BrokenZip,
    EncryptedEntry,
    UnsupportedCompression,
    MisplacedExtension,
    UnsafePath,
    DuplicateEntry,
    TemplateMismatch,
    UnguaranteedLibrary,
    DeprecatedRuntime,
    DebugInfo,
    CpuAboveLambda,
    KindMismatch,
    NoRuntimeClient,
    UnusableHelper,
    NotReadable,
    DanglingSymlink,
    ExternalSymlink,
    CaseConflict,
    OddName,
    MissingFileType,
    DataDescriptor,
    ForeignBytes,
    HiddenEntry,
    SecretFile,
    StrayFile,
    MisplacedLayerContent,
    StaleZip,
}

/// The consequence of a finding for its package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Level {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported, and the package is rejected.
    Deny,
}

impl Level {
    /// The name in flags and manifests.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}
named!(Level, "lint level");

/// A row of the table.
struct Row {
    name: &'static str,
    level: Level,
    meaning: &'static str,
}

/// Deny for what Lambda would refuse or fail to start and for unsafe paths, warn for what deserves
/// a look, allow for what Lambda takes and common tools write.
const fn deny(name: &'static str, meaning: &'static str) -> Row {
    let level = Level::Deny;
    Row {
        name,
        level,
        meaning,
    }
}

const fn warn(name: &'static str, meaning: &'static str) -> Row {
    let level = Level::Warn;
    Row {
        name,
        level,
        meaning,
    }
}

const fn allow(name: &'static str, meaning: &'static str) -> Row {
    let level = Level::Allow;
    Row {
        name,
        level,
        meaning,
    }
}

/// The reference of lints: after its introduction, a section for each lint with its name as heading.
const REFERENCE: &str = include_str!("../../docs/lints.md");

impl Lint {
    /// True for the lints about the size of a zip or of its contents.
    pub(crate) fn is_of_size(self) -> bool {
        matches!(
            self,
            Self::ZipTooLarge | Self::UnzippedTooLarge | Self::OverBudget
        )
    }

    #[rustfmt::skip]
    const fn row(self) -> Row {
        match self {
            Self::ZipTooLarge => warn("zip-too-large", "50 MiB or more zipped: only an upload through S3 works"),
            Self::UnzippedTooLarge => deny("unzipped-too-large", "250 MiB or more unzipped, layers included"),
            Self::TooManyLayers => deny("too-many-layers", "more than five layers, or one of them twice"),
            Self::TooManyExtensions => deny("too-many-extensions", "more than ten extensions"),
            Self::OverBudget => deny("over-budget", "larger than `max-zip-size` or `max-unzipped-size`"),
            Self::MissingBootstrap => deny("missing-bootstrap", "no `bootstrap` for Lambda to start"),
            Self::MisplacedBootstrap => deny("misplaced-bootstrap", "a `bootstrap` in a folder or with a wrong name"),
            Self::NotExecutable => deny("not-executable", "a program that Lambda's user may not execute"),
            Self::NoUnixMode => deny("no-unix-mode", "a program without Unix permissions in the zip"),
            Self::WrongArchitecture => deny("wrong-architecture", "the executable is for another architecture"),
            Self::NotAnExecutable => deny("not-an-executable", "neither a 64-bit Linux executable nor a script"),
            Self::CrlfScript => deny("crlf-script", "a script with Windows line endings"),
            Self::MissingInterpreter => deny("missing-interpreter", "a dynamic loader or a script's interpreter that does not exist"),
            Self::GlibcTooNew => deny("glibc-too-new", "needs a newer glibc than the runtime's (2.34 on al2023, 2.26 on al2)"),
            Self::LibstdcxxTooNew => deny("libstdcxx-too-new", "needs a newer libstdc++ or libgcc_s than the runtime's (of GCC 14 on al2023, 7 on al2)"),
            Self::MissingLibrary => deny("missing-library", "needs a shared library that does not exist"),
            Self::BrokenZip => deny("broken-zip", "the zip contradicts itself, is damaged, cut off or empty"),
            Self::EncryptedEntry => deny("encrypted-entry", "an entry with a password"),
            Self::UnsupportedCompression => deny("unsupported-compression", "an entry that is neither stored nor deflated"),
            Self::MisplacedExtension => deny("misplaced-extension", "an extension whose path has backslashes"),
            Self::UnsafePath => deny("unsafe-path", "a name or a link that leads out of the package"),
            Self::DuplicateEntry => deny("duplicate-entry", "one path twice in the zip, or as a file and a folder"),
            Self::TemplateMismatch => deny("template-mismatch", "a zip that does not fit the function or layer of a template"),
            Self::UnguaranteedLibrary => warn("unguaranteed-library", "needs a library of the runtime that AWS does not guarantee"),
            Self::DeprecatedRuntime => warn("deprecated-runtime", "AWS has deprecated the runtime"),
            Self::DebugInfo => warn("debug-info", "1 MiB or more of debug information in a program that Lambda starts"),
            Self::CpuAboveLambda => warn("cpu-above-lambda", "compiled for a CPU with instructions that Lambda's may lack"),
            Self::KindMismatch => warn("kind-mismatch", "a function with the dependencies of an extension, or the reverse"),
            Self::NoRuntimeClient => warn("no-runtime-client", "a program that Lambda starts and that could not ask for events"),
            Self::UnusableHelper => warn("unusable-helper", "a program, library or script beside the bootstrap that Lambda could not run"),
            Self::NotReadable => warn("not-readable", "files that Lambda's user may not read"),
            Self::DanglingSymlink => warn("dangling-symlink", "a symbolic link that leads to no file"),
            Self::ExternalSymlink => warn("external-symlink", "a symbolic link into `/opt`, `/tmp` or `/var/task`"),
            Self::CaseConflict => warn("case-conflict", "names in the package that differ only in case or in the spelling of accents"),
            Self::OddName => warn("odd-name", "names that unzip tools read in different ways"),
            Self::MissingFileType => warn("missing-file-type", "an entry that does not say that it is a regular file"),
            Self::DataDescriptor => allow("data-descriptor", "an entry whose size stands after its data"),
            Self::ForeignBytes => warn("foreign-bytes", "bytes before or after the zip that do not belong to it"),
            Self::HiddenEntry => warn("hidden-entry", "an entry that the directory of the zip does not list"),
            Self::SecretFile => warn("secret-file", "private keys, credentials, `.env` and the like"),
            Self::StrayFile => warn("stray-file", "leftovers of tools: `.git`, `target`, files of editors and systems"),
            Self::MisplacedLayerContent => warn("misplaced-layer-content", "files in a layer where nothing searches for them"),
            Self::StaleZip => warn("stale-zip", "a zip of an earlier run whose binary no longer exists"),
        }
    }

    /// The name in flags, manifests and reports.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// The level unless the user sets another.
    #[must_use]
    pub(crate) fn default_level(self) -> Level {
        self.row().level
    }

    /// Its meaning in one line.
    #[must_use]
    pub(crate) fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// Lambda's reaction, its own message, the fix, and an example.
    #[must_use]
    pub(crate) fn explanation(self) -> &'static str {
        let sections = REFERENCE.split("\n## ");
        sections
            .filter_map(|section| section.split_once('\n'))
            .find(|(heading, _)| *heading == self.name())
            .map_or("", |(_, text)| text.trim())
    }
}
named!(Lint, "lint");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_reports_use_one_name_per_lint() {
        for lint in Lint::value_variants() {
            let name = lint.to_possible_value().unwrap();
            assert_eq!(name.get_name(), lint.name(), "{lint:?}");
        }
    }

    #[test]
    fn every_lint_is_explained_and_nothing_else() {
        for lint in Lint::value_variants() {
            let text = lint.explanation();
            assert!(
                text.contains("Lambda"),
                "{lint} says what Lambda does: {text}"
            );
            let (what, _) = text.split_once("Fix:").unwrap_or_default();
            let what = what.replace('\n', " ");
            let says = ["`", "says nothing", "is not documented"];
            assert!(
                says.iter().any(|words| what.contains(words)),
                "{lint} has Lambda's words, if there are any: {text}"
            );
            assert!(text.contains("Fix:"), "{lint} says how to fix it: {text}");
            assert!(text.contains("Example:"), "{lint} has an example: {text}");
        }
        let headings = REFERENCE.matches("\n## ").count();
        assert_eq!(headings, Lint::value_variants().len());
    }
}
