//! The settings of one binary or layer, merged from all sources.

use std::collections::BTreeSet;

use super::settings_table::{PartialSettings, Settings};
use crate::lambda::Architecture;
use crate::lint::Budget;

impl Settings {
    /// Merges `sources`; later ones have a higher precedence. The first are the defaults.
    pub(crate) fn merge(sources: &[&PartialSettings]) -> Self {
        merge(sources).into()
    }

    /// The settings of a binary that is neither built nor packaged.
    pub(crate) fn skipped() -> Self {
        Self {
            skip: true,
            ..Self::merge(&[])
        }
    }

    /// The sizes that a package may have.
    pub(crate) fn budget(&self) -> Budget {
        Budget {
            zipped: self.max_zip_size,
            unzipped: self.max_unzipped_size,
        }
    }

    /// The architecture of a function, if the settings name exactly one.
    pub(crate) fn only_architecture(&self) -> Option<Architecture> {
        let architectures = self.targets.iter().map(|target| target.architecture);
        let architectures: BTreeSet<_> = architectures.collect();
        let mut architectures = architectures.into_iter();
        architectures
            .next()
            .filter(|_| architectures.next().is_none())
    }

    /// `true` if a build for one target gives the same with either settings.
    pub(crate) fn builds_like(&self, other: &Self) -> bool {
        let key = |s: &Self| (s.runtime, s.builder, s.cpus.clone(), s.reproducible);
        key(self) == key(other)
    }
}

/// Merges `sources`; later ones have a higher precedence.
pub(crate) fn merge(sources: &[&PartialSettings]) -> PartialSettings {
    let sources = sources.iter().map(|&source| source.clone().unify_targets());
    PartialSettings::merged(sources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Size;
    use crate::lambda::Kind;
    use crate::lambda::{Runtime, Target};
    use crate::lint::{Level, Lint};

    fn merge(sources: &[&str]) -> Settings {
        let sources: Vec<PartialSettings> = sources
            .iter()
            .map(|source| toml::from_str(source).unwrap())
            .collect();
        Settings::merge(&sources.iter().collect::<Vec<_>>())
    }

    #[test]
    fn without_any_source_the_defaults_hold() {
        let settings = merge(&[]);
        assert_eq!(settings.targets, []);
        assert_eq!(settings.runtime, Runtime::Al2023);
        assert_eq!(settings.kind, Kind::Function);
        assert!(!settings.skip && !settings.reproducible);
    }

    #[test]
    fn each_key_is_taken_from_the_last_source_that_has_it() {
        let settings = merge(&[
            "runtime = 'provided.al2'\narchitectures = ['arm64']\nmax-zip-size = '1 MiB'",
            "architectures = ['x86_64', 'arm64', 'x86_64']\nskip = true",
            "skip = false",
        ]);
        assert_eq!(settings.runtime, Runtime::Al2);
        assert_eq!(
            settings.targets,
            [Architecture::X86_64, Architecture::Arm64].map(Target::from)
        );
        assert_eq!(settings.budget().zipped, Some(Size(1024 * 1024)));
        assert!(!settings.skip);
    }

    #[test]
    fn targets_and_architectures_replace_each_other() {
        let gnu = "targets = ['x86_64-unknown-linux-gnu']";
        let arm = "architectures = ['arm64']";
        assert_eq!(merge(&[gnu, arm]).targets, [Architecture::Arm64.into()]);
        let targets = merge(&[arm, gnu]).targets;
        assert_eq!(targets, ["x86_64-unknown-linux-gnu".parse().unwrap()]);
    }

    #[test]
    fn lint_levels_of_all_sources_add_up() {
        let policy = merge(&[
            "lints = { debug-info = 'deny', zip-too-large = 'deny' }",
            "lints = { debug-info = 'allow' }",
        ])
        .policy;
        assert_eq!(policy.level(Lint::DebugInfo), Level::Allow);
        assert_eq!(policy.level(Lint::ZipTooLarge), Level::Deny);
    }
}
