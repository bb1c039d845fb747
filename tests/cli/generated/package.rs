//! A package of a generated workspace, with its dependencies.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::program::{Program, source};
use super::random::Random;
use super::workspace::{Files, Names};

#[derive(Clone)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) features: BTreeMap<String, Vec<String>>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) has_library: bool,
    pub(super) programs: Vec<Program>,
    has_default_run: bool,
    pub(super) skip: bool,
    pub(super) includes: Vec<String>,
    /// The files in its folder `data`.
    pub(super) data: BTreeMap<String, String>,
    /// What its build script copies to `gen/NAME.txt` and tells the compiler.
    pub(super) input: Option<u32>,
    /// Distinguishes one text of the library from another.
    pub(super) mark: u32,
}

#[derive(Clone)]
pub(super) struct Dependency {
    pub(super) on: String,
    table: &'static str,
    optional: bool,
    default_features: bool,
    pub(super) features: Vec<String>,
}

const TABLES: [&str; 7] = [
    "dependencies",
    "dependencies",
    "dependencies",
    "dependencies",
    "dev-dependencies",
    "target.'cfg(windows)'.dependencies",
    "target.'cfg(target_arch = \"aarch64\")'.dependencies",
];

impl Package {
    pub(super) fn random(random: &mut Random, name: &str, earlier: &[Self], names: Names) -> Self {
        let mut package = Self {
            name: name.to_owned(),
            features: BTreeMap::new(),
            dependencies: Vec::new(),
            has_library: random.one_in(3),
            programs: Vec::new(),
            has_default_run: random.one_in(4),
            skip: random.one_in(10),
            includes: if random.one_in(4) {
                vec!["data".to_owned()]
            } else {
                Vec::new()
            },
            data: BTreeMap::from([("a.txt".to_owned(), name.to_owned())]),
            input: random.one_in(3).then_some(1),
            mark: 1,
        };
        for other in random.some(earlier, 2) {
            package
                .dependencies
                .push(Dependency::random(random, &other));
        }
        let mut values = package.features_of_dependencies(random, earlier, true);
        for feature in random.some(&["f", "g"], 2) {
            let implied = random.some(&values, 3);
            package.features.insert(feature.to_owned(), implied);
            values.push(feature.to_owned());
        }
        if random.one_in(2) {
            let implied = random.some(&values, 2);
            package.features.insert("default".to_owned(), implied);
        }
        let mut required: Vec<String> = package.features.keys().cloned().collect();
        required.extend(package.features_of_dependencies(random, earlier, false));
        package.add_programs(random, &required, names);
        package
    }

    /// `dependency/feature` of those that have one; `dependency?/feature` only if `weak`.
    fn features_of_dependencies(
        &self,
        random: &mut Random,
        earlier: &[Self],
        weak: bool,
    ) -> Vec<String> {
        let mut features = Vec::new();
        for dependency in &self.dependencies {
            let other = earlier.iter().find(|p| p.name == dependency.on).unwrap();
            // The features of a package may not name a dependency of its tests.
            if dependency.table == "dev-dependencies" {
                continue;
            }
            let mark = if weak && dependency.optional && random.one_in(2) {
                "?"
            } else {
                ""
            };
            let all = other.features.keys();
            features.extend(all.map(|feature| format!("{}{mark}/{feature}", other.name)));
            if dependency.optional {
                features.push(dependency.on.clone());
            }
        }
        features
    }

    fn add_programs(&mut self, random: &mut Random, required: &[String], names: Names) {
        let own = |name: &str| match names {
            Names::Shared => name.to_owned(),
            Names::Unique => format!("{}-{name}", self.name),
        };
        let bins = [self.name.clone(), own("tool"), own("worker")];
        let examples = [own("tour"), own("demo")];
        let mut programs = Vec::new();
        for (names, is_example) in [(&bins[..], false), (&examples[..], true)] {
            let times = if is_example { 4 } else { 2 };
            for name in random.some(names, times) {
                programs.push(Program::random(
                    random, name, is_example, required, self.skip,
                ));
            }
        }
        self.programs = programs;
    }

    /// Its own features, with those that optional dependencies give.
    pub(super) fn all_features(&self) -> Vec<String> {
        let optional = self.dependencies.iter().filter(|d| d.optional);
        let implicit = optional.map(|dependency| dependency.on.clone());
        self.features.keys().cloned().chain(implicit).collect()
    }

    pub(super) fn files(&self) -> Files {
        let mut files = Files::new();
        files.insert("Cargo.toml".to_owned(), self.manifest());
        for program in &self.programs {
            files.insert(program.path(&self.name), source(program.mark));
        }
        if self.has_library || self.programs.is_empty() {
            files.insert("src/lib.rs".to_owned(), source(self.mark));
        }
        if let Some(input) = self.input {
            files.insert("build.rs".to_owned(), source(0));
            files.insert("in.txt".to_owned(), format!("{} {input}", self.name));
        }
        for (name, text) in &self.data {
            files.insert(format!("data/{name}"), text.clone());
        }
        files
    }

    fn manifest(&self) -> String {
        let mut text = format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
            self.name
        );
        let mut bins = self.programs.iter().filter(|p| !p.is_example);
        if let Some(bin) = bins.next().filter(|_| self.has_default_run) {
            writeln!(text, "default-run = \"{}\"", bin.name).unwrap();
        }
        text.push_str("[features]\n");
        for (feature, implied) in &self.features {
            writeln!(text, "{feature} = {implied:?}").unwrap();
        }
        for dependency in &self.dependencies {
            text.push_str(&dependency.table());
        }
        for program in &self.programs {
            text.push_str(&program.table(&self.name));
        }
        text.push_str("[package.metadata.lambda-zip]\n");
        if self.skip {
            text.push_str("skip = true\n");
        }
        if !self.includes.is_empty() {
            writeln!(text, "include = {:?}", self.includes).unwrap();
        }
        for program in &self.programs {
            text.push_str(&program.settings());
        }
        text
    }
}

impl Dependency {
    fn random(random: &mut Random, on: &Package) -> Self {
        let table = random.pick(&TABLES);
        let features: Vec<String> = on.features.keys().cloned().collect();
        Self {
            on: on.name.clone(),
            table,
            optional: table != "dev-dependencies" && random.one_in(4),
            default_features: !random.one_in(4),
            features: random.some(&features, 2),
        }
    }

    /// By its path, from the folder of the workspace's root or of a member.
    fn table(&self) -> String {
        format!(
            "[{}.{}]\npath = \"@{}\"\noptional = {}\ndefault-features = {}\nfeatures = {:?}\n",
            self.table, self.on, self.on, self.optional, self.default_features, self.features
        )
    }
}
