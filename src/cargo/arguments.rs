//! The command line of Cargo that the user's options stand for.

use std::ffi::{OsStr, OsString};

use super::candidate::is_example;
use super::options::{
    CompilationOptions, FeatureOptions, LAMBDA_PROFILE, ManifestOptions, OutputOptions,
    PackageOptions, TargetOptions,
};

impl FeatureOptions {
    /// The features, one by one; users separate them by spaces or commas.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.features
            .iter()
            .flat_map(|list| list.split([',', ' ']))
            .filter(|name| !name.is_empty())
    }

    /// The options as the user gave them.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        self.arguments_with(&self.features)
    }

    /// The options with `features` in place of the named ones.
    pub(crate) fn arguments_with<F: AsRef<OsStr>>(&self, features: &[F]) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--features", features);
        arguments.flag("--all-features", self.all_features);
        arguments.flag("--no-default-features", self.no_default_features);
        arguments.0
    }
}

impl PackageOptions {
    /// The options as the user gave them.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--package", &self.package);
        arguments.flag("--workspace", self.workspace);
        arguments.each("--exclude", &self.exclude);
        arguments.0
    }
}

impl TargetOptions {
    /// True for `--bins`, and without any choice: a library has nothing to package, and must not
    /// stop the build if it does not compile for Linux.
    pub(crate) fn wants_all_bins(&self) -> bool {
        self.bins || (self.bin.is_empty() && self.example.is_empty() && !self.examples)
    }

    /// True if the user asked for any example.
    pub(crate) fn wants_examples(&self) -> bool {
        self.examples || !self.example.is_empty()
    }

    /// True if the user names this binary or example, and not by a pattern or beside all others.
    pub(crate) fn names(&self, target: &cargo_metadata::Target) -> bool {
        let (all, names) = if is_example(target) {
            (self.examples, &self.example)
        } else {
            (self.bins, &self.bin)
        };
        !all && names.contains(&target.name)
    }

    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--bin", &self.bin);
        arguments.flag("--bins", self.wants_all_bins());
        arguments.each("--example", &self.example);
        arguments.flag("--examples", self.examples);
        arguments.0
    }
}

impl ManifestOptions {
    /// The options that every Cargo command takes.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--manifest-path", &self.manifest_path);
        arguments.0.extend(self.arguments_without_path());
        arguments.0
    }

    /// The same for a Cargo that runs in the root folder of the workspace.
    pub(crate) fn arguments_without_path(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.flag("--locked", self.locked);
        arguments.flag("--offline", self.offline);
        arguments.flag("--frozen", self.frozen);
        arguments.0
    }

    /// True if Cargo must not use the network.
    pub(crate) fn is_offline(&self) -> bool {
        self.offline || self.frozen
    }
}

impl CompilationOptions {
    /// The name of the profile.
    pub(crate) fn profile(&self) -> &str {
        match &self.profile {
            Some(profile) => profile,
            None if self.release => "release",
            None => LAMBDA_PROFILE,
        }
    }

    /// `--config` and `-Z`, which every Cargo command takes.
    pub(crate) fn settings(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--config", &self.config);
        arguments.each("-Z", &self.unstable);
        arguments.0
    }

    /// The options that only `cargo build` takes.
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        arguments.each("--profile", Some(self.profile()));
        arguments.each("--jobs", &self.jobs);
        arguments.flag("--keep-going", self.keep_going);
        match self.timings.as_deref() {
            None => {}
            Some("") => arguments.flag("--timings", true),
            Some(formats) => arguments.0.push(format!("--timings={formats}").into()),
        }
        arguments.flag("--ignore-rust-version", self.ignore_rust_version);
        arguments.0
    }
}

impl OutputOptions {
    pub(crate) fn arguments(&self) -> Vec<OsString> {
        let mut arguments = Arguments::default();
        // The first -v shows the decisions and commands of this tool, and those of Cargo.
        match self.verbose {
            0 => {}
            1 => arguments.flag("--verbose", true),
            _ => arguments.flag("-vv", true),
        }
        arguments.flag("--quiet", self.quiet);
        arguments.each("--color", self.color.map(|when| when.to_string()));
        arguments.0
    }
}

/// A list of arguments that grows.
#[derive(Default)]
struct Arguments(Vec<OsString>);

impl Arguments {
    fn flag(&mut self, flag: &str, given: bool) {
        if given {
            self.0.push(flag.into());
        }
    }

    fn each<V: AsRef<OsStr>>(&mut self, flag: &str, values: impl IntoIterator<Item = V>) {
        for value in values {
            self.0.push(flag.into());
            self.0.push(value.as_ref().into());
        }
    }
}
