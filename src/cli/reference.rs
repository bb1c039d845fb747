//! The reference of settings in docs/configuration.md, which has to match the table.

use std::path::Path;

use fs_err as fs;

use super::run_options::PartialRunOptions;
use crate::config::PartialSettings;
use crate::config::definition::{Command, Definition};
use crate::config::table::Visitor;
use crate::config::value::{Given, Rule, Takes, Value};

const BEGIN: &str = "<!-- settings:begin -->\n";
const END: &str = "<!-- settings:end -->";

/// Rows of the table.
struct Rows(String);

impl Visitor for Rows {
    fn setting<V: Given>(&mut self, definition: &'static Definition, _: &mut V) {
        self.row(definition, V::RULE, V::TAKES == Takes::Nothing);
    }

    fn key<V: Value>(&mut self, definition: &'static Definition, _: &mut V) {
        self.row(definition, V::RULE, false);
    }
}

impl Rows {
    fn row(&mut self, definition: &Definition, rule: Rule, is_switch: bool) {
        let code = |text: &str| format!("`{text}`");
        let flag = definition.flag.as_ref().map_or_else(String::new, |flag| {
            let short = flag.short.map(|short| format!("`-{short}`, "));
            let long = code(format!("--{} {}", flag.long, flag.value).trim_end());
            let commands: Vec<&str> = flag.commands.iter().map(|c| name(*c)).collect();
            let of = match flag.commands.len() {
                1 if flag.commands != [Command::Build] => format!(" of {}", commands.join(", ")),
                _ => String::new(),
            };
            format!("{}{long}{of}", short.unwrap_or_default())
        });
        let flag = if definition.id == "lints" {
            "`-A`, `-W`, `-D LINT`".to_owned()
        } else {
            flag
        };
        let (short, ..) = definition
            .help
            .text
            .split_once("\n\n")
            .unwrap_or((definition.help.text, ""));
        let short = short.trim_end_matches(" (repeatable)");
        let mut meaning = format!("{short}.");
        if is_switch && definition.is_key {
            meaning.insert_str(0, "`true`: ");
        }
        if !rule.text().is_empty() && definition.is_key {
            meaning.push(' ');
            meaning.push_str(rule.text());
        }
        let default = match definition.help.default {
            "" => String::new(),
            default => code(default),
        };
        let key = definition.key().map_or_else(String::new, |key| code(&key));
        let variable = definition.full_variable();
        let variable = variable.map_or_else(String::new, |variable| code(&variable));
        let cells = [key, flag, variable, meaning, default].map(|cell| cell.replace('|', "\\|"));
        self.0.extend(["| ", &cells.join(" | "), " |\n"]);
    }
}

fn name(command: Command) -> &'static str {
    match command {
        Command::Build => "the main job and `layer`",
        Command::Template => "`template`",
        Command::Pack => "`pack`",
        Command::Check => "`check`",
        Command::Invoke => "`invoke`",
        Command::Size => "`size`",
    }
}

fn table() -> String {
    let mut rows = Rows(
        "| Key | Flag | Environment variable | Meaning | Default |\n|---|---|---|---|---|\n"
            .to_owned(),
    );
    PartialSettings::default().visit(&mut rows);
    PartialRunOptions::default().visit(&mut rows);
    rows.0
}

#[test]
fn the_reference_in_the_documentation_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let table = table();
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        written, table,
        "docs/configuration.md is out of date; regenerate it with\n    \
         UPDATE_DOCS=1 cargo test --lib cli::reference\n"
    );
}
