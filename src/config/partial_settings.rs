//! The settings of one source.

use camino::Utf8Path;

use super::definition::Definition;
use super::output_template::{FolderTemplate, OutputTemplate};
use super::settings_table::PartialSettings;
use super::table::Visitor;
use super::value::{Given, Value};
use crate::lambda::Target;

impl PartialSettings {
    /// The part of a table's settings that holds for the layers in it, too: how to build, pack and
    /// check, but not the contents and the places of a function's package.
    pub(crate) fn for_layers(&self) -> Self {
        Self {
            include: Vec::new(),
            exclude: Vec::new(),
            layers: Vec::new(),
            output: None,
            folder: None,
            kind: None,
            name: None,
            skip: None,
            ..self.clone()
        }
    }

    /// The part of what the environment or the command line says of functions that holds for the
    /// layers that they take by name, too: a place only if the name of the package is in it.
    pub(crate) fn for_taken_layers(&self) -> Self {
        Self {
            output: (self.output.clone()).filter(OutputTemplate::names_package),
            folder: (self.folder.clone()).filter(FolderTemplate::names_package),
            ..self.for_layers()
        }
    }

    /// True if it says what to build for.
    pub(crate) fn names_targets(&self) -> bool {
        self.architectures.is_some() || self.targets.is_some()
    }

    /// Makes all paths absolute, which are relative to `folder`.
    pub(crate) fn resolve_paths(&mut self, folder: &Utf8Path) {
        self.visit(&mut ResolvePaths(folder));
    }

    /// Turns architectures into targets, sorted and without repetition, so that a later source
    /// replaces both by either.
    pub(crate) fn unify_targets(mut self) -> Self {
        let architectures = self.architectures.take();
        let by_architecture = || Some(architectures?.into_iter().map(Target::from).collect());
        self.targets = self.targets.or_else(by_architecture).map(sorted);
        self
    }
}

struct ResolvePaths<'a>(&'a Utf8Path);

impl Visitor for ResolvePaths<'_> {
    fn setting<V: Given>(&mut self, _: &'static Definition, value: &mut V) {
        value.resolve_paths(self.0);
    }

    fn key<V: Value>(&mut self, _: &'static Definition, value: &mut V) {
        value.resolve_paths(self.0);
    }
}

fn sorted(mut targets: Vec<Target>) -> Vec<Target> {
    targets.sort_unstable();
    targets.dedup();
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::Architecture;

    #[test]
    fn architectures_become_sorted_targets() {
        let source: PartialSettings =
            toml::from_str("architectures = ['arm64', 'x86_64', 'arm64']").unwrap();
        let targets = [Architecture::X86_64, Architecture::Arm64].map(Target::from);
        let source = source.unify_targets();
        assert_eq!(source.targets, Some(targets.to_vec()));
        assert_eq!(source.architectures, None);
    }

    #[test]
    fn paths_are_relative_to_the_folder() {
        let mut settings: PartialSettings =
            toml::from_str("output = 'a/{bin}.zip'\nfolder = 'b'\nlayers = ['c.zip', '1 MiB']")
                .unwrap();
        settings.resolve_paths(Utf8Path::new("/shop"));
        assert_eq!(settings.output, "/shop/a/{bin}.zip".parse().ok());
        assert_eq!(settings.folder, "/shop/b".parse().ok());
        let layers = ["/shop/c.zip", "1 MiB"].map(|layer| layer.parse().unwrap());
        assert_eq!(settings.layers, layers);
    }

    #[test]
    fn a_layer_does_not_take_over_what_is_in_a_functions_package() {
        let table: PartialSettings = toml::from_str(
            "runtime = 'provided.al2'\ninclude = ['a']\nexclude = ['b']\nlayers = ['1 MiB']\n\
             output = 'x.zip'\nfolder = 'x'\nkind = 'extension'\nskip = true\n\
             name = 'x'\n",
        )
        .unwrap();
        let only_runtime: PartialSettings = toml::from_str("runtime = 'provided.al2'").unwrap();
        let expected = format!("{only_runtime:?}");
        assert_eq!(format!("{:?}", table.for_layers()), expected);
    }
}
