//! A choice of packages, binaries, features and targets, as Cargo and the tool take it.

use super::package::Package;
use super::random::Random;
use super::workspace::Workspace;

pub(super) const ARCHITECTURES: [(&str, &str); 2] = [
    ("x86_64", crate::support::cargo::X86_64),
    ("arm64", crate::support::cargo::AARCH64),
];

#[derive(Clone, Default)]
pub(super) struct Selection {
    /// Where the command runs, from the folder of the workspace.
    pub(super) folder: String,
    packages: Vec<String>,
    /// Names of binaries and of examples.
    named: [Vec<String>; 2],
    /// `--bins` and `--examples`.
    all: Vec<&'static str>,
    features: Vec<String>,
    feature_flags: Vec<&'static str>,
    profile: Vec<&'static str>,
    /// Of [`ARCHITECTURES`].
    targets: Vec<(&'static str, &'static str)>,
}

const NAME_FLAGS: [&str; 2] = ["--bin", "--example"];

impl Selection {
    pub(super) fn random(random: &mut Random, workspace: &Workspace) -> Self {
        let mut selection = Self {
            profile: random.pick(&[vec!["--profile", "dev"], vec!["--release"]]),
            ..Self::default()
        };
        selection.targets = match random.below(4) {
            0 => vec![ARCHITECTURES[1]],
            1 => ARCHITECTURES.to_vec(),
            _ => vec![ARCHITECTURES[0]],
        };
        if random.one_in(4) {
            let folders: Vec<String> = workspace.folders().collect();
            selection.folder = random.pick(&folders);
        }
        selection.choose_packages(random, workspace);
        selection.choose_programs(random, workspace);
        selection.choose_features(random, workspace);
        selection
    }

    fn choose_packages(&mut self, random: &mut Random, workspace: &Workspace) {
        let names: Vec<&str> = workspace.packages.iter().map(|p| p.name.as_str()).collect();
        let with = |flag: &str, names: Vec<&str>| -> Vec<String> {
            names
                .into_iter()
                .flat_map(|name| [flag.to_owned(), name.to_owned()])
                .collect()
        };
        self.packages = match random.below(5) {
            0 => with("-p", vec![random.pick(&names)]),
            1 => with("-p", random.some(&names, 2)),
            2 => {
                let exclude = with("--exclude", random.some(&names, 3));
                [vec!["--workspace".to_owned()], exclude].concat()
            }
            3 => vec!["--workspace".to_owned()],
            _ => Vec::new(),
        };
    }

    fn choose_programs(&mut self, random: &mut Random, workspace: &Workspace) {
        self.all = random.pick(&[
            vec![],
            vec![],
            vec![],
            vec!["--bins"],
            vec!["--examples"],
            vec!["--bins", "--examples"],
        ]);
        if !random.one_in(3) {
            return;
        }
        // Cargo refuses a name whose features are off, also of what is skipped.
        let mut skipped = Vec::new();
        let mut known = Vec::new();
        for package in &workspace.packages {
            for program in &package.programs {
                let is_skipped = package.skip || program.skip;
                let list = if is_skipped { &mut skipped } else { &mut known };
                list.push((program.is_example, program.name.clone()));
            }
        }
        known.retain(|program| !skipped.contains(program));
        for (is_example, name) in random.some(&known, 3) {
            let names = &mut self.named[usize::from(is_example)];
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }

    fn choose_features(&mut self, random: &mut Random, workspace: &Workspace) {
        self.feature_flags = random.pick(&[
            vec![],
            vec![],
            vec!["--all-features"],
            vec!["--no-default-features"],
        ]);
        if random.one_in(2) {
            return;
        }
        let package = random.pick(&workspace.packages);
        let features = package.all_features();
        for feature in random.some(&features, 2) {
            let is_plain = random.one_in(2);
            self.features.push(if is_plain {
                feature
            } else {
                format!("{}/{feature}", package.name)
            });
        }
    }

    /// The arguments of `cargo build`.
    pub(super) fn of_cargo(&self) -> Vec<String> {
        let targets = self
            .targets
            .iter()
            .flat_map(|(_, triple)| ["--target", triple]);
        self.arguments(&self.packages, targets)
    }

    /// The arguments of the tool.
    pub(super) fn of_the_tool(&self) -> Vec<String> {
        let architectures = self.targets.iter().flat_map(|(arch, _)| ["--arch", arch]);
        self.arguments(&self.packages, architectures)
    }

    /// The arguments of `cargo build` for `package` alone, whose binaries are named as others';
    /// `None` if none of its binaries are selected.
    pub(super) fn of_cargo_for(&self, package: &Package) -> Option<Vec<String>> {
        let has_program = |is_example: bool, name: &String| {
            let mut programs = package.programs.iter();
            programs.any(|program| program.is_example == is_example && program.name == *name)
        };
        let features = package.all_features();
        let has_feature = |name: &String| match name.split_once('/') {
            Some((owner, _)) => {
                owner == package.name || package.dependencies.iter().any(|d| d.on == owner)
            }
            None => features.contains(name),
        };
        let mut alone = self.clone();
        alone.features.retain(has_feature);
        alone.named[0].retain(|name| has_program(false, name));
        alone.named[1].retain(|name| has_program(true, name));
        let has_named = alone.named.iter().any(|names| !names.is_empty());
        let named_some = self.named.iter().any(|names| !names.is_empty());
        if named_some && !has_named && self.all.is_empty() {
            return None;
        }
        alone.packages = vec!["-p".to_owned(), package.name.clone()];
        Some(alone.of_cargo())
    }

    fn arguments<'a>(
        &'a self,
        packages: &'a [String],
        targets: impl Iterator<Item = &'a str>,
    ) -> Vec<String> {
        let mut words: Vec<&str> = packages.iter().map(String::as_str).collect();
        words.extend(&self.all);
        for (flag, names) in NAME_FLAGS.iter().zip(&self.named) {
            words.extend(names.iter().flat_map(|name| [*flag, name]));
        }
        words.extend(self.features.iter().flat_map(|feature| ["-F", feature]));
        words.extend(&self.feature_flags);
        words.extend(&self.profile);
        words.extend(targets);
        words.into_iter().map(str::to_owned).collect()
    }
}
