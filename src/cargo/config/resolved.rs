//! The configuration that Cargo reads, and single settings in it.

use std::borrow::Borrow;
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_config2::{Config, ResolveOptions, TermConfig, Walk, When};

use super::lookup::find;
use super::read::{File, read_file, read_override};
use crate::cargo::environment::Environment;
use crate::error::Result;
use crate::lambda::Target;

/// The configuration of Cargo in a folder.
pub(crate) struct CargoConfig {
    /// The environment of Cargo.
    pub(crate) environment: Environment,
    /// Files and environment, as a library resolves them; `None` if it cannot read a value.
    pub(super) resolved: Option<Config>,
    /// The tables of `--config`, the strongest first, each before those of the files it includes.
    pub(super) overrides: Vec<toml::Table>,
    /// The configuration files, the strongest first, each before those it includes.
    pub(super) files: Vec<File>,
}

impl CargoConfig {
    /// Reads the configuration for `folder`; `overrides` are the values of `--config`.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) for a `--config` that is neither a file nor
    /// TOML; an I/O error for a file that cannot be read.
    pub(crate) fn load(
        folder: &Utf8Path,
        overrides: &[String],
        environment: Environment,
    ) -> Result<Self> {
        let cargo_home = environment.cargo_home(folder);
        // A later --config is stronger.
        let overrides = overrides.iter().rev();
        let overrides = overrides
            .map(|text| read_override(text, folder))
            .collect::<Result<Vec<_>>>()?
            .concat();
        let mut files = Vec::new();
        for path in Walk::with_cargo_home(folder.as_std_path(), cargo_home.clone()) {
            read_file(&path, false, &mut files)?;
        }
        // Cargo knows values that this library does not, and reports wrong ones itself.
        let options = ResolveOptions::default()
            .env(environment.iter())
            .cargo_home(cargo_home);
        let resolved = Config::load_with_options(folder, options).ok();
        Ok(Self {
            environment,
            resolved,
            overrides,
            files,
        })
    }

    /// The targets of `build.target` that Lambda runs.
    pub(crate) fn build_targets(&self) -> Vec<Target> {
        let names = match self.setting(&["build", "target"]) {
            Some(toml::Value::Array(names)) => names,
            value => value.into_iter().collect(),
        };
        let targets = names.iter().filter_map(toml::Value::as_str);
        targets.filter_map(|name| name.parse().ok()).collect()
    }

    /// The `[term]` table.
    pub(crate) fn terminal(&self) -> TermConfig {
        let configured = self.resolved.as_ref().map(|config| config.term.clone());
        let mut terminal = configured.unwrap_or_default();
        for (key, value) in [
            ("quiet", &mut terminal.quiet),
            ("verbose", &mut terminal.verbose),
        ] {
            let overridden = find(&self.overrides, &["term", key]);
            *value = overridden.and_then(toml::Value::as_bool).or(*value);
        }
        let progress = |key| find(&self.overrides, &["term", "progress", key]);
        terminal.progress.when = match progress("when").and_then(toml::Value::as_str) {
            Some("auto") => Some(When::Auto),
            Some("always") => Some(When::Always),
            Some("never") => Some(When::Never),
            _ => terminal.progress.when,
        };
        let width = progress("width").and_then(toml::Value::as_integer);
        let width = width.and_then(|width| width.try_into().ok());
        terminal.progress.width = width.or(terminal.progress.width);
        terminal
    }

    /// True if Cargo must not use the network.
    pub(crate) fn is_offline(&self) -> bool {
        match self.setting(&["net", "offline"]) {
            Some(toml::Value::String(text)) => text == "true",
            value => value.and_then(|value| value.as_bool()).unwrap_or_default(),
        }
    }

    /// The environment variable `name` of build scripts: that of Cargo, or that of the `[env]` table
    /// if Cargo has none or the table has `force`.
    pub(crate) fn build_script_variable(&self, name: &str) -> Option<OsString> {
        let value = self.value(&["env", name]);
        let text = value.and_then(|value| value.get("value").unwrap_or(value).as_str());
        let is_forced = value.and_then(|value| value.get("force")?.as_bool());
        let own = self.environment.get(name);
        let table = text.map(OsString::from);
        if is_forced == Some(true) {
            table.or(own)
        } else {
            own.or(table)
        }
    }

    /// The compiler that Cargo calls.
    pub(crate) fn rustc(&self) -> OsString {
        let variables = ["RUSTC", "CARGO_BUILD_RUSTC"];
        let overridden = || find(&self.overrides, &["build", "rustc"])?.as_str();
        let configured = || Some(self.resolved.as_ref()?.build.rustc.as_ref()?.into());
        variables
            .iter()
            .find_map(|name| self.environment.get(name))
            .or_else(|| overridden().map(OsString::from))
            .or_else(configured)
            .unwrap_or_else(|| "rustc".into())
    }

    /// The target folder that files and environment name.
    pub(crate) fn target_folder(&self) -> Option<Utf8PathBuf> {
        let folder = self.resolved.as_ref()?.build.target_dir.clone()?;
        Utf8PathBuf::from_path_buf(folder).ok()
    }

    /// True if folders replace packages of registries or repositories. The environment cannot do so.
    pub(crate) fn replaces_packages(&self) -> bool {
        let is_folder = |source: &toml::Value| {
            let keys = ["directory", "local-registry"];
            keys.iter().any(|key| source.get(key).is_some())
        };
        self.tables().any(|table| {
            let sources = table.get("source").and_then(toml::Value::as_table);
            let mut sources = sources.into_iter().flatten();
            table.contains_key("paths") || sources.any(|(_, source)| is_folder(source))
        })
    }

    /// All tables, the strongest first.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &toml::Table> {
        self.overrides
            .iter()
            .chain(self.files.iter().map(Borrow::borrow))
    }

    /// The value at `path` in the tables.
    pub(super) fn value(&self, path: &[&str]) -> Option<&toml::Value> {
        find(&self.overrides, path).or_else(|| find(&self.files, path))
    }

    /// The value at `path`: `--config` is stronger than the environment, whose values are strings,
    /// and the environment is stronger than files.
    pub(crate) fn setting(&self, path: &[&str]) -> Option<toml::Value> {
        let variable = || self.environment.text(&variable(path));
        find(&self.overrides, path)
            .cloned()
            .or_else(|| variable().map(toml::Value::String))
            .or_else(|| find(&self.files, path).cloned())
    }
}

/// The environment variable for the key at `path`: `CARGO_BUILD_TARGET` for `build.target`.
pub(super) fn variable(path: &[&str]) -> String {
    let name = path.join("_").to_uppercase().replace('-', "_");
    format!("CARGO_{name}")
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;
    use fs_err as fs;

    use super::*;

    /// A folder with configuration files, which goes away with it.
    struct Folder {
        _temp: tempfile::TempDir,
        path: Utf8PathBuf,
    }

    fn folder(files: &[(&str, &str)]) -> Folder {
        let temp = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(temp.path().to_owned()).unwrap();
        for (name, text) in files {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Folder { _temp: temp, path }
    }

    fn load(folder: &Folder, overrides: &[&str], variables: &[&str]) -> CargoConfig {
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let environment = Environment::load(&[], &owned(variables)).unwrap();
        CargoConfig::load(&folder.path, &owned(overrides), environment).unwrap()
    }

    const FILE: &str = ".cargo/config.toml";

    fn targets(config: &CargoConfig) -> Vec<String> {
        let targets = config.build_targets();
        targets.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn config_options_are_stronger_than_the_environment_and_the_environment_than_files() {
        let folder = folder(&[(FILE, "[build]\ntarget = \"x86_64-unknown-linux-gnu\"\n")]);
        let variable = "CARGO_BUILD_TARGET=aarch64-unknown-linux-gnu";
        let option = "build.target=[\"aarch64-unknown-linux-musl\", \"wasm32-wasip1\"]";
        let file = load(&folder, &[], &[]);
        assert_eq!(targets(&file), ["x86_64-unknown-linux-gnu"]);
        let environment = load(&folder, &[], &[variable]);
        assert_eq!(targets(&environment), ["aarch64-unknown-linux-gnu"]);
        let overridden = load(&folder, &[option], &[variable]);
        assert_eq!(targets(&overridden), ["aarch64-unknown-linux-musl"]);
    }

    #[test]
    fn the_last_config_option_counts() {
        let folder = folder(&[("one.toml", "[net]\noffline = true\n")]);
        assert!(load(&folder, &["net.offline=false", "one.toml"], &[]).is_offline());
        assert!(!load(&folder, &["one.toml", "net.offline=false"], &[]).is_offline());
        assert!(load(&folder, &[], &["CARGO_NET_OFFLINE=true"]).is_offline());
        assert!(!load(&folder, &[], &[]).is_offline());
    }

    #[test]
    fn a_config_option_that_is_neither_a_file_nor_toml_is_an_error() {
        let folder = folder(&[]);
        let overrides = ["build.target-dir=out".to_owned()];
        let error = CargoConfig::load(&folder.path, &overrides, Environment::default());
        let error = error.err().unwrap().to_string();
        assert!(error.contains("`--config build.target-dir=out`"), "{error}");
    }

    #[test]
    fn files_are_read_with_all_their_includes() {
        let included: Vec<String> = (0..150).map(|i| format!("\"i{i}.toml\"")).collect();
        let included = included.join(", ");
        let last = "[source.x]\ndirectory = \"vendor\"\n";
        let folder = folder(&[
            (
                FILE,
                &format!("include = [{included}, {{ path = \"opt.toml\", optional = true }}]\n"),
            ),
            (".cargo/i0.toml", "include = \"../.cargo/config.toml\"\n"),
            (".cargo/i149.toml", "[net]\noffline = true\n"),
            (".cargo/opt.toml", last),
        ]);
        let config = load(&folder, &[], &[]);
        assert!(config.is_offline() && config.replaces_packages());
        let option = load(&folder, &["include=\".cargo/opt.toml\""], &[]);
        assert!(option.replaces_packages());
    }

    #[test]
    fn an_including_file_is_stronger_than_its_includes_and_a_later_include_than_an_earlier() {
        let folder = folder(&[
            (
                FILE,
                "include = [\"a.toml\", \"b.toml\"]\n[build]\nrustc = \"own\"\n",
            ),
            (
                ".cargo/a.toml",
                "[build]\nrustc = \"a\"\n[net]\noffline = true\n",
            ),
            (".cargo/b.toml", "[net]\noffline = false\n"),
        ]);
        let config = load(&folder, &[], &[]);
        assert!(!config.is_offline());
        let rustc = config.value(&["build", "rustc"]).unwrap();
        assert_eq!(rustc.as_str(), Some("own"));
    }

    #[test]
    fn the_env_table_yields_to_the_environment_unless_it_has_force() {
        let table =
            "[env]\nA = \"table\"\nB = { value = \"table\", force = true }\nC = \"table\"\n";
        let config = load(&folder(&[(FILE, table)]), &[], &["A=own", "B=own"]);
        let text = |name| config.build_script_variable(name);
        assert_eq!(text("A"), Some("own".into()));
        assert_eq!(text("B"), Some("table".into()));
        assert_eq!(text("C"), Some("table".into()));
        assert_eq!(text("NO_SUCH_VARIABLE"), None);
    }

    #[test]
    fn a_linker_is_found_in_a_variable_and_an_option() {
        let target = Target::default();
        let triple = target.triple();
        let nothing = folder(&[]);
        assert!(!load(&nothing, &[], &[]).has_linker(target).unwrap());
        let variable = variable(&["target", triple, "linker"]);
        let variable = format!("{variable}=my-ld");
        assert!(
            load(&nothing, &[], &[&variable])
                .has_linker(target)
                .unwrap()
        );
        let option = format!("target.{triple}.linker=\"my-ld\"");
        assert!(load(&nothing, &[&option], &[]).has_linker(target).unwrap());
    }

    #[cfg(unix)] // asks rustc
    #[test]
    fn a_linker_is_found_in_a_table_that_rustc_decides_about() {
        let target = Target::default();
        let cfg = "[target.'cfg(target_os = \"linux\")']\nlinker = \"my-ld\"\n";
        let by_cfg = load(&folder(&[(FILE, cfg)]), &[], &[]);
        assert!(by_cfg.has_linker(target).unwrap());
        let included = folder(&[(FILE, "include = \"a.toml\"\n"), (".cargo/a.toml", cfg)]);
        assert!(load(&included, &[], &[]).has_linker(target).unwrap());
    }

    #[test]
    fn rustflags_that_would_be_lost_are_refused_with_their_place() {
        let target = Target::default();
        let flags = "[build]\nrustflags = [\"-Cdebuginfo=1\"]\n";
        let file = load(&folder(&[(FILE, flags)]), &[], &[]);
        assert_eq!(file.rustflags(target).unwrap(), ["-Cdebuginfo=1"]);
        let option = load(&folder(&[]), &["build.rustflags=[\"-Ca=b\"]"], &[]);
        let error = option.rustflags(target).unwrap_err().to_string();
        assert!(error.contains("`--config`"), "{error}");
    }

    #[test]
    fn lints_see_the_flags_of_every_place() {
        let target = Target::default();
        let (triple, profiles) = (target.triple(), toml::Table::new());
        let all = |folder: &Folder, overrides: &[&str], variables: &[&str]| {
            let config = load(folder, overrides, variables);
            config.all_rustflags(target, "lambda", &profiles)
        };
        let file = "include = \"a.toml\"\n[build]\nrustflags = [\"-Ca=file\"]\n";
        let included = "[target.'cfg(unix)']\nrustflags = \"-Cb=1 -Cc=2\"\n";
        let folder = folder(&[(FILE, file), (".cargo/a.toml", included)]);
        assert_eq!(all(&folder, &[], &[]), ["-Ca=file", "-Cb=1", "-Cc=2"]);
        let option = format!("target.{triple}.rustflags=[\"-Cd=3\"]");
        assert_eq!(all(&folder, &[&option], &[]).last().unwrap(), "-Cd=3");
        assert_eq!(all(&folder, &[&option], &["RUSTFLAGS=-Ce=4"]), ["-Ce=4"]);
        let profile = "profile.release.rustflags=[\"-Cf=5\"]";
        let config = load(
            &folder,
            &[profile, "profile.lambda.inherits=\"release\""],
            &[],
        );
        let flags = config.all_rustflags(target, "lambda", &profiles);
        assert_eq!(flags.last().unwrap(), "-Cf=5");
        let manifest = toml::from_str("[lambda]\nrustflags = [\"-Cg=6\"]\n").unwrap();
        let flags = load(&folder, &[], &[]).all_rustflags(target, "lambda", &manifest);
        assert_eq!(flags.last().unwrap(), "-Cg=6");
    }

    #[test]
    fn profiles_are_found_in_files_options_and_environment() {
        let file = "[profile.small]\ninherits = \"release\"\nopt-level = \"z\"\n";
        let variables = [
            "CARGO_PROFILE_TINY_INHERITS=dev",
            "CARGO_PROFILE_TINY_LTO=fat",
        ];
        let config = load(
            &folder(&[(FILE, file)]),
            &["profile.big.lto=false"],
            &variables,
        );
        for name in ["small", "tiny", "big"] {
            assert!(config.has_profile(name), "{name}");
        }
        assert!(!config.has_profile("other"));
        assert!(config.sets_profile_key("small", "opt-level"));
        assert!(config.sets_profile_key("tiny", "lto"));
        assert!(!config.sets_profile_key("small", "lto"));
        assert_eq!(
            config.inherited_profile("small").as_deref(),
            Some("release")
        );
        assert_eq!(config.inherited_profile("tiny").as_deref(), Some("dev"));
        assert_eq!(config.inherited_profile("big"), None);
    }
}
