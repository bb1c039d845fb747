//! The settings of one binary or layer, merged from all sources.

use std::collections::BTreeSet;

use super::settings_table::{PartialSettings, Settings};
use crate::lambda::{Architecture, Target};
use crate::lint::Budget;

impl Settings {
    /// Merges `sources`; later ones have a higher precedence. The first are the defaults.
    pub(crate) fn merge(sources: &[&PartialSettings]) -> Self {
        let sources = sources.iter().map(|&source| source.clone().unify_targets());
        PartialSettings::merged(sources).into()
    }

    /// Merges `tables` and, above them, the sources `outside` of the manifests. It remembers the
    /// architectures of the tables.
    pub(crate) fn of(tables: &[&PartialSettings], outside: &[PartialSettings]) -> Self {
        let sources: Vec<&PartialSettings> = tables.iter().copied().chain(outside).collect();
        let targets = tables.iter().rev().find_map(|&table| {
            let PartialSettings {
                architectures,
                targets,
                ..
            } = table;
            let of_targets = |targets: &Vec<Target>| architectures_of(targets);
            targets.as_ref().map(of_targets).or(architectures.clone())
        });
        Self {
            architectures: targets.unwrap_or_default(),
            ..Self::merge(&sources)
        }
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
        match architectures_of(&self.targets)[..] {
            [architecture] => Some(architecture),
            _ => None,
        }
    }

    /// `true` if the tables of Cargo.toml, or all settings of this run, name several architectures.
    /// A run for one of them only makes packages of the same names.
    pub(crate) fn has_several_architectures(&self) -> bool {
        let configured: BTreeSet<_> = self.architectures.iter().collect();
        configured.len() > 1 || architectures_of(&self.targets).len() > 1
    }

    /// `true` if a build for one target gives the same with either settings.
    pub(crate) fn builds_like(&self, other: &Self) -> bool {
        let key = |s: &Self| {
            let cpus = s.cpus.clone();
            (s.runtime, s.builder, cpus, s.reproducible, s.debug_file)
        };
        key(self) == key(other)
    }
}

/// The architectures of `targets`, sorted and without repetition.
fn architectures_of(targets: &[Target]) -> Vec<Architecture> {
    let architectures = targets.iter().map(|target| target.architecture);
    let architectures: BTreeSet<Architecture> = architectures.collect();
    architectures.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Size;
    use crate::lambda::Kind;
    use crate::lambda::Runtime;
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
    fn architectures_are_told_apart_if_the_tables_or_the_run_have_several() {
        let source = |text: &str| toml::from_str::<PartialSettings>(text).unwrap();
        let both = source("architectures = ['arm64', 'x86_64']");
        let x86 = source("architectures = ['x86_64', 'x86_64']");
        let arm = source("targets = ['aarch64-unknown-linux-gnu']");
        let several = |tables: &[&PartialSettings], outside: &PartialSettings| {
            Settings::of(tables, std::slice::from_ref(outside)).has_several_architectures()
        };
        assert!(several(&[&both], &arm) && several(&[&x86, &both], &x86));
        assert!(several(&[&x86], &both) && several(&[], &both));
        assert!(!several(&[&both, &x86], &arm) && !several(&[&both, &arm], &x86));
        assert!(!several(&[&x86], &arm) && !several(&[], &arm));
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
