//! A binary of the workspace, and how it is built.

use crate::cargo::Candidate;
use crate::cargo::builders::{Driver, ExtraFlags};
use crate::config::Settings;
use crate::error::Result;
use crate::lambda::{Libc, Target};

/// A binary with its settings and its builder.
pub(crate) struct BinaryPlan<'a> {
    pub(crate) candidate: Candidate<'a>,
    pub(crate) settings: Settings,
    pub(crate) driver: Driver,
}

impl BinaryPlan<'_> {
    /// Whether it is to be packaged. Cargo may leave it out, if features that it requires are off.
    pub(super) fn is_wanted(&self) -> bool {
        !self.settings.skip
    }

    /// The targets as its builder takes them. With zigbuild they name the glibc of the runtime, so
    /// that the program starts there.
    fn build_targets(&self) -> impl Iterator<Item = Target> {
        let chooses_glibc = matches!(self.driver, Driver::Zigbuild(_));
        let glibc = self.settings.runtime.facts().glibc;
        self.settings.targets.iter().map(move |&target| Target {
            glibc: target
                .glibc
                .or((chooses_glibc && target.libc == Libc::Gnu).then_some(glibc)),
            ..target
        })
    }

    /// The CPU that rustc compiles for, if the settings name one.
    pub(super) fn rustc_cpu(&self, target: Target) -> Option<&str> {
        let cpu = self.settings.cpus.get(target.architecture)?;
        cpu.rustc_name(target.architecture)
    }

    /// The CPUs of its targets that rustc is given by files of arguments.
    pub(super) fn cpus_in_files(&self) -> impl Iterator<Item = &str> {
        let takes_files = matches!(self.driver, Driver::Zigbuild(_));
        let targets = self.settings.targets.iter().filter(move |_| takes_files);
        targets.filter_map(|target| self.rustc_cpu(*target))
    }

    /// The runs of its builder. All targets are one run, unless the builder takes one target at a
    /// time or the flags differ.
    pub(super) fn runs(
        &self,
        extra_flags: &dyn Fn(&Self, Target) -> Result<ExtraFlags>,
    ) -> Result<Vec<(Vec<Target>, ExtraFlags)>> {
        let mut runs: Vec<(Vec<Target>, ExtraFlags)> = Vec::new();
        for target in self.build_targets() {
            let flags = extra_flags(self, target)?;
            match runs.iter_mut().find(|(_, others)| *others == flags) {
                Some((targets, _)) if !self.driver.takes_one_target() => targets.push(target),
                _ => runs.push((vec![target], flags)),
            }
        }
        Ok(runs)
    }
}
