//! The tables for this tool in Cargo.toml.

use std::collections::BTreeMap;
use std::ops::Range;

use camino::Utf8Path;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::definition::Definition;
use super::layer_name::{LayerBin, LayerName};
use super::manifest::{ManifestFile, Owner, find};
use super::settings_table::PartialSettings;
use super::table::Visitor;
use super::value::{Given, Value};
use crate::error::Result;
use crate::text;

const REPORT_OF_THE_RUN: &str = "`report` is for a whole run; it belongs in the manifest at the \
                                 root of the workspace, in `[workspace.metadata.lambda-zip]` or \
                                 `[package.metadata.lambda-zip]`";
const REPORT_LABEL: &str = "not a key of this table";

/// `[package.metadata.lambda-zip]` with its binaries, or `[workspace.metadata.lambda-zip]`.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) settings: PartialSettings,
    /// The settings of single binaries, by name.
    pub(crate) bins: BTreeMap<String, PartialSettings>,
    /// The layers, by name.
    pub(crate) layers: BTreeMap<LayerName, LayerConfig>,
}

/// `[….metadata.lambda-zip.layer.NAME]`: a layer that `cargo lambda-zip layer` packages.
#[derive(Debug)]
pub(crate) struct LayerConfig {
    pub(crate) settings: PartialSettings,
    pub(crate) bins: Vec<LayerBin>,
}

impl ManifestFile {
    /// The owner's `metadata.lambda-zip`, paths in it relative to this manifest.
    ///
    /// `known_bins` are the binaries that the table may name.
    pub(crate) fn table(&self, owner: Owner, known_bins: &[&str]) -> Result<Table> {
        let document = self.parse()?;
        self.check_name(document.get_ref(), owner)?;
        match find(document.get_ref(), owner) {
            Some(found) => self.read_table(found, owner, known_bins),
            None => Ok(Table::default()),
        }
    }

    fn read_table(
        &self,
        value: &Spanned<DeValue<'_>>,
        owner: Owner,
        known_bins: &[&str],
    ) -> Result<Table> {
        let mut table = self.own_table(value)?;
        if owner == Owner::Workspace {
            let label = "not a key of the workspace's table";
            let message = "the table of a binary belongs in the manifest of its package, as \
                           `[package.metadata.lambda-zip.bin.NAME]`";
            self.refuse(&table, "bin", message, label)?;
            let message = "`name` is the name of one function; it belongs in \
                           `[package.metadata.lambda-zip]`, or in the table of a binary or layer";
            self.refuse(&table, "name", message, label)?;
        }
        let mut keys = vec!["layer"];
        let mut bins = BTreeMap::new();
        if owner == Owner::Package {
            keys.push("bin");
            for (name, value) in self.tables(table.remove("bin"), "bin", "binary")? {
                self.check_bin(name.get_ref(), name.span(), known_bins)?;
                if let DeValue::Table(table) = value.get_ref() {
                    self.refuse(table, "report", REPORT_OF_THE_RUN, REPORT_LABEL)?;
                }
                let settings = self.settings(&value, &[])?;
                bins.insert(name.into_inner().into_owned(), settings);
            }
        }
        let mut layers = BTreeMap::new();
        for (name, value) in self.tables(table.remove("layer"), "layer", "layer")? {
            let parsed: Result<LayerName, String> = name.get_ref().parse();
            let parsed = parsed
                .map_err(|message| self.error(name.span(), message, "not a name for a layer"))?;
            layers.insert(parsed, self.layer_config(value, known_bins)?);
        }
        let settings = self.settings(&Spanned::new(value.span(), DeValue::Table(table)), &keys)?;
        Ok(Table {
            settings,
            bins,
            layers,
        })
    }

    /// The tables below `key`, by name.
    fn tables<'t>(
        &self,
        tables: Option<Spanned<DeValue<'t>>>,
        key: &str,
        what: &str,
    ) -> Result<DeTable<'t>> {
        let Some(tables) = tables else {
            return Ok(DeTable::new());
        };
        let span = tables.span();
        if let DeValue::Table(tables) = tables.into_inner() {
            return Ok(tables);
        }
        let message = format!("`{key}` must be a table of tables, one for each {what}");
        Err(self.error(span, message, "not a table").into())
    }

    fn layer_config(
        &self,
        value: Spanned<DeValue<'_>>,
        known_bins: &[&str],
    ) -> Result<LayerConfig> {
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            let message = "the settings of a layer must be a table".to_owned();
            return Err(self.error(span, message, "not a table").into());
        };
        for key in ["kind", "skip"] {
            let message = format!("`{key}` is a key for binaries, not for layers");
            self.refuse(&table, key, &message, "remove it")?;
        }
        self.refuse(&table, "report", REPORT_OF_THE_RUN, REPORT_LABEL)?;
        let mut bins = Vec::new();
        if let Some(value) = table.remove("bins") {
            let deserializer = toml::de::ValueDeserializer::from(list_of_one(value));
            let spanned: Vec<Spanned<LayerBin>> =
                Deserialize::deserialize(deserializer).map_err(|error| self.toml_error(&error))?;
            for bin in spanned {
                self.check_bin(&bin.get_ref().bin, bin.span(), known_bins)?;
                bins.push(bin.into_inner());
            }
        }
        let table = Spanned::new(span, DeValue::Table(table));
        let settings = self.settings(&table, &["bins"])?;
        Ok(LayerConfig { settings, bins })
    }

    /// Refuses the key `report` in the package's table of a manifest that is not at the root of the
    /// workspace.
    pub(super) fn refuse_report(&self) -> Result<()> {
        let document = self.parse()?;
        let table = find(document.get_ref(), Owner::Package).and_then(|t| t.get_ref().as_table());
        table.map_or(Ok(()), |table| {
            self.refuse(table, "report", REPORT_OF_THE_RUN, REPORT_LABEL)
        })
    }

    /// Refuses a `key` in a table where it has no meaning.
    fn refuse(&self, table: &DeTable<'_>, key: &str, message: &str, label: &str) -> Result<()> {
        let Some((key, _)) = table.iter().find(|(found, _)| found.get_ref() == key) else {
            return Ok(());
        };
        Err(self.error(key.span(), message.to_owned(), label).into())
    }

    fn check_bin(&self, name: &str, span: Range<usize>, known: &[&str]) -> Result<()> {
        if known.contains(&name) {
            return Ok(());
        }
        let message = text::unknown("binary", name, known.iter().copied());
        Err(self
            .error(span, message, "no such binary or example")
            .into())
    }

    /// Reads the keys that every table may have; `more` are the other keys of this table, for
    /// suggestions.
    pub(super) fn settings(
        &self,
        value: &Spanned<DeValue<'_>>,
        more: &[&str],
    ) -> Result<PartialSettings> {
        if !value.get_ref().is_table() {
            let message = "the settings of a binary must be a table".to_owned();
            return Err(self.error(value.span(), message, "not a table").into());
        }
        let table = value.get_ref().as_table();
        let kind = table.and_then(|table| table.get("kind"));
        if let Some(kind) = kind.filter(|kind| kind.get_ref().as_str() == Some("skip")) {
            let message = "`skip` is not a kind; write `skip = true` instead".to_owned();
            return Err(self.error(kind.span(), message, "not a kind").into());
        }
        let mut unknown = None;
        let deserializer = toml::de::ValueDeserializer::from(with_lists(value));
        let mut settings: PartialSettings = serde_ignored::deserialize(deserializer, |path| {
            unknown.get_or_insert_with(|| path.to_string());
        })
        .map_err(|error| self.toml_error(&error))?;
        let key_span = |name: &str| {
            let key = table?.keys().find(|key| key.get_ref() == name)?;
            Some(key.span())
        };
        if let Some(name) = unknown {
            let known = PartialSettings::definitions();
            let known: Vec<String> = known.iter().filter_map(|d| d.key()).collect();
            let known = known.iter().map(String::as_str).chain(more.iter().copied());
            let message = text::unknown("key", &name, known);
            let span = key_span(&name).unwrap_or_else(|| value.span());
            return Err(self.error(span, message, "not a key of this table").into());
        }
        if settings.architectures.is_some() && settings.targets.is_some() {
            let message = "`architectures` and `targets` exclude each other".to_owned();
            let span = key_span("targets").unwrap_or_else(|| value.span());
            return Err(self.error(span, message, "remove one of them").into());
        }
        for key in ["architectures", "targets"] {
            let list = table.and_then(|table| table.get(key));
            if let Some(list) =
                list.filter(|l| l.get_ref().as_array().is_some_and(|a| a.is_empty()))
            {
                let message = format!("`{key}` is empty: there is nothing to build for");
                return Err(self.error(list.span(), message, "an empty list").into());
            }
        }
        settings.resolve_paths(self.path.parent().unwrap_or(Utf8Path::new("")));
        Ok(settings)
    }
}

/// The table with a list in each place where one is expected and a single value is.
fn with_lists<'t>(table: &Spanned<DeValue<'t>>) -> Spanned<DeValue<'t>> {
    let mut keys = ListKeys::default();
    PartialSettings::default().visit(&mut keys);
    let mut table = table.clone();
    if let DeValue::Table(entries) = table.get_mut() {
        for (key, value) in entries.iter_mut() {
            if keys.0.iter().any(|list| list == key.get_ref()) {
                *value = list_of_one(value.clone());
            }
        }
    }
    table
}

/// The value, or a list of it if it may be the element of a list.
fn list_of_one(value: Spanned<DeValue<'_>>) -> Spanned<DeValue<'_>> {
    match value.get_ref() {
        DeValue::String(_) | DeValue::Table(_) => {
            let span = value.span();
            Spanned::new(span, DeValue::Array(std::iter::once(value).collect()))
        }
        _ => value,
    }
}

/// The keys of lists.
#[derive(Default)]
struct ListKeys(Vec<String>);

impl Visitor for ListKeys {
    fn setting<V: Given>(&mut self, definition: &'static Definition, _: &mut V) {
        self.0.extend(definition.key().filter(|_| V::IS_LIST));
    }

    fn key<V: Value>(&mut self, _: &'static Definition, _: &mut V) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::value::Switch;
    use crate::error::Error;

    fn read(text: &str) -> Result<Table> {
        let file = ManifestFile {
            path: "shop/Cargo.toml".into(),
            text: text.to_owned(),
        };
        file.table(Owner::Package, &["orders", "refund"])
    }

    fn rendered(text: &str) -> String {
        match read(text) {
            Err(Error::Manifest(error)) => error.render(false),
            other => panic!("expected a manifest error, got {other:?}"),
        }
    }

    #[test]
    fn the_tables_of_a_package_are_read() {
        let table = read(
            "[package]\nname = 'x'\n[package.metadata.lambda-zip]\nruntime = 'provided.al2'\n\
             output = 'out/{bin}.zip'\n[package.metadata.lambda-zip.bin.orders]\nskip = true\n",
        )
        .unwrap();
        assert_eq!(table.settings.runtime, Some(crate::lambda::Runtime::Al2));
        assert_eq!(
            table.settings.output,
            Some("shop/out/{bin}.zip".parse().unwrap())
        );
        assert_eq!(table.bins["orders"].skip, Some(Switch(true)));
    }

    #[test]
    fn a_manifest_without_the_table_says_nothing() {
        let table = read("[package]\nname = 'x'\n[package.metadata.docs]\nall = true\n").unwrap();
        assert!(table.bins.is_empty());
        assert!(table.settings.runtime.is_none());
    }

    #[test]
    fn a_misspelt_key_gets_a_caret_and_the_closest_match() {
        let error = rendered("[package.metadata.lambda-zip]\nruntme = 'provided.al2'\n");
        assert!(
            error.contains("unknown key `runtme`; did you mean `runtime`?"),
            "{error}"
        );
        assert!(error.contains("shop/Cargo.toml:2:1"), "{error}");
        assert!(error.contains("^^^^^^"), "{error}");
    }

    #[test]
    fn a_wrong_value_gets_a_caret_and_the_closest_match() {
        let error =
            rendered("[package.metadata.lambda-zip]\narchitectures = ['x86_64', 'arm46']\n");
        assert!(
            error.contains("unknown architecture `arm46`; did you mean `arm64`?"),
            "{error}"
        );
        assert!(error.contains("shop/Cargo.toml:2:28"), "{error}");
        let error = rendered("[package.metadata.lambda-zip]\nlints = { zip-to-large = 'deny' }\n");
        assert!(error.contains("did you mean `zip-too-large`?"), "{error}");
        let error = rendered("[package.metadata.lambda-zip]\ncompression = 13\n");
        assert!(error.contains("unknown compression `13`"), "{error}");
    }

    #[test]
    fn an_unknown_binary_gets_a_caret_and_the_closest_match() {
        let error = rendered("[package.metadata.lambda-zip.bin.order]\nskip = true\n");
        assert!(
            error.contains("unknown binary `order`; did you mean `orders`?"),
            "{error}"
        );
        assert!(error.contains("shop/Cargo.toml:1:34"), "{error}");
    }

    #[test]
    fn a_kind_called_skip_is_answered_with_the_key() {
        let error = rendered("[package.metadata.lambda-zip]\nkind = 'skip'\n");
        assert!(error.contains("`skip = true`"), "{error}");
        assert!(error.contains("shop/Cargo.toml:2:8"), "{error}");
    }

    #[test]
    fn a_layer_has_no_keys_of_binaries() {
        for key in ["kind = 'function'", "skip = true"] {
            let error = rendered(&format!("[package.metadata.lambda-zip.layer.x]\n{key}\n"));
            assert!(error.contains("is a key for binaries"), "{error}");
        }
    }

    #[test]
    fn a_name_is_for_one_function_and_a_report_for_a_whole_run() {
        for (table, key) in [
            ("workspace.metadata.lambda-zip", "name = 'x'"),
            (
                "package.metadata.lambda-zip.bin.orders",
                "report = 'x.json'",
            ),
            ("package.metadata.lambda-zip.layer.x", "report = 'x.json'"),
        ] {
            let file = ManifestFile {
                path: "shop/Cargo.toml".into(),
                text: format!("[{table}]\n{key}\n"),
            };
            let tables = [Owner::Workspace, Owner::Package].map(|o| file.table(o, &["orders"]));
            let errors: Vec<Error> = tables.into_iter().filter_map(Result::err).collect();
            let [Error::Manifest(error)] = &errors[..] else {
                panic!("{table}: {errors:?}");
            };
            assert_eq!(error.span.start, format!("[{table}]\n").len());
        }
        let table = read("[package.metadata.lambda-zip]\nreport = 'x.json'\nname = 'a_1-b'\n");
        let settings = table.unwrap().settings;
        assert_eq!(settings.report, "shop/x.json".parse().ok());
        assert_eq!(settings.name, "a_1-b".parse().ok());
        let error = rendered("[package.metadata.lambda-zip]\nname = 'a.b'\n");
        assert!(error.contains("shop/Cargo.toml:2:8"), "{error}");
    }

    #[test]
    fn every_key_of_the_table_of_settings_is_read() {
        // A value that no key takes: the error is about the value, not about the key.
        for key in PartialSettings::definitions()
            .iter()
            .filter_map(|d| d.key())
        {
            let error = rendered(&format!("[package.metadata.lambda-zip]\n{key} = 1.5\n"));
            assert!(!error.contains("unknown key"), "{error}");
        }
    }

    #[test]
    fn a_single_value_is_a_list_of_one() {
        let table = read(
            "[package.metadata.lambda-zip]\narchitectures = 'arm64'\ninclude = 'a=b'\n\
             exclude = 'x'\nlayers = '1 MiB'\n[package.metadata.lambda-zip.bin.orders]\n\
             targets = 'x86_64-unknown-linux-gnu'\ninclude = { from = 'a', to = 'b' }\n\
             [package.metadata.lambda-zip.layer.x]\nbins = 'orders=bin/o'\n",
        )
        .unwrap();
        let settings = &table.settings;
        assert_eq!(settings.architectures.as_ref().unwrap().len(), 1);
        let lists = [
            settings.include.len(),
            settings.exclude.len(),
            settings.layers.len(),
        ];
        assert_eq!(lists, [1, 1, 1]);
        let orders = &table.bins["orders"];
        assert_eq!(
            (orders.targets.as_ref().unwrap().len(), orders.include.len()),
            (1, 1)
        );
        assert_eq!(table.layers.values().next().unwrap().bins.len(), 1);
        let error = rendered("[package.metadata.lambda-zip]\narchitectures = 'amr64'\n");
        assert!(error.contains("shop/Cargo.toml:2:17"), "{error}");
    }

    #[test]
    fn a_value_of_another_type_is_told_in_plain_words() {
        for (line, message) in [
            ("architectures = 64", "expected a list, found the number 64"),
            ("include = [3]", "`mode` and `symlinks`, found the number 3"),
            ("include = [{ form = 'x' }]", "did you mean `from`?"),
            ("include = [{ to = 'x' }]", "the key `from` is missing"),
            ("runtime = 3", "expected a string, found the number 3"),
            (
                "reproducible = 'yes'",
                "expected `true` or `false`, found the string",
            ),
            ("lints = ['x']", "expected a table, found a list"),
        ] {
            let error = rendered(&format!("[package.metadata.lambda-zip]\n{line}\n"));
            assert!(error.contains(message), "{error}");
            assert!(
                error.contains("shop/Cargo.toml:2:") && error.contains('^'),
                "{error}"
            );
        }
    }

    #[test]
    fn a_table_with_a_similar_name_is_refused() {
        for name in [
            "lambda_zip",
            "lambdazip",
            "lambda-zips",
            "cargo-lambda-zip",
            "LambdaZip",
        ] {
            let error = rendered(&format!("[package.metadata.{name}]\nruntime = 'x'\n"));
            assert!(error.contains("[package.metadata.lambda-zip]"), "{error}");
            assert!(error.contains("shop/Cargo.toml:1:19"), "{error}");
        }
        for name in ["lambda", "zip", "docs", "lambda-web"] {
            assert!(
                read(&format!("[package.metadata.{name}]\nx = 1\n")).is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn contradictions_and_empty_lists_are_refused() {
        let table = "[package.metadata.lambda-zip]\n";
        let both = "architectures = ['arm64']\ntargets = ['aarch64-unknown-linux-gnu']\n";
        assert!(rendered(&format!("{table}{both}")).contains("exclude each other"));
        assert!(rendered(&format!("{table}targets = []\n")).contains("`targets` is empty"));
        assert!(rendered("[package.metadata]\nlambda-zip = 3\n").contains("must be a table"));
    }
}
