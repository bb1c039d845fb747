//! What the tool packages is what `cargo build` makes with the same arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use fs_err as fs;
use serde_json::Value;

use super::laid::{Laid, archives};
use super::random::Random;
use super::selection::{ARCHITECTURES, Selection};
use super::workspace::{Names, Workspace};
use crate::support::run::Outcome;
use crate::support::zip::Zip;

/// The package, the name and the architecture of a program.
type Key = (String, String, &'static str);

/// The bytes of programs.
type Programs = BTreeMap<Key, Vec<u8>>;

/// Compares `count` selections in the workspace of `seed`. Returns the number of zips.
pub(super) fn compare(seed: u32, count: usize) -> usize {
    let mut random = Random::new(seed);
    let workspace = Workspace::random(&mut random, Names::Shared);
    let laid = Laid::new(&workspace);
    (0..count)
        .map(|number| {
            let selection = Selection::random(&mut random, &workspace);
            Comparison {
                title: format!("seed {seed}, selection {number}"),
                workspace: &workspace,
                laid: &laid,
                selection: &selection,
                output: format!("out/{number}"),
            }
            .run()
        })
        .sum()
}

struct Comparison<'a> {
    title: String,
    workspace: &'a Workspace,
    laid: &'a Laid,
    selection: &'a Selection,
    /// The folder of the zips.
    output: String,
}

impl Comparison<'_> {
    fn run(&self) -> usize {
        let outcome = self.run_tool();
        let promise = |kept: bool, what: &str| {
            let Self {
                title,
                laid,
                selection,
                ..
            } = self;
            let (folder, args) = (&selection.folder, selection.of_cargo());
            assert!(
                kept,
                "{title}: {what}\nin `{folder}`: cargo build {args:?}\n{outcome}\n{}",
                laid.description()
            );
        };
        // Plain Cargo also runs the build scripts of packages that have nothing to package.
        let generated = self.generated_files();
        let expected = self.expected(&outcome);
        let written = self.laid.project.files(&self.output);
        let Some(expected) = expected.filter(|programs| !programs.is_empty()) else {
            promise(outcome.code != Some(0), "Cargo builds nothing to package");
            promise(written.is_empty(), "a failed run writes no zip");
            return 1;
        };
        promise(outcome.code == Some(0), "Cargo succeeds");
        let archives = archives(&outcome);
        promise(archives.len() == written.len(), "all zips are reported");
        let packaged: BTreeSet<_> = archives.values().map(key).collect();
        let built: BTreeSet<_> = expected.keys().cloned().collect();
        promise(
            packaged == built && archives.len() == built.len(),
            &format!("packaged: {packaged:?}\nbuilt: {built:?}"),
        );
        for (path, archive) in &archives {
            let zip = Zip::parse(&fs::read(path).unwrap());
            let key = key(archive);
            let data = &zip.entry(&self.entry(&key.0, &key.1)).data;
            promise(
                *data == expected[&key],
                &format!(
                    "{key:?} is {:?}\nCargo's is {:?}",
                    end(data),
                    end(&expected[&key])
                ),
            );
            for included in zip
                .names()
                .into_iter()
                .filter(|name| name.starts_with("gen/"))
            {
                let file = &generated[included];
                promise(
                    zip.entry(included).data == *file,
                    &format!("{included} in {key:?}"),
                );
            }
        }
        archives.len()
    }

    /// The files that build scripts have made, by their names in zips.
    fn generated_files(&self) -> BTreeMap<String, Vec<u8>> {
        let project = &self.laid.project;
        let names = project.files("gen").into_iter();
        let paths = names.map(|name| format!("gen/{name}"));
        paths
            .map(|path| (path.clone(), project.read(&path)))
            .collect()
    }

    fn run_tool(&self) -> Outcome {
        let project = &self.laid.project;
        let output = project
            .path(&self.output)
            .join("{package}-{bin}-{arch}.zip");
        let mut args = self.selection.of_the_tool();
        args.extend(["--message-format", "json", "-o"].map(str::to_owned));
        args.push(output.to_str().unwrap().to_owned());
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        project.command(&args).from(&self.selection.folder).run()
    }

    /// The path in its zip of the program called `name`.
    fn entry(&self, package: &str, name: &str) -> String {
        let mut programs = self.workspace.package(package).programs.iter();
        programs
            .find(|program| program.name == name)
            .unwrap()
            .entry()
    }

    /// What is to be packaged; `None` if Cargo fails.
    fn expected(&self, outcome: &Outcome) -> Option<Programs> {
        let alone = self.built_alone(outcome);
        let mut expected = self.build(&self.selection.of_cargo())?;
        expected.retain(|(package, ..), _| !alone.contains(package));
        for name in alone {
            let package = self.workspace.package(&name);
            if let Some(arguments) = self.selection.of_cargo_for(package) {
                expected.extend(self.build(&arguments)?);
            }
        }
        expected.retain(|(package, name, _), _| {
            let package = self.workspace.package(package);
            let mut programs = package.programs.iter();
            !package.skip && programs.any(|program| program.name == *name && !program.skip)
        });
        Some(expected)
    }

    /// The packages that the tool builds one after the other, as it says. Each has a binary that is
    /// named as one of another package.
    fn built_alone(&self, outcome: &Outcome) -> Vec<String> {
        let said = outcome.stderr.lines().find_map(|line| {
            let (_, rest) = line.split_once("the packages ")?;
            let (packages, _) = rest.split_once(" have binaries with the same name")?;
            Some(packages)
        });
        let packages: Vec<String> = said
            .map(|packages| {
                packages
                    .split(", ")
                    .map(|p| p.trim_matches('`').to_owned())
                    .collect()
            })
            .unwrap_or_default();
        for package in &packages {
            let own = &self.workspace.package(package).programs;
            let others = packages.iter().filter(|other| *other != package);
            let mut others = others.flat_map(|other| &self.workspace.package(other).programs);
            let is_shared = others.any(|other| {
                own.iter()
                    .any(|p| p.name == other.name && p.is_example == other.is_example)
            });
            assert!(
                is_shared,
                "{}: {package} has names of its own\n{outcome}",
                self.title
            );
        }
        packages
    }

    /// The programs that `cargo build` reports; `None` if it fails.
    fn build(&self, args: &[String]) -> Option<Programs> {
        let project = &self.laid.project;
        let mut cargo = Command::new("cargo");
        project.stage().dress(&mut cargo);
        let output = cargo
            .args(["build", "--message-format", "json", "--target-dir"])
            .arg(project.path("../cargo-target"))
            .args(args)
            .current_dir(project.path(&self.selection.folder))
            .output()
            .unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        let messages = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let programs = messages.filter_map(|message| self.program(&message));
        output.status.success().then(|| programs.collect())
    }

    /// The program that a message of Cargo's reports.
    fn program(&self, message: &Value) -> Option<(Key, Vec<u8>)> {
        let executable = message["executable"].as_str()?;
        let manifest = message["manifest_path"].as_str().unwrap();
        let mut packages = self.workspace.packages.iter();
        let package = packages.find(|package| {
            let folder = self.laid.project.path(&self.workspace.folder(package));
            *manifest == *folder.join("Cargo.toml")
        })?;
        let name = message["target"]["name"].as_str().unwrap();
        let (arch, _) = ARCHITECTURES
            .into_iter()
            .find(|(_, triple)| executable.contains(&format!("/{triple}/")))?;
        let key = (package.name.clone(), name.to_owned(), arch);
        Some((key, fs::read(executable).unwrap()))
    }
}

fn key(archive: &Value) -> Key {
    let text = |key: &str| archive[key].as_str().unwrap().to_owned();
    let architecture = text("architecture");
    let mut known = ARCHITECTURES.into_iter();
    let (arch, _) = known.find(|(arch, _)| *arch == architecture).unwrap();
    (text("package"), text("bin"), arch)
}

/// What the stand-in compiler says of a program.
fn end(program: &[u8]) -> String {
    let text = String::from_utf8_lossy(program);
    text.rsplit('\0').next().unwrap_or_default().to_owned()
}
